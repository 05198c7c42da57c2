//! Calls the switch places itself, so that the demo and the tests have somebody who rings.

use std::time::Instant;

use rsipstack::sip::Method;

use super::fork::Upstream;
use super::local::{LocalCall, LocalId, Peer, State};
use super::{ALLOW, Core};
use crate::media::{Program, Session};
use crate::message::{Fields, Request, Response};
use crate::{Error, random};

impl Core {
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
