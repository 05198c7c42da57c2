//! The "call ended" screen.

use crate::calls::Call;
use ringlet_contract::event::{Direction, EndCause};
use ringlet_sip::Instant;
use std::time::Duration;

/// A call that is over.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// The far end's number or user.
    pub number: String,
    /// The far end's name, when known.
    pub name: Option<String>,
    /// Who called.
    pub direction: Direction,
    /// Why it ended.
    pub cause: EndCause,
    /// From answer to end, in whole seconds.
    pub duration: Duration,
}

impl Ended {
    pub(crate) fn of(call: &Call, now: Instant, cause: EndCause) -> Self {
        Self {
            number: call.number().to_owned(),
            name: call.display_name().map(str::to_owned),
            direction: call.direction(),
            cause,
            duration: call.duration(now),
        }
    }
}
