//! What a phone can ring without, and gets a moment later.
//!
//! In the browser the phone's program comes in parts, and only what is needed to ring and to talk is in
//! the first. What can wait is called through [`Late`] and nowhere else, so that it and what it alone
//! uses are in the part that makes the value. Until it has come, the phone measures no call, refuses to
//! be transferred, and keeps what else it is asked for ([`crate::phone`] does that).

use crate::calls::Calls;
use crate::core::Core;
use crate::diagnostics;
use crate::input::Input;
use crate::phone::Phone;
use crate::quality::{Quality, QualityView, Sample, Talk, Warning};
use ringlet_contract::event::QualityReport;
use ringlet_sip::{CallId, Instant, Party, TraceEntry, TransferProgress};

/// The functions. To be made by [`Late::load`] in a part of the program, and given to
/// [`crate::Input::Late`].
#[derive(Clone, Copy, Debug)]
pub struct Late {
    /// Does what a host or a person asks for.
    pub(crate) handle: fn(&mut Phone, Input),
    pub(crate) timeout_dtmf: fn(&mut Calls, &mut Core),
    pub(crate) on_tone_refused: fn(&mut Calls, &mut Core, CallId),
    pub(crate) on_transfer: fn(&mut Calls, &mut Core, CallId, TransferProgress),
    pub(crate) on_transfer_requested: fn(&mut Calls, &mut Core, CallId, Party),
    pub(crate) on_sample: OnSample,
    pub(crate) quality_view: fn(&Quality) -> Option<QualityView>,
    pub(crate) quality_report: fn(&Quality) -> Option<QualityReport>,
    pub(crate) log_line: fn(TraceEntry) -> String,
}

type OnSample = fn(&mut Option<Box<Quality>>, Instant, &Sample, Option<Talk>) -> Vec<Warning>;

impl Late {
    /// All of them.
    pub fn load() -> Self {
        Self {
            handle: Phone::handle_late,
            timeout_dtmf: Calls::timeout_dtmf,
            on_tone_refused: Calls::on_tone_refused,
            on_transfer: Calls::on_transfer,
            on_transfer_requested: Calls::on_transfer_requested,
            on_sample: Quality::on_sample_of,
            quality_view: Quality::view,
            quality_report: Quality::report,
            log_line: diagnostics::log_line,
        }
    }
}
