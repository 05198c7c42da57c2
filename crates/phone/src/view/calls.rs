//! The calls, as they are shown.

use crate::calls::{Call, Inbound, Leg, Outbound, Transfer, TransferStage, takes_dtmf};
use crate::core::Core;
use crate::quality::QualityView;
use ringlet_contract::event::{Direction, EndCause};
use ringlet_sip::{CallId, Instant};
use std::time::Duration;

/// One call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallView {
    /// Names it in intents.
    pub id: CallId,
    /// The far end's number or user; empty when withheld.
    pub number: String,
    /// The far end's name, when known.
    pub name: Option<String>,
    /// Who called.
    pub direction: Direction,
    /// How far it has come.
    pub phase: CallPhase,
    /// Whether the microphone is off.
    pub muted: bool,
    /// Whether this side holds it, or is about to: the far end hears music.
    pub held: bool,
    /// Whether the far end holds it.
    pub remote_held: bool,
    /// The far end asks this side to call somebody else, and waits for
    /// [`crate::Intent::AcceptTransfer`] or [`crate::Intent::DeclineTransfer`]. It goes away by
    /// itself when nobody decides.
    pub transfer_request: Option<TransferRequest>,
    /// The transfer that this side asked for.
    pub transfer: Option<TransferView>,
    /// Whether DTMF can be sent now.
    pub takes_dtmf: bool,
    /// The last DTMF tones sent.
    pub tones_sent: String,
    /// Whether it was answered without a person.
    pub unattended: bool,
    /// How well the far end is heard; `None` before the first second has been measured.
    pub quality: Option<QualityView>,
}

/// A transfer that this side asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferView {
    /// The number or user that the far end shall reach.
    pub target: String,
    /// Why it came to nothing; `None` while it is under way.
    pub failed: Option<EndCause>,
}

/// Whom a far end asks this side to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferRequest {
    /// The number or user to call.
    pub number: String,
    /// The name, when the far end gives one.
    pub name: Option<String>,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallPhase {
    /// Outgoing: the microphone and the offer are being made ready.
    Preparing,
    /// Outgoing: sent, nothing heard yet.
    Dialing,
    /// Outgoing: the far end alerts.
    Ringing,
    /// Outgoing: the far end's own tones are heard before it answers.
    EarlyMedia,
    /// Incoming, not yet taken.
    Incoming,
    /// Incoming: taken, being connected.
    Answering,
    /// Answered.
    Active {
        /// Since the answer, in whole seconds.
        elapsed: Duration,
        /// Sound can flow: the peer connection is up.
        media: bool,
    },
}

impl CallView {
    pub(crate) fn of(call: &Call, core: &Core) -> Self {
        Self {
            id: call.id(),
            number: call.number().to_owned(),
            name: call.display_name().map(str::to_owned),
            direction: call.direction(),
            phase: phase(call, core.now),
            muted: call.is_muted(),
            held: call.is_held(),
            remote_held: call.is_remote_held(),
            transfer_request: call.transfer_request().cloned(),
            transfer: call.transfer().map(TransferView::of),
            takes_dtmf: takes_dtmf(call),
            tones_sent: call.tones_sent(),
            unattended: call.was_answered_unattended(),
            quality: call.quality().and_then(|quality| (core.late?.quality_view)(quality)),
        }
    }
}

impl TransferView {
    fn of(transfer: &Transfer) -> Self {
        let failed = match transfer.stage {
            TransferStage::Failed { cause, .. } => Some(cause),
            TransferStage::Started | TransferStage::Accepted => None,
        };
        Self { target: transfer.target().to_owned(), failed }
    }
}

fn phase(call: &Call, now: Instant) -> CallPhase {
    let active = CallPhase::Active { elapsed: call.duration(now), media: call.is_connected() };
    match call.leg() {
        Leg::Outbound { stage, .. } => match stage {
            Outbound::Preparing { .. } => CallPhase::Preparing,
            Outbound::Dialing { early_media: true, .. } => CallPhase::EarlyMedia,
            Outbound::Dialing { alerted: true, .. } => CallPhase::Ringing,
            Outbound::Dialing { .. } => CallPhase::Dialing,
            Outbound::Active { .. } => active,
        },
        Leg::Inbound(stage) => match stage {
            Inbound::Ringing => CallPhase::Incoming,
            Inbound::Probing { .. } | Inbound::Answering { .. } => CallPhase::Answering,
            Inbound::Active { .. } => active,
        },
    }
}
