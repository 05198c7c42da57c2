//! What the host page can ask for.

use crate::call::Call;
use crate::calling::Outgoing;
use crate::calls::Calls;
use crate::line::{Line, Link};
use crate::number::Number;
use crate::phone::Phone;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::message::{
    CallCommand, CallRef, CommandResult, DialCommand, Nothing, ResultValue, ToPhone, Visibility,
};
use ringlet_sip::CallId;

/// What becomes of a call asked for now.
enum Readiness {
    Ready,
    Connecting,
    SignedOut,
}

impl Phone {
    pub(crate) fn on_command(&mut self, id: String, command: ToPhone) {
        if let ToPhone::Init(init) = command {
            return self.init(id, *init);
        }
        if matches!(self.line, Line::Starting) && !matches!(command, ToPhone::Shutdown(_)) {
            let error = ErrorBody::new(ErrorCode::NotInitialized, "The phone awaits init first.");
            return self.outbox.failed(id, error);
        }
        match command {
            ToPhone::Init(_) => {}
            ToPhone::Call(command) => self.call_for_host(id, command),
            ToPhone::Dial(DialCommand { number }) => {
                self.reply(id, |phone| phone.dial(&number));
            }
            ToPhone::Hangup(call) => self.reply(id, |phone| phone.hang_up_for_host(&call)),
            ToPhone::Answer(call) => self.answer_for_host(id, &call),
            ToPhone::Reject(call) => self.reply(id, |phone| phone.reject_for_host(&call)),
            ToPhone::Mute(call) => self.reply(id, |phone| phone.mute_for_host(&call, true)),
            ToPhone::Unmute(call) => self.reply(id, |phone| phone.mute_for_host(&call, false)),
            ToPhone::Diagnostics(Nothing {}) => {
                let diagnostics = Some(self.diagnostics());
                let value = ResultValue { diagnostics, ..ResultValue::default() };
                self.outbox.result(id, CommandResult::Done(value));
            }
            // The loader has done it; the phone looks the same whether anybody sees it or not.
            ToPhone::Visibility(Visibility { open: _ }) | ToPhone::Ping(Nothing {}) => {
                self.outbox.done(id);
            }
            ToPhone::Shutdown(Nothing {}) => self.shut_down(id),
        }
    }

    /// Places a call, keeps it until the line is registered, or leaves the number on the keypad.
    pub(crate) fn call_for_host(&mut self, id: String, command: CallCommand) {
        let caller_id = command.caller_id.as_deref().filter(|c| !c.trim().is_empty());
        let parsed = Number::parse(&command.number)
            .and_then(|number| Ok((number, caller_id.map(Number::parse).transpose()?)));
        let (number, caller_id) = match parsed {
            Ok(parsed) => parsed,
            Err(error) => return self.outbox.failed(id, error),
        };
        match self.readiness() {
            Readiness::Ready => self.place(Outgoing {
                number,
                caller_id,
                correlation_id: command.correlation_id,
                reply_to: Some(id),
            }),
            Readiness::Connecting => self.wait_for_line(id, command),
            Readiness::SignedOut => {
                self.number = number.into_string();
                self.show_widget(true);
                let error = "Nobody is signed in; the number stands on the phone's keypad.";
                self.outbox.failed(id, ErrorBody::new(ErrorCode::NotRegistered, error));
            }
        }
    }

    fn readiness(&self) -> Readiness {
        match &self.line {
            Line::Restoring { .. } => Readiness::Connecting,
            Line::Starting | Line::SignedOut { .. } => Readiness::SignedOut,
            Line::SignedIn(session) => match session.link {
                Link::Registered { .. } => Readiness::Ready,
                Link::Waiting { .. } | Link::Opening { .. } | Link::Registering { .. } => {
                    Readiness::Connecting
                }
                Link::Refused { .. } | Link::Leaving { .. } => Readiness::SignedOut,
            },
        }
    }

    fn dial(&mut self, number: &str) -> Result<(), ErrorBody> {
        self.number = Number::parse(number)?.into_string();
        self.show_widget(true);
        Ok(())
    }

    fn hang_up_for_host(&mut self, call: &CallRef) -> Result<(), ErrorBody> {
        let id = self.calls.resolve(call, Calls::foremost)?;
        self.hang_up(id);
        Ok(())
    }

    fn answer_for_host(&mut self, id: String, call: &CallRef) {
        match self.resolve_ringing(call) {
            Ok(call) => self.answer(call, Some(id)),
            Err(error) => self.outbox.failed(id, error),
        }
    }

    fn reject_for_host(&mut self, call: &CallRef) -> Result<(), ErrorBody> {
        let id = self.resolve_ringing(call)?;
        if !self.calls.get(id).is_some_and(Call::is_unanswered_here) {
            let error = "Only an incoming call that was not answered can be rejected.";
            return Err(ErrorBody::new(ErrorCode::InvalidState, error));
        }
        self.hang_up(id);
        Ok(())
    }

    fn mute_for_host(&mut self, call: &CallRef, muted: bool) -> Result<(), ErrorBody> {
        let id = self.calls.resolve(call, Calls::foremost)?;
        if self.calls.get(id).is_some_and(Call::is_unanswered_here) {
            let error = "A call that was not answered sends no sound yet.";
            return Err(ErrorBody::new(ErrorCode::InvalidState, error));
        }
        self.set_muted(id, muted);
        Ok(())
    }

    fn resolve_ringing(&self, call: &CallRef) -> Result<CallId, ErrorBody> {
        self.calls.resolve(call, |calls| calls.iter().find(|call| call.is_unanswered_here()))
    }

    fn reply(&mut self, reply_to: String, act: impl FnOnce(&mut Self) -> Result<(), ErrorBody>) {
        match act(self) {
            Ok(()) => self.outbox.done(reply_to),
            Err(error) => self.outbox.failed(reply_to, error),
        }
    }
}
