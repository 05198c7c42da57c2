//! The screen of a call that is over.

use super::call::Call;
use super::cause;
use crate::view::Ended;
use ringlet_contract::event::EndCause;
use ringlet_sip::Instant;
use std::time::Duration;

/// How long the end of a call is shown that needs no decision: long enough to read who it was and
/// how long it took.
const SHOWN_FOR: Duration = Duration::from_secs(4);

/// The last call, if its screen is shown.
#[derive(Default)]
pub(super) struct EndedScreen(Option<(Ended, Option<Instant>)>);

impl EndedScreen {
    pub(super) fn get(&self) -> Option<&Ended> {
        self.0.as_ref().map(|(ended, _)| ended)
    }

    /// Shows a call: for a while if it ended as expected, else until dismissed.
    pub(super) fn show(&mut self, call: &Call, now: Instant, cause: EndCause) {
        let until = cause::is_expected(cause).then(|| now + SHOWN_FOR);
        self.0 = Some((Ended::of(call, now, cause), until));
    }

    pub(super) fn clear(&mut self) {
        self.0 = None;
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.0.as_ref()?.1
    }

    pub(super) fn timeout(&mut self, now: Instant) {
        if self.deadline().is_some_and(|until| until <= now) {
            self.clear();
        }
    }
}
