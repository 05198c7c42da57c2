//! Calls. [`State`] reads as the diagram.

mod branch;
mod cancelling;
mod closing;
mod confirmed;
mod identity;
mod incoming;
mod info;
mod offering;
mod outgoing;
mod prack;
mod received;
mod redirect;
mod replacing;
mod retry;
mod services;
pub(crate) mod session_interval;
mod snapshot;
mod transfer;

use crate::context::Context;
use crate::input::{CallId, MediaResult, OpId, Refusal};
use crate::message::Request;
use crate::time::Instant;
use crate::timer::Timer;
use crate::transaction::ServerId;
pub(crate) use cancelling::decline_branch;
pub(crate) use info::answer as answer_info;
pub(crate) use offering::Extras;
pub(crate) use replacing::replaced;
pub use snapshot::ResumeError;

use cancelling::Cancelling;
use closing::{Closing, Leaving};
use confirmed::Confirmed;
pub(crate) use confirmed::Wish;
use incoming::Incoming;
use offering::Offering;
use outgoing::Outgoing;
use retry::Waiting;

/// One call, from its first message to its last.
pub(crate) struct Call {
    state: State,
}

/// ```text
///              ┌─ Waiting ◀┐
///              ▼           │
/// Offering ─▶ Calling ─▶ Proceeding ─────┐                 we call
///                └────┬──────┘           ├─▶ Confirmed ─▶ Closing ─▶ Terminated
///                 Cancelling ────────────│───────│──────────▲
/// Ringing ─▶ Accepting ──────────────────┘       └▶ Leaving ─┘    we are called
/// ```
///
/// A call that another agent has had begins as `Confirmed`.
/// Every state can also end at once. In the states after the user's end of the call
/// (`Cancelling`, `Leaving`, `Closing`) nothing is told to the user any more.
enum State {
    /// We call: the offer is being made, nothing is on the wire.
    Offering(Offering),
    /// We call: INVITE is sent, nobody has reacted.
    Calling(Outgoing),
    /// We call: somebody has reacted with a provisional response.
    Proceeding(Outgoing),
    /// We call: an INVITE was refused in a way that passes, and is sent again in a moment.
    Waiting(Waiting),
    /// Our call is over for its user before it was answered.
    Cancelling(Cancelling),
    /// We are called: 180 is sent, the user decides.
    Ringing(Incoming),
    /// We are called: the user has answered, and media work is under way.
    Accepting(Incoming, OpId),
    /// Answered.
    Confirmed(Confirmed),
    /// We have hung up, but BYE must wait for the ACK to our 2xx (RFC 3261 section 15).
    Leaving(Leaving),
    /// BYE is sent, or waits for a socket.
    Closing(Closing),
    /// Nothing left to do.
    Terminated,
}

impl Call {
    /// A call to `uri`.
    pub(crate) fn to(
        ctx: &mut Context,
        id: CallId,
        uri: String,
        caller_id: Option<String>,
        extras: Extras,
    ) -> Self {
        Self { state: State::Offering(Offering::start(ctx, id, uri, caller_id, extras)) }
    }

    /// A call that `invite` makes to us; `None` if it was refused. One that `replaces` another
    /// answers itself.
    pub(crate) fn from(
        ctx: &mut Context,
        id: CallId,
        server: ServerId,
        invite: &Request,
        replaces: Option<CallId>,
    ) -> Option<Self> {
        let incoming = Incoming::start(ctx, id, server, invite, replaces)?;
        let state = match replaces {
            Some(_) => incoming.answer(ctx),
            None => State::Ringing(incoming),
        };
        Some(Self { state })
    }

    pub(crate) fn is_terminated(&self) -> bool {
        matches!(self.state, State::Terminated)
    }

