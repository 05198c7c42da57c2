//! Transfers that this side asks for (RFC 5589): blind, to a number, and attended, to the far end of
//! another call. The call goes on until its far end has reached the target, so there is nothing to
//! be taken back when that fails.

use super::Calls;
use super::call::Call;
use super::cause;
use super::ending::Fate;
use crate::core::Core;
use crate::number::Number;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::{EndCause, HostEvent, TransferState, TransferStatus};
use ringlet_sip::{CallId, Command, Instant, TransferProgress};
use std::time::Duration;

/// How long the person is shown that a transfer has failed.
const SHOWN_FOR: Duration = Duration::from_secs(8);

/// A transfer that this side asked for.
pub(crate) struct Transfer {
    target: String,
    /// The call that the far end shall be joined with (attended transfer).
    other: Option<CallId>,
    pub(crate) stage: TransferStage,
}

/// How far a transfer is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransferStage {
    /// The far end has been asked.
    Started,
    /// The far end has agreed, and calls the target.
    Accepted,
    /// It came to nothing, which is shown until then.
    Failed { cause: EndCause, until: Instant },
}

impl Transfer {
    /// The number or user that the far end shall reach.
    pub(crate) fn target(&self) -> &str {
        &self.target
    }

    /// When the message that it has failed goes.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.stage {
            TransferStage::Failed { until, .. } => Some(until),
            TransferStage::Started | TransferStage::Accepted => None,
        }
    }

    fn is_under_way(&self) -> bool {
        self.deadline().is_none()
    }
}

impl Calls {
    /// Asks the far end of a call to call somebody else. `account` is who is signed in,
    /// `user@domain`.
    ///
    /// Fails with [`ErrorCode::InvalidNumber`] for a target that cannot be dialled or is this phone
    /// itself, and with [`ErrorCode::InvalidState`] in a call that was not answered or is being
    /// transferred already.
    pub(crate) fn transfer(
        &mut self,
        core: &mut Core,
        id: CallId,
        target: &str,
        account: Option<String>,
    ) -> Result<(), ErrorBody> {
        let target = Number::parse(target)?;
        if account.is_some_and(|account| is_address_of(&account, target.as_str())) {
            let error = "A call cannot be transferred to the phone that it is in.";
            return Err(ErrorBody::new(ErrorCode::InvalidNumber, error));
        }
        self.check_transferable(id)?;
        let target = target.into_string();
        core.agent.command(Command::Transfer { call: id, target: target.clone() });
        self.on_transfer_started(core, id, target, None);
        Ok(())
    }

    /// The same for the person, who is shown why a target cannot be called.
    pub(crate) fn person_transfers(
        &mut self,
        core: &mut Core,
        id: CallId,
        target: String,
        account: Option<String>,
    ) {
        let refused = self.transfer(core, id, &target, account).is_err();
        let until = core.now + SHOWN_FOR;
        if let Some(call) = self.get_mut(id).filter(|call| refused && !call.is_being_transferred())
        {
            let stage = TransferStage::Failed { cause: EndCause::NotFound, until };
            call.transfer = Some(Transfer { target, other: None, stage });
        }
    }

    /// Connects the far ends of two calls.
    ///
    /// Fails with [`ErrorCode::InvalidState`] as [`Calls::transfer`] does, for either call.
    pub(crate) fn transfer_to(
        &mut self,
        core: &mut Core,
        id: CallId,
        other: CallId,
    ) -> Result<(), ErrorBody> {
        if id == other {
            let error = "A call cannot be connected with itself.";
            return Err(ErrorBody::new(ErrorCode::InvalidState, error));
        }
        self.check_transferable(id)?;
        self.check_transferable(other)?;
        core.agent.command(Command::TransferTo { call: id, other });
        let target = self.get(other).map(|call| call.number.clone()).unwrap_or_default();
        self.on_transfer_started(core, id, target, Some(other));
        Ok(())
    }

