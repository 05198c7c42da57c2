//! A transfer that the far end asks for: REFER to us, and our NOTIFYs about what came of it.
//!
//! REFER is answered with 202 at once, because a request other than INVITE must not wait for a
//! person (RFC 4320). What the person decides goes into the NOTIFYs: a refusal is a NOTIFY with
//! 603, and so is a decision that does not come.

use crate::auth::Attempts;
use crate::call::Extras;
use crate::context::Context;
use crate::dialog::Dialog;
use crate::input::CallId;
use crate::message::{
    Method, ReferTo, Replaces, Request, Response, SubscriptionState, Substate, Uri,
};
use crate::output::Event;
use crate::target::request_uri;
use crate::time::Instant;
use crate::timer::Timer;
use crate::transaction::{Errand, Owner, ServerId};
use std::time::Duration;

/// How long the user may take to decide, and what the NOTIFYs say in `expires`.
const EXPIRES: Duration = Duration::from_secs(180);

/// ```text
/// Idle ─▶ Undecided ─▶ Calling ─▶ Idle
///              └───────────────────▶ ┘
/// ```
#[derive(Default)]
pub(super) enum Asked {
    #[default]
    Idle,
    /// The user knows of it.
    Undecided { referral: Referral, give_up_at: Instant },
    /// The new call is being made.
    Calling { referral: Referral, new: CallId, told: u16 },
}

/// What a REFER wants.
pub(super) struct Referral {
    uri: String,
    extras: Extras,
    subscription: Subscription,
}

/// The subscription that comes with a REFER.
struct Subscription {
    /// The number of the REFER (RFC 3515 section 2.4.6).
    id: u32,
    expires_at: Instant,
    /// The far end wants no NOTIFY (RFC 4488), or has refused one.
    silent: bool,
}

impl Asked {
    pub(super) fn receive(
        &mut self,
        ctx: &mut Context,
        call: CallId,
        dialog: &mut Dialog,
        server: ServerId,
        refer: &Request,
    ) {
        let mut addresses = refer.headers.list("Refer-To");
        let (Some(refer_to), None) = (addresses.next().and_then(ReferTo::parse), addresses.next())
        else {
            return ctx.respond(server, 400, "Bad Refer-To");
        };
        if !refer_to.method().eq_ignore_ascii_case("INVITE") {
            return ctx.respond(server, 603, "Decline");
        }
        let Some(uri) = call_uri(&refer_to, &ctx.config.domain) else {
            return ctx.respond(server, 416, "Unsupported URI Scheme");
        };
        let replaces = refer_to.header("Replaces");
        if replaces.as_deref().is_some_and(|value| !is_sound(value)) {
            return ctx.respond(server, 400, "Bad Replaces");
        }
        match self {
            Self::Idle => {}
            Self::Undecided { .. } | Self::Calling { .. } => {
                return ctx.respond(server, 491, "Request Pending");
            }
        }
        let silent = super::wants_no_notify(&refer.headers);
        ctx.respond_with(server, 202, "Accepted", |ctx, response| {
            response.headers.push("Contact", ctx.dialog_contact());
            if silent {
                response.headers.push("Refer-Sub", "false");
            }
        });
        dialog.refresh_target(refer);
        let mut target = crate::party::party(refer.headers.get("Refer-To").unwrap_or_default())
            .unwrap_or_default();
        // Some servers' Contacts, which attended transfers lead to, have no user.
        if let Some(Uri { user: None, host, .. }) = Uri::parse(&uri) {
            target.number = host.to_owned();
        }
        let attended = replaces.is_some();
        let referred_by = refer.headers.get("Referred-By").map(str::to_owned);
        let give_up_at = ctx.now + EXPIRES;
        let id = refer.headers.cseq().map_or(0, |cseq| cseq.number);
        let mut subscription = Subscription { id, expires_at: give_up_at, silent };
        subscription.notify(ctx, call, dialog, Substate::Pending, 100, "Trying");
        let referral = Referral { uri, extras: Extras { referred_by, replaces }, subscription };
        *self = Self::Undecided { referral, give_up_at };
        ctx.event(Event::TransferRequested { call, target, attended });
    }

    pub(super) fn accept(
        &mut self,
        ctx: &mut Context,
        call: CallId,
        dialog: &mut Dialog,
        new: CallId,
    ) -> Option<(String, Extras)> {
        let Self::Undecided { mut referral, .. } = self.take() else { return None };
        referral.subscription.notify(ctx, call, dialog, Substate::Active, 100, "Trying");
        let wanted = (referral.uri.clone(), referral.extras.clone());
        *self = Self::Calling { referral, new, told: 100 };
        Some(wanted)
    }

