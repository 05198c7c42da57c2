//! Client transactions: requests that wait for their response.

use crate::auth::Attempts;
use crate::input::CallId;
#[cfg(feature = "messages")]
use crate::input::MessageId;
#[cfg(feature = "subscriptions")]
use crate::input::SubscriptionId;
use crate::message::{CSeq, Method, Request, Response};
use crate::time::Instant;
use crate::timer::{T1_64, Timer};

/// The most branches whose 2xx to one INVITE are acknowledged.
const MAX_ANSWERS: usize = 16;
/// The most transactions without an owner: far ends can have us send as many BYE as they make
/// branches. Beyond these requests still go out, and their responses do not matter. Owners bound
/// the others: they have a few at a time, and are bounded themselves.
const MAX_NOBODYS: usize = 64;

/// Names a client transaction inside the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientId(u32);

/// Who is told how a request went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The registration.
    Registration,
    /// A call, about its INVITE.
    Invite(CallId),
    /// A call, about its BYE.
    Bye(CallId),
    /// Nobody: a CANCEL, whose effect shows in the INVITE's response.
    Cancel,
    /// Nobody: a BYE to a branch that answered too late.
    LateBranch,
    /// A call, about another request within its dialog.
    InDialog(CallId, Errand),
    /// A subscription, about its SUBSCRIBE.
    #[cfg(feature = "subscriptions")]
    Subscription(SubscriptionId),
    /// The user, about an instant message.
    #[cfg(feature = "messages")]
    Message(MessageId),
    /// The keep-alive: an OPTIONS to see whether the server is there.
    Ping,
}

/// What a request within the dialog of a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Errand {
    /// INVITE: another offer.
    Reinvite,
    /// UPDATE (RFC 3311).
    Update,
    /// PRACK (RFC 3262).
    Prack,
    /// INFO (RFC 6086).
    Info,
    /// REFER (RFC 3515).
    Refer,
    /// NOTIFY about a transfer asked of us (RFC 3515).
    Notify,
}

/// The state of an INVITE client transaction (RFC 6026 section 8.4).
///
/// Completed is not there: timer D is zero on a reliable transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Invite {
    Calling {
        timer_b: Instant,
    },
    Proceeding,
    /// A 2xx came; others may follow, repeated or from other branches.
    Accepted {
        timer_m: Instant,
    },
}

/// The state of any other client transaction (RFC 3261 section 17.1.2).
///
/// Completed is not there: timer K is zero on a reliable transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NonInvite {
    Trying { timer_f: Instant },
    Proceeding { timer_f: Instant },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Invite(Invite),
    NonInvite(NonInvite),
}

struct Client {
    id: ClientId,
    branch: String,
    owner: Owner,
    request: Request,
    attempts: Attempts,
    state: State,
    /// The To tags of the 2xx that came, and their ACKs.
    answers: Vec<(String, Vec<u8>)>,
    /// The greatest number used in the dialogs of an INVITE so far.
    last_number: u32,
}

/// What a 2xx to an INVITE is, by its To tag.
pub(crate) enum Answer {
    /// The first of its branch.
    New,
    /// A repeated one, which wants this ACK again (RFC 3261 section 13.2.2.4).
    Known(Vec<u8>),
    /// That of one branch too many.
    TooMany,
}

/// What a response means to the owner of its request.
pub(crate) struct Outcome {
    pub(crate) id: ClientId,
    pub(crate) owner: Owner,
    /// The transaction is over; this was its request, and what it has been through.
    pub(crate) ended: Option<(Request, Attempts)>,
    /// Send this at once: the ACK to a final response that is no 2xx.
    pub(crate) ack: Option<Request>,
}

/// A transaction that nobody answered.
pub(crate) struct Expired {
    pub(crate) owner: Owner,
    pub(crate) method: Method,
}

/// Every client transaction there is.
#[derive(Default)]
pub(crate) struct Clients {
    list: Vec<Client>,
    last_id: u32,
}

