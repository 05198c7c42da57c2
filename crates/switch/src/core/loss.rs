//! A socket closed. What was ringing ends; what was answered waits for its owner to come back on
//! another socket, for phones lose theirs with every change of network.

use super::dialog::{Dialog, Phase, Side};
use super::fork::Upstream;
use super::local::State;
use super::timer::Timer;
use super::transaction::Owner;
use super::{Core, SocketId};

const LOST: &str = "SIP;cause=503;text=\"Connection lost\"";

impl Core {
    pub(super) fn socket_lost(&mut self, socket: SocketId) {
        // Dropping the sender closes a socket that is still open.
        if self.sockets.remove(&socket).is_none() {
            return;
        }
        self.registrar.socket_lost(socket);
        self.local_calls.retain(|_, call| {
            call.socket() != Some(socket) || matches!(call.state, State::Talking { .. })
        });

        let callers = self.forks.iter().filter(|(_, fork)| match &fork.upstream {
            Upstream::Socket { socket: caller, .. } => *caller == socket,
            Upstream::Local(_) | Upstream::Lost => false,
        });
        let abandoned: Vec<_> = callers.map(|(id, _)| *id).collect();
        abandoned.into_iter().for_each(|fork| self.abandon_fork(fork, LOST));

        self.dialogs.retain(|dialog| dialog.phase == Phase::Confirmed || !dialog.is_on(socket));
        self.timers.set(self.config.return_time, Timer::Return(socket));

        let unanswered = self.client_transactions.iter().filter(|(_, t)| t.socket == socket);
        let unanswered: Vec<_> = unanswered.map(|(branch, _)| branch.clone()).collect();
        for branch in unanswered {
            self.fail_transaction(&branch, 480);
        }
    }

    /// Ends what still belongs to a socket that was lost a while ago.
    pub(super) fn not_returned(&mut self, socket: SocketId) {
        self.local_calls.retain(|_, call| call.socket() != Some(socket));
        let (lost, kept) =
            std::mem::take(&mut self.dialogs).into_iter().partition(|dialog| dialog.is_on(socket));
        self.dialogs = kept;
        let lost: Vec<Dialog> = lost;
        for dialog in lost {
            let gone_is_caller = dialog.party(Side::Caller).socket == socket;
            let left = if gone_is_caller { Side::Callee } else { Side::Caller };
            let bye = dialog.bye_to(left, LOST);
            self.send_request(dialog.party(left).socket, bye, Owner::Nobody);
        }
    }
}
