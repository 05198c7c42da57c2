//! Dialogs between two clients: what goes through them is relayed both ways (RFC 3261 §16.12).

use rsipstack::sip::Method;

use super::fork::{ForkId, Upstream, decrement_max_forwards};
use super::transaction::{Owner, ServerInvite, ServerKey};
use super::{Core, SocketId};
use crate::address::NameAddr;
use crate::message::{Fields, Request, Response};

pub(super) struct Dialog {
    call_id: String,
    caller: Party,
    callee: Party,
    pub(super) phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Made by a provisional response to this fork.
    Early(ForkId),
    Confirmed,
}

#[derive(Clone)]
pub(super) struct Party {
    pub(super) socket: SocketId,
    tag: String,
    /// `From` or `To` value with the tag.
    address: String,
    /// Remote target: the URI of its last `Contact`.
    contact: String,
    /// Highest sequence number it used, so that we can hang up in its name.
    cseq: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Caller,
    Callee,
}

impl Side {
    pub(super) fn other(self) -> Self {
        match self {
            Self::Caller => Self::Callee,
            Self::Callee => Self::Caller,
        }
    }
}

impl Dialog {
    pub(super) fn party(&self, side: Side) -> &Party {
        match side {
            Side::Caller => &self.caller,
            Side::Callee => &self.callee,
        }
    }

    fn party_mut(&mut self, side: Side) -> &mut Party {
        match side {
            Side::Caller => &mut self.caller,
            Side::Callee => &mut self.callee,
        }
    }

    /// Whether one of the parties is, or was last, on this socket.
    pub(super) fn is_on(&self, socket: SocketId) -> bool {
        self.caller.socket == socket || self.callee.socket == socket
    }

    /// Which side speaks in a message with these tags.
    fn speaker(&self, call_id: &str, from: &str, to: &str) -> Option<Side> {
        if self.call_id != call_id {
            None
        } else if self.caller.tag == from && self.callee.tag == to {
            Some(Side::Caller)
        } else if self.caller.tag == to && self.callee.tag == from {
            Some(Side::Callee)
        } else {
            None
        }
    }

    /// A BYE to one side, in the other's name.
    pub(super) fn bye_to(&self, side: Side, reason: &str) -> Request {
        let (to, from) = (self.party(side), self.party(side.other()));
        let cseq = format!("{} BYE", from.cseq + 1);
        Request::new(
            Method::Bye,
            &to.contact,
            &[
                ("Max-Forwards", "70"),
                ("From", &from.address),
                ("To", &to.address),
                ("Call-ID", &self.call_id),
                ("CSeq", &cseq),
                ("Reason", reason),
            ],
        )
    }
}

impl Core {
    /// Notes the dialog a leg's response makes between the caller and that leg.
    pub(super) fn leg_made_dialog(
        &mut self,
        fork: ForkId,
        branch: &str,
        response: &Response,
        confirmed: bool,
    ) {
        let Some(Upstream::Socket { socket, request }) =
            self.forks.get(&fork).map(|fork| fork.upstream.clone())
        else {
            return;
        };
        let Some(leg) = self.client_transactions.get(branch).map(|t| t.socket) else { return };
        let (headers, call_id) = (&response.headers, response.headers.call_id());
        let (Some(from), Some(to)) = (headers.tag_in_from(), headers.tag_in_to()) else { return };
        let phase = if confirmed { Phase::Confirmed } else { Phase::Early(fork) };
        let known = self.dialogs.iter_mut().find(|d| d.speaker(call_id, from, to).is_some());
        if let Some(dialog) = known {
            if confirmed {
                dialog.phase = Phase::Confirmed;
            }
            if let Some(contact) = headers.contact() {
                contact.clone_into(&mut dialog.callee.contact);
            }
            return;
        }
        let party = |socket, tag: &str, name, contact: Option<&str>, cseq| Party {
            socket,
            tag: tag.to_owned(),
            address: headers.field(name).unwrap_or_default().to_owned(),
            contact: contact.unwrap_or_default().to_owned(),
            cseq,
        };
        let number = request.headers.cseq().map_or(0, |(number, _)| number);
        self.dialogs.push(Dialog {
            call_id: call_id.to_owned(),
            caller: party(socket, from, "From", request.headers.contact(), number),
            callee: party(leg, to, "To", headers.contact(), 0),
            phase,
        });
    }

    pub(super) fn drop_early_dialogs(&mut self, fork: ForkId) {
        self.dialogs.retain(|dialog| dialog.phase != Phase::Early(fork));
    }

