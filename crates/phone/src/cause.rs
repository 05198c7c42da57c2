//! From the agent's reasons to the host's causes, and to the sound that goes with them.

use crate::audio::Tone;
use ringlet_contract::event::EndCause;
use ringlet_sip::EndReason;
use std::time::Duration;

pub(crate) fn of(reason: EndReason) -> EndCause {
    match reason {
        EndReason::LocalHangup => EndCause::LocalHangup,
        EndReason::RemoteHangup => EndCause::RemoteHangup,
        EndReason::Cancelled => EndCause::Cancelled,
        EndReason::Rejected => EndCause::Rejected,
        EndReason::RemoteCancelled => EndCause::Missed,
        EndReason::AnsweredElsewhere => EndCause::AnsweredElsewhere,
        EndReason::Busy => EndCause::Busy,
        EndReason::Declined => EndCause::Declined,
        EndReason::NoAnswer => EndCause::NoAnswer,
        EndReason::NotFound => EndCause::NotFound,
        EndReason::Unavailable => EndCause::Unavailable,
        EndReason::Forbidden => EndCause::Forbidden,
        EndReason::Incompatible => EndCause::Incompatible,
        // The person goes on talking, in the call that took its place.
        EndReason::Replaced => EndCause::RemoteHangup,
        EndReason::SessionExpired => EndCause::ConnectionLost,
        EndReason::MediaFailed => EndCause::MediaFailed,
        EndReason::ConnectionLost => EndCause::ConnectionLost,
        EndReason::Failed => EndCause::Failed,
    }
}

/// Whether the person in front of the phone did it, or expected it: nothing to read, nothing to
/// decide, so the screen may go away by itself.
pub(crate) fn is_plain(cause: EndCause) -> bool {
    tone(cause).is_none() && cause != EndCause::Missed
}

/// What is heard at the end of a call, and for how long.
pub(crate) fn tone(cause: EndCause) -> Option<(Tone, Duration)> {
    match cause {
        EndCause::Busy => Some((Tone::Busy, Duration::from_secs(2))),
        EndCause::Declined
        | EndCause::NoAnswer
        | EndCause::NotFound
        | EndCause::Unavailable
        | EndCause::Forbidden
        | EndCause::Incompatible
        | EndCause::MediaFailed
        | EndCause::ConnectionLost
        | EndCause::Failed => Some((Tone::Failure, Duration::from_secs(1))),
        EndCause::LocalHangup
        | EndCause::RemoteHangup
        | EndCause::Cancelled
        | EndCause::Rejected
        | EndCause::Missed
        | EndCause::AnsweredElsewhere => None,
    }
}
