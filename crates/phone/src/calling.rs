//! How calls begin, go on and end.

use crate::audio::Tone;
use crate::call::{Call, Fate, Inbound, Leg, Media, Outbound};
use crate::cause;
use crate::effect::{AudioEffect, Effect, HostEffect, PeerEffect};
use crate::line::Line;
use crate::number::Number;
use crate::phone::Phone;
use crate::view::Microphone;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::{CallRinging, EndCause, HostEvent};
use ringlet_contract::message::{CommandResult, ResultValue};
use ringlet_sip::{CallId, Command, Ended, IncomingDetails, Party, Refusal};
use std::time::Duration;

/// Long enough to read who it was and how long it took.
const END_SCREEN: Duration = Duration::from_secs(4);

/// A call to be made.
pub(crate) struct Outgoing {
    pub(crate) number: Number,
    pub(crate) caller_id: Option<Number>,
    pub(crate) correlation_id: Option<String>,
    /// The host's `call`, if it was the host.
    pub(crate) reply_to: Option<String>,
}

impl Phone {
    /// Calls a number. Fails with [`ErrorCode::CallLimit`] or [`ErrorCode::NotRegistered`].
    ///
    /// The host learns of the call when its offer has been made: a refused microphone leaves
    /// nothing behind but the error.
    pub(crate) fn place(&mut self, outgoing: Outgoing) {
        let Outgoing { number, caller_id, correlation_id, reply_to } = outgoing;
        let error = if !self.line.is_registered() {
            Some(ErrorBody::new(ErrorCode::NotRegistered, "The line is not registered."))
        } else if self.calls.len() >= self.settings.max_calls {
            Some(ErrorBody::new(
                ErrorCode::CallLimit,
                "As many calls are up as this phone may have.",
            ))
        } else {
            None
        };
        if let Some(error) = error {
            if let Some(reply_to) = reply_to {
                self.outbox.failed(reply_to, error);
            }
            return;
        }
        let Line::SignedIn(session) = &mut self.line else { return };
        let caller_id = caller_id.map(Number::into_string);
        let id = session.agent.invite(number.as_str().to_owned(), caller_id.clone());
        let stage = Outbound::Preparing { reply_to };
        let leg = Leg::Outbound { caller_id, correlation_id, stage };
        self.add_call(id, number.into_string(), None, leg);
    }

    /// The offer is made and the INVITE goes out: now there is a call.
    pub(crate) fn announce(&mut self, id: CallId) {
        let Some(call) = self.calls.get_mut(id) else { return };
        let Leg::Outbound { stage, .. } = &mut call.leg else { return };
        let Outbound::Preparing { reply_to } = stage else { return };
        let reply_to = reply_to.take();
        *stage = Outbound::Dialing { alerted: false, early_media: false };
        let (name, started) = (call.name.clone(), call.started());
        if call.number == Number::parse(&self.number).map(Number::into_string).unwrap_or_default() {
            self.number.clear();
        }
        self.tell(HostEvent::CallStarted(started));
        if let Some(reply_to) = reply_to {
            let value = ResultValue { call_id: Some(name), ..ResultValue::default() };
            self.outbox.result(reply_to, CommandResult::Done(value));
        }
    }

    /// Somebody calls. Over the limit they hear busy, and nobody here is disturbed. A call that
    /// takes the place of another is being answered already.
    pub(crate) fn on_incoming(&mut self, id: CallId, from: Party, details: &IncomingDetails) {
        let takes_over = details.replaces.is_some();
        if self.calls.len() >= self.settings.max_calls && !takes_over {
            return self.command(Command::Reject(id, Refusal::Busy));
        }
        let stage = match takes_over {
            true => Inbound::Answering { reply_to: Vec::new() },
            false => Inbound::Ringing,
        };
        self.add_call(id, from.number, from.display_name, Leg::Inbound(stage));
        if let Some(incoming) = self.calls.get(id).map(Call::incoming) {
            self.tell(HostEvent::CallIncoming(incoming));
        }
        self.show_widget(true);
    }

    /// The far end wants this side to talk to somebody else: it does, as people expect who are
    /// put through. The call that leads there is ended by the far end when it has worked.
    pub(crate) fn on_transfer_requested(&mut self, call: CallId, target: Party) {
        let Some(session) = self.line.session_mut() else { return };
        if self.calls.get(call).is_none() || self.calls.len() > self.settings.max_calls {
            return session.agent.command(Command::RefuseTransfer(call));
        }
        let new = session.agent.new_call();
        session.agent.command(Command::AcceptTransfer { call, new });
        let stage = Outbound::Preparing { reply_to: None };
        let leg = Leg::Outbound { caller_id: None, correlation_id: None, stage };
        self.add_call(new, target.number, target.display_name, leg);
    }

    /// The person goes on talking in another call, so the end of this one is no news.
    pub(crate) fn on_replaced(&mut self, id: CallId) {
        if let Some(call) = self.calls.get_mut(id) {
            call.fate = Some(Fate {
                cause: EndCause::RemoteHangup,
                error: ErrorBody::new(ErrorCode::CallFailed, "Another call took its place."),
                shown_elsewhere: true,
            });
        }
    }

    /// The far end is somebody else now.
    pub(crate) fn on_identity(&mut self, id: CallId, party: Party) {
        if let Some(call) = self.calls.get_mut(id).filter(|_| !party.number.is_empty()) {
            call.number = party.number;
            call.display_name = party.display_name;
        }
    }

