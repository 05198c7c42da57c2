//! When something is worth a warning, and when the warning is over.

use super::Warning;
use ringlet_contract::event::QualityMetric;
use ringlet_sip::Instant;
use std::time::Duration;

/// How long silence may last.
const SILENCE: Duration = Duration::from_secs(6);

/// The seconds that count: a warning begins when three of them are beyond the threshold, and ends
/// when none is, so that it does not flicker.
const WINDOW: u8 = 0b1_1111;
const RAISED_BY: u32 = 3;

/// Whether a value is beyond its threshold.
pub(super) struct Threshold {
    metric: QualityMetric,
    /// The last five, a bit each, the newest the lowest.
    beyond: u8,
    raised: bool,
}

impl Threshold {
    pub(super) fn new(metric: QualityMetric) -> Self {
        Self { metric, beyond: 0, raised: false }
    }

    pub(super) fn is_raised(&self) -> bool {
        self.raised
    }

    /// Takes the value of one second. What is not known is not beyond anything.
    pub(super) fn take(&mut self, value: Option<f64>) -> Option<Warning> {
        let threshold = threshold(self.metric);
        let value = value.unwrap_or(threshold);
        let is_low_bad = self.metric == QualityMetric::Mos;
        let is_beyond = if is_low_bad { value < threshold } else { value > threshold };
        self.beyond = ((self.beyond << 1) | u8::from(is_beyond)) & WINDOW;
        let raised = match self.beyond.count_ones() {
            0 => false,
            RAISED_BY.. => true,
            _ => self.raised,
        };
        let changed = raised != std::mem::replace(&mut self.raised, raised);
        let metric = self.metric;
        changed.then_some(Warning { metric, value, threshold, cleared: !raised })
    }

    /// Nothing was measured in the last seconds.
    pub(super) fn forget(&mut self) {
        self.beyond = 0;
    }
}

/// Whether nothing is heard.
pub(super) struct Silence {
    metric: QualityMetric,
    since: Option<Instant>,
    raised: bool,
}

impl Silence {
    pub(super) fn new(metric: QualityMetric) -> Self {
        Self { metric, since: None, raised: false }
    }

    pub(super) fn metric(&self) -> QualityMetric {
        self.metric
    }

    pub(super) fn is_raised(&self) -> bool {
        self.raised
    }

    /// Takes one second: whether it was silent.
    pub(super) fn take(&mut self, now: Instant, is_silent: bool) -> Option<Warning> {
        self.since = is_silent.then(|| self.since.unwrap_or(now));
        let lasted = self.since.map_or(Duration::ZERO, |since| now.since(since));
        let raised = lasted >= SILENCE;
        let changed = raised != std::mem::replace(&mut self.raised, raised);
        changed.then_some(Warning {
            metric: self.metric,
            value: lasted.as_secs() as f64,
            threshold: threshold(self.metric),
            cleared: !raised,
        })
    }
}

/// Where people begin to complain. A MOS of 3.5 is among what G.107 annex B calls “many users
/// dissatisfied”, 3.1 to 3.6; a round trip of 400 ms is beyond the 150 ms each way with which, as
/// G.114 has it, most conversations go well.
fn threshold(metric: QualityMetric) -> f64 {
    match metric {
        QualityMetric::Mos => 3.5,
        QualityMetric::Loss => 3.0,
        QualityMetric::Jitter => 30.0,
        QualityMetric::RoundTrip => 400.0,
        QualityMetric::SilentMicrophone | QualityMetric::NoMedia | QualityMetric::SilentFarEnd => {
            SILENCE.as_secs() as f64
        }
    }
}
