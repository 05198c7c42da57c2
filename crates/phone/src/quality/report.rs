//! What is left of a call's quality when it is over.

use super::interval::Interval;
use ringlet_contract::event::QualityReport;

/// Sums over a call.
#[derive(Default)]
pub(super) struct Totals {
    received: f64,
    lost: f64,
    mos: Mean,
    lowest_mos: Option<f64>,
    jitter: Mean,
    round_trip: Mean,
}

#[derive(Default)]
struct Mean {
    sum: f64,
    count: u32,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    fn get(&self) -> Option<f64> {
        (self.count > 0).then(|| hundredths(self.sum / f64::from(self.count)))
    }
}

impl Totals {
    pub(super) fn add(&mut self, interval: &Interval, mos: f64) {
        self.received += interval.received as f64;
        self.lost += interval.lost;
        self.mos.add(mos);
        self.lowest_mos = Some(self.lowest_mos.map_or(mos, |lowest| lowest.min(mos)));
        interval.jitter.into_iter().for_each(|jitter| self.jitter.add(jitter));
        interval.round_trip.into_iter().for_each(|round_trip| self.round_trip.add(round_trip));
    }

    pub(super) fn report(&self) -> Option<QualityReport> {
        let expected = self.received + self.lost;
        Some(QualityReport {
            mos: self.mos.get()?,
            lowest_mos: hundredths(self.lowest_mos?),
            loss: if expected > 0.0 { hundredths(self.lost * 100.0 / expected) } else { 0.0 },
            jitter: self.jitter.get(),
            round_trip: self.round_trip.get(),
            seconds: self.mos.count,
        })
    }
}

/// Rounded to two digits: what an estimate is worth.
fn hundredths(value: f64) -> f64 {
    f64::from((value * 100.0 + 0.5) as u32) / 100.0
}
