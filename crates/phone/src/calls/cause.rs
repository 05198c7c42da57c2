//! From the agent's reasons to the host's causes.

use ringlet_contract::event::EndCause;
use ringlet_sip::EndReason;

pub(super) fn of(reason: EndReason) -> EndCause {
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

/// Why a far end that was asked to call somebody did not reach them.
pub(super) fn of_status(status: u16) -> EndCause {
    of(EndReason::of_status(status, true))
}

/// Whether the person did it or expected it: there is nothing to decide, so the screen may go away
/// by itself.
pub(super) fn is_expected(cause: EndCause) -> bool {
    match cause {
        EndCause::LocalHangup
        | EndCause::RemoteHangup
        | EndCause::Transferred
        | EndCause::Cancelled
        | EndCause::Rejected
        | EndCause::Forwarded
        | EndCause::AnsweredElsewhere => true,
        EndCause::Missed
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
    }
}
