//! What comes for a call from the network, and what does not come.

use super::confirmed::acknowledge;
use super::{Call, State};
use crate::auth::Attempts;
use crate::context::Context;
use crate::input::CallId;
use crate::message::{Request, Response};
use crate::transaction::{ClientId, Errand, ServerId};

impl Call {
    /// A response to the INVITE of this call.
    pub(crate) fn invite_response(
        &mut self,
        ctx: &mut Context,
        client: ClientId,
        response: &Response,
        ended: Option<(Request, Attempts)>,
    ) {
        self.step(|state| match state {
            State::Calling(call) | State::Proceeding(call) => call.receive(ctx, response, ended),
            State::Cancelling(call) => call.receive(ctx, response),
            State::Confirmed(call) => {
                call.late_response(ctx, client, response);
                State::Confirmed(call)
            }
            State::Leaving(call) => {
                call.confirmed.late_response(ctx, client, response);
                State::Leaving(call)
            }
            State::Closing(call) => {
                call.late_response(ctx, client, response);
                State::Closing(call)
            }
            state @ (State::Offering(_)
            | State::Waiting(_)
            | State::Ringing(_)
            | State::Accepting(..)
            | State::Terminated) => state,
        });
    }

    /// A response to another request within the dialog of this call.
    pub(crate) fn response(
        &mut self,
        ctx: &mut Context,
        errand: Errand,
        client: ClientId,
        response: &Response,
        ended: Option<(Request, Attempts)>,
    ) {
        self.step(|state| match state {
            State::Confirmed(call) => call.response(ctx, errand, client, response, ended),
            State::Proceeding(call) if errand == Errand::Prack => {
                State::Proceeding(call.prack_response(ctx, response, ended))
            }
            State::Closing(call) => {
                if errand == Errand::Reinvite && (200..300).contains(&response.status) {
                    acknowledge(ctx, &call.dialog, client);
                }
                State::Closing(call)
            }
            state @ (State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Cancelling(_)
            | State::Ringing(_)
            | State::Accepting(..)
            | State::Leaving(_)
            | State::Terminated) => state,
        });
    }

    /// Nobody answered such a request.
    pub(crate) fn unanswered(&mut self, ctx: &mut Context, errand: Errand) {
        self.if_confirmed(|call| call.unanswered(ctx, errand));
    }

    /// Nobody reacted to the INVITE of this call.
    pub(crate) fn invite_timeout(&mut self, ctx: &mut Context) {
        self.step(|state| match state {
            State::Calling(call) | State::Proceeding(call) => call.request_timeout(ctx),
            State::Cancelling(_) => State::Terminated,
            state @ (State::Offering(_)
            | State::Waiting(_)
            | State::Ringing(_)
            | State::Accepting(..)
            | State::Confirmed(_)
            | State::Leaving(_)
            | State::Closing(_)
            | State::Terminated) => state,
        });
    }

    /// The final response to the BYE of this call, or none in time.
    pub(crate) fn bye_done(
        &mut self,
        ctx: &mut Context,
        id: CallId,
        challenged: Option<(&Response, (Request, Attempts))>,
    ) {
        self.step(|state| match state {
            State::Closing(call) => call.bye_done(ctx, id, challenged),
            state @ (State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Cancelling(_)
            | State::Ringing(_)
            | State::Accepting(..)
            | State::Confirmed(_)
            | State::Leaving(_)
            | State::Terminated) => state,
        });
    }

    /// The caller, or whoever wanted to change the call, gave up; 200 to CANCEL is sent.
    pub(crate) fn cancelled(&mut self, ctx: &mut Context, cancel: &Request) {
        self.step(|state| match state {
            State::Ringing(call) | State::Accepting(call, _) => call.cancelled(ctx, cancel),
            State::Confirmed(call) => call.cancelled(ctx),
            state @ (State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Cancelling(_)
            | State::Leaving(_)
            | State::Closing(_)
            | State::Terminated) => state,
        });
    }

    /// The ACK to a 2xx of ours.
    pub(crate) fn acknowledged(&mut self, ctx: &mut Context, ack: &Request) {
        self.step(|state| match state {
            State::Confirmed(call) => call.acknowledged(ctx, ack),
            State::Leaving(call) => call.acknowledged(ctx, ack),
            state @ (State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Cancelling(_)
            | State::Ringing(_)
            | State::Accepting(..)
            | State::Closing(_)
            | State::Terminated) => state,
        });
    }

    /// A request of this call other than ACK and CANCEL.
    pub(crate) fn request(&mut self, ctx: &mut Context, server: ServerId, request: &Request) {
        self.step(|state| match state {
            State::Calling(call) => State::Calling(call.request(ctx, server, request)),
            State::Proceeding(call) => State::Proceeding(call.request(ctx, server, request)),
            State::Ringing(call) => call.request(ctx, server, request, State::Ringing),
            State::Accepting(call, op) => {
                call.request(ctx, server, request, |call| State::Accepting(call, op))
            }
            State::Confirmed(call) => call.request(ctx, server, request),
            State::Leaving(call) => call.request(ctx, server, request),
            State::Closing(call) => call.request(ctx, server, request),
            state @ (State::Offering(_)
            | State::Waiting(_)
            | State::Cancelling(_)
            | State::Terminated) => {
                ctx.respond(server, 481, "Call/Transaction Does Not Exist");
                state
            }
        });
    }
}
