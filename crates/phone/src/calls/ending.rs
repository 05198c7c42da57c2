//! How calls end.

use super::Calls;
use super::call::{Call, Inbound, Leg, Outbound};
use super::cause;
use super::finished::Finished;
use crate::core::Core;
use crate::effect::{Effect, PeerEffect};
use crate::notice::Notice;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::{EndCause, HostEvent};
use ringlet_sip::{CallId, Command, EndReason, Ended, Refusal};

/// An end that this side brings about.
pub(super) struct Fate {
    pub(super) cause: EndCause,
    /// What commands that wait for the call are answered.
    pub(super) error: ErrorBody,
    /// The person is told in another way, so no "call ended" screen is needed.
    pub(super) shown_elsewhere: bool,
}

impl Calls {
    /// Ends a call, whatever its state; an incoming one that nobody has taken is refused.
    pub(crate) fn hang_up(&mut self, core: &mut Core, id: CallId) {
        let Some(call) = self.get(id) else { return };
        core.agent.command(if call.is_unanswered_here() {
            Command::Reject(id, Refusal::Decline)
        } else {
            Command::Hangup(id)
        });
    }

    pub(crate) fn hang_up_all(&mut self, core: &mut Core) {
        self.ids().into_iter().for_each(|id| self.hang_up(core, id));
    }

    /// The agent reports the end of a call.
    pub(crate) fn on_ended(&mut self, core: &mut Core, id: CallId, ended: &Ended) {
        let was_joined = ended.reason == EndReason::RemoteHangup && self.is_being_joined(id);
        if let Some(call) = self.get(id) {
            let cause =
                if was_joined { EndCause::Transferred } else { call.end_cause(ended.reason) };
            self.end(core, id, cause, ended.status.unwrap_or(0));
        }
    }

    /// Ends calls locally; no agent is left to report them.
    pub(crate) fn on_session_ended(&mut self, core: &mut Core) {
        self.ids().into_iter().for_each(|id| self.end(core, id, EndCause::ConnectionLost, 0));
    }

    /// The person goes on talking in another call, so the end of this one needs no screen.
    pub(crate) fn on_replaced(&mut self, id: CallId) {
        if let Some(call) = self.get_mut(id) {
            call.fate = Some(Fate {
                cause: EndCause::RemoteHangup,
                error: ErrorBody::new(ErrorCode::CallFailed, "Another call took its place."),
                shown_elsewhere: true,
            });
        }
    }

    fn end(&mut self, core: &mut Core, id: CallId, cause: EndCause, sip_code: u16) {
        let Some(call) = self.remove(id) else { return };
        core.push(Effect::Peer(PeerEffect::Close(id)));
        if call.fate.as_ref().is_none_or(|fate| !fate.shown_elsewhere) {
            self.ended.show(&call, core.now, cause);
            core.notice(Notice::CallEnded(cause));
        }
        if call.is_announced() {
            let quality = call.quality_report(core);
            let ended = call.ended(core.now, cause, sip_code, quality.clone());
            let finished = Finished::of(&call, core.now, cause, quality);
            core.notice(Notice::CallFinished(Box::new(finished)));
            core.tell(HostEvent::CallEnded(ended));
        }
        let (replies, error) = call.into_unanswered(cause);
        replies.into_iter().for_each(|id| core.outbox.failed(id, error.clone()));
    }
}

impl Call {
    /// The cause to report: this side's own reason for ending it before the agent's.
    fn end_cause(&self, reason: EndReason) -> EndCause {
        match (&self.fate, reason) {
            (Some(fate), _) => fate.cause,
            // It was this side that did not answer.
            (None, EndReason::NoAnswer) if self.is_unanswered_here() => EndCause::Missed,
            (None, reason) => cause::of(reason),
        }
    }

    /// The commands that waited for the call to start, to be answered or held, or for its tones, and their
    /// result.
    fn into_unanswered(mut self, cause: EndCause) -> (Vec<String>, ErrorBody) {
        let mut replies = self.hold.take_waiting();
        replies.extend(self.dtmf.take_waiting());
        replies.extend(match self.leg {
            Leg::Outbound { stage: Outbound::Preparing { reply_to }, .. } => {
                Vec::from_iter(reply_to)
            }
            Leg::Inbound(Inbound::Probing { reply_to } | Inbound::Answering { reply_to }) => {
                reply_to
            }
            Leg::Outbound { stage: Outbound::Dialing { .. } | Outbound::Active { .. }, .. }
            | Leg::Inbound(Inbound::Ringing | Inbound::Active { .. }) => Vec::new(),
        });
        let error = match (self.fate, cause) {
            (Some(fate), _) => fate.error,
            (None, EndCause::ConnectionLost) => ErrorBody::new(
                ErrorCode::ConnectionLost,
                "The connection to the SIP server is gone.",
            ),
            (None, _) => ErrorBody::new(ErrorCode::CallFailed, "The call ended before that."),
        };
        (replies, error)
    }
}
