//! Before INVITE: the offer is being made.

use super::State;
use super::identity::CallerId;
use super::outgoing::Outgoing;
use super::retry::Retry;
use super::session_interval::ask;
use crate::context::{ALLOW, Context, SUPPORTED, set_sdp};
use crate::input::{CallId, MediaResult, OpId};
use crate::message::{CSeq, Method, Request, Uri};
use crate::output::{MediaRequest, Party, Terms};
use crate::reason::EndReason;
use crate::transaction::Owner;

/// A call that is not on the wire yet.
pub(super) struct Offering {
    call: CallId,
    pub(super) op: OpId,
    uri: String,
    caller_id: Option<String>,
    extras: Extras,
}

/// What the INVITE of a transferred call carries besides the ordinary (RFC 3515, RFC 3892).
#[derive(Clone, Debug, Default)]
pub(crate) struct Extras {
    /// Value of Referred-By.
    pub(crate) referred_by: Option<String>,
    /// Value of Replaces, which the far end must understand (RFC 3891).
    pub(crate) replaces: Option<String>,
}

impl Offering {
    pub(super) fn start(
        ctx: &mut Context,
        call: CallId,
        uri: String,
        caller_id: Option<String>,
        extras: Extras,
    ) -> Self {
        let op = ctx.media(call, MediaRequest::CreateOffer(Terms::default()));
        Self { call, op, uri, caller_id, extras }
    }

    pub(super) fn offered(self, ctx: &mut Context, result: MediaResult) -> State {
        let Ok(offer) = result else {
            ctx.ended(self.call, EndReason::MediaFailed);
            return State::Terminated;
        };
        let mut invite = self.invite(ctx, offer);
        let mut caller_id = CallerId::new(ctx, self.caller_id);
        caller_id.try_next(ctx, &mut invite);
        let number = Uri::parse(&self.uri).map(|uri| uri.user_text()).unwrap_or_default();
        let callee = Party { number, display_name: None };
        let client = ctx.send(invite, Owner::Invite(self.call));
        let retry = Retry::new(caller_id, self.uri);
        State::Calling(Outgoing::new(self.call, client, callee, retry))
    }

    pub(super) fn hangup(self, ctx: &mut Context) -> State {
        ctx.ended(self.call, EndReason::Cancelled);
        State::Terminated
    }

    pub(super) fn disconnected(self, ctx: &mut Context) -> State {
        ctx.ended(self.call, EndReason::ConnectionLost);
        State::Terminated
    }

    fn invite(&self, ctx: &mut Context, offer: String) -> Request {
        let mut invite = Request::new(Method::INVITE, &*self.uri);
        let mut from = ctx.address_of_record();
        from.push_str(";tag=");
        from.push_str(&ctx.rng.token());
        let mut to = String::from("<");
        to.push_str(&self.uri);
        to.push('>');

        let headers = &mut invite.headers;
        ctx.service_route.iter().for_each(|route| headers.push("Route", &**route));
        headers.push("Max-Forwards", "70");
        headers.push("From", from);
        headers.push("To", to);
        headers.push("Call-ID", ctx.rng.token());
        headers.push("CSeq", CSeq { number: 1, method: Method::INVITE }.value());
        headers.push("Contact", ctx.dialog_contact());
        if let Some(referred_by) = &self.extras.referred_by {
            headers.push("Referred-By", &**referred_by);
        }
        if let Some(replaces) = &self.extras.replaces {
            headers.push("Replaces", &**replaces);
            headers.push("Require", "replaces");
        }
        headers.push("Allow", ALLOW);
        headers.push("Supported", SUPPORTED);
        ask(headers, ctx.config.session_interval, None);
        headers.push("User-Agent", &*ctx.config.user_agent);
        set_sdp(&mut invite.headers, &mut invite.body, offer);
        invite
    }
}
