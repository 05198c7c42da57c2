//! What the host is told of a call.

use super::call::{Call, Inbound, Leg, Outbound};
use ringlet_contract::event::{
    CallAnswered, CallEnded, CallIncoming, CallStarted, CallUpdated, EndCause, QualityReport,
};
use ringlet_contract::message::{CallState, CallSummary};
use ringlet_sip::Instant;

impl Call {
    /// Its entry in the snapshot.
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
            held: self.hold.is_agreed(),
            remote_held: self.hold.is_remote(),
        }
    }

    pub(super) fn updated(&self) -> CallUpdated {
        CallUpdated {
            call_id: self.name.clone(),
            held: self.hold.is_agreed(),
            remote_held: self.hold.is_remote(),
            muted: self.muted,
        }
    }

    pub(super) fn started(&self) -> CallStarted {
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

    pub(super) fn incoming(&self) -> CallIncoming {
        CallIncoming {
            call_id: self.name.clone(),
            number: self.number.clone(),
            display_name: self.display_name.clone(),
            direction: self.direction(),
        }
    }

    pub(super) fn answered(&self) -> CallAnswered {
        CallAnswered {
            call_id: self.name.clone(),
            number: self.number.clone(),
            direction: self.direction(),
            requested_caller_id: self.requested_caller_id(),
        }
    }

    pub(super) fn ended(
        &self,
        now: Instant,
        cause: EndCause,
        sip_code: u16,
        quality: Option<QualityReport>,
    ) -> CallEnded {
        CallEnded {
            call_id: self.name.clone(),
            number: self.number.clone(),
            direction: self.direction(),
            requested_caller_id: self.requested_caller_id(),
            duration: u32::try_from(self.duration(now).as_secs()).unwrap_or(u32::MAX),
            cause,
            sip_code,
            quality,
        }
    }

    pub(super) fn requested_caller_id(&self) -> Option<String> {
        match &self.leg {
            Leg::Outbound { caller_id, .. } => caller_id.clone(),
            Leg::Inbound(_) => None,
        }
    }
}
