//! Transfers that the far end asks for (REFER, RFC 5589), and far ends that become somebody else.

use super::Calls;
use super::call::{Leg, Outbound};
use crate::core::Core;
use crate::number::Number;
use crate::view::TransferRequest;
use ringlet_contract::config::TransferPolicy;
use ringlet_sip::{CallId, Command, Party};
use std::time::Duration;

/// How long the person may take to decide: about as long as a call rings, and well within the three
/// minutes after which the user agent declines by itself.
const DECIDE_WITHIN: Duration = Duration::from_secs(30);

impl Calls {
    /// The far end asks this side to call somebody else. The tenant's policy decides, or lets the
    /// person decide. A target that could not be dialled by hand, or a call over the limit, is
    /// refused without a question.
    pub(crate) fn on_transfer_requested(&mut self, core: &mut Core, id: CallId, target: Party) {
        let request = TransferRequest { number: target.number, name: target.display_name };
        let policy = if self.may_be_transferred(core) && Number::parse(&request.number).is_ok() {
            core.settings.incoming_transfer
        } else {
            TransferPolicy::Refuse
        };
        let Some(call) = self.get_mut(id) else {
            return core.agent.command(Command::RefuseTransfer(id));
        };
        match policy {
            TransferPolicy::Allow => self.be_transferred(core, id, request),
            TransferPolicy::Ask => {
                call.transfer_request = Some((request, core.now + DECIDE_WITHIN));
                core.show_widget(true);
            }
            TransferPolicy::Refuse => core.agent.command(Command::RefuseTransfer(id)),
        }
    }

    /// The person agrees. The far end ends the call that is transferred when the new one has
    /// worked.
    pub(crate) fn accept_transfer(&mut self, core: &mut Core, id: CallId) {
        let Some(call) = self.get_mut(id) else { return };
        let Some((request, _)) = call.transfer_request.take() else { return };
        if self.may_be_transferred(core) {
            self.be_transferred(core, id, request);
        } else {
            core.agent.command(Command::RefuseTransfer(id));
        }
    }

    /// The person does not agree, or does not decide: the far end is told 603.
    pub(crate) fn decline_transfer(&mut self, core: &mut Core, id: CallId) {
        if let Some(call) = self.get_mut(id)
            && call.transfer_request.take().is_some()
        {
            core.agent.command(Command::RefuseTransfer(id));
        }
    }

    /// The far end is somebody else now.
    pub(crate) fn on_identity(&mut self, id: CallId, party: Party) {
        if let Some(call) = self.get_mut(id).filter(|_| !party.number.is_empty()) {
            call.number = party.number;
            call.display_name = party.display_name;
        }
    }

    pub(super) fn give_up_undecided_transfers(&mut self, core: &mut Core) {
        for id in self.ids() {
            let until = self.get(id).and_then(|call| call.transfer_undecided_until());
            if until.is_some_and(|until| until <= core.now) {
                self.decline_transfer(core, id);
            }
        }
    }

    /// The new call may go beyond the limit by one, because the transferred one makes room for it.
    fn may_be_transferred(&self, core: &Core) -> bool {
        self.len() <= core.settings.max_calls
    }

    fn be_transferred(&mut self, core: &mut Core, call: CallId, target: TransferRequest) {
        let Some(new) = core.agent.new_call() else { return };
        core.agent.command(Command::AcceptTransfer { call, new });
        let stage = Outbound::Preparing { reply_to: None };
        let leg = Leg::Outbound { caller_id: None, correlation_id: None, stage };
        self.add(core, new, target.number, target.name, leg);
    }
}
