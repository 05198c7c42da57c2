use std::time::{Duration, Instant};

use super::{Challenger, Core, SocketId};
use crate::address::{NameAddr, split_list, user};
use crate::message::{Fields, Request};
use crate::random;

impl Core {
    /// RFC 3261 §10.3, with bindings tied to the WebSocket (RFC 7118 §5.4).
    pub(super) fn handle_register(&mut self, socket: SocketId, request: Request) {
        let Some(name) = self.authenticate(socket, &request, Challenger::Registrar) else { return };
        let to = request.headers.field("To").and_then(NameAddr::parse);
        if to.and_then(|to| user(to.uri)).as_deref() != Some(name.as_str()) {
            return self.reply(socket, &request, 403);
        }
        let now = Instant::now();
        let expires = request.headers.field("Expires");
        let values: Vec<_> =
            request.headers.fields("Contact").into_iter().flat_map(split_list).collect();
        if values == ["*"] {
            if expires.map(str::trim) != Some("0") {
                return self.reply(socket, &request, 400);
            }
            self.registrar.unregister_all(&name);
        } else {
            let mut changes = Vec::new();
            for value in values {
                let Some(contact) = NameAddr::parse(value) else {
                    return self.reply(socket, &request, 400);
                };
                // A value that is no number counts as the default (RFC 3261 §10.3 step 7).
                let asked =
                    contact.param("expires").or(expires).and_then(|s| s.trim().parse().ok());
                let asked = asked.map_or(self.config.default_expires, Duration::from_secs);
                if !asked.is_zero() && asked < self.config.min_expires {
                    let least = self.config.min_expires.as_secs().to_string();
                    let response = request.response(423, &random::token(4));
                    return self.respond(socket, response.with("Min-Expires", least));
                }
                changes.push((contact, asked.min(self.config.max_expires)));
            }
            for (contact, lifetime) in changes {
                self.registrar.register(&name, socket, &contact, lifetime, now);
            }
        }
        let contacts = self.registrar.contacts(&name, now);
        tracing::info!(user = %name, socket = socket.0, bindings = contacts.len(), "registered");
        let mut response = request.response(200, &random::token(4));
        for contact in contacts {
            response = response.with("Contact", contact);
        }
        let outbound = request
            .headers
            .fields("Supported")
            .into_iter()
            .flat_map(split_list)
            .any(|option| option == "outbound");
        if outbound && request.headers.fields("Contact").iter().any(|c| c.contains("reg-id=")) {
            // RFC 5626 §6: the registrar says that it used the flow.
            response = response.with("Require", "outbound");
        }
        self.respond(socket, response);
    }
}
