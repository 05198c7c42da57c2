//! Server transactions: requests that wait for our response.

use crate::message::{Method, Request, Response};
use crate::time::Instant;
use crate::timer::{T1_64, Timer};
use std::time::Duration;

/// The most transactions kept; what comes on top is refused with 503.
const MAX_SERVERS: usize = 256;
/// How long the user may take before 100 Trying goes out (RFC 3261 section 17.2.1).
const TRYING_AFTER: Duration = Duration::from_millis(200);

/// Names a server transaction inside the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServerId(u32);

/// The state of an INVITE server transaction (RFC 6026 section 8.5).
///
/// Confirmed is not there: timer I is zero on a reliable transport.
enum Invite {
    /// Nothing said yet.
    Received { trying_at: Instant },
    /// A provisional response was sent.
    Proceeding { last: Vec<u8> },
    /// A refusal was sent; its ACK is awaited.
    Completed { refusal: Vec<u8>, timer_h: Instant },
    /// A 2xx was sent; repeating it is the call's business.
    Accepted { timer_l: Instant },
}

enum State {
    Invite(Invite),
    /// Any other request, not answered yet. Completed is not there: timer J is zero.
    NonInvite {
        give_up: Instant,
    },
}

struct Server {
    id: ServerId,
    branch: String,
    sent_by: String,
    request: Request,
    to_tag: String,
    state: State,
}

/// What an incoming request is to the transaction layer.
pub(crate) enum Received {
    /// A new transaction.
    New(ServerId),
    /// A repeated request; send this, if there is something to say.
    Repeated(Option<Vec<u8>>),
    /// There are too many.
    Full,
}

/// What an ACK is to the transaction layer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Acknowledged {
    /// It ends a refused INVITE.
    Refusal,
    /// It is for a 2xx, or for nothing at all: the dialogs know.
    Unknown,
}

/// Every server transaction there is.
#[derive(Default)]
pub(crate) struct Servers {
    list: Vec<Server>,
    last_id: u32,
}

impl Servers {
    /// Takes a request other than ACK. `to_tag` marks our responses to it.
    pub(crate) fn receive(&mut self, now: Instant, request: &Request, to_tag: String) -> Received {
        let Some((branch, sent_by)) = key(request) else { return Received::Repeated(None) };
        let known = self.list.iter().find(|s| s.is(&branch, &sent_by, &request.method));
        if let Some(known) = known {
            return Received::Repeated(match &known.state {
                State::Invite(Invite::Proceeding { last }) => Some(last.clone()),
                State::Invite(Invite::Completed { refusal, .. }) => Some(refusal.clone()),
                State::Invite(Invite::Received { .. } | Invite::Accepted { .. }) => None,
                State::NonInvite { .. } => None,
            });
        }
        if self.list.len() >= MAX_SERVERS {
            return Received::Full;
        }
        self.last_id += 1;
        let id = ServerId(self.last_id);
        let state = match request.method == Method::INVITE {
            true => State::Invite(Invite::Received { trying_at: now + TRYING_AFTER }),
            false => State::NonInvite { give_up: now + T1_64 },
        };
        let request = Request { body: Vec::new(), ..request.clone() };
        self.list.push(Server { id, branch, sent_by, request, to_tag, state });
        Received::New(id)
    }

    /// Takes an ACK.
    pub(crate) fn acknowledge(&mut self, ack: &Request) -> Acknowledged {
        let Some((branch, sent_by)) = key(ack) else { return Acknowledged::Unknown };
        let before = self.list.len();
        self.list.retain(|s| {
            let refused = matches!(s.state, State::Invite(Invite::Completed { .. }));
            !(refused && s.is(&branch, &sent_by, &Method::INVITE))
        });
        match self.list.len() < before {
            true => Acknowledged::Refusal,
            false => Acknowledged::Unknown,
        }
    }

