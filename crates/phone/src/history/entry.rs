//! One call of the past.

use ringlet_contract::event::{Direction, EndCause};
use std::time::Duration;

/// The most characters of a name, a number or an address that are kept. Longer ones than this
/// cannot be dialled anyway ([`ringlet_contract::MAX_NUMBER_CHARS`]).
const MAX_CHARS: usize = 256;

/// One call of the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Names it in intents; entries sort by it as by the time they began.
    pub id: String,
    /// Who called.
    pub direction: Direction,
    /// Why it ended.
    pub cause: EndCause,
    /// When it began: milliseconds since 1970, UTC, by the clock of this machine.
    pub began_ms: u64,
    /// From answer to end, in whole seconds; `None` if it was never answered.
    pub duration: Option<Duration>,
    /// The far end's number or user; empty when withheld.
    pub number: String,
    /// The far end's name, when known.
    pub name: Option<String>,
    /// The far end's SIP or telephone URI, when known.
    pub uri: Option<String>,
    /// The caller ID that an outgoing call asked for.
    pub caller_id: Option<String>,
    /// The estimated mean opinion score over the whole call, in hundredths; `None` if nothing was heard.
    pub mos_hundredths: Option<u16>,
}

impl HistoryEntry {
    /// Somebody called, and was neither answered nor sent away by a person: the call is to be
    /// returned. One that another of the user's phones took is not.
    pub fn is_missed(&self) -> bool {
        let settled = match self.cause {
            EndCause::Rejected | EndCause::Forwarded | EndCause::AnsweredElsewhere => true,
            EndCause::LocalHangup
            | EndCause::RemoteHangup
            | EndCause::Transferred
            | EndCause::Cancelled
            | EndCause::Missed
            | EndCause::Busy
            | EndCause::Declined
            | EndCause::NoAnswer
            | EndCause::NotFound
            | EndCause::Unavailable
            | EndCause::Forbidden
            | EndCause::Incompatible
            | EndCause::MediaFailed
            | EndCause::ConnectionLost
            | EndCause::Failed => false,
        };
        self.direction == Direction::Inbound && self.duration.is_none() && !settled
    }
}

/// What a far end sent, as it can be kept: without control characters, and of bounded length.
pub(super) fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect()
}

/// The same of what may be missing; nothing is left of what is blank.
pub(super) fn clean_option(text: Option<&str>) -> Option<String> {
    text.map(clean).filter(|text| !text.trim().is_empty())
}
