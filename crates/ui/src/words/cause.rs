//! Why a call ended, in words.

use super::text;
use ringlet_contract::event::EndCause;

/// What happened, and what that means or what to do about it.
pub(crate) fn words(cause: EndCause) -> (&'static str, &'static str) {
    match cause {
        EndCause::LocalHangup => (text::cause_ended(), text::cause_ended_local()),
        EndCause::RemoteHangup => (text::cause_ended(), text::cause_ended_remote()),
        EndCause::Transferred => (text::cause_transferred(), text::cause_transferred_text()),
        EndCause::Cancelled => (text::cause_cancelled(), text::cause_cancelled_text()),
        EndCause::Rejected => (text::cause_rejected(), text::cause_rejected_text()),
        EndCause::Forwarded => (text::cause_forwarded(), text::cause_forwarded_text()),
        EndCause::Missed => (text::cause_missed(), text::cause_missed_text()),
        EndCause::AnsweredElsewhere => (text::cause_elsewhere(), text::cause_elsewhere_text()),
        EndCause::Busy => (text::cause_busy(), text::cause_busy_text()),
        EndCause::Declined => (text::cause_declined(), text::cause_declined_text()),
        EndCause::NoAnswer => (text::cause_no_answer(), text::cause_no_answer_text()),
        EndCause::NotFound => (text::cause_not_found(), text::cause_not_found_text()),
        EndCause::Unavailable => (text::cause_unavailable(), text::cause_unavailable_text()),
        EndCause::Forbidden => (text::cause_forbidden(), text::cause_forbidden_text()),
        EndCause::Incompatible => (text::cause_incompatible(), text::cause_incompatible_text()),
        EndCause::MediaFailed => (text::cause_media(), text::cause_media_text()),
        EndCause::ConnectionLost => (text::cause_lost(), text::cause_lost_text()),
        EndCause::Failed => (text::cause_failed(), text::cause_failed_text()),
    }
}

/// Whether the call went wrong, as against being ended by somebody who wanted that.
pub(crate) fn is_failure(cause: EndCause) -> bool {
    match cause {
        EndCause::LocalHangup
        | EndCause::RemoteHangup
        | EndCause::Transferred
        | EndCause::Cancelled
        | EndCause::Rejected
        | EndCause::Forwarded
        | EndCause::AnsweredElsewhere => false,
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
        | EndCause::Failed => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const ALL: [EndCause; 17] = [
        EndCause::LocalHangup,
        EndCause::RemoteHangup,
        EndCause::Transferred,
        EndCause::Cancelled,
        EndCause::Rejected,
        EndCause::Missed,
        EndCause::AnsweredElsewhere,
        EndCause::Busy,
        EndCause::Declined,
        EndCause::NoAnswer,
        EndCause::NotFound,
        EndCause::Unavailable,
        EndCause::Forbidden,
        EndCause::Incompatible,
        EndCause::MediaFailed,
        EndCause::ConnectionLost,
        EndCause::Failed,
    ];

    #[test]
    fn no_two_causes_read_the_same() {
        let distinct: HashSet<_> = ALL.into_iter().map(words).collect();
        assert_eq!(distinct.len(), ALL.len());
    }

    #[test]
    fn every_cause_says_what_happened_and_what_it_means() {
        for cause in ALL {
            let (title, detail) = words(cause);
            assert!(!title.is_empty() && detail.ends_with('.'), "{cause:?}");
        }
    }

    #[test]
    fn a_call_somebody_ended_is_no_failure_but_a_busy_line_is_one() {
        assert!(!is_failure(EndCause::RemoteHangup));
        assert!(is_failure(EndCause::Busy));
    }
}
