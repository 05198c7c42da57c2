//! One call as the phone sees it.

use crate::cause;
use crate::view::{CallPhase, CallView, Ended};
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::{
    CallAnswered, CallEnded, CallIncoming, CallStarted, Direction, EndCause,
};
use ringlet_contract::message::{CallState, CallSummary};
use ringlet_sip::{CallId, EndReason, Instant};
use std::time::Duration;

/// A call that is not over.
pub(crate) struct Call {
    pub(crate) id: CallId,
    /// What the host calls it: says nothing, and is never used again.
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) display_name: Option<String>,
    pub(crate) leg: Leg,
    pub(crate) muted: bool,
    /// This side holds the call (RFC 3264 section 8.4), as last negotiated.
    pub(crate) held: bool,
    pub(crate) media: Media,
    /// Why this side is ending it, when that is not plainly a hang-up.
    pub(crate) fate: Option<Fate>,
}

/// How the peer connection of a call stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    /// It is being opened.
    Opening,
    /// It is up.
    Up,
    /// It broke, and is being negotiated anew; after so long the call is given up.
    Mending { until: Instant },
}

/// Who called, and how far it has come.
pub(crate) enum Leg {
    Outbound { caller_id: Option<String>, correlation_id: Option<String>, stage: Outbound },
    Inbound(Inbound),
}

pub(crate) enum Outbound {
    /// The microphone and the offer are being made ready; nothing has been sent, and the host
    /// does not know of the call yet.
    Preparing {
        /// The host's `call`, answered when the call exists.
        reply_to: Option<String>,
    },
    /// Sent.
    Dialing {
        /// 180 has come.
        alerted: bool,
        /// The far end is heard already.
        early_media: bool,
    },
    Active {
        since: Instant,
    },
}

pub(crate) enum Inbound {
    Ringing,
    /// Taken, if the microphone may be used; otherwise it will ring on.
    Probing {
        /// The host's `answer` commands, answered when the call is.
        reply_to: Vec<String>,
    },
    /// Taken; the answer is being made.
    Answering {
        reply_to: Vec<String>,
    },
    Active {
        since: Instant,
    },
}

/// An end this side brings about.
pub(crate) struct Fate {
    pub(crate) cause: EndCause,
    pub(crate) error: ErrorBody,
    /// The person is told in another way, so no "call ended" screen is needed.
    pub(crate) shown_elsewhere: bool,
}

impl Call {
    pub(crate) fn direction(&self) -> Direction {
        match self.leg {
            Leg::Outbound { .. } => Direction::Outbound,
            Leg::Inbound(_) => Direction::Inbound,
        }
    }

    pub(crate) fn active_since(&self) -> Option<Instant> {
        match self.leg {
            Leg::Outbound { stage: Outbound::Active { since }, .. }
            | Leg::Inbound(Inbound::Active { since }) => Some(since),
            Leg::Outbound {
                stage: Outbound::Preparing { .. } | Outbound::Dialing { .. }, ..
            }
            | Leg::Inbound(
                Inbound::Ringing | Inbound::Probing { .. } | Inbound::Answering { .. },
            ) => None,
        }
    }

    /// Until when its broken media may mend.
    pub(crate) fn mending_until(&self) -> Option<Instant> {
        match self.media {
            Media::Mending { until } => Some(until),
            Media::Opening | Media::Up => None,
        }
    }

    /// Incoming, and nobody has taken it.
    pub(crate) fn is_ringing_here(&self) -> bool {
        matches!(self.leg, Leg::Inbound(Inbound::Ringing))
    }

    /// Incoming, and not answered yet: hanging up means refusing.
    pub(crate) fn is_unanswered_here(&self) -> bool {
        matches!(self.leg, Leg::Inbound(_)) && self.active_since().is_none()
    }

    /// The host has been told of it.
    pub(crate) fn is_announced(&self) -> bool {
        !matches!(self.leg, Leg::Outbound { stage: Outbound::Preparing { .. }, .. })
    }

    /// Sound may flow both ways as far as signalling goes: early media, or answered here or there.
    pub(crate) fn has_media_path(&self) -> bool {
        match &self.leg {
            Leg::Outbound { stage, .. } => match stage {
                Outbound::Dialing { early_media, .. } => *early_media,
                Outbound::Active { .. } => true,
                Outbound::Preparing { .. } => false,
            },
            Leg::Inbound(Inbound::Answering { .. } | Inbound::Active { .. }) => true,
            Leg::Inbound(Inbound::Ringing | Inbound::Probing { .. }) => false,
        }
    }

    /// The far end alerts, and is not heard itself.
    pub(crate) fn wants_ring_back(&self) -> bool {
        matches!(
            self.leg,
            Leg::Outbound { stage: Outbound::Dialing { alerted: true, early_media: false }, .. }
        )
    }

    pub(crate) fn view(&self, now: Instant) -> CallView {
        CallView {
            id: self.id,
            number: self.number.clone(),
            name: self.display_name.clone(),
            direction: self.direction(),
            phase: self.phase(now),
            muted: self.muted,
        }
    }

