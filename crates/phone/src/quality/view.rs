//! The quality of a call, as it is shown.

use super::Quality;
use ringlet_contract::event::QualityMetric;

/// How well the far end of a call is heard.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityView {
    /// The estimated mean opinion score of the last minute, from 1 to 4.4, a value for each second,
    /// oldest first.
    pub scores: Vec<f64>,
    /// Packets lost in the last second, in percent.
    pub loss: f64,
    /// In milliseconds.
    pub jitter: Option<f64>,
    /// In milliseconds.
    pub round_trip: Option<f64>,
    /// What needs to be said now.
    pub warning: Option<QualityMetric>,
}

impl Quality {
    /// `None` while nothing is measured.
    pub(crate) fn view(&self) -> Option<QualityView> {
        let last = self.last.as_ref()?;
        Some(QualityView {
            scores: self.scores.iter().copied().collect(),
            loss: last.loss(),
            jitter: last.jitter,
            round_trip: last.round_trip,
            warning: self.warning(),
        })
    }
}
