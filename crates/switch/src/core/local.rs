//! A call that ends at the switch: its state, what its peer may ask, its end.

use std::time::Duration;

use rsipstack::sip::Method;

use super::timer::{TRANSACTION_TIME, Timer};
use super::transaction::{Owner, ServerKey};
use super::{ALLOW, Core, SocketId};
use crate::media::Session;
use crate::message::{Fields, Request};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct LocalId(pub(super) u64);

/// What a local call does when its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Answer,
    HangUp,
    /// Our 200 was never acknowledged (RFC 3261 §13.3.1.4).
    GiveUpOnAck,
}

pub(super) struct LocalCall {
    pub(super) state: State,
    pub(super) peer: Peer,
}

pub(super) enum State {
    /// An INVITE to a test number, not finally answered. `media` is missing on 603, which rings
    /// for ever.
    Ringing {
        invite: Box<Request>,
        media: Option<(Session, String)>,
        hang_up: Option<Duration>,
    },
    /// An INVITE of ours is on its way.
    Placing {
        session: Session,
    },
    Talking {
        session: Session,
        acknowledged: bool,
    },
}

/// Our half of a dialog (RFC 3261 §12).
#[derive(Clone)]
pub(super) struct Peer {
    /// Known from the answer on when the switch itself calls.
    pub(super) socket: Option<SocketId>,
    pub(super) call_id: String,
    /// Our `From` or `To` value, with our tag.
    pub(super) local: String,
    pub(super) local_tag: String,
    pub(super) remote: String,
    pub(super) remote_tag: String,
    /// Where requests to the peer go.
    pub(super) target: String,
    /// Our `Contact`.
    pub(super) contact: String,
    pub(super) cseq: u32,
}

impl LocalCall {
    pub(super) fn socket(&self) -> Option<SocketId> {
        self.peer.socket
    }
}

impl Core {
    pub(super) fn local_step(&mut self, id: LocalId, step: Step) {
        let Some(LocalCall { state, peer }) = self.local_calls.remove(&id) else { return };
        let state = match (state, step) {
            (State::Ringing { invite, media: Some((session, sdp)), hang_up }, Step::Answer) => {
                self.answer_invite(&peer, &invite, &sdp);
                self.timers.set(TRANSACTION_TIME, Timer::Step(id, Step::GiveUpOnAck));
                if let Some(after) = hang_up {
                    self.timers.set(after, Timer::Step(id, Step::HangUp));
                }
                State::Talking { session, acknowledged: false }
            }
            (State::Talking { acknowledged: false, .. }, Step::GiveUpOnAck)
            | (State::Talking { .. }, Step::HangUp) => return self.send_bye(peer),
            (state, Step::Answer | Step::HangUp | Step::GiveUpOnAck) => state,
        };
        self.local_calls.insert(id, LocalCall { state, peer });
    }

    fn answer_invite(&mut self, peer: &Peer, invite: &Request, sdp: &str) {
        let Some(socket) = peer.socket else { return };
        let response = invite.response(200, &peer.local_tag).with("Contact", &peer.contact);
        self.invite_answered(ServerKey::of(socket, invite));
        self.respond(socket, response.with("Allow", ALLOW).with_sdp(sdp));
    }

    pub(super) fn cancel_local(&mut self, id: LocalId) {
        let Some(LocalCall { state: State::Ringing { invite, .. }, peer }) =
            self.local_calls.remove(&id)
        else {
            return;
        };
        let Some(socket) = peer.socket else { return };
        self.invite_answered(ServerKey::of(socket, &invite));
        self.respond(socket, invite.response(487, &peer.local_tag));
    }

    /// The call a request belongs to. A peer that lost its socket is known by its tags on another.
    pub(super) fn local_call_of(&mut self, socket: SocketId, request: &Request) -> Option<LocalId> {
        let headers = &request.headers;
        let sockets = &self.sockets;
        let may_be_on_it = |known: SocketId| known == socket || !sockets.contains_key(&known);
        let is_it = |call: &LocalCall| {
            call.peer.socket.is_some_and(may_be_on_it)
                && call.peer.call_id == headers.call_id()
                && Some(call.peer.local_tag.as_str()) == headers.tag_in_to()
                && Some(call.peer.remote_tag.as_str()) == headers.tag_in_from()
        };
        let (id, call) = self.local_calls.iter_mut().find(|(_, call)| is_it(call))?;
        call.peer.socket = Some(socket);
        Some(*id)
    }

    /// A request inside a local call's dialog.
    pub(super) fn local_request(&mut self, id: LocalId, request: Request) {
        let Some(call) = self.local_calls.get_mut(&id) else { return };
        let Some(socket) = call.peer.socket else { return };
        if let (Some(contact), Method::Invite | Method::Update) =
            (request.headers.contact(), request.method)
        {
            contact.clone_into(&mut call.peer.target);
        }
        let contact = call.peer.contact.clone();
        match (request.method, &mut call.state) {
            (Method::Ack, State::Talking { acknowledged, .. }) => *acknowledged = true,
            (Method::Ack, State::Ringing { .. } | State::Placing { .. }) => {}
            (Method::Bye, _) => {
                self.reply(socket, &request, 200);
                // A BYE before the answer ends the INVITE too (RFC 3261 §15.1.2).
                self.cancel_local(id);
                self.local_calls.remove(&id);
            }
            (Method::Invite | Method::Update, State::Talking { session, .. })
                if !request.body.is_empty() =>
            {
                let offer = String::from_utf8_lossy(&request.body);
                match session.renegotiate(&offer) {
                    Ok(sdp) => {
                        let response = request.response(200, "").with("Contact", contact);
                        self.respond(socket, response.with_sdp(&sdp));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "offer refused");
                        self.reply(socket, &request, 488);
                    }
                }
            }
            // An offer while another is open (RFC 3261 §14.2), or one we would have to make.
            (Method::Invite, State::Ringing { .. } | State::Placing { .. }) => {
                self.reply(socket, &request, 491);
            }
            (Method::Invite, State::Talking { .. }) => self.reply(socket, &request, 488),
            (Method::Info | Method::Update | Method::Options | Method::Message, _) => {
                let response = request.response(200, "").with("Contact", contact);
                self.respond(socket, response.with("Allow", ALLOW));
            }
            _ => {
                let response = request
                    .response(405, "")
                    .with("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, MESSAGE");
                self.respond(socket, response);
            }
        }
    }

    pub(super) fn send_bye(&mut self, mut peer: Peer) {
        peer.cseq += 1;
        if let Some(socket) = peer.socket {
            self.send_request(socket, peer.request(Method::Bye), Owner::Nobody);
        }
    }
}

impl Peer {
    pub(super) fn request(&self, method: Method) -> Request {
        let cseq = format!("{} {method}", self.cseq);
        Request::new(
            method,
            &self.target,
            &[
                ("Max-Forwards", "70"),
                ("From", &self.local),
                ("To", &self.remote),
                ("Call-ID", &self.call_id),
                ("CSeq", &cseq),
            ],
        )
    }
}
