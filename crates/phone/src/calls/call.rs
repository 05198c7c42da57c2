//! One call as the phone sees it.

use super::dtmf::Dtmf;
use super::ending::Fate;
use super::hold::Hold;
use super::transferor::Transfer;
use super::unattended::Unattended;
use crate::quality::Quality;
use crate::view::TransferRequest;
use ringlet_contract::event::Direction;
use ringlet_sip::{CallId, Instant};
use std::time::Duration;

/// A call that is not over.
pub(crate) struct Call {
    pub(super) id: CallId,
    /// Opaque id for the host; never reused.
    pub(super) name: String,
    pub(super) number: String,
    pub(super) display_name: Option<String>,
    /// The far end's address, when the network tells it.
    pub(super) uri: Option<String>,
    pub(super) began: Instant,
    pub(super) leg: Leg,
    pub(super) muted: bool,
    pub(super) hold: Hold,
    pub(super) peer: PeerState,
    /// The far end asks this side to call somebody else; undecided until then.
    pub(super) transfer_request: Option<(TransferRequest, Instant)>,
    /// What this side asked for last.
    pub(super) transfer: Option<Transfer>,
    pub(super) dtmf: Dtmf,
    /// Made with the first sample.
    pub(super) quality: Option<Box<Quality>>,
    /// When the last sample for it was asked for.
    pub(super) sampled_at: Option<Instant>,
    /// What happens to it without a person.
    pub(super) unattended: Unattended,
    /// Why this side is ending it, when that is not plainly a hang-up.
    pub(super) fate: Option<Fate>,
}

/// The state of a call's peer connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PeerState {
    /// It is being set up.
    Connecting,
    /// It is up.
    Connected,
    /// It broke, and is being negotiated anew; the call is given up at `until`.
    Mending { until: Instant },
}

/// Who called, and how far it has come.
pub(crate) enum Leg {
    Outbound { caller_id: Option<String>, correlation_id: Option<String>, stage: Outbound },
    Inbound(Inbound),
}

/// How far an outgoing call has come.
pub(crate) enum Outbound {
    /// The microphone and the offer are being made ready; nothing has been sent, and the host has
    /// not been told of the call ([`super::outgoing`] says why).
    Preparing {
        /// The host's `call`, answered when the call has started.
        reply_to: Option<String>,
    },
    /// The INVITE was sent.
    Dialing {
        /// 180 has come.
        alerted: bool,
        /// The far end is heard already.
        early_media: bool,
    },
    /// The far end has answered.
    Active { since: Instant },
}

/// How far an incoming call has come.
pub(crate) enum Inbound {
    /// Nobody has taken it.
    Ringing,
    /// Taken, if the microphone may be used; otherwise it keeps ringing.
    Probing {
        /// The host's `answer` commands, answered when the call is.
        reply_to: Vec<String>,
    },
    /// Taken; the SDP answer is being made.
    Answering { reply_to: Vec<String> },
    /// Answered.
    Active { since: Instant },
}

impl Call {
    pub(crate) fn id(&self) -> CallId {
        self.id
    }

    /// The far end's number or user; empty when withheld.
    pub(crate) fn number(&self) -> &str {
        &self.number
    }

    /// The far end's name, when known.
    pub(crate) fn display_name(&self) -> Option<&str> {
        self.display_name.as_deref()
    }

    pub(crate) fn leg(&self) -> &Leg {
        &self.leg
    }

    pub(crate) fn is_muted(&self) -> bool {
        self.muted
    }

    /// This side holds the call, or is about to.
    pub(crate) fn is_held(&self) -> bool {
        self.hold.is_local()
    }

    /// The far end holds the call.
    pub(crate) fn is_remote_held(&self) -> bool {
        self.hold.is_remote()
    }

    /// Sound can flow: the peer connection is up.
    pub(crate) fn is_connected(&self) -> bool {
        self.peer == PeerState::Connected
    }

    /// How well the far end is heard.
    pub(crate) fn quality(&self) -> Option<&Quality> {
        self.quality.as_deref()
    }

    /// Whom the far end asks this side to call instead.
    pub(crate) fn transfer_request(&self) -> Option<&TransferRequest> {
        self.transfer_request.as_ref().map(|(request, _)| request)
    }

    /// The DTMF tone that is being sent.
    pub(crate) fn sounding_tone(&self) -> Option<char> {
        self.dtmf.sounding()
    }

    /// The last DTMF tones sent.
    pub(crate) fn tones_sent(&self) -> String {
        self.dtmf.sent()
    }

    pub(crate) fn direction(&self) -> Direction {
        match self.leg {
            Leg::Outbound { .. } => Direction::Outbound,
            Leg::Inbound(_) => Direction::Inbound,
        }
    }

    /// When it was answered.
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

    /// From answer to now, in whole seconds.
    pub(crate) fn duration(&self, now: Instant) -> Duration {
        let since = self.active_since();
        since.map_or(Duration::ZERO, |since| Duration::from_secs(now.since(since).as_secs()))
    }

    /// Incoming, and nobody has taken it.
    pub(crate) fn is_ringing_here(&self) -> bool {
        matches!(self.leg, Leg::Inbound(Inbound::Ringing))
    }

    /// Incoming, and not answered yet: hanging up means refusing.
    pub(super) fn is_unanswered_here(&self) -> bool {
        matches!(self.leg, Leg::Inbound(_)) && self.active_since().is_none()
    }

    /// The host has been told of it.
    pub(super) fn is_announced(&self) -> bool {
        !matches!(self.leg, Leg::Outbound { stage: Outbound::Preparing { .. }, .. })
    }

    /// Whether sound may flow as far as signalling goes: early media, or answered here or there.
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

    /// Until when its broken peer connection may recover.
    pub(super) fn mending_until(&self) -> Option<Instant> {
        match self.peer {
            PeerState::Mending { until } => Some(until),
            PeerState::Connecting | PeerState::Connected => None,
        }
    }

    /// Until when a transfer that the far end asks for may be decided.
    pub(super) fn transfer_undecided_until(&self) -> Option<Instant> {
        self.transfer_request.as_ref().map(|(_, until)| *until)
    }
}