    pub(crate) fn on_progress(&mut self, id: CallId, status: u16, has_early_media: bool) {
        let Some(call) = self.calls.get_mut(id) else { return };
        let Leg::Outbound { stage, .. } = &mut call.leg else { return };
        let Outbound::Dialing { alerted, early_media } = stage else { return };
        *early_media |= has_early_media;
        if status == 180 && !*alerted {
            *alerted = true;
            let call_id = call.name.clone();
            self.tell(HostEvent::CallRinging(CallRinging { call_id }));
        }
    }

    pub(crate) fn on_answered(&mut self, id: CallId) {
        let now = self.now;
        let Some(call) = self.calls.get_mut(id) else { return };
        let replies = match &mut call.leg {
            Leg::Outbound { stage: Outbound::Active { .. }, .. }
            | Leg::Inbound(Inbound::Active { .. }) => return,
            Leg::Outbound { stage, .. } => {
                *stage = Outbound::Active { since: now };
                Vec::new()
            }
            Leg::Inbound(stage) => match std::mem::replace(stage, Inbound::Active { since: now }) {
                Inbound::Answering { reply_to } | Inbound::Probing { reply_to } => reply_to,
                Inbound::Ringing | Inbound::Active { .. } => Vec::new(),
            },
        };
        let answered = call.answered();
        self.tell(HostEvent::CallAnswered(answered));
        for reply_to in replies {
            self.outbox.done(reply_to);
        }
    }

    /// Takes a ringing call. When it is not known that the microphone works, that is found out
    /// first: a refused microphone must not cost the call.
    pub(crate) fn answer(&mut self, id: CallId, reply: Option<String>) {
        let microphone_works = self.microphone == Some(Microphone::Fine);
        let Some(call) = self.calls.get_mut(id) else { return };
        match &mut call.leg {
            Leg::Inbound(Inbound::Probing { reply_to } | Inbound::Answering { reply_to }) => {
                reply_to.extend(reply);
            }
            Leg::Inbound(stage @ Inbound::Ringing) => {
                let reply_to = Vec::from_iter(reply);
                if microphone_works {
                    *stage = Inbound::Answering { reply_to };
                    self.command(Command::Answer(id));
                } else {
                    *stage = Inbound::Probing { reply_to };
                    self.outbox.push(Effect::Audio(AudioEffect::ProbeMicrophone));
                }
            }
            Leg::Inbound(Inbound::Active { .. }) | Leg::Outbound { .. } => {
                if let Some(reply) = reply {
                    let error = "Only a ringing incoming call can be answered.";
                    self.outbox.failed(reply, ErrorBody::new(ErrorCode::InvalidState, error));
                }
            }
        }
    }

    /// Ends a call, whatever its state; an incoming one nobody has taken is refused.
    pub(crate) fn hang_up(&mut self, id: CallId) {
        let Some(call) = self.calls.get(id) else { return };
        self.command(if call.is_unanswered_here() {
            Command::Reject(id, Refusal::Decline)
        } else {
            Command::Hangup(id)
        });
    }

    pub(crate) fn set_muted(&mut self, id: CallId, muted: bool) {
        if let Some(call) = self.calls.get_mut(id) {
            call.muted = muted;
        }
    }

    pub(crate) fn on_ended(&mut self, id: CallId, ended: &Ended) {
        if let Some(cause) = self.calls.get(id).map(|call| call.cause(ended.reason)) {
            self.end_call(id, cause, ended.status.unwrap_or(0));
        }
    }

    /// Ends what the agent will not end any more.
    pub(crate) fn end_all_calls(&mut self) {
        for id in self.calls.ids() {
            self.end_call(id, EndCause::ConnectionLost, 0);
        }
    }

    /// What is heard now.
    pub(crate) fn tone(&self) -> Option<Tone> {
        if self.calls.iter().any(Call::is_ringing_here) {
            Some(Tone::Ring)
        } else if self.calls.iter().any(Call::wants_ring_back) {
            Some(Tone::RingBack)
        } else {
            self.end_tone.map(|(tone, _)| tone)
        }
    }

    pub(crate) fn show_widget(&mut self, open: bool) {
        if self.setup.embedded {
            self.outbox.push(Effect::Host(HostEffect::Show(open)));
        }
    }

    pub(crate) fn command(&mut self, command: Command) {
        if let Some(session) = self.line.session_mut() {
            session.agent.command(command);
        }
    }

    fn add_call(&mut self, id: CallId, number: String, display_name: Option<String>, leg: Leg) {
        self.ended = None;
        self.end_tone = None;
        let name = self.random.call_name();
        self.calls.push(Call {
            id,
            name,
            number,
            display_name,
            leg,
            muted: false,
            held: false,
            media: Media::Opening,
            fate: None,
        });
    }

    fn end_call(&mut self, id: CallId, cause: EndCause, sip_code: u16) {
        let Some(call) = self.calls.remove(id) else { return };
        self.operations.forget(id);
        self.outbox.push(Effect::Peer(PeerEffect::Close(id)));
        if call.fate.as_ref().is_none_or(|fate| !fate.shown_elsewhere) {
            let until = cause::is_plain(cause).then(|| self.now + END_SCREEN);
            self.ended = Some((call.ended_view(self.now, cause), until));
            self.end_tone = cause::tone(cause).map(|(tone, lasts)| (tone, self.now + lasts));
        }
        if call.is_announced() {
            self.tell(HostEvent::CallEnded(call.ended(self.now, cause, sip_code)));
        }
        for (reply_to, error) in call.into_unanswered(cause) {
            self.outbox.failed(reply_to, error);
        }
    }
}
