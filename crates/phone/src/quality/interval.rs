//! What happened between two samples.

use super::Sample;
use ringlet_sip::Instant;

/// Packets a second where nothing is known yet: one of 20 ms, as every gateway sends them, after
/// the other.
const USUAL_RATE: f64 = 50.0;

/// The counters of the last sample, and what was made of them.
#[derive(Default)]
pub(super) struct Counters {
    before: Option<(Instant, u64, i64)>,
    /// Packets a second when some last arrived.
    rate: Option<f64>,
    /// Packets that were taken as lost before the browser knew of it.
    presumed: f64,
}

/// What happened between two samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Interval {
    /// Packets that arrived.
    pub(super) received: u64,
    /// Packets that did not.
    pub(super) lost: f64,
    /// In milliseconds.
    pub(super) jitter: Option<f64>,
    /// In milliseconds.
    pub(super) round_trip: Option<f64>,
}

impl Interval {
    /// Lost packets, in percent of those expected.
    pub(super) fn loss(&self) -> f64 {
        let expected = self.received as f64 + self.lost;
        if expected > 0.0 { self.lost * 100.0 / expected } else { 0.0 }
    }
}

impl Counters {
    /// `None` for the first sample, and for one whose counters began anew.
    ///
    /// A browser counts a packet as lost when a later one arrives, so on a dead network it counts
    /// nothing. What should have arrived is presumed lost, and taken off again when the browser
    /// counts it.
    pub(super) fn take(&mut self, now: Instant, sample: &Sample) -> Option<Interval> {
        let (received, lost) = (sample.received?, sample.lost.unwrap_or(0));
        let (since, received_before, lost_before) = self.before.replace((now, received, lost))?;
        let received = received.checked_sub(received_before)?;
        let seconds = now.since(since).as_millis() as f64 / 1_000.0;
        let counted = (lost - lost_before).max(0) as f64;
        let lost = if received == 0 && counted == 0.0 {
            let missing = self.rate.unwrap_or(USUAL_RATE) * seconds;
            self.presumed += missing;
            missing
        } else {
            let lost = (counted - std::mem::take(&mut self.presumed)).max(0.0);
            if seconds > 0.0 {
                self.rate = Some((received as f64 + lost) / seconds);
            }
            lost
        };
        let Sample { jitter, round_trip, .. } = *sample;
        Some(Interval { received, lost, jitter, round_trip })
    }
}
