//! What a phone can ring without, and gets a moment later.
//!
//! In the browser the phone's program comes in parts, and only what is needed to ring is in the first. A
//! function that can wait is called through [`Late`] and nowhere else, so that it and what it alone uses
//! are in the part that makes the value. A phone without it measures no call yet, and answers with its
//! diagnostics when it has come.

use crate::audio::Audio;
use crate::core::Core;
use crate::diagnostics::{self, Diagnostics};
use crate::line::Line;
use crate::quality::{Quality, QualityView, Sample, Talk, Warning};
use ringlet_contract::diagnostics::Diagnostics as Report;
use ringlet_contract::event::QualityReport;
use ringlet_sip::{Instant, TraceEntry};

/// The functions. To be made by [`Late::load`] in a part of the program, and given to
/// [`crate::Input::Late`].
#[derive(Clone, Copy, Debug)]
pub struct Late {
    pub(crate) on_sample:
        fn(&mut Option<Box<Quality>>, Instant, &Sample, Option<Talk>) -> Vec<Warning>,
    pub(crate) quality_view: fn(&Quality) -> Option<QualityView>,
    pub(crate) quality_report: fn(&Quality) -> Option<QualityReport>,
    pub(crate) diagnostics: fn(&Diagnostics, &Core, &Line, &Audio) -> Report,
    pub(crate) log_line: fn(TraceEntry) -> String,
}

impl Late {
    /// All of them.
    pub fn load() -> Self {
        Self {
            on_sample: Quality::on_sample_of,
            quality_view: Quality::view,
            quality_report: Quality::report,
            diagnostics: Diagnostics::report,
            log_line: diagnostics::log_line,
        }
    }
}
