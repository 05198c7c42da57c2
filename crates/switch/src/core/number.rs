//! Calls that end at the switch: the test numbers, and calls it places itself.

use std::time::{Duration, Instant};

use rsipstack::sip::Method;

use super::fork::Upstream;
use super::timer::{TRANSACTION_TIME, Timer};
use super::transaction::{Owner, ServerInvite, ServerKey};
use super::{ALLOW, Core, SocketId};
use crate::media::{Program, Session};
use crate::message::{Fields, Request, Response};
use crate::{Error, MediaError, random};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct LocalId(u64);

/// What a local call does when its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Answer,
    HangUp,
    /// Our 200 was never acknowledged (RFC 3261 §13.3.1.4).
    GiveUpOnAck,
}

pub(super) struct LocalCall {
    state: State,
    peer: Peer,
}

enum State {
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
struct Peer {
    /// Known from the answer on when the switch itself calls.
    socket: Option<SocketId>,
    call_id: String,
    /// Our `From` or `To` value, with our tag.
    local: String,
    local_tag: String,
    remote: String,
    remote_tag: String,
    /// Where requests to the peer go.
    target: String,
    /// Our `Contact`.
    contact: String,
    cseq: u32,
}

impl LocalCall {
    pub(super) fn socket(&self) -> Option<SocketId> {
        self.peer.socket
    }
}

impl Core {
    /// Answers a call to a test number.
    pub(super) fn call_number(&mut self, socket: SocketId, invite: Request, number: &str) {
        let program = match number {
            "600" => Some(Program::Echo),
            "601" | "605" | "606" => Some(Program::Tone),
            "603" => None,
            "602" => return self.reply(socket, &invite, 486),
            "604" => return self.reply(socket, &invite, 603),
            _ => return self.reply(socket, &invite, 404),
        };
        let media = match program.map(|program| self.answer_offer(program, &invite.body)) {
            None => None,
            Some(Ok(media)) => Some(media),
            Some(Err(error)) => {
                tracing::warn!(number, %error, "no media");
                let ours = matches!(error, MediaError::Socket(_));
                return self.reply(socket, &invite, if ours { 500 } else { 488 });
            }
        };
        let id = LocalId(self.next_id());
        let local_tag = random::token(4);
        let field = |name: &str| invite.headers.field(name).unwrap_or_default().to_owned();
        let peer = Peer {
            socket: Some(socket),
            call_id: invite.headers.call_id().to_owned(),
            local: format!("{};tag={local_tag}", field("To")),
            local_tag,
            remote: field("From"),
            remote_tag: invite.headers.tag_in_from().unwrap_or_default().to_owned(),
            target: invite.headers.contact().unwrap_or_default().to_owned(),
            contact: format!("<sip:{number}@{};transport=ws>", self.host),
            cseq: 0,
        };
        let provisional = if number == "606" { 183 } else { 180 };
        let mut response = invite.response(provisional, &peer.local_tag);
        response = response.with("Contact", &peer.contact);
        if let (183, Some((_, sdp))) = (provisional, &media) {
            response = response.with_sdp(sdp);
        }
        let answer_after = match number {
            "605" => self.config.answer_delay,
            "606" => self.config.early_media,
            _ => Duration::ZERO,
        };
        let hang_up = (number == "605").then_some(self.config.hang_up_delay);
        let answers = media.is_some();
        let key = ServerKey::of(socket, &invite);
        self.server_invites.insert(key, ServerInvite::Local(id));
        let state = State::Ringing { invite: Box::new(invite), media, hang_up };
        self.local_calls.insert(id, LocalCall { state, peer });
        self.respond(socket, response);
        if answers && answer_after.is_zero() {
            self.local_step(id, Step::Answer);
        } else if answers {
            self.timers.set(answer_after, Timer::Step(id, Step::Answer));
        }
    }

    fn answer_offer(
        &self,
        program: Program,
        offer: &[u8],
    ) -> Result<(Session, String), MediaError> {
        let offer =
            std::str::from_utf8(offer).map_err(|_| MediaError::Description("not UTF-8".into()))?;
        Session::answer(offer, program, &self.config.media_ips)
    }

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