impl Clients {
    /// Starts a transaction for a request that is being sent. `branch` is that of its Via.
    pub(crate) fn start(
        &mut self,
        now: Instant,
        owner: Owner,
        branch: String,
        request: Request,
        attempts: Attempts,
    ) -> ClientId {
        self.last_id += 1;
        let id = ClientId(self.last_id);
        let give_up = now + T1_64;
        let state = if request.method == Method::INVITE {
            State::Invite(Invite::Calling { timer_b: give_up })
        } else {
            State::NonInvite(NonInvite::Trying { timer_f: give_up })
        };
        let nobodys = |owner| matches!(owner, Owner::Cancel | Owner::LateBranch);
        if nobodys(owner) && self.list.iter().filter(|c| nobodys(c.owner)).count() >= MAX_NOBODYS {
            return id;
        }
        let answers = Vec::new();
        let last_number = request.headers.cseq().map_or(0, |cseq| cseq.number);
        let client = Client { id, branch, owner, request, attempts, state, answers, last_number };
        self.list.push(client);
        id
    }

    /// Takes a response; `None` if it belongs to no transaction.
    pub(crate) fn receive(&mut self, now: Instant, response: &Response) -> Option<Outcome> {
        let via = response.headers.top_via()?;
        let branch = via.branch()?;
        let method = response.headers.cseq()?.method;
        let found = |c: &Client| c.branch == branch && c.request.method == method;
        let at = self.list.iter().position(found)?;
        let client = &mut self.list[at];
        let (id, owner) = (client.id, client.owner);
        let next = match (client.state, response.status) {
            (State::Invite(Invite::Calling { .. } | Invite::Proceeding), 100..200) => {
                Some(State::Invite(Invite::Proceeding))
            }
            (State::Invite(Invite::Calling { .. } | Invite::Proceeding), 200..300) => {
                Some(State::Invite(Invite::Accepted { timer_m: now + T1_64 }))
            }
            (State::Invite(Invite::Calling { .. } | Invite::Proceeding), _) => None,
            (state @ State::Invite(Invite::Accepted { .. }), 200..300) => Some(state),
            // Accepted: a provisional or a refusal comes too late (RFC 6026 section 7.2).
            (State::Invite(Invite::Accepted { .. }), _) => return None,
            (
                State::NonInvite(NonInvite::Trying { timer_f } | NonInvite::Proceeding { timer_f }),
                100..200,
            ) => Some(State::NonInvite(NonInvite::Proceeding { timer_f })),
            (State::NonInvite(NonInvite::Trying { .. } | NonInvite::Proceeding { .. }), _) => None,
        };
        if let Some(next) = next {
            client.state = next;
            return Some(Outcome { id, owner, ended: None, ack: None });
        }
        let client = self.list.remove(at);
        let is_invite = client.request.method == Method::INVITE;
        let ack = is_invite.then(|| ack(&client.request, response));
        Some(Outcome { id, owner, ended: Some((client.request, client.attempts)), ack })
    }

    /// What a 2xx with this To tag is to an INVITE.
    pub(crate) fn answer(&self, id: ClientId, tag: &str) -> Answer {
        let Some(client) = self.list.iter().find(|c| c.id == id) else { return Answer::New };
        match client.answers.iter().find(|(known, _)| known == tag) {
            Some((_, ack)) => Answer::Known(ack.clone()),
            None if client.answers.len() >= MAX_ANSWERS => Answer::TooMany,
            None => Answer::New,
        }
    }

    /// Notes that a 2xx with this To tag has been acknowledged.
    pub(crate) fn acknowledged(&mut self, id: ClientId, tag: &str, ack: Vec<u8>) {
        if let Some(client) = self.list.iter_mut().find(|c| c.id == id) {
            client.answers.push((tag.to_owned(), ack));
        }
    }

    /// Notes that a dialog of an INVITE has used a number.
    pub(crate) fn use_number(&mut self, id: ClientId, number: u32) {
        if let Some(client) = self.list.iter_mut().find(|c| c.id == id) {
            client.last_number = client.last_number.max(number);
        }
    }

    /// The greatest number that a dialog of an INVITE has used.
    pub(crate) fn last_number(&self, id: ClientId) -> u32 {
        self.list.iter().find(|c| c.id == id).map_or(0, |c| c.last_number)
    }

    /// The request of a transaction that is still there.
    pub(crate) fn request(&self, id: ClientId) -> Option<&Request> {
        self.list.iter().find(|c| c.id == id).map(|c| &c.request)
    }

