//! The test numbers: what each of them does with a call.

use std::time::Duration;

use super::local::{LocalCall, LocalId, Peer, State, Step};
use super::timer::Timer;
use super::transaction::{ServerInvite, ServerKey};
use super::{Core, SocketId};
use crate::media::{Program, Session};
use crate::message::{Fields, Request};
use crate::{Config, MediaError, random};

enum Behaviour {
    /// Ends the call at once with this code.
    Refuse(u16),
    RingForEver,
    /// Rings, or plays as early media, for `after`; then answers; then perhaps hangs up.
    Answer {
        program: Program,
        early_media: bool,
        after: Duration,
        hang_up: Option<Duration>,
    },
}

impl Behaviour {
    fn of(number: &str, config: &Config) -> Self {
        let at_once = |program| Self::Answer {
            program,
            early_media: false,
            after: Duration::ZERO,
            hang_up: None,
        };
        match number {
            "600" => at_once(Program::Echo),
            "601" => at_once(Program::Tone),
            "602" => Self::Refuse(486),
            "603" => Self::RingForEver,
            "604" => Self::Refuse(603),
            "605" => Self::Answer {
                program: Program::Tone,
                early_media: false,
                after: config.answer_delay,
                hang_up: Some(config.hang_up_delay),
            },
            "606" => Self::Answer {
                program: Program::Tone,
                early_media: true,
                after: config.early_media,
                hang_up: None,
            },
            _ => Self::Refuse(404),
        }
    }
}

impl Core {
    pub(super) fn call_number(&mut self, socket: SocketId, invite: Request, number: &str) {
        match Behaviour::of(number, &self.config) {
            Behaviour::Refuse(code) => self.reply(socket, &invite, code),
            Behaviour::RingForEver => {
                let peer = self.callee(socket, &invite, number);
                let ringing = invite.response(180, &peer.local_tag);
                self.respond(socket, ringing.with("Contact", &peer.contact));
                self.ring(socket, invite, peer, None, None);
            }
            Behaviour::Answer { program, early_media, after, hang_up } => {
                let (session, sdp) = match self.answer_offer(program, &invite.body) {
                    Ok(media) => media,
                    Err(error) => {
                        tracing::warn!(number, %error, "no media");
                        let ours = matches!(error, MediaError::Socket(_));
                        return self.reply(socket, &invite, if ours { 500 } else { 488 });
                    }
                };
                let peer = self.callee(socket, &invite, number);
                let code = if early_media { 183 } else { 180 };
                let provisional = invite.response(code, &peer.local_tag);
                let provisional = provisional.with("Contact", &peer.contact);
                let provisional =
                    if early_media { provisional.with_sdp(&sdp) } else { provisional };
                self.respond(socket, provisional);
                let call = self.ring(socket, invite, peer, Some((session, sdp)), hang_up);
                if after.is_zero() {
                    self.local_step(call, Step::Answer);
                } else {
                    self.timers.set(after, Timer::Step(call, Step::Answer));
                }
            }
        }
    }

    /// Our half of the dialog an INVITE to a number makes.
    fn callee(&self, socket: SocketId, invite: &Request, number: &str) -> Peer {
        let local_tag = random::token(4);
        let headers = &invite.headers;
        Peer {
            socket: Some(socket),
            call_id: headers.call_id().to_owned(),
            local: format!("{};tag={local_tag}", headers.field("To").unwrap_or_default()),
            local_tag,
            remote: headers.field("From").unwrap_or_default().to_owned(),
            remote_tag: headers.tag_in_from().unwrap_or_default().to_owned(),
            target: headers.contact().unwrap_or_default().to_owned(),
            contact: format!("<sip:{number}@{};transport=ws>", self.host),
            cseq: 0,
        }
    }

    fn ring(
        &mut self,
        socket: SocketId,
        invite: Request,
        peer: Peer,
        media: Option<(Session, String)>,
        hang_up: Option<Duration>,
    ) -> LocalId {
        let id = LocalId(self.next_id());
        self.server_invites.insert(ServerKey::of(socket, &invite), ServerInvite::Local(id));
        let state = State::Ringing { invite: Box::new(invite), media, hang_up };
        self.local_calls.insert(id, LocalCall { state, peer });
        id
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
}
