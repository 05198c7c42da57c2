//! One INVITE to all of a user's bindings: the first 200 wins (RFC 3261 §16.7).

use rsipstack::sip::Method;

use super::local::LocalId;
use super::timer::{TRANSACTION_TIME, Timer};
use super::transaction::{Owner, ServerKey};
use super::{Core, SocketId};
use crate::message::{Fields, Request, Response};
use crate::registrar::Binding;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ForkId(u64);

/// Where the INVITE came from.
#[derive(Clone)]
pub(super) enum Upstream {
    /// A client's socket, with the INVITE as it came.
    Socket { socket: SocketId, request: Box<Request> },
    /// A call the switch places itself.
    Local(LocalId),
    /// The caller's socket closed.
    Lost,
}

pub(super) struct Fork {
    pub(super) upstream: Upstream,
    legs: Vec<Leg>,
    cancelled: bool,
}

struct Leg {
    branch: String,
    state: LegState,
}

enum LegState {
    /// Sent, not answered at all: CANCEL has to wait for a provisional response (RFC 3261 §9.1).
    Calling {
        cancel: Option<String>,
    },
    Ringing,
    Answered,
    Failed(Box<Response>),
}

const ELSEWHERE: &str = "SIP;cause=200;text=\"Call completed elsewhere\"";

impl Core {
    pub(super) fn start_fork(
        &mut self,
        upstream: Upstream,
        mut request: Request,
        bindings: &[Binding],
    ) -> ForkId {
        let id = ForkId(self.next_id());
        request.headers.remove_fields("Route");
        request.headers.remove_fields("Proxy-Authorization");
        decrement_max_forwards(&mut request);
        if matches!(upstream, Upstream::Socket { .. }) {
            request.headers.push_front_field("Record-Route", self.own_route());
        }
        let legs = bindings.iter().map(|binding| {
            let mut request = request.clone();
            request.uri.clone_from(&binding.contact);
            let branch = self.send_request(binding.socket, request, Owner::Leg(id));
            Leg { branch, state: LegState::Calling { cancel: None } }
        });
        let fork = Fork { legs: legs.collect(), upstream, cancelled: false };
        self.forks.insert(id, fork);
        self.timers.set(self.config.ring_timeout, Timer::Ring(id));
        id
    }

    pub(super) fn own_route(&self) -> String {
        format!("<sip:{};transport=ws;lr>", self.host)
    }

    pub(super) fn leg_answered(&mut self, id: ForkId, branch: &str, response: Response) {
        let Some(fork) = self.forks.get_mut(&id) else { return };
        let Some(leg) = fork.legs.iter_mut().find(|leg| leg.branch == branch) else { return };
        match response.code {
            ..200 => {
                let before = std::mem::replace(&mut leg.state, LegState::Ringing);
                if let LegState::Calling { cancel: Some(reason) } = before {
                    let reason = (!reason.is_empty()).then_some(reason);
                    return self.send_cancel(branch, reason.as_deref());
                }
                if response.code > 100 && !fork.cancelled {
                    self.leg_made_dialog(id, branch, &response, false);
                    self.send_upstream(id, branch, response);
                }
            }
            200..300 => {
                leg.state = LegState::Answered;
                self.leg_made_dialog(id, branch, &response, true);
                self.send_upstream(id, branch, response);
                self.cancel_legs(id, Some(ELSEWHERE));
                self.timers.set(TRANSACTION_TIME, Timer::ForgetFork(id));
            }
            code => {
                leg.state = LegState::Failed(Box::new(response));
                if code >= 600 {
                    self.cancel_legs(id, None);
                }
                self.finish_fork(id);
            }
        }
    }

    /// Cancels what still rings, because the caller said so.
    pub(super) fn cancel_fork(&mut self, id: ForkId, reason: Option<&str>) {
        if let Some(fork) = self.forks.get_mut(&id) {
            fork.cancelled = true;
        }
        self.cancel_legs(id, reason);
    }

    /// Cancels what still rings, because the caller is gone; nobody waits for the outcome.
    pub(super) fn abandon_fork(&mut self, id: ForkId, reason: &str) {
        if let Some(fork) = self.forks.get_mut(&id) {
            fork.upstream = Upstream::Lost;
        }
        self.cancel_fork(id, Some(reason));
    }

