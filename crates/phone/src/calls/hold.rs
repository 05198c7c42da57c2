//! Hold (RFC 3264 section 8.4): this side's own, and the far end's.

use super::Calls;
use super::call::Call;
use crate::core::Core;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::HostEvent;
use ringlet_sip::{CallId, Command};

/// Who holds a call.
#[derive(Default)]
pub(super) struct Hold {
    /// This side shall.
    wanted: bool,
    /// The description under way, or the last one made, says that this side does.
    pub(super) described: bool,
    /// Both sides know that this side does.
    agreed: bool,
    /// The far end does.
    remote: bool,
    /// The host's commands that wait until it is as they want.
    waiting: Vec<String>,
}

impl Hold {
    /// This side holds, or is about to: nothing of the person goes to the far end any more.
    pub(super) fn is_local(&self) -> bool {
        self.wanted || self.described
    }

    /// Both sides know that this side holds.
    pub(super) fn is_agreed(&self) -> bool {
        self.agreed
    }

    /// The far end holds.
    pub(super) fn is_remote(&self) -> bool {
        self.remote
    }

    /// The commands that wait, which are waiting no longer.
    pub(super) fn take_waiting(&mut self) -> Vec<String> {
        std::mem::take(&mut self.waiting)
    }

    fn is_as_wanted(&self) -> bool {
        self.wanted == self.described && self.wanted == self.agreed
    }
}

impl Calls {
    /// Holds every answered call but this one: a person talks in one call at a time.
    pub(super) fn hold_others(&mut self, core: &mut Core, id: CallId) {
        for other in self.ids() {
            let talks = |call: &Call| call.active_since().is_some() && !call.is_held();
            if other != id && self.get(other).is_some_and(talks) {
                self.set_held(core, other, true, None);
            }
        }
    }

    /// Puts an answered call on hold, or takes it back and holds the others.
    pub(crate) fn set_held(
        &mut self,
        core: &mut Core,
        id: CallId,
        held: bool,
        reply_to: Option<String>,
    ) {
        let Some(call) = self.get_mut(id) else { return };
        if call.active_since().is_none() {
            let error = "Only a call that was answered can be held.";
            let error = ErrorBody::new(ErrorCode::InvalidState, error);
            return reply_to.into_iter().for_each(|id| core.outbox.failed(id, error.clone()));
        }
        if !held {
            self.hold_others(core, id);
        }
        let Some(Call { hold, .. }) = self.get_mut(id) else { return };
        if hold.wanted != held {
            hold.wanted = held;
            core.agent.command(if held { Command::Hold(id) } else { Command::Resume(id) });
            let error = ErrorBody::new(ErrorCode::InvalidState, "Another command undid this one.");
            hold.take_waiting().into_iter().for_each(|id| core.outbox.failed(id, error.clone()));
        }
        match reply_to {
            Some(reply_to) if hold.is_as_wanted() => core.outbox.done(reply_to),
            reply_to => hold.waiting.extend(reply_to),
        }
    }

    /// Who holds the call changed.
    pub(crate) fn on_hold(&mut self, core: &mut Core, id: CallId, local: bool, remote: bool) {
        let Some(call) = self.get_mut(id) else { return };
        call.hold.agreed = local;
        call.hold.remote = remote;
        if call.hold.wanted == local {
            call.hold.take_waiting().into_iter().for_each(|id| core.outbox.done(id));
        }
        core.tell(HostEvent::CallUpdated(call.updated()));
    }

    /// The far end does not agree; the call is as it was before.
    pub(super) fn on_hold_refused(&mut self, core: &mut Core, id: CallId) {
        let Some(Call { hold, .. }) = self.get_mut(id) else { return };
        hold.described = hold.agreed;
        if hold.wanted != hold.agreed {
            hold.wanted = hold.agreed;
            let error = ErrorBody::new(ErrorCode::CallFailed, "The far end did not agree.");
            hold.take_waiting().into_iter().for_each(|id| core.outbox.failed(id, error.clone()));
        }
    }
}