    /// Forgets a transaction; what still comes for it is ignored.
    pub(crate) fn forget(&mut self, id: ClientId) {
        self.list.retain(|c| c.id != id);
    }

    /// Forgets what one owner has sent.
    pub(crate) fn forget_all_of(&mut self, owner: Owner) {
        self.list.retain(|c| c.owner != owner);
    }

    /// Waits for the final response to an INVITE whose owner is gone, to acknowledge it, but not
    /// for long.
    pub(crate) fn leave(&mut self, now: Instant, owner: Owner) {
        for client in self.list.iter_mut().filter(|client| client.owner == owner) {
            if let State::Invite(Invite::Proceeding) = client.state {
                client.state = State::Invite(Invite::Calling { timer_b: now + T1_64 });
            }
        }
    }

    /// Forgets all, because the socket they were sent on is gone.
    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }

    /// Takes out what has run out of time: the unanswered ones are returned, those that only
    /// waited for late answers just end.
    pub(crate) fn expire(&mut self, now: Instant) -> Vec<Expired> {
        let mut expired = Vec::new();
        self.list.retain(|c| match c.deadline() {
            Some((at, timer)) if at <= now => {
                if timer != Timer::LateAnswers {
                    expired.push(Expired { owner: c.owner, method: c.request.method.clone() });
                }
                false
            }
            Some(_) | None => true,
        });
        expired
    }

    /// The next deadline.
    pub(crate) fn deadline(&self) -> Option<(Instant, Timer)> {
        self.list.iter().filter_map(Client::deadline).min_by_key(|(at, _)| *at)
    }

    /// How many there are beside keep-alives.
    pub(crate) fn len(&self) -> usize {
        self.list.iter().filter(|c| c.owner != Owner::Ping).count()
    }
}

impl Client {
    fn deadline(&self) -> Option<(Instant, Timer)> {
        match self.state {
            State::Invite(Invite::Calling { timer_b }) => Some((timer_b, Timer::InviteTimeout)),
            State::Invite(Invite::Proceeding) => None,
            State::Invite(Invite::Accepted { timer_m }) => Some((timer_m, Timer::LateAnswers)),
            State::NonInvite(NonInvite::Trying { timer_f } | NonInvite::Proceeding { timer_f }) => {
                Some((timer_f, Timer::RequestTimeout))
            }
        }
    }
}

/// The ACK to a final response that is no 2xx (RFC 3261 section 17.1.1.3).
fn ack(invite: &Request, response: &Response) -> Request {
    let mut ack = same_hop(invite, Method::ACK);
    if let Some(to) = response.headers.get("To") {
        ack.headers.set("To", to);
    }
    ack
}

/// The CANCEL of an INVITE (RFC 3261 section 9.1).
pub(crate) fn cancel(invite: &Request) -> Request {
    same_hop(invite, Method::CANCEL)
}

/// A request that goes the way of `invite`, under its Via and number.
fn same_hop(invite: &Request, method: Method) -> Request {
    let mut request = Request::new(method.clone(), &*invite.uri);
    for name in ["Via", "Route", "Max-Forwards", "From", "To", "Call-ID"] {
        invite.headers.all(name).for_each(|value| request.headers.push(name, value));
    }
    let number = invite.headers.cseq().map_or(0, |cseq| cseq.number);
    request.headers.push("CSeq", CSeq { number, method }.value());
    request
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn requests_that_nobody_owns_are_not_kept_without_end() {
        let mut clients = Clients::default();
        for n in 0..500u32 {
            let bye = Request::new(Method::BYE, "sip:far@h");
            let attempts = Attempts::default();
            let branch = n.to_string();
            clients.start(Instant::default(), Owner::LateBranch, branch, bye, attempts);
        }
        assert_eq!(clients.len(), MAX_NOBODYS);
        let register = Request::new(Method::REGISTER, "sip:h");
        let attempts = Attempts::default();
        let branch = String::from("owned");
        clients.start(Instant::default(), Owner::Registration, branch, register, attempts);
        assert_eq!(clients.len(), MAX_NOBODYS + 1);
    }
}