    /// Whether a request with a To tag is for this call.
    pub(crate) fn owns(&self, request: &Request) -> bool {
        match &self.state {
            State::Offering(_) | State::Waiting(_) | State::Cancelling(_) | State::Terminated => {
                false
            }
            State::Calling(call) | State::Proceeding(call) => call.owns(request),
            State::Ringing(call) | State::Accepting(call, _) => call.dialog.owns(request),
            State::Confirmed(call) => call.dialog.owns(request),
            State::Leaving(call) => call.confirmed.dialog.owns(request),
            State::Closing(call) => call.dialog.owns(request),
        }
    }

    /// Whether this call came with the INVITE of a server transaction, or is to change by it.
    pub(crate) fn came_by(&self, id: ServerId) -> bool {
        match &self.state {
            State::Ringing(call) | State::Accepting(call, _) => call.server == id,
            State::Confirmed(call) => call.asked_by(id),
            State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Cancelling(_)
            | State::Leaving(_)
            | State::Closing(_)
            | State::Terminated => false,
        }
    }

    /// Whether `invite` reached us already by another way (RFC 3261 section 8.2.2.2).
    pub(crate) fn is_merged(&self, invite: &Request) -> bool {
        match &self.state {
            State::Ringing(call) | State::Accepting(call, _) => call.is_merged(invite),
            State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Cancelling(_)
            | State::Confirmed(_)
            | State::Leaving(_)
            | State::Closing(_)
            | State::Terminated => false,
        }
    }

    /// The user takes the call.
    pub(crate) fn answer(&mut self, ctx: &mut Context) {
        self.step(|state| match state {
            State::Ringing(call) => call.answer(ctx),
            state @ (State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Cancelling(_)
            | State::Accepting(..)
            | State::Confirmed(_)
            | State::Leaving(_)
            | State::Closing(_)
            | State::Terminated) => state,
        });
    }

    /// The user refuses the call.
    pub(crate) fn reject(&mut self, ctx: &mut Context, refusal: Refusal) {
        self.step(|state| match state {
            State::Ringing(call) | State::Accepting(call, _) => call.reject(ctx, refusal),
            state @ (State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Cancelling(_)
            | State::Confirmed(_)
            | State::Leaving(_)
            | State::Closing(_)
            | State::Terminated) => state,
        });
    }

    /// The user sends it on to another address, if there is one.
    pub(crate) fn redirect(&mut self, ctx: &mut Context, uri: Option<String>) {
        match (&self.state, uri) {
            (State::Ringing(call) | State::Accepting(call, _), Some(uri)) => {
                call.redirect(ctx, &uri);
                self.state = State::Terminated;
            }
            (_, _) => self.reject(ctx, Refusal::Unavailable),
        }
    }

    /// The user ends the call.
    pub(crate) fn hangup(&mut self, ctx: &mut Context) {
        self.step(|state| match state {
            State::Offering(call) => call.hangup(ctx),
            State::Waiting(call) => call.hangup(ctx),
            State::Calling(call) => call.hangup_before_reaction(ctx),
            State::Proceeding(call) => call.hangup(ctx),
            State::Ringing(call) | State::Accepting(call, _) => {
                call.reject(ctx, Refusal::Unavailable)
            }
            State::Confirmed(call) => call.hangup(ctx),
            state @ (State::Cancelling(_)
            | State::Leaving(_)
            | State::Closing(_)
            | State::Terminated) => state,
        });
    }

    /// The user ends the call, and the socket will not be there for what comes next.
    pub(crate) fn leave(&mut self, ctx: &mut Context) {
        self.hangup(ctx);
        self.step(|state| match state {
            State::Cancelling(call) => call.leave(ctx),
            State::Leaving(call) => call.close(ctx),
            state @ (State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Ringing(_)
            | State::Accepting(..)
            | State::Confirmed(_)
            | State::Closing(_)
            | State::Terminated) => state,
        });
    }

    /// The user wants an answered call changed.
    pub(crate) fn wish(&mut self, ctx: &mut Context, wish: Wish) {
        self.if_confirmed(|call| call.wish(ctx, wish));
    }

    /// The registration on a new socket is accepted, or none is wanted.
    pub(crate) fn recover(&mut self, ctx: &mut Context) {
        self.if_confirmed(|call| call.recover(ctx));
    }

