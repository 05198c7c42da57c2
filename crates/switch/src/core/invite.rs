//! A new INVITE: who calls, whom, and where it goes. And CANCEL, which ends one.

use std::time::Instant;

use super::fork::Upstream;
use super::transaction::{ServerInvite, ServerKey};
use super::{Challenger, Core, SocketId};
use crate::address::{NameAddr, dialled, host, user};
use crate::message::{Fields, Request};

impl Core {
    pub(super) fn handle_invite(&mut self, socket: SocketId, request: Request) {
        let Some(caller) = self.authenticate(socket, &request, Challenger::Proxy) else { return };
        let from = request.headers.field("From").and_then(NameAddr::parse);
        let claimed = from.map(|from| (user(from.uri), host(from.uri)));
        if claimed != Some((Some(caller.clone()), Some(self.config.domain.to_ascii_lowercase()))) {
            tracing::info!(%caller, "From does not match the credentials");
            return self.reply(socket, &request, 403);
        }
        let callee = match (user(&request.uri), host(&request.uri)) {
            (Some(number), None) => dialled(&number),
            (Some(number), Some(host)) if self.is_ours(&host) => dialled(&number),
            _ => return self.reply(socket, &request, 404),
        };
        tracing::info!(%caller, %callee, "call");
        if callee.chars().all(|c| c.is_ascii_digit()) {
            return self.call_number(socket, request, &callee);
        }
        if !self.authenticator.knows(&callee) {
            return self.reply(socket, &request, 404);
        }
        let bindings = self.registrar.lookup(&callee, Instant::now());
        if bindings.is_empty() {
            return self.reply(socket, &request, 480);
        }
        self.reply(socket, &request, 100);
        let key = ServerKey::of(socket, &request);
        let upstream = Upstream::Socket { socket, request: Box::new(request.clone()) };
        let fork = self.start_fork(upstream, request, &bindings);
        self.server_invites.insert(key, ServerInvite::Forked(fork));
    }

    pub(super) fn handle_cancel(&mut self, socket: SocketId, request: Request) {
        let key = ServerKey::of(socket, &request);
        let Some(invite) = self.server_invites.get(&key).cloned() else {
            return self.reply(socket, &request, 481);
        };
        self.reply(socket, &request, 200);
        let reason = request.headers.field("Reason").map(str::to_owned);
        match invite {
            ServerInvite::Forked(fork) => self.cancel_fork(fork, reason.as_deref()),
            ServerInvite::Local(call) => self.cancel_local(call),
            ServerInvite::Relayed(branch) => self.send_cancel(&branch, reason.as_deref()),
            // Too late: the caller acknowledges the answer and hangs up (RFC 3261 §9.2).
            ServerInvite::Answered => {}
        }
    }

    fn is_ours(&self, host: &str) -> bool {
        let own_address = self.host.rsplit_once(':').map_or("", |(address, _)| address);
        host == self.config.domain.to_ascii_lowercase()
            || host == own_address
            || host == "localhost"
    }
}