    /// A transfer goes on. When it has worked, this side leaves.
    pub(crate) fn on_transfer(&mut self, core: &mut Core, id: CallId, progress: TransferProgress) {
        let Some(call) = self.get_mut(id) else { return };
        let Some(transfer) = call.transfer.as_mut().filter(|transfer| transfer.is_under_way())
        else {
            return;
        };
        let status = match progress {
            TransferProgress::Accepted | TransferProgress::Trying(_)
                if transfer.stage == TransferStage::Accepted =>
            {
                return;
            }
            TransferProgress::Accepted | TransferProgress::Trying(_) => {
                transfer.stage = TransferStage::Accepted;
                TransferStatus::Accepted
            }
            TransferProgress::Done => TransferStatus::Completed,
            TransferProgress::Failed(status) => {
                let cause = status.map_or(EndCause::Failed, cause::of_status);
                let until = core.now + SHOWN_FOR;
                transfer.stage = TransferStage::Failed { cause, until };
                TransferStatus::Failed
            }
        };
        let other = transfer.other;
        let mut state = call.transfer_state(status);
        if let TransferProgress::Failed(status) = progress {
            let status = status.map(|status| format!(" (status {status})")).unwrap_or_default();
            state.message = Some(format!("The far end did not reach the target{status}."));
        }
        core.tell(HostEvent::TransferState(state));
        if status == TransferStatus::Completed {
            [Some(id), other].into_iter().flatten().for_each(|id| self.leave_transferred(core, id));
        }
    }

    /// Whether another call's far end, which has agreed, is calling the far end of this one. That
    /// leaves this call when it is reached, mostly before the transfer is reported as done.
    pub(super) fn is_being_joined(&self, id: CallId) -> bool {
        self.iter()
            .filter_map(Call::transfer)
            .any(|transfer| transfer.other == Some(id) && transfer.stage == TransferStage::Accepted)
    }

    pub(super) fn put_failed_transfers_away(&mut self, now: Instant) {
        for call in &mut self.list {
            let is_over =
                |transfer: &mut Transfer| transfer.deadline().is_some_and(|until| until <= now);
            call.transfer.take_if(is_over);
        }
    }

    /// Neither a new transfer nor one that is under way may be disturbed.
    fn check_transferable(&self, id: CallId) -> Result<(), ErrorBody> {
        let error = match self.get(id) {
            Some(call) if call.is_being_transferred() => "The call is being transferred already.",
            Some(call) if call.active_since().is_some() => return Ok(()),
            Some(_) | None => "Only a call that was answered can be transferred.",
        };
        Err(ErrorBody::new(ErrorCode::InvalidState, error))
    }

    fn on_transfer_started(
        &mut self,
        core: &mut Core,
        id: CallId,
        target: String,
        other: Option<CallId>,
    ) {
        let Some(call) = self.get_mut(id) else { return };
        call.transfer = Some(Transfer { target, other, stage: TransferStage::Started });
        core.tell(HostEvent::TransferState(call.transfer_state(TransferStatus::Started)));
    }

    fn leave_transferred(&mut self, core: &mut Core, id: CallId) {
        if let Some(call) = self.get_mut(id) {
            call.fate.get_or_insert(Fate {
                cause: EndCause::Transferred,
                error: ErrorBody::new(ErrorCode::CallFailed, "The call was transferred."),
                shown_elsewhere: false,
            });
        }
        self.hang_up(core, id);
    }
}

/// Whether a target is the account `user@domain`.
fn is_address_of(account: &str, target: &str) -> bool {
    let address = target.strip_prefix("sips:").or(target.strip_prefix("sip:")).unwrap_or(target);
    address == account || account.split_once('@').is_some_and(|(user, _)| address == user)
}

impl Call {
    /// The transfer that this side asked for last.
    pub(crate) fn transfer(&self) -> Option<&Transfer> {
        self.transfer.as_ref()
    }

    pub(crate) fn is_being_transferred(&self) -> bool {
        self.transfer.as_ref().is_some_and(Transfer::is_under_way)
    }

    fn transfer_state(&self, status: TransferStatus) -> TransferState {
        let reason = match self.transfer.as_ref().map(|transfer| transfer.stage) {
            Some(TransferStage::Failed { cause, .. }) => Some(cause),
            Some(TransferStage::Started | TransferStage::Accepted) | None => None,
        };
        TransferState {
            call_id: self.name.clone(),
            target: self
                .transfer
                .as_ref()
                .map(|transfer| transfer.target.clone())
                .unwrap_or_default(),
            status,
            reason,
            message: None,
        }
    }
}
