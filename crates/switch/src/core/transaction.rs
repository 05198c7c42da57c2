//! Client transactions by branch, and the INVITEs we answer.
//!
//! WebSocket is reliable, so nothing is retransmitted (RFC 3261 §17 with T1 timers A, E and G
//! off); what remains is to match, to acknowledge failures hop by hop and to give up in time.

use rsipstack::sip::Method;

use super::fork::ForkId;
use super::local::LocalId;
use super::timer::{TRANSACTION_TIME, Timer};
use super::{Core, SocketId};
use crate::message::{Fields, Request, Response};
use crate::random;

/// The socket an INVITE came over and its branch.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ServerKey(u64, String);

impl ServerKey {
    pub(super) fn of(socket: SocketId, request: &Request) -> Self {
        Self(socket.0, request.headers.branch().unwrap_or_default().to_owned())
    }
}

/// Who works on an INVITE we received, so that CANCEL finds it.
#[derive(Clone, Debug)]
pub(super) enum ServerInvite {
    /// Forked to a user's bindings.
    Forked(ForkId),
    /// Rings at a test number.
    Local(LocalId),
    /// Relayed inside a dialog, under this branch.
    Relayed(String),
    /// Answered; an ACK with the same branch ends here.
    Answered,
}

pub(super) struct ClientTransaction {
    pub(super) socket: SocketId,
    /// As sent, for the CANCEL and ACK that must match it.
    pub(super) request: Request,
    pub(super) owner: Owner,
    finished: bool,
}

/// Whom a response concerns.
#[derive(Clone, Debug)]
pub(super) enum Owner {
    /// One leg of a forked INVITE.
    Leg(ForkId),
    /// A request relayed inside a dialog: where it came from.
    Relay { socket: SocketId, request: Box<Request> },
    /// A request of our own whose answer changes nothing (BYE).
    Nobody,
}

impl Core {
    /// Sends a request under a new branch and keeps it until it is answered or 32 s have passed.
    pub(super) fn send_request(
        &mut self,
        to: SocketId,
        mut request: Request,
        owner: Owner,
    ) -> String {
        let branch = random::branch();
        self.push_via(&mut request, &branch);
        tracing::debug!(socket = to.0, method = %request.method, uri = %request.uri, "sent");
        self.send(to, request.to_bytes());
        // An INVITE may ring for long: its owner limits that.
        if request.method != Method::Invite {
            self.timers.set(TRANSACTION_TIME, Timer::Transaction(branch.clone()));
        }
        let transaction = ClientTransaction { socket: to, request, owner, finished: false };
        self.client_transactions.insert(branch.clone(), transaction);
        branch
    }

    pub(super) fn push_via(&self, request: &mut Request, branch: &str) {
        let via = format!("SIP/2.0/WS {};branch={branch}", self.host);
        request.headers.push_front_field("Via", via);
    }

    pub(super) fn handle_response(&mut self, socket: SocketId, response: Response) {
        let branch = response.headers.branch().unwrap_or_default().to_owned();
        let Some(transaction) = self.client_transactions.get_mut(&branch) else {
            return tracing::debug!(code = response.code, "response to nothing we asked");
        };
        let method = transaction.request.method.to_string();
        // CANCEL shares the branch of its INVITE, and its answer says nothing new.
        let ours = response.headers.cseq().is_some_and(|(_, m)| m == method);
        if transaction.socket != socket || !ours {
            return;
        }
        let owner = transaction.owner.clone();
        let repeated = transaction.finished;
        transaction.finished |= response.code >= 200;
        let is_invite = transaction.request.method == Method::Invite;
        if is_invite && response.code >= 300 {
            let ack = hop_by_hop(&transaction.request, Method::Ack, &response);
            self.send(socket, ack.to_bytes());
        }
        // Every 2xx to an INVITE is passed on (RFC 6026 §7.2), any other final response once.
        let again = is_invite && (200..300).contains(&response.code);
        if repeated && !again {
            return;
        }
        if response.code >= 200 && !repeated {
            self.timers.set(TRANSACTION_TIME, Timer::ForgetClient(branch.clone()));
        }
        self.deliver(&branch, owner, response);
    }

    /// Gives a response to whoever waits for it, our own Via removed.
    pub(super) fn deliver(&mut self, branch: &str, owner: Owner, mut response: Response) {
        response.headers.remove_first_field("Via");
        match owner {
            Owner::Leg(fork) => self.leg_answered(fork, branch, response),
            Owner::Relay { socket, request } => self.relay_answered(socket, &request, response),
            Owner::Nobody => {}
        }
    }

    pub(super) fn transaction_timed_out(&mut self, branch: &str) {
        self.fail_transaction(branch, 408);
    }

    /// Ends a transaction with a response made up here: time out, socket lost.
    pub(super) fn fail_transaction(&mut self, branch: &str, code: u16) {
        let Some(transaction) = self.client_transactions.get_mut(branch) else { return };
        if transaction.finished {
            return;
        }
        transaction.finished = true;
        let owner = transaction.owner.clone();
        let response = transaction.request.response(code, &random::token(4));
        self.timers.set(TRANSACTION_TIME, Timer::ForgetClient(branch.to_owned()));
        self.deliver(branch, owner, response);
    }

    /// Cancels an INVITE of ours that has been answered provisionally.
    pub(super) fn send_cancel(&mut self, branch: &str, reason: Option<&str>) {
        let Some(transaction) = self.client_transactions.get(branch) else { return };
        if transaction.finished {
            return;
        }
        let as_sent = transaction.request.response(100, "");
        let mut cancel = hop_by_hop(&transaction.request, Method::Cancel, &as_sent);
        if let Some(reason) = reason {
            cancel.headers.set_field("Reason", reason);
        }
        self.send(transaction.socket, cancel.to_bytes());
        self.timers.set(TRANSACTION_TIME, Timer::Transaction(branch.to_owned()));
    }

    /// Notes that a received INVITE has its final answer.
    pub(super) fn invite_answered(&mut self, key: ServerKey) {
        self.timers.set(TRANSACTION_TIME, Timer::ForgetInvite(key.clone()));
        self.server_invites.insert(key, ServerInvite::Answered);
    }
}

/// The ACK of a failure (RFC 3261 §17.1.1.3) or a CANCEL (§9.1): the INVITE's own branch, and the
/// `To` of the response.
fn hop_by_hop(invite: &Request, method: Method, response: &Response) -> Request {
    let headers = &invite.headers;
    let number = headers.cseq().map_or(0, |(number, _)| number);
    let field = |name: &str| headers.field(name).unwrap_or_default().to_owned();
    let to = response.headers.field("To").unwrap_or_default();
    let (via, from, call_id) = (field("Via"), field("From"), field("Call-ID"));
    let cseq = format!("{number} {method}");
    let mut request = Request::new(
        method,
        &invite.uri,
        &[
            ("Via", &via),
            ("Max-Forwards", "70"),
            ("From", &from),
            ("To", to),
            ("Call-ID", &call_id),
            ("CSeq", &cseq),
        ],
    );
    for route in headers.fields("Route") {
        request.headers.push(rsipstack::sip::headers::make_header("Route", route.to_owned()));
    }
    request
}
