//! What is asked of the phone and can wait for [`crate::Late`].

use super::Phone;
use crate::effect::Effect;
use crate::input::{AudioInput, HostInput, Input, Intent, RecordsInput};
use crate::late::Late;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::message::{Nothing, ResultValue, ToPhone};

impl Phone {
    /// Does it, at once or when [`Late`] has come.
    pub(super) fn do_late(&mut self, input: Input) {
        match self.core.late {
            Some(late) => (late.handle)(self, input),
            None => {
                self.waiting.push(input);
                self.load_late();
            }
        }
    }

    /// Has it loaded, unless it is there or under way.
    pub(super) fn load_late(&mut self) {
        if self.core.late.is_none() && !std::mem::replace(&mut self.loading, true) {
            self.core.push(Effect::LoadLate);
        }
    }

    /// It has come, or could not be loaded.
    pub(super) fn on_late(&mut self, late: Option<Late>) {
        self.core.late = self.core.late.or(late);
        self.loading = false;
        for input in std::mem::take(&mut self.waiting) {
            match (self.core.late, input) {
                (Some(late), input) => (late.handle)(self, input),
                (None, Input::Host(HostInput::Command { id, .. })) => {
                    let error = "A part of the phone could not be fetched.";
                    self.core.outbox.failed(id, ErrorBody::new(ErrorCode::NetworkError, error));
                }
                // The person sees that nothing happens, and presses again.
                (None, Input::Intent(_)) => {}
                (None, input) => self.waiting.push(input),
            }
        }
    }

    /// [`Late::handle`]: the rest of what [`Phone::on_intent`] and [`Phone::on_command`] begin with.
    pub(crate) fn handle_late(&mut self, input: Input) {
        match input {
            Input::Host(HostInput::Command { id, command }) => self.on_late_command(id, command),
            Input::Intent(intent) => self.on_late_intent(intent),
            Input::Records(RecordsInput::Loaded(records)) => {
                self.devices.on_records(&mut self.core, &records);
            }
            Input::Audio(AudioInput::Devices(present)) => {
                self.devices.on_present(&mut self.core, present);
            }
            _ => debug_assert!(false, "nothing else waits: {input:?}"),
        }
    }

    fn on_late_intent(&mut self, intent: Intent) {
        let core = &mut self.core;
        match intent {
            Intent::SendDtmf(call, tones) => self.calls.send_dtmf(core, call, &tones),
            Intent::Transfer(call, target) => {
                self.calls.person_transfers(core, call, target, self.line.account());
            }
            Intent::TransferTo(call, other) => {
                // The form offers no call that could be refused.
                let _ = self.calls.transfer_to(core, call, other);
            }
            Intent::AcceptTransfer(call) => self.calls.accept_transfer(core, call),
            Intent::AddCallerId(number) => self.caller_ids.add(core, &number),
            Intent::DeleteCallerId(number) => self.caller_ids.delete(core, &number),
            Intent::ChooseDevice(used_for, id) => {
                self.devices.choose(core, used_for, id.as_deref());
            }
            Intent::TestDevice(used_for) => self.audio.test(core.now, used_for),
            Intent::SetDoNotDisturb(on) => self.diversion.set_do_not_disturb(core, on),
            Intent::Forward { busy, no_answer } => {
                let account = self.line.account();
                self.diversion.forward(core, account.as_deref(), &busy, &no_answer);
            }
            Intent::DeleteFromHistory(id) => self.history.delete(core, &id),
            Intent::DeleteHistory => self.history.delete_all(core),
            _ => debug_assert!(false, "this is not done late: {intent:?}"),
        }
    }

    fn on_late_command(&mut self, id: String, command: ToPhone) {
        let core = &mut self.core;
        match command {
            ToPhone::SendDtmf(command) => self.calls.host_sends_dtmf(core, id, command),
            ToPhone::Transfer(command) => {
                let result = self.calls.host_transfers(core, command, self.line.account());
                core.outbox.reply(id, result);
            }
            ToPhone::TransferTo(command) => {
                let result = self.calls.host_transfers_to(core, command);
                core.outbox.reply(id, result);
            }
            ToPhone::Diagnostics(Nothing {}) => {
                let diagnostics = Some(self.diagnostics.report(core, &self.line, &self.audio));
                let value = ResultValue { diagnostics, ..ResultValue::default() };
                core.outbox.done_with(id, value);
            }
            _ => debug_assert!(false, "this is not done late: {command:?}"),
        }
    }
}