    pub(super) fn refuse(&mut self, ctx: &mut Context, call: CallId, dialog: &mut Dialog) {
        if let Self::Undecided { mut referral, .. } = self.take() {
            let over = Substate::Terminated;
            referral.subscription.notify(ctx, call, dialog, over, 603, "Decline");
        }
    }

    pub(super) fn new_call(&self) -> Option<CallId> {
        match self {
            Self::Calling { new, .. } => Some(*new),
            Self::Idle | Self::Undecided { .. } => None,
        }
    }

    pub(super) fn progress(
        &mut self,
        ctx: &mut Context,
        call: CallId,
        dialog: &mut Dialog,
        status: u16,
        phrase: &str,
    ) {
        let Self::Calling { referral, told, .. } = self else { return };
        if *told == status {
            return;
        }
        *told = status;
        let state = if status < 200 { Substate::Active } else { Substate::Terminated };
        referral.subscription.notify(ctx, call, dialog, state, status, phrase);
        if status >= 200 {
            *self = Self::Idle;
        }
    }

    /// The final response to a NOTIFY.
    pub(super) fn answered(
        &mut self,
        ctx: &mut Context,
        call: CallId,
        dialog: &mut Dialog,
        response: &Response,
        ended: (Request, Attempts),
    ) {
        let owner = Owner::InDialog(call, Errand::Notify);
        let goes_on = match response.status {
            200..300 => true,
            401 | 407 => dialog.answer_challenge(ctx, ended, response, owner).is_ok(),
            // The subscription is gone at the other end (RFC 6665 section 4.2.2).
            _ => false,
        };
        if !goes_on {
            self.fall_silent();
        }
    }

    /// The far end does not want to hear more.
    pub(super) fn fall_silent(&mut self) {
        match self {
            Self::Undecided { referral, .. } | Self::Calling { referral, .. } => {
                referral.subscription.silent = true;
            }
            Self::Idle => {}
        }
    }

    pub(super) fn timeout(&mut self, ctx: &mut Context, call: CallId, dialog: &mut Dialog) {
        match self {
            Self::Undecided { give_up_at, .. } if *give_up_at <= ctx.now => {
                self.refuse(ctx, call, dialog);
            }
            Self::Idle | Self::Undecided { .. } | Self::Calling { .. } => {}
        }
    }

    pub(super) fn deadline(&self) -> Option<(Instant, Timer)> {
        match self {
            Self::Undecided { give_up_at, .. } => Some((*give_up_at, Timer::TransferUndecided)),
            Self::Idle | Self::Calling { .. } => None,
        }
    }

    /// Takes an undecided transfer out; any other stays.
    fn take(&mut self) -> Self {
        match self {
            Self::Undecided { .. } => std::mem::take(self),
            Self::Idle | Self::Calling { .. } => Self::Idle,
        }
    }
}

impl Subscription {
    fn notify(
        &mut self,
        ctx: &mut Context,
        call: CallId,
        dialog: &mut Dialog,
        state: Substate<'_>,
        status: u16,
        phrase: &str,
    ) {
        if self.silent || !ctx.connected {
            return;
        }
        let is_over = state == Substate::Terminated;
        let left = self.expires_at.since(ctx.now).as_secs().max(1);
        let state = SubscriptionState {
            state,
            reason: is_over.then_some(if status == 603 { "rejected" } else { "noresource" }),
            expires: u32::try_from(left).ok().filter(|_| !is_over),
            retry_after: None,
        };
        let mut notify = dialog.request(Method::NOTIFY);
        let mut event = String::from("refer;id=");
        event.push_str(&self.id.to_string());
        let headers = &mut notify.headers;
        headers.push("Contact", ctx.dialog_contact());
        headers.push("Event", event);
        headers.push("Subscription-State", state.value());
        headers.push("User-Agent", &*ctx.config.user_agent);
        headers.push("Content-Type", "message/sipfrag;version=2.0");
        let fragment = ["SIP/2.0 ", &status.to_string(), " ", phrase, "\r\n"];
        notify.body = fragment.concat().into_bytes();
        ctx.send(notify, Owner::InDialog(call, Errand::Notify));
    }
}

/// The request URI of the call that a Refer-To asks for; `None` if calls cannot go there.
fn call_uri(refer_to: &ReferTo<'_>, domain: &str) -> Option<String> {
    let target = refer_to.target();
    let uri = Uri::parse(&target)?;
    if uri.scheme.eq_ignore_ascii_case("tel") {
        return request_uri(&target, domain);
    }
    let is_sip = uri.scheme.eq_ignore_ascii_case("sip") || uri.scheme.eq_ignore_ascii_case("sips");
    is_sip.then_some(target)
}

/// Whether an unescaped Replaces can stand in a header of ours.
fn is_sound(replaces: &str) -> bool {
    !replaces.bytes().any(|b| b.is_ascii_control()) && Replaces::parse(replaces).is_some()
}