    pub(super) fn handle_ack(&mut self, socket: SocketId, request: Request) {
        if self.server_invites.contains_key(&ServerKey::of(socket, &request)) {
            // Acknowledges a failure, which is between us and the sender.
            return;
        }
        self.handle_in_dialog(socket, request);
    }

    pub(super) fn handle_in_dialog(&mut self, socket: SocketId, request: Request) {
        if let Some(call) = self.local_call_of(socket, &request) {
            return self.local_request(call, request);
        }
        let headers = &request.headers;
        let (from, to) = (headers.tag_in_from().unwrap_or(""), headers.tag_in_to().unwrap_or(""));
        let sockets = &self.sockets;
        let found = self.dialogs.iter_mut().find_map(|dialog| {
            let side = dialog.speaker(headers.call_id(), from, to)?;
            let known = dialog.party(side).socket;
            // Whoever knows both tags of a party whose socket is lost is that party.
            (known == socket || !sockets.contains_key(&known)).then_some((dialog, side))
        });
        let Some((dialog, side)) = found else {
            return self.refuse(socket, &request, 481);
        };
        dialog.party_mut(side).socket = socket;
        let route = headers.field("Route").and_then(NameAddr::parse);
        if !route.is_some_and(|route| route.uri.contains(&self.host)) {
            // A proxy on the Internet could not find the way to a .invalid contact either.
            tracing::warn!(method = %request.method, "in-dialog request does not follow Record-Route");
            return self.refuse(socket, &request, 404);
        }
        if let (Some((number, _)), true) = (headers.cseq(), request.method != Method::Ack) {
            dialog.party_mut(side).cseq = number;
        }
        if let (Some(contact), Method::Invite | Method::Update) =
            (headers.contact(), &request.method)
        {
            contact.clone_into(&mut dialog.party_mut(side).contact);
        }
        let target = dialog.party(side.other()).socket;
        if self.sockets.contains_key(&target) {
            return self.relay(socket, target, request);
        }
        // The other party may still come back, but not to a call that has been hung up.
        if request.method == Method::Bye {
            let (call_id, from, to) = (headers.call_id(), from, to);
            self.dialogs.retain(|dialog| dialog.speaker(call_id, from, to).is_none());
            return self.reply(socket, &request, 200);
        }
        self.refuse(socket, &request, 480);
    }

    fn relay(&mut self, socket: SocketId, target: SocketId, request: Request) {
        let mut relayed = request.clone();
        relayed.headers.remove_first_field("Route");
        decrement_max_forwards(&mut relayed);
        if request.method == Method::Ack {
            self.push_via(&mut relayed, &crate::random::branch());
            return self.send(target, relayed.to_bytes());
        }
        let is_invite = request.method == Method::Invite;
        let key = ServerKey::of(socket, &request);
        if is_invite {
            self.reply(socket, &request, 100);
            relayed.headers.push_front_field("Record-Route", self.own_route());
        }
        let owner = Owner::Relay { socket, request: Box::new(request) };
        let branch = self.send_request(target, relayed, owner);
        if is_invite {
            self.server_invites.insert(key, ServerInvite::Relayed(branch));
        }
    }

    pub(super) fn relay_answered(
        &mut self,
        socket: SocketId,
        request: &Request,
        response: Response,
    ) {
        if response.code == 100 {
            return;
        }
        let headers = &response.headers;
        let (from, to) = (headers.tag_in_from().unwrap_or(""), headers.tag_in_to().unwrap_or(""));
        let at = self
            .dialogs
            .iter()
            .position(|dialog| dialog.speaker(headers.call_id(), from, to).is_some());
        match (at, &request.method, response.code) {
            (Some(at), Method::Bye, 200..) => {
                self.dialogs.swap_remove(at);
            }
            (Some(at), Method::Invite | Method::Update, 200..300) => {
                let dialog = &mut self.dialogs[at];
                let side = dialog.speaker(headers.call_id(), from, to).map(Side::other);
                if let (Some(side), Some(contact)) = (side, headers.contact()) {
                    contact.clone_into(&mut dialog.party_mut(side).contact);
                }
            }
            _ => {}
        }
        if request.method == Method::Invite && response.code >= 200 {
            self.invite_answered(ServerKey::of(socket, request));
        }
        self.respond(socket, response);
    }

    /// ACK is never answered.
    fn refuse(&mut self, socket: SocketId, request: &Request, code: u16) {
        if request.method != Method::Ack {
            self.reply(socket, request, code);
        }
    }
}
