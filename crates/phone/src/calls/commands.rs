//! What the host page can ask of a call.

use super::Calls;
use super::call::Call;
use crate::core::Core;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::message::{CallRef, DtmfCommand, TransferCommand, TransferToCommand};
use ringlet_sip::CallId;

impl Calls {
    pub(crate) fn host_hangs_up(
        &mut self,
        core: &mut Core,
        call: &CallRef,
    ) -> Result<(), ErrorBody> {
        let id = self.resolve(call, Self::focus)?;
        self.hang_up(core, id);
        Ok(())
    }

    /// Answers the command itself: with an error now, or when the call has been answered.
    pub(crate) fn host_answers(
        &mut self,
        core: &mut Core,
        reply_to: String,
        call: &CallRef,
        microphone_works: bool,
    ) {
        match self.resolve(call, Self::first_unanswered) {
            Ok(id) => self.answer(core, id, Some(reply_to), microphone_works),
            Err(error) => core.outbox.failed(reply_to, error),
        }
    }

    pub(crate) fn host_rejects(
        &mut self,
        core: &mut Core,
        call: &CallRef,
    ) -> Result<(), ErrorBody> {
        let id = self.resolve(call, Self::first_unanswered)?;
        if !self.get(id).is_some_and(Call::is_unanswered_here) {
            let error = "Only an incoming call that was not answered can be rejected.";
            return Err(ErrorBody::new(ErrorCode::InvalidState, error));
        }
        self.hang_up(core, id);
        Ok(())
    }

    pub(crate) fn host_mutes(
        &mut self,
        core: &mut Core,
        call: &CallRef,
        muted: bool,
    ) -> Result<(), ErrorBody> {
        let id = self.resolve(call, Self::focus)?;
        if self.get(id).is_some_and(Call::is_unanswered_here) {
            let error = "A call that was not answered sends no sound yet.";
            return Err(ErrorBody::new(ErrorCode::InvalidState, error));
        }
        self.set_muted(core, id, muted);
        Ok(())
    }

    /// Answers the command itself: with an error now, or when the far end has agreed or not.
    pub(crate) fn host_holds(
        &mut self,
        core: &mut Core,
        reply_to: String,
        call: &CallRef,
        held: bool,
    ) {
        let default = if held { Self::focus } else { Self::last_held };
        match self.resolve(call, default) {
            Ok(id) => self.set_held(core, id, held, Some(reply_to)),
            Err(error) => core.outbox.failed(reply_to, error),
        }
    }

    /// Answers the command itself: with an error now, or after the last tone.
    pub(crate) fn host_sends_dtmf(
        &mut self,
        core: &mut Core,
        reply_to: String,
        command: DtmfCommand,
    ) {
        let DtmfCommand { tones, call_id } = command;
        let sent = self
            .resolve(&CallRef { call_id }, Self::focus)
            .and_then(|id| self.send_dtmf_for(core, id, &tones, reply_to.clone()));
        if let Err(error) = sent {
            core.outbox.failed(reply_to, error);
        }
    }

    pub(crate) fn host_transfers(
        &mut self,
        core: &mut Core,
        command: TransferCommand,
        account: Option<String>,
    ) -> Result<(), ErrorBody> {
        let TransferCommand { target, call_id } = command;
        let id = self.resolve(&CallRef { call_id }, Self::focus)?;
        self.transfer(core, id, &target, account)
    }

    pub(crate) fn host_transfers_to(
        &mut self,
        core: &mut Core,
        command: TransferToCommand,
    ) -> Result<(), ErrorBody> {
        let TransferToCommand { call_id, other_call_id } = command;
        let named = |call_id| CallRef { call_id: Some(call_id) };
        let id = self.resolve(&named(call_id), Self::focus)?;
        let other = self.resolve(&named(other_call_id), Self::focus)?;
        self.transfer_to(core, id, other)
    }

    /// The call to be taken back: the held one, or the last of them, else the one that has the focus.
    fn last_held(&self) -> Option<&Call> {
        self.list.iter().rev().find(|call| call.is_held()).or_else(|| self.focus())
    }

    fn first_unanswered(&self) -> Option<&Call> {
        self.iter().find(|call| call.is_unanswered_here())
    }

    /// The call that a command names, or means without a name.
    fn resolve(
        &self,
        reference: &CallRef,
        default: fn(&Self) -> Option<&Call>,
    ) -> Result<CallId, ErrorBody> {
        let (call, message) = match &reference.call_id {
            Some(name) => {
                (self.iter().find(|call| call.name == *name), "There is no call with this id.")
            }
            None => (default(self), "There is no call this could mean."),
        };
        call.map(|call| call.id).ok_or_else(|| ErrorBody::new(ErrorCode::NoSuchCall, message))
    }
}
