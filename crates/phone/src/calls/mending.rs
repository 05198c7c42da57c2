//! A peer connection that broke in an answered call: it is negotiated anew, and the call ends if
//! that does not help in time.

use super::Calls;
use super::call::PeerState;
use super::ending::Fate;
use crate::core::Core;
use crate::line::LineStatus;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::EndCause;
use ringlet_sip::{CallId, Command};
use std::time::Duration;

/// How long a broken peer connection may take to recover. A person does not wait longer, and a
/// laptop has found another network by then.
const MEND_WITHIN: Duration = Duration::from_secs(45);

impl Calls {
    /// A peer connection broke. An answered call is negotiated anew: at once, or by the agent
    /// itself when the socket, which the same network carried, is back.
    pub(super) fn on_peer_failed(&mut self, core: &mut Core, line: LineStatus, id: CallId) {
        let Some(call) = self.get_mut(id) else { return };
        if call.active_since().is_none() {
            return self.give_up_media(core, id);
        }
        if call.mending_until().is_none() {
            call.peer = PeerState::Mending { until: core.now + MEND_WITHIN };
            if line.is_registered() {
                core.agent.command(Command::Restart(id));
            }
        }
    }

    /// The far end, or the server, refuses a change. For broken media, unless the agent tries again by
    /// itself, as it does once after every loss of the socket, there is nothing left to wait for.
    pub(crate) fn on_change_failed(&mut self, core: &mut Core, id: CallId, will_retry: bool) {
        if !will_retry {
            self.on_hold_refused(core, id);
        }
        let is_broken = self.get(id).is_some_and(|call| call.mending_until().is_some());
        if is_broken && !will_retry {
            self.give_up_media(core, id);
        }
    }

    /// Ends the calls whose peer connection has not recovered in time.
    pub(super) fn give_up_mending(&mut self, core: &mut Core) {
        for id in self.ids() {
            let until = self.get(id).and_then(|call| call.mending_until());
            if until.is_some_and(|until| until <= core.now) {
                self.give_up_media(core, id);
            }
        }
    }

    fn give_up_media(&mut self, core: &mut Core, id: CallId) {
        let Some(call) = self.get_mut(id) else { return };
        call.peer = PeerState::Connecting;
        call.fate.get_or_insert(Fate {
            cause: EndCause::MediaFailed,
            error: ErrorBody::new(ErrorCode::CallFailed, "The media connection broke."),
            shown_elsewhere: false,
        });
        self.hang_up(core, id);
    }
}