    pub(super) fn local_call_of(&self, socket: SocketId, request: &Request) -> Option<LocalId> {
        let headers = &request.headers;
        let is_it = |call: &LocalCall| {
            call.peer.socket == Some(socket)
                && call.peer.call_id == headers.call_id()
                && Some(call.peer.local_tag.as_str()) == headers.tag_in_to()
                && Some(call.peer.remote_tag.as_str()) == headers.tag_in_from()
        };
        self.local_calls.iter().find(|(_, call)| is_it(call)).map(|(id, _)| *id)
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

    /// Calls a user from the switch, at all bindings.
    pub(super) fn place_call(
        &mut self,
        user: &str,
        from_number: &str,
        display_name: &str,
    ) -> Result<(), Error> {
        if !self.authenticator.knows(user) {
            return Err(Error::UnknownUser(user.to_owned()));
        }
        let bindings = self.registrar.lookup(user, Instant::now());
        if bindings.is_empty() {
            return Err(Error::NotRegistered(user.to_owned()));
        }
        let (session, sdp) = Session::offer(Program::Tone, &self.config.media_ips)?;
        let id = LocalId(self.next_id());
        let (domain, local_tag) = (&self.config.domain, random::token(4));
        let number: String = from_number.chars().filter(is_user_char).collect();
        let peer = Peer {
            socket: None,
            call_id: random::token(16),
            local: format!("{}<sip:{number}@{domain}>;tag={local_tag}", quoted(display_name)),
            local_tag,
            remote: format!("<sip:{user}@{domain}>"),
            remote_tag: String::new(),
            target: String::new(),
            contact: format!("<sip:{number}@{};transport=ws>", self.host),
            cseq: 1,
        };
        let mut invite = Request::new(
            Method::Invite,
            "",
            &[
                ("Max-Forwards", "70"),
                ("From", &peer.local),
                ("To", &peer.remote),
                ("Call-ID", &peer.call_id),
                ("CSeq", "1 INVITE"),
                ("Contact", &peer.contact),
                ("Allow", ALLOW),
                ("Content-Type", "application/sdp"),
            ],
        );
        invite.body = sdp.into_bytes();
        self.local_calls.insert(id, LocalCall { state: State::Placing { session }, peer });
        self.start_fork(Upstream::Local(id), invite, &bindings);
        Ok(())
    }

    /// A response to a call the switch places.
    pub(super) fn local_call_answered(&mut self, id: LocalId, branch: &str, response: Response) {
        match response.code {
            ..200 => {}
            200..300 => {
                let answering = self.client_transactions.get(branch).map(|t| t.socket);
                let Some(LocalCall { state, mut peer }) = self.local_calls.remove(&id) else {
                    return self.end_answered_leg(branch, &response);
                };
                let State::Placing { mut session } = state else {
                    // Somebody else was faster.
                    self.local_calls.insert(id, LocalCall { state, peer });
                    return self.end_answered_leg(branch, &response);
                };
                let headers = &response.headers;
                peer.socket = answering;
                peer.remote = headers.field("To").unwrap_or_default().to_owned();
                peer.remote_tag = headers.tag_in_to().unwrap_or_default().to_owned();
                peer.target = headers.contact().unwrap_or_default().to_owned();
                if let Some(socket) = peer.socket {
                    let mut ack = peer.request(Method::Ack);
                    self.push_via(&mut ack, &random::branch());
                    self.send(socket, ack.to_bytes());
                }
                let answer = String::from_utf8_lossy(&response.body);
                if let Err(error) = session.accept_answer(&answer) {
                    tracing::warn!(%error, "answer refused");
                    return self.send_bye(peer);
                }
                let state = State::Talking { session, acknowledged: true };
                self.local_calls.insert(id, LocalCall { state, peer });
            }
            code => {
                tracing::info!(code, "the called user did not answer");
                self.local_calls.remove(&id);
            }
        }
    }

    fn send_bye(&mut self, mut peer: Peer) {
        peer.cseq += 1;
        if let Some(socket) = peer.socket {
            self.send_request(socket, peer.request(Method::Bye), Owner::Nobody);
        }
    }
}

impl Peer {
    fn request(&self, method: Method) -> Request {
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

/// What stands unescaped in a URI's user part without looking like anything else.
fn is_user_char(c: &char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '*' | '.' | '-' | '_')
}

/// A display name as a quoted string, with a blank after it; nothing for an empty one.
fn quoted(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() {
        return name;
    }
    format!("\"{}\" ", name.replace('\\', "\\\\").replace('"', "\\\""))
}
