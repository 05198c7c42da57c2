//! Calls that come in.

use super::Calls;
use super::call::{Call, Inbound, Leg, Outbound};
use super::finished::Finished;
use super::unattended::Unattended;
use crate::core::Core;
use crate::diversion::Diversion;
use crate::effect::{AudioEffect, Effect};
use crate::notice::Notice;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::{EndCause, HostEvent};
use ringlet_sip::{CallId, Command, IncomingDetails, Party, Refusal};

impl Calls {
    /// An INVITE has come. Over the limit, or when the person is not to be disturbed, the caller is
    /// sent away and nothing is shown here. A call that takes the place of another (RFC 3891) is
    /// being answered already.
    pub(crate) fn on_incoming(
        &mut self,
        core: &mut Core,
        id: CallId,
        from: Party,
        details: &IncomingDetails,
        diversion: &Diversion,
    ) {
        let takes_over = details.replaces.is_some();
        let is_full = self.len() >= core.settings.max_calls;
        if !takes_over && (is_full || diversion.is_do_not_disturb()) {
            let cause = turn_away(core, id, diversion.busy(), is_full);
            let away = Finished::turned_away(core.now, from, details.uri.clone(), cause);
            return core.notice(Notice::CallFinished(Box::new(away)));
        }
        let is_alone = self.is_empty();
        let stage = match takes_over {
            true => Inbound::Answering { reply_to: Vec::new() },
            false => Inbound::Ringing,
        };
        self.add(core, id, from.number, from.display_name, Leg::Inbound(stage));
        if let Some(call) = self.get_mut(id) {
            call.uri = details.uri.clone();
        }
        self.plan_unattended(core, id, is_alone, details, diversion);
        if let Some(incoming) = self.get(id).map(Call::incoming) {
            core.tell(HostEvent::CallIncoming(incoming));
        }
        core.show_widget(true);
    }

    /// Ends the call that is being talked in, and takes a ringing one.
    pub(crate) fn end_and_answer(&mut self, core: &mut Core, id: CallId, microphone_works: bool) {
        if !self.get(id).is_some_and(Call::is_ringing_here) {
            return;
        }
        let talking: Vec<CallId> = self
            .iter()
            .filter(|call| !call.is_ringing_here() && !call.is_held())
            .map(|call| call.id)
            .collect();
        talking.into_iter().for_each(|id| self.hang_up(core, id));
        self.answer(core, id, None, microphone_works);
    }

    /// Takes a ringing call, and holds the one that is being talked in. Unless the microphone is known to work, it is probed first: a refused
    /// microphone must not cost the call.
    pub(crate) fn answer(
        &mut self,
        core: &mut Core,
        id: CallId,
        reply: Option<String>,
        microphone_works: bool,
    ) {
        let Some(call) = self.get_mut(id) else { return };
        match &mut call.leg {
            Leg::Inbound(Inbound::Probing { reply_to } | Inbound::Answering { reply_to }) => {
                reply_to.extend(reply);
            }
            Leg::Inbound(stage @ Inbound::Ringing) => {
                let reply_to = Vec::from_iter(reply);
                if microphone_works {
                    *stage = Inbound::Answering { reply_to };
                    self.hold_others(core, id);
                    core.agent.command(Command::Answer(id));
                } else {
                    *stage = Inbound::Probing { reply_to };
                    core.push(Effect::Audio(AudioEffect::ProbeMicrophone));
                }
            }
            Leg::Inbound(Inbound::Active { .. }) | Leg::Outbound { .. } => {
                if let Some(reply) = reply {
                    let error = "Only a ringing incoming call can be answered.";
                    core.outbox.failed(reply, ErrorBody::new(ErrorCode::InvalidState, error));
                }
            }
        }
    }

    /// The probe has ended: the calls that wait for it are answered, or keep ringing.
    pub(crate) fn on_probed(&mut self, core: &mut Core, result: &Result<(), ErrorBody>) {
        for id in self.ids() {
            let Some(call) = self.get_mut(id) else { continue };
            let Leg::Inbound(stage) = &mut call.leg else { continue };
            let Inbound::Probing { reply_to } = stage else { continue };
            let reply_to = std::mem::take(reply_to);
            match result {
                Ok(()) => {
                    *stage = Inbound::Answering { reply_to };
                    self.hold_others(core, id);
                    core.agent.command(Command::Answer(id));
                }
                Err(error) => {
                    *stage = Inbound::Ringing;
                    call.unattended = Unattended::Nothing;
                    reply_to.into_iter().for_each(|id| core.outbox.failed(id, error.clone()));
                }
            }
        }
    }

    /// The call is answered, by either side.
    pub(crate) fn on_answered(&mut self, core: &mut Core, id: CallId) {
        let since = core.now;
        let Some(call) = self.get_mut(id) else { return };
        let replies = match &mut call.leg {
            Leg::Outbound { stage: Outbound::Active { .. }, .. }
            | Leg::Inbound(Inbound::Active { .. }) => return,
            Leg::Outbound { stage, .. } => {
                *stage = Outbound::Active { since };
                Vec::new()
            }
            Leg::Inbound(stage) => match std::mem::replace(stage, Inbound::Active { since }) {
                Inbound::Answering { reply_to } | Inbound::Probing { reply_to } => reply_to,
                Inbound::Ringing | Inbound::Active { .. } => Vec::new(),
            },
        };
        core.tell(HostEvent::CallAnswered(call.answered()));
        // Two calls may have been ringing out.
        self.hold_others(core, id);
        replies.into_iter().for_each(|reply_to| core.outbox.done(reply_to));
    }
}

/// Sends a caller on to another number, or away.
fn turn_away(core: &mut Core, call: CallId, target: Option<&str>, is_full: bool) -> EndCause {
    let why = if is_full { "busy" } else { "do not disturb" };
    core.push(Effect::Log(["A call was turned away: ", why].concat()));
    match target {
        Some(target) => {
            core.agent.command(Command::Redirect { call, target: target.to_owned() });
            EndCause::Forwarded
        }
        None if is_full => {
            core.agent.command(Command::Reject(call, Refusal::Busy));
            EndCause::Busy
        }
        None => {
            core.agent.command(Command::Reject(call, Refusal::Unavailable));
            EndCause::Unavailable
        }
    }
}
