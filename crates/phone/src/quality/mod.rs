//! How well a call is heard: once a second from what the browser counted.
//!
//! All of it is loaded late. [`sample`] is what the browser tells, [`interval`] what happened since the last one, [`estimate`]
//! what a person makes of that, [`alarm`] when it is worth a warning, and [`report`] what is left of
//! it when the call is over.

mod alarm;
mod estimate;
mod interval;
mod report;
mod sample;
mod view;

pub use sample::Sample;
pub use view::QualityView;

use alarm::{Silence, Threshold};
use interval::{Counters, Interval};
use report::Totals;
use ringlet_contract::event::{QualityMetric, QualityReport};
use ringlet_sip::Instant;
use std::collections::VecDeque;

/// How many seconds are shown.
const SHOWN: usize = 60;

/// Below this level, of 1, a voice cannot be heard: some −66 dB.
const INAUDIBLE: f64 = 0.0005;

/// What a person should hear and say now, if the call is not held.
#[derive(Clone, Copy)]
pub(crate) struct Talk {
    /// The microphone is on.
    pub(crate) speaks: bool,
}

/// A warning that begins or ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Warning {
    pub(crate) metric: QualityMetric,
    pub(crate) value: f64,
    pub(crate) threshold: f64,
    pub(crate) cleared: bool,
}

/// The quality of one call.
pub(crate) struct Quality {
    counters: Counters,
    /// The estimated MOS of the last seconds, oldest first.
    scores: VecDeque<f64>,
    last: Option<Interval>,
    thresholds: [Threshold; 4],
    silences: [Silence; 3],
    totals: Totals,
}

impl Default for Quality {
    fn default() -> Self {
        let measured = [
            QualityMetric::Mos,
            QualityMetric::Loss,
            QualityMetric::Jitter,
            QualityMetric::RoundTrip,
        ];
        // What the person can mend comes first.
        let silences =
            [QualityMetric::SilentMicrophone, QualityMetric::NoMedia, QualityMetric::SilentFarEnd];
        Self {
            counters: Counters::default(),
            scores: VecDeque::new(),
            last: None,
            thresholds: measured.map(Threshold::new),
            silences: silences.map(Silence::new),
            totals: Totals::default(),
        }
    }
}

impl Quality {
    /// [`Quality::on_sample`] of a call that may not have been measured before.
    pub(crate) fn on_sample_of(
        quality: &mut Option<Box<Self>>,
        now: Instant,
        sample: &Sample,
        talk: Option<Talk>,
    ) -> Vec<Warning> {
        quality.get_or_insert_default().on_sample(now, sample, talk)
    }

    /// Takes what the browser has counted until now; `talk` is `None` while the call is held, when
    /// nothing is expected. Returns the warnings that begin or end.
    fn on_sample(&mut self, now: Instant, sample: &Sample, talk: Option<Talk>) -> Vec<Warning> {
        let Some(talk) = talk else { return self.pause(now) };
        let Some(interval) = self.counters.take(now, sample) else { return Vec::new() };
        let score = estimate::mos(&interval);
        if self.scores.len() == SHOWN {
            self.scores.pop_front();
        }
        self.scores.push_back(score);
        self.totals.add(&interval, score);
        self.last = Some(interval);
        let values = [Some(score), Some(interval.loss()), interval.jitter, interval.round_trip];
        let nothing = interval.received == 0;
        let is_below = |level: Option<f64>, least: f64| level.is_some_and(|level| level < least);
        let silent = [
            // From a microphone that is on there is always some noise.
            talk.speaks && is_below(sample.spoken, f64::MIN_POSITIVE),
            nothing,
            !nothing && is_below(sample.heard, INAUDIBLE),
        ];
        self.weigh(now, values, silent)
    }

    /// What most needs to be said now. Of several measures that are poor, the MOS, which follows from
    /// all of them.
    fn warning(&self) -> Option<QualityMetric> {
        let silence = self.silences.iter().find(|silence| silence.is_raised());
        let is_poor = self.thresholds.iter().any(Threshold::is_raised);
        silence.map(Silence::metric).or(is_poor.then_some(QualityMetric::Mos))
    }

    /// The whole call; `None` where nothing was heard or expected.
    pub(crate) fn report(&self) -> Option<QualityReport> {
        self.totals.report()
    }

    /// Nothing is expected now, so what was wrong is over.
    fn pause(&mut self, now: Instant) -> Vec<Warning> {
        self.counters = Counters::default();
        self.last = None;
        self.thresholds.iter_mut().for_each(Threshold::forget);
        self.weigh(now, [None; 4], [false; 3])
    }

    fn weigh(&mut self, now: Instant, values: [Option<f64>; 4], silent: [bool; 3]) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for (threshold, value) in self.thresholds.iter_mut().zip(values) {
            warnings.extend(threshold.take(value));
        }
        for (silence, is_silent) in self.silences.iter_mut().zip(silent) {
            warnings.extend(silence.take(now, is_silent));
        }
        warnings
    }
}

#[cfg(test)]
mod tests;
