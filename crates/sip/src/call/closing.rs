//! After the end: BYE, and what may still come.

use super::State;
use super::cancelling::decline_branch;
use super::confirmed::{Confirmed, Role, Unacknowledged};
use crate::auth::Attempts;
use crate::context::Context;
use crate::dialog::Dialog;
use crate::input::CallId;
use crate::message::{Method, Request, Response};
use crate::time::Instant;
use crate::timer::{T1_64, Timer};
use crate::transaction::{ClientId, Owner, ServerId};

/// A call whose BYE is on the way.
pub(super) struct Closing {
    pub(super) dialog: Dialog,
    role: Role,
    give_up_at: Instant,
}

impl Closing {
    /// Sends BYE. Without a socket it waits for one, for as long as a BYE may take.
    pub(super) fn start(ctx: &mut Context, call: CallId, dialog: Dialog, role: Role) -> Self {
        let mut closing = Self { dialog, role, give_up_at: ctx.now + T1_64 };
        if ctx.connected {
            closing.send_bye(ctx, call);
        }
        closing
    }

    pub(super) fn send_bye(&mut self, ctx: &mut Context, call: CallId) {
        let bye = bye(ctx, &mut self.dialog);
        ctx.send(bye, Owner::Bye(call));
    }

    pub(super) fn bye_done(
        mut self,
        ctx: &mut Context,
        call: CallId,
        challenged: Option<(&Response, (Request, Attempts))>,
    ) -> State {
        let Some((response, ended)) = challenged else { return State::Terminated };
        match ctx.answer_challenge(ended, response, Owner::Bye(call)) {
            Ok((_, number)) => {
                self.dialog.renumber(number);
                State::Closing(self)
            }
            Err(crate::auth::Refused) => State::Terminated,
        }
    }

    /// BYE and BYE may cross; for anything else the call is gone.
    pub(super) fn request(self, ctx: &mut Context, server: ServerId, request: &Request) -> State {
        if request.method == Method::BYE {
            ctx.respond(server, 200, "OK");
        } else {
            ctx.respond(server, 481, "Call/Transaction Does Not Exist");
        }
        State::Closing(self)
    }

    pub(super) fn late_response(&self, ctx: &mut Context, client: ClientId, response: &Response) {
        late_response(ctx, &self.dialog, &self.role, client, response);
    }

    pub(super) fn timeout(self, ctx: &mut Context) -> State {
        match self.give_up_at <= ctx.now {
            true => State::Terminated,
            false => State::Closing(self),
        }
    }

    pub(super) fn deadline(&self) -> (Instant, Timer) {
        (self.give_up_at, Timer::ByeTimeout)
    }
}

/// A call that its user has left before the caller acknowledged our answer.
pub(super) struct Leaving {
    pub(super) confirmed: Confirmed,
    pub(super) answer: Unacknowledged,
}

impl Leaving {
    pub(super) fn acknowledged(self, ctx: &mut Context, ack: &Request) -> State {
        match self.answer.is_acknowledged_by(ack) {
            true => self.close(ctx),
            false => State::Leaving(self),
        }
    }

    pub(super) fn request(
        mut self,
        ctx: &mut Context,
        server: ServerId,
        request: &Request,
    ) -> State {
        if request.method == Method::BYE && self.confirmed.dialog.accept_number(request) {
            ctx.respond(server, 200, "OK");
            return State::Terminated;
        }
        ctx.respond(server, 481, "Call/Transaction Does Not Exist");
        State::Leaving(self)
    }

    pub(super) fn timeout(mut self, ctx: &mut Context) -> State {
        match self.answer.timeout(ctx) {
            true => State::Leaving(self),
            false => self.close(ctx),
        }
    }

    pub(super) fn deadline(&self) -> (Instant, Timer) {
        self.answer.deadline()
    }

    /// There is a socket again.
    pub(super) fn connected(mut self, ctx: &mut Context) -> State {
        self.answer.connected(ctx);
        State::Leaving(self)
    }

    /// Says BYE.
    pub(super) fn close(self, ctx: &mut Context) -> State {
        let Confirmed { call, dialog, role, .. } = self.confirmed;
        State::Closing(Closing::start(ctx, call, dialog, role))
    }
}

/// A 2xx to our INVITE that comes after the first one: repeated, or from another branch.
pub(super) fn late_response(
    ctx: &mut Context,
    dialog: &Dialog,
    role: &Role,
    client: ClientId,
    response: &Response,
) {
    match role {
        Role::Caller { ack } if response.to_tag().unwrap_or_default() == dialog.remote_tag => {
            ctx.transmit(ack.clone());
        }
        Role::Caller { .. } => decline_branch(ctx, client, response),
        Role::Callee => {}
    }
}

/// Says BYE in a dialog that nobody will ask about.
pub(super) fn leave_branch(ctx: &mut Context, mut dialog: Dialog) {
    let bye = bye(ctx, &mut dialog);
    ctx.send(bye, Owner::LateBranch);
}

fn bye(ctx: &Context, dialog: &mut Dialog) -> Request {
    let mut bye = dialog.request(Method::BYE);
    bye.headers.push("User-Agent", &*ctx.config.user_agent);
    bye
}
