//! After the user's end of our call, before its final response.

use super::State;
use super::closing::{Closing, leave_branch};
use super::confirmed::Role;
use crate::auth::Attempts;
use crate::context::Context;
use crate::dialog::Dialog;
use crate::input::CallId;
use crate::message::{Request, Response};
use crate::time::Instant;
use crate::timer::{T1_64, Timer};
use crate::transaction::{Answer, ClientId, Owner};

/// A call that has ended for its user before it was answered, and may still ring.
pub(super) struct Cancelling {
    call: CallId,
    client: ClientId,
    phase: Phase,
}

enum Phase {
    /// CANCEL waits for a provisional response (RFC 3261 section 9.1).
    AwaitingReaction,
    /// CANCEL is sent.
    Sent { give_up_at: Instant },
    /// The socket is gone, and CANCEL with it or not sent yet. The server may know the INVITE,
    /// so the next socket is used to take it back. `number`: the greatest one that its dialogs have
    /// used.
    AwaitingSocket { invite: Request, number: u32, give_up_at: Instant },
}

impl Cancelling {
    /// CANCEL waits until somebody has reacted.
    pub(super) fn before_reaction(call: CallId, client: ClientId) -> Self {
        Self { call, client, phase: Phase::AwaitingReaction }
    }

    /// CANCEL is sent now.
    pub(super) fn now(ctx: &mut Context, call: CallId, client: ClientId) -> Self {
        let mut cancelling = Self::before_reaction(call, client);
        cancelling.send_cancel(ctx);
        cancelling
    }

    /// CANCEL waits for a socket; call this before the transactions of the lost one are forgotten.
    pub(super) fn without_socket(ctx: &Context, call: CallId, client: ClientId) -> State {
        let Some(invite) = ctx.clients.request(client).cloned() else { return State::Terminated };
        let number = ctx.clients.last_number(client);
        let phase = Phase::AwaitingSocket { invite, number, give_up_at: ctx.now + T1_64 };
        State::Cancelling(Self { call, client, phase })
    }

    pub(super) fn disconnected(self, ctx: &Context) -> State {
        match self.phase {
            Phase::AwaitingReaction | Phase::Sent { .. } => {
                Self::without_socket(ctx, self.call, self.client)
            }
            Phase::AwaitingSocket { .. } => State::Cancelling(self),
        }
    }

    /// Takes the INVITE up again on a new socket, under its old branch, and cancels it.
    pub(super) fn connected(mut self, ctx: &mut Context) -> State {
        if let Phase::AwaitingSocket { invite, number, .. } = self.phase {
            let branch = invite.headers.top_via().and_then(|via| via.branch()).map(str::to_owned);
            let owner = Owner::Invite(self.call);
            let branch = branch.unwrap_or_default();
            self.client = ctx.clients.start(ctx.now, owner, branch, invite, Attempts::default());
            ctx.clients.use_number(self.client, number);
            self.phase = Phase::AwaitingReaction;
            self.send_cancel(ctx);
        }
        State::Cancelling(self)
    }

    pub(super) fn receive(mut self, ctx: &mut Context, response: &Response) -> State {
        match (response.status, &self.phase) {
            (100..200, Phase::AwaitingReaction) => {
                self.send_cancel(ctx);
                State::Cancelling(self)
            }
            (100..200, Phase::Sent { .. } | Phase::AwaitingSocket { .. }) => {
                State::Cancelling(self)
            }
            // The answer crossed our CANCEL.
            (200..300, _) => match acknowledge(ctx, self.client, response) {
                Some((dialog, ack)) => {
                    State::Closing(Closing::start(ctx, self.call, dialog, Role::Caller { ack }))
                }
                None => State::Terminated,
            },
            (_, _) => State::Terminated,
        }
    }

    /// Sends CANCEL now if it still waits: the far end must not ring for nobody.
    pub(super) fn leave(mut self, ctx: &mut Context) -> State {
        if let Phase::AwaitingReaction = self.phase {
            self.send_cancel(ctx);
        }
        State::Cancelling(self)
    }

    pub(super) fn timeout(self, ctx: &mut Context) -> State {
        match self.deadline() {
            Some((at, _)) if at <= ctx.now => {
                ctx.clients.forget(self.client);
                State::Terminated
            }
            Some(_) | None => State::Cancelling(self),
        }
    }

    pub(super) fn deadline(&self) -> Option<(Instant, Timer)> {
        match self.phase {
            Phase::AwaitingReaction => None,
            Phase::Sent { give_up_at } | Phase::AwaitingSocket { give_up_at, .. } => {
                Some((give_up_at, Timer::CancelTimeout))
            }
        }
    }

    fn send_cancel(&mut self, ctx: &mut Context) {
        ctx.send_cancel(self.client);
        self.phase = Phase::Sent { give_up_at: ctx.now + T1_64 };
    }
}

/// Acknowledges a 2xx to our INVITE: its dialog, and the ACK to repeat.
pub(super) fn acknowledge(
    ctx: &mut Context,
    client: ClientId,
    response: &Response,
) -> Option<(Dialog, Vec<u8>)> {
    let invite = ctx.clients.request(client)?;
    let mut dialog = Dialog::of_caller(invite, response)?;
    let ack = dialog.ack(invite);
    // A PRACK may have counted on.
    dialog.renumber(ctx.clients.last_number(client));
    let bytes = ctx.send_ack(ack);
    ctx.clients.acknowledged(client, &dialog.remote_tag, bytes.clone());
    Some((dialog, bytes))
}

/// A 2xx of a branch that answered after another one, or after the end: ACK and BYE
/// (RFC 3261 section 13.2.2.4).
pub(crate) fn decline_branch(ctx: &mut Context, client: ClientId, response: &Response) {
    let tag = response.to_tag().unwrap_or_default();
    match ctx.clients.answer(client, tag) {
        Answer::Known(ack) => return ctx.transmit(ack),
        Answer::TooMany => return,
        Answer::New => {}
    }
    if let Some((dialog, _)) = acknowledge(ctx, client, response) {
        leave_branch(ctx, dialog);
    }
}
