//! Which component a person's intent or a host's command goes to.

use super::Phone;
use crate::caller_ids;
use crate::calls::Outgoing;
use crate::diagnostics::TRACE_CODE;
use crate::effect::{AudioEffect, Effect, HostEffect, PeerEffect};
use crate::input::{HostInput, Input, Intent};
use crate::line::LineStatus;
use crate::number::Number;
use crate::pages::Page;
use crate::settings::Settings;
use ringlet_contract::config::PhoneInit;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::{HostEvent, Ready};
use ringlet_contract::message::{
    CommandResult, DialCommand, Nothing, ResultValue, ToPhone, Visibility,
};

impl Phone {
    pub(super) fn on_intent(&mut self, intent: Intent) {
        let core = &mut self.core;
        match intent {
            Intent::SignIn(form) => {
                self.audio.unlock(core);
                self.line.sign_in_with(core, form);
            }
            Intent::Connect => {
                self.audio.unlock(core);
                self.line.connect(core);
            }
            Intent::SignOut => self.line.sign_out(core),
            Intent::RetryConnection => self.line.retry(core),
            Intent::EditNumber(number) if number == TRACE_CODE => {
                self.keypad.clear();
                self.diagnostics.toggle_tracing(core);
            }
            Intent::EditNumber(number) => self.keypad.edit(&number),
            Intent::Call(number) if number.trim().is_empty() => {
                if let Some(number) = self.history.last_dialled() {
                    self.keypad.prefill(number.to_owned());
                }
            }
            Intent::Call(number) => self.call(&number),
            Intent::Answer(call) => {
                self.audio.unlock(core);
                self.calls.answer(core, call, None, self.audio.microphone_works());
            }
            Intent::EndAndAnswer(call) => {
                self.audio.unlock(core);
                self.calls.end_and_answer(core, call, self.audio.microphone_works());
            }
            Intent::Reject(call) | Intent::Hangup(call) => self.calls.hang_up(core, call),
            Intent::SetMuted(call, muted) => self.calls.set_muted(core, call, muted),
            Intent::SetHeld(call, held) => self.calls.set_held(core, call, held, None),
            Intent::DeclineTransfer(call) => self.calls.decline_transfer(core, call),
            Intent::DismissEnded => self.calls.dismiss_ended(),
            Intent::Redial => {
                if let Some(number) = self.calls.last_ended().map(|ended| ended.number.clone()) {
                    self.call(&number);
                }
            }
            Intent::RetryMicrophone => self.audio.probe_microphone(core),
            Intent::UnlockAudio => core.push(Effect::Audio(AudioEffect::Unlock)),
            Intent::DismissMicrophone => self.audio.dismiss_microphone(),
            Intent::Close => core.show_widget(false),
            Intent::SetTheme(theme) => self.preferences.set_theme(&core.settings, theme),
            Intent::ChooseCallerId(number) => self.caller_ids.choose(core, number),
            Intent::ShowPage(page) => {
                self.caller_ids.forget_error();
                self.diversion.forget_error();
                // Missed calls are seen when the list opens, and those that came since when it closes.
                if [page, self.pages.page()].contains(&Page::Recents) {
                    self.history.mark_seen(core);
                }
                self.pages.show(page);
            }
            Intent::DismissLostDevice => self.devices.dismiss(),
            Intent::ChooseDevice(..)
            | Intent::TestDevice(_)
            | Intent::SendDtmf(..)
            | Intent::Transfer(..)
            | Intent::TransferTo(..)
            | Intent::AcceptTransfer(_)
            | Intent::AddCallerId(_)
            | Intent::DeleteCallerId(_)
            | Intent::SetDoNotDisturb(_)
            | Intent::Forward { .. }
            | Intent::DeleteFromHistory(_)
            | Intent::DeleteHistory => self.do_late(Input::Intent(intent)),
        }
    }

    pub(super) fn on_command(&mut self, id: String, command: ToPhone) {
        let core = &mut self.core;
        let line = self.line.status(core.now);
        match command {
            ToPhone::Init(init) => self.init(id, *init),
            ToPhone::Shutdown(Nothing {}) => self.line.shut_down(core, id),
            _ if line == LineStatus::Starting => {
                let error = "The phone awaits init first.";
                core.outbox.failed(id, ErrorBody::new(ErrorCode::NotInitialized, error));
            }
            ToPhone::Call(command) => self.host.on_call(core, line, id, command),
            ToPhone::Dial(DialCommand { number }) => {
                let result = self.host.on_dial(core, &number);
                core.outbox.reply(id, result);
            }
            ToPhone::Hangup(call) => {
                let result = self.calls.host_hangs_up(core, &call);
                core.outbox.reply(id, result);
            }
            ToPhone::Answer(call) => {
                self.calls.host_answers(core, id, &call, self.audio.microphone_works());
            }
            ToPhone::Reject(call) => {
                let result = self.calls.host_rejects(core, &call);
                core.outbox.reply(id, result);
            }
            ToPhone::Mute(call) => {
                let result = self.calls.host_mutes(core, &call, true);
                core.outbox.reply(id, result);
            }
            ToPhone::Unmute(call) => {
                let result = self.calls.host_mutes(core, &call, false);
                core.outbox.reply(id, result);
            }
            ToPhone::Hold(call) => self.calls.host_holds(core, id, &call, true),
            ToPhone::Unhold(call) => self.calls.host_holds(core, id, &call, false),
            ToPhone::SendDtmf(_)
            | ToPhone::Transfer(_)
            | ToPhone::TransferTo(_)
            | ToPhone::Diagnostics(_) => {
                self.do_late(Input::Host(HostInput::Command { id, command }));
            }
            // The loader has done it; the phone looks the same whether anybody sees it or not.
            ToPhone::Visibility(Visibility { open: _ }) | ToPhone::Ping(Nothing {}) => {
                core.outbox.done(id);
            }
        }
    }

    /// Sets the phone up, once.
    fn init(&mut self, id: String, init: PhoneInit) {
        let core = &mut self.core;
        if self.line.status(core.now) != LineStatus::Starting {
            let error = "The phone has been set up already; a new one needs a new frame.";
            return core.outbox.failed(id, ErrorBody::new(ErrorCode::InvalidState, error));
        }
        match Settings::new(init) {
            Ok(settings) => core.settings = settings,
            Err(error) => return core.outbox.failed(id, error),
        }
        self.line.start(core);
        let config = Box::new(std::mem::take(&mut core.settings.peers));
        core.push(Effect::Peer(PeerEffect::Configure(config)));
        // Unlike other results, this one comes before the event that it leads to.
        let result = CommandResult::Done(ResultValue::default());
        core.push(Effect::Host(HostEffect::Result { reply_to: id, result }));
        let version = core.setup.version.clone();
        core.tell(HostEvent::Ready(Ready { version, capabilities: Vec::new() }));
    }

    /// The person calls a number, with a press that lets the browser play sound.
    fn call(&mut self, number: &str) {
        let core = &mut self.core;
        self.audio.unlock(core);
        if let Ok(number) = Number::parse(number) {
            self.place(Outgoing { number, caller_id: None, correlation_id: None, reply_to: None });
        }
    }

    /// Places a call, as the number that is chosen unless it is to go out as another.
    pub(super) fn place(&mut self, mut call: Outgoing) {
        let core = &mut self.core;
        if call.caller_id.is_none() {
            call.caller_id = self.caller_ids.chosen(core).and_then(caller_ids::parse);
        }
        self.calls.place(core, self.line.status(core.now), call);
    }
}