    /// The INVITE that a CANCEL means, and the tag of our responses to it.
    pub(crate) fn cancelled(&self, cancel: &Request) -> Option<(ServerId, &str)> {
        let (branch, sent_by) = key(cancel)?;
        let found = self.list.iter().find(|s| s.is(&branch, &sent_by, &Method::INVITE))?;
        Some((found.id, &found.to_tag))
    }

    /// A response to a request that is still open, to be completed and given to
    /// [`Servers::send`].
    pub(crate) fn response(&self, id: ServerId, status: u16, phrase: &str) -> Option<Response> {
        let server = self.list.iter().find(|s| s.id == id)?;
        let to_tag = (status > 100).then_some(&*server.to_tag);
        Some(Response::to(&server.request, status, phrase, to_tag))
    }

    /// Notes that a response is being sent, and gives its bytes.
    pub(crate) fn send(&mut self, now: Instant, id: ServerId, response: &Response) -> Vec<u8> {
        let bytes = response.to_bytes();
        let Some(at) = self.list.iter().position(|s| s.id == id) else { return bytes };
        match &mut self.list[at].state {
            State::Invite(state) => {
                *state = match response.status {
                    100..200 => Invite::Proceeding { last: bytes.clone() },
                    200..300 => Invite::Accepted { timer_l: now + T1_64 },
                    _ => Invite::Completed { refusal: bytes.clone(), timer_h: now + T1_64 },
                };
            }
            State::NonInvite { .. } if response.status >= 200 => {
                self.list.remove(at);
            }
            State::NonInvite { .. } => {}
        }
        bytes
    }

    /// Forgets all, because the socket they came on is gone.
    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }

    /// Ends what has run out of time; the result is to be sent.
    pub(crate) fn expire(&mut self, now: Instant) -> Vec<Vec<u8>> {
        let mut to_send = Vec::new();
        self.list.retain_mut(|server| match &server.state {
            State::Invite(Invite::Received { trying_at }) if *trying_at <= now => {
                let last = Response::to(&server.request, 100, "Trying", None).to_bytes();
                to_send.push(last.clone());
                server.state = State::Invite(Invite::Proceeding { last });
                true
            }
            State::Invite(
                Invite::Completed { timer_h: at, .. } | Invite::Accepted { timer_l: at },
            )
            | State::NonInvite { give_up: at } => *at > now,
            State::Invite(Invite::Received { .. } | Invite::Proceeding { .. }) => true,
        });
        to_send
    }

    /// The next deadline.
    pub(crate) fn deadline(&self) -> Option<(Instant, Timer)> {
        let deadlines = self.list.iter().filter_map(|s| match &s.state {
            State::Invite(Invite::Received { trying_at }) => Some((*trying_at, Timer::Trying)),
            State::Invite(Invite::Completed { timer_h, .. }) => Some((*timer_h, Timer::RefusalAck)),
            State::Invite(Invite::Accepted { timer_l }) => Some((*timer_l, Timer::AcceptedInvite)),
            State::NonInvite { give_up } => Some((*give_up, Timer::TooLate)),
            State::Invite(Invite::Proceeding { .. }) => None,
        });
        deadlines.min_by_key(|(at, _)| *at)
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }
}

impl Server {
    fn is(&self, branch: &str, sent_by: &str, method: &Method) -> bool {
        self.branch == branch && self.sent_by == sent_by && self.request.method == *method
    }
}

/// What tells transactions apart (RFC 3261 section 17.2.3), beside the method. A branch without
/// the magic cookie, or with nothing else, may repeat, so Call-ID and number join it.
fn key(request: &Request) -> Option<(String, String)> {
    let via = request.headers.top_via()?;
    let mut branch = via.branch().unwrap_or_default().to_owned();
    if !branch.starts_with("z9hG4bK") || branch.len() == "z9hG4bK".len() {
        branch.push_str(request.headers.get("Call-ID")?);
        branch.push(' ');
        branch.push_str(&request.headers.cseq()?.number.to_string());
    }
    Some((branch, via.sent_by.to_ascii_lowercase()))
}