    pub(super) fn ringing_timed_out(&mut self, id: ForkId) {
        self.cancel_legs(id, None);
        let Some(fork) = self.forks.get(&id) else { return };
        let silent = fork.legs.iter().filter(|leg| matches!(leg.state, LegState::Calling { .. }));
        let silent: Vec<_> = silent.map(|leg| leg.branch.clone()).collect();
        silent.iter().for_each(|branch| self.fail_transaction(branch, 408));
    }

    pub(super) fn forget_fork(&mut self, id: ForkId) {
        self.forks.remove(&id);
        self.drop_early_dialogs(id);
    }

    fn cancel_legs(&mut self, id: ForkId, reason: Option<&str>) {
        let Some(fork) = self.forks.get_mut(&id) else { return };
        let mut ringing = Vec::new();
        for leg in &mut fork.legs {
            match &mut leg.state {
                LegState::Calling { cancel } => {
                    *cancel = Some(reason.unwrap_or_default().to_owned());
                    self.timers.set(TRANSACTION_TIME, Timer::Transaction(leg.branch.clone()));
                }
                LegState::Ringing => ringing.push(leg.branch.clone()),
                LegState::Answered | LegState::Failed(_) => {}
            }
        }
        ringing.iter().for_each(|branch| self.send_cancel(branch, reason));
    }

    /// When every leg has failed, tells the caller the best of the reasons.
    fn finish_fork(&mut self, id: ForkId) {
        let Some(fork) = self.forks.get(&id) else { return };
        let failed = |leg: &Leg| match &leg.state {
            LegState::Failed(response) => Some(response.clone()),
            LegState::Calling { .. } | LegState::Ringing | LegState::Answered => None,
        };
        let Some(failures) = fork.legs.iter().map(failed).collect::<Option<Vec<_>>>() else {
            return;
        };
        let cancelled = fork.cancelled;
        // RFC 3261 §16.7 step 6: a 6xx outranks all, else the lowest.
        let rank = |response: &Response| match response.code {
            487 if cancelled => 0,
            code if code >= 600 => 1,
            code => code,
        };
        if let Some(best) = failures.into_iter().min_by_key(|response| rank(response)) {
            self.send_upstream(id, "", *best);
        }
        self.forget_fork(id);
    }

    fn send_upstream(&mut self, id: ForkId, branch: &str, response: Response) {
        let Some(fork) = self.forks.get(&id) else { return };
        match fork.upstream.clone() {
            Upstream::Socket { socket, request } => {
                if response.code >= 200 {
                    self.invite_answered(ServerKey::of(socket, &request));
                }
                self.respond(socket, response);
            }
            Upstream::Local(call) => self.local_call_answered(call, branch, response),
            Upstream::Lost if (200..300).contains(&response.code) => {
                self.end_answered_leg(branch, &response);
            }
            Upstream::Lost => {}
        }
    }

    /// Acknowledges and ends a call that was answered when nobody wanted it any more.
    pub(super) fn end_answered_leg(&mut self, branch: &str, response: &Response) {
        let Some(transaction) = self.client_transactions.get(branch) else { return };
        let (socket, invite) = (transaction.socket, transaction.request.clone());
        let Some(target) = response.headers.contact().map(str::to_owned) else { return };
        let number = invite.headers.cseq().map_or(0, |(number, _)| number);
        let request = |method: Method, number: u32| {
            let field = |name: &str| response.headers.field(name).unwrap_or_default();
            let cseq = format!("{number} {method}");
            Request::new(
                method,
                &target,
                &[
                    ("Max-Forwards", "70"),
                    ("From", field("From")),
                    ("To", field("To")),
                    ("Call-ID", field("Call-ID")),
                    ("CSeq", &cseq),
                ],
            )
        };
        let mut ack = request(Method::Ack, number);
        let bye = request(Method::Bye, number + 1);
        self.push_via(&mut ack, &crate::random::branch());
        self.send(socket, ack.to_bytes());
        self.send_request(socket, bye, Owner::Nobody);
    }
}

pub(super) fn decrement_max_forwards(request: &mut Request) {
    let left = request.headers.field("Max-Forwards").and_then(|value| value.trim().parse().ok());
    let left = left.map_or(70, |left: u32| left.saturating_sub(1));
    request.headers.set_field("Max-Forwards", left.to_string());
}