    /// Another agent has this call.
    pub(crate) fn abandon(&mut self, ctx: &mut Context) {
        self.if_confirmed(|call| call.abandon(ctx));
    }

    /// Media work ended; work that nobody waits for is ignored.
    pub(crate) fn media(&mut self, ctx: &mut Context, op: OpId, result: MediaResult) {
        self.step(|state| match state {
            State::Offering(call) if call.op == op => call.offered(ctx, result),
            State::Accepting(call, waiting) if waiting == op => call.accept(ctx, result),
            State::Proceeding(call) => State::Proceeding(call.media(ctx, op, result)),
            State::Confirmed(call) => call.media(ctx, op, result),
            state @ (State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Cancelling(_)
            | State::Ringing(_)
            | State::Accepting(..)
            | State::Leaving(_)
            | State::Closing(_)
            | State::Terminated) => state,
        });
    }

    /// There is a socket again.
    pub(crate) fn connected(&mut self, ctx: &mut Context, id: CallId) {
        self.step(|state| match state {
            State::Closing(mut call) => {
                call.send_bye(ctx, id);
                State::Closing(call)
            }
            State::Cancelling(call) => call.connected(ctx),
            State::Confirmed(call) => call.connected(ctx),
            State::Leaving(call) => call.connected(ctx),
            state @ (State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Ringing(_)
            | State::Accepting(..)
            | State::Terminated) => state,
        });
    }

    /// The socket is gone, and with it every transaction.
    pub(crate) fn disconnected(&mut self, ctx: &mut Context) {
        self.step(|state| match state {
            State::Offering(call) => call.disconnected(ctx),
            State::Waiting(call) => call.disconnected(ctx),
            State::Calling(call) | State::Proceeding(call) => call.disconnected(ctx),
            State::Ringing(call) | State::Accepting(call, _) => call.disconnected(ctx),
            State::Cancelling(call) => call.disconnected(ctx),
            State::Confirmed(call) => call.disconnected(ctx),
            state @ (State::Leaving(_) | State::Closing(_) | State::Terminated) => state,
        });
    }

    /// Some deadline of some part of the agent has passed.
    pub(crate) fn timeout(&mut self, ctx: &mut Context) {
        self.step(|state| match state {
            State::Cancelling(call) => call.timeout(ctx),
            State::Ringing(call) => call.timeout(ctx, State::Ringing),
            State::Accepting(call, op) => call.timeout(ctx, |call| State::Accepting(call, op)),
            State::Confirmed(call) => call.timeout(ctx),
            State::Leaving(call) => call.timeout(ctx),
            State::Closing(call) => call.timeout(ctx),
            State::Waiting(call) => call.timeout(ctx),
            state @ (State::Offering(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Terminated) => state,
        });
    }

    /// The next deadline.
    pub(crate) fn deadline(&self) -> Option<(Instant, Timer)> {
        match &self.state {
            State::Cancelling(call) => call.deadline(),
            State::Waiting(call) => Some(call.deadline()),
            State::Ringing(call) | State::Accepting(call, _) => Some(call.deadline()),
            State::Confirmed(call) => call.deadline(),
            State::Leaving(call) => Some(call.deadline()),
            State::Closing(call) => Some(call.deadline()),
            State::Offering(_) | State::Calling(_) | State::Proceeding(_) | State::Terminated => {
                None
            }
        }
    }

    /// What only an answered call can do; every other ignores it.
    fn if_confirmed(&mut self, act: impl FnOnce(Confirmed) -> State) {
        self.step(|state| match state {
            State::Confirmed(call) => act(call),
            state @ (State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Cancelling(_)
            | State::Ringing(_)
            | State::Accepting(..)
            | State::Leaving(_)
            | State::Closing(_)
            | State::Terminated) => state,
        });
    }

    fn step(&mut self, transition: impl FnOnce(State) -> State) {
        self.state = transition(std::mem::replace(&mut self.state, State::Terminated));
    }
}