    fn phase(&self, now: Instant) -> CallPhase {
        let active = |since: Instant| CallPhase::Active {
            elapsed: Duration::from_secs(now.since(since).as_secs()),
            media: self.media == Media::Up,
        };
        match &self.leg {
            Leg::Outbound { stage, .. } => match *stage {
                Outbound::Preparing { .. } => CallPhase::Preparing,
                Outbound::Dialing { early_media: true, .. } => CallPhase::EarlyMedia,
                Outbound::Dialing { alerted: true, .. } => CallPhase::Ringing,
                Outbound::Dialing { .. } => CallPhase::Dialing,
                Outbound::Active { since } => active(since),
            },
            Leg::Inbound(stage) => match *stage {
                Inbound::Ringing => CallPhase::Incoming,
                Inbound::Probing { .. } | Inbound::Answering { .. } => CallPhase::Answering,
                Inbound::Active { since } => active(since),
            },
        }
    }

    pub(crate) fn summary(&self) -> CallSummary {
        let state = match &self.leg {
            Leg::Outbound { stage, .. } => match stage {
                Outbound::Dialing { alerted: true, .. } => CallState::Ringing,
                Outbound::Preparing { .. } | Outbound::Dialing { .. } => CallState::Dialing,
                Outbound::Active { .. } => CallState::Active,
            },
            Leg::Inbound(stage) => match stage {
                Inbound::Ringing => CallState::Ringing,
                Inbound::Probing { .. } | Inbound::Answering { .. } => CallState::Answering,
                Inbound::Active { .. } => CallState::Active,
            },
        };
        CallSummary {
            call_id: self.name.clone(),
            number: self.number.clone(),
            direction: self.direction(),
            state,
            muted: self.muted,
        }
    }

    pub(crate) fn started(&self) -> CallStarted {
        let correlation_id = match &self.leg {
            Leg::Outbound { correlation_id, .. } => correlation_id.clone(),
            Leg::Inbound(_) => None,
        };
        CallStarted {
            call_id: self.name.clone(),
            number: self.number.clone(),
            direction: self.direction(),
            requested_caller_id: self.requested_caller_id(),
            correlation_id,
        }
    }

    pub(crate) fn incoming(&self) -> CallIncoming {
        CallIncoming {
            call_id: self.name.clone(),
            number: self.number.clone(),
            display_name: self.display_name.clone(),
            direction: self.direction(),
        }
    }

    pub(crate) fn answered(&self) -> CallAnswered {
        CallAnswered {
            call_id: self.name.clone(),
            number: self.number.clone(),
            direction: self.direction(),
            requested_caller_id: self.requested_caller_id(),
        }
    }

    pub(crate) fn ended(&self, now: Instant, cause: EndCause, sip_code: u16) -> CallEnded {
        CallEnded {
            call_id: self.name.clone(),
            number: self.number.clone(),
            direction: self.direction(),
            requested_caller_id: self.requested_caller_id(),
            duration: u32::try_from(self.duration(now).as_secs()).unwrap_or(u32::MAX),
            cause,
            sip_code,
        }
    }

    pub(crate) fn ended_view(&self, now: Instant, cause: EndCause) -> Ended {
        Ended {
            number: self.number.clone(),
            name: self.display_name.clone(),
            direction: self.direction(),
            cause,
            duration: self.duration(now),
        }
    }

    /// The cause to report: our own reason for ending it, if there was one, before the agent's.
    pub(crate) fn cause(&self, reason: EndReason) -> EndCause {
        match (&self.fate, reason) {
            (Some(fate), _) => fate.cause,
            // It was this side that did not answer.
            (None, EndReason::NoAnswer) if self.is_unanswered_here() => EndCause::Missed,
            (None, reason) => cause::of(reason),
        }
    }

    /// The commands that waited for what will not happen any more, and what to answer them.
    pub(crate) fn into_unanswered(self, cause: EndCause) -> Vec<(String, ErrorBody)> {
        let waiting = match self.leg {
            Leg::Outbound { stage: Outbound::Preparing { reply_to }, .. } => {
                Vec::from_iter(reply_to)
            }
            Leg::Inbound(Inbound::Probing { reply_to } | Inbound::Answering { reply_to }) => {
                reply_to
            }
            Leg::Outbound { stage: Outbound::Dialing { .. } | Outbound::Active { .. }, .. }
            | Leg::Inbound(Inbound::Ringing | Inbound::Active { .. }) => Vec::new(),
        };
        let error = self.fate.map_or_else(
            || {
                if cause == EndCause::ConnectionLost {
                    let message = "The connection to the SIP server is gone.";
                    ErrorBody::new(ErrorCode::ConnectionLost, message)
                } else {
                    ErrorBody::new(ErrorCode::CallFailed, "The call ended before that.")
                }
            },
            |fate| fate.error,
        );
        waiting.into_iter().map(|reply_to| (reply_to, error.clone())).collect()
    }

    /// From answer to now, in whole seconds.
    fn duration(&self, now: Instant) -> Duration {
        self.active_since()
            .map_or(Duration::ZERO, |since| Duration::from_secs(now.since(since).as_secs()))
    }

    fn requested_caller_id(&self) -> Option<String> {
        match &self.leg {
            Leg::Outbound { caller_id, .. } => caller_id.clone(),
            Leg::Inbound(_) => None,
        }
    }
}
