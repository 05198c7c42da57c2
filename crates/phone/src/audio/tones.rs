//! The sounds the phone makes by itself.

use super::Tone;
use crate::calls::{Call, Calls};
use ringlet_contract::event::EndCause;
use ringlet_sip::Instant;
use std::time::Duration;

/// The tone after a call, and until when it is heard.
#[derive(Default)]
pub(super) struct EndTone(Option<(Tone, Instant)>);

impl EndTone {
    /// The tone that is heard now; calls come before the end of an earlier one.
    pub(super) fn with_calls(&self, calls: &Calls) -> Option<Tone> {
        if let Some(tone) = calls.iter().find_map(Call::sounding_tone) {
            Some(Tone::Dtmf(tone))
        } else if calls.iter().any(Call::is_ringing_here) {
            // In the ear of somebody who talks a ring would be a shock.
            let is_busy = calls.iter().any(|call| !call.is_ringing_here());
            Some(if is_busy { Tone::Waiting } else { Tone::Ring })
        } else if calls.iter().any(Call::announces_answer) {
            Some(Tone::Answered)
        } else if calls.iter().any(Call::wants_ring_back) {
            Some(Tone::RingBack)
        } else {
            self.0.map(|(tone, _)| tone)
        }
    }

    pub(super) fn start(&mut self, now: Instant, cause: EndCause) {
        self.0 = after_call(cause).map(|(tone, lasts)| (tone, now + lasts));
    }

    /// Plays a tone for no call.
    pub(super) fn play(&mut self, now: Instant, tone: Tone, lasts: Duration) {
        self.0 = Some((tone, now + lasts));
    }

    pub(super) fn stop(&mut self) {
        self.0 = None;
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.0.map(|(_, until)| until)
    }

    pub(super) fn timeout(&mut self, now: Instant) {
        if self.deadline().is_some_and(|until| until <= now) {
            self.stop();
        }
    }
}

/// What is heard at the end of a call, and for how long.
fn after_call(cause: EndCause) -> Option<(Tone, Duration)> {
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
        | EndCause::Transferred
        | EndCause::Cancelled
        | EndCause::Rejected
        | EndCause::Forwarded
        | EndCause::Missed
        | EndCause::AnsweredElsewhere => None,
    }
}
