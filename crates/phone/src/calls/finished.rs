//! What is remembered of a call.

use super::call::Call;
use ringlet_contract::event::{Direction, EndCause, QualityReport};
use ringlet_sip::{Instant, Party};
use std::time::Duration;

/// A call that is over, as the history needs it.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) direction: Direction,
    pub(crate) cause: EndCause,
    pub(crate) began: Instant,
    /// From answer to end; `None` if it was never answered.
    pub(crate) duration: Option<Duration>,
    /// The far end's number or user; empty when withheld.
    pub(crate) number: String,
    pub(crate) name: Option<String>,
    pub(crate) uri: Option<String>,
    /// The caller ID that an outgoing call asked for.
    pub(crate) caller_id: Option<String>,
    pub(crate) quality: Option<QualityReport>,
}

impl Finished {
    pub(super) fn of(
        call: &Call,
        now: Instant,
        cause: EndCause,
        quality: Option<QualityReport>,
    ) -> Self {
        Self {
            direction: call.direction(),
            cause,
            began: call.began,
            duration: call.active_since().map(|_| call.duration(now)),
            number: call.number.clone(),
            name: call.display_name.clone(),
            uri: call.uri.clone(),
            caller_id: call.requested_caller_id(),
            quality,
        }
    }

    /// Of a caller who was sent away before anything rang.
    pub(super) fn turned_away(
        now: Instant,
        from: Party,
        uri: Option<String>,
        cause: EndCause,
    ) -> Self {
        Self {
            direction: Direction::Inbound,
            cause,
            began: now,
            duration: None,
            number: from.number,
            name: from.display_name,
            uri,
            caller_id: None,
            quality: None,
        }
    }
}
