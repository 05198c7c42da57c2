//! NOTIFY (RFC 6665 section 4.1.3): it makes the dialog, says how the subscription stands, and
//! brings what was subscribed to.

use super::{Attempt, SOUND_AFTER, State, Subscription, times};
use crate::context::Context;
use crate::dialog::Dialog;
use crate::event::MessageSummary;
#[cfg(feature = "xml-events")]
use crate::event::{DialogInfo, Presence};
use crate::message::{
    Event as EventHeader, MediaType, Method, NameAddr, Request, SubscriptionState as StateHeader,
    Substate,
};
use crate::output::{Event, Notification, Package, SubscriptionState};
use crate::transaction::{Owner, ServerId};
use crate::unsolicited::refuse_notify;
use std::time::Duration;

/// The name of a package in Event, and what its NOTIFYs may bring.
pub(super) fn names(package: Package) -> (&'static str, &'static str) {
    match package {
        Package::MessageSummary => ("message-summary", "application/simple-message-summary"),
        #[cfg(feature = "xml-events")]
        Package::Dialog => ("dialog", "application/dialog-info+xml"),
        #[cfg(feature = "xml-events")]
        Package::Presence => ("presence", "application/pidf+xml"),
    }
}

impl Subscription {
    /// Whether a request is about this subscription, be it from a branch that came too late.
    pub(super) fn is_for(&self, request: &Request) -> bool {
        let (call_id, local_tag) = match &self.state {
            State::Subscribing(attempt) | State::Abandoned(attempt) => {
                (&attempt.call_id, &attempt.tag)
            }
            State::Subscribed { dialog, .. } | State::Leaving { dialog, .. } => {
                (&dialog.call_id, &dialog.local_tag)
            }
            State::Waiting | State::Retrying { .. } | State::Over => return false,
        };
        let to = request.headers.get("To").and_then(NameAddr::parse);
        request.headers.get("Call-ID") == Some(call_id)
            && to.and_then(|to| to.tag()) == Some(local_tag)
    }

    pub(super) fn request(&mut self, ctx: &mut Context, server: ServerId, request: &Request) {
        if request.method != Method::NOTIFY {
            return crate::agent::refuse_method(ctx, server, request);
        }
        let event = request.headers.get("Event").and_then(EventHeader::parse);
        let (package, _) = names(self.package);
        if !event.is_some_and(|e| e.package.eq_ignore_ascii_case(package) && e.id.is_none()) {
            return refuse_notify(ctx, server, request);
        }
        if let State::Subscribed { dialog, .. } | State::Leaving { dialog, .. } = &mut self.state {
            if !dialog.owns(request) {
                // Another branch of a forked SUBSCRIBE: one state is enough (section 4.4.1).
                return ctx.respond(server, 481, "Subscription Does Not Exist");
            }
            if !dialog.accept_number(request) {
                return ctx.respond(server, 500, "Server Internal Error");
            }
        }
        let state = request.headers.get("Subscription-State").and_then(StateHeader::parse);
        let Some(state) = state else {
            return ctx.respond(server, 400, "Bad Subscription-State");
        };
        let notification = match self.read(request) {
            Ok(notification) => notification,
            Err(NotUnderstood::Type) => {
                let (_, accept) = names(self.package);
                ctx.respond_with(server, 415, "Unsupported Media Type", |_, response| {
                    response.headers.push("Accept", accept);
                });
                return;
            }
            Err(NotUnderstood::Content) => return ctx.respond(server, 400, "Bad Body"),
        };
        if !self.join(ctx, request) {
            return ctx.respond(server, 400, "Bad Contact");
        }
        ctx.respond(server, 200, "OK");
        self.follow(ctx, request, &state, notification);
    }

    /// Makes the dialog, or learns where its far end is now; false if the NOTIFY does not say.
    fn join(&mut self, ctx: &Context, notify: &Request) -> bool {
        match &mut self.state {
            State::Subscribing(attempt) => {
                let Some(dialog) = dialog_of(attempt, notify) else { return false };
                let granted = attempt.granted.unwrap_or(self.expires);
                let (refresh_at, expires_at) = times(ctx.now, granted);
                self.state = State::Subscribed { dialog, since: ctx.now, refresh_at, expires_at };
            }
            State::Subscribed { dialog, .. } | State::Leaving { dialog, .. } => {
                dialog.refresh_target(notify);
            }
            State::Waiting | State::Retrying { .. } | State::Abandoned(_) | State::Over => {}
        }
        true
    }

    /// Does what Subscription-State says.
    fn follow(
        &mut self,
        ctx: &mut Context,
        notify: &Request,
        state: &StateHeader<'_>,
        notification: Option<Notification>,
    ) {
        let is_over = state.state == Substate::Terminated;
        match std::mem::replace(&mut self.state, State::Over) {
            State::Abandoned(attempt) if !is_over => {
                if let Some(dialog) = dialog_of(&attempt, notify) {
                    self.state = self.leave(ctx, dialog);
                }
            }
            State::Leaving { dialog, give_up_at } if !is_over => {
                self.state = State::Leaving { dialog, give_up_at };
            }
            State::Abandoned(_) | State::Leaving { .. } => {
                ctx.clients.forget_all_of(Owner::Subscription(self.id));
            }
            State::Subscribed { dialog, since, mut refresh_at, mut expires_at } => {
                if let Some(granted) = state.expires.filter(|_| !is_over) {
                    (refresh_at, expires_at) = times(ctx.now, granted);
                }
                self.state = State::Subscribed { dialog, since, refresh_at, expires_at };
                self.tell(ctx, state, notification);
            }
            other @ (State::Waiting
            | State::Subscribing(_)
            | State::Retrying { .. }
            | State::Over) => self.state = other,
        }
    }

    fn tell(
        &mut self,
        ctx: &mut Context,
        state: &StateHeader<'_>,
        notification: Option<Notification>,
    ) {
        match state.state {
            Substate::Active | Substate::Other(_) => self.show(ctx, SubscriptionState::Active),
            Substate::Pending => self.show(ctx, SubscriptionState::Pending),
            Substate::Terminated => {}
        }
        if let Some(notification) = notification {
            let subscription = Some(self.id);
            ctx.event(Event::Notification { subscription, notification });
        }
        if state.state == Substate::Terminated {
            self.terminated(ctx, state);
        }
    }

    /// The far end has ended it; its reason says what to do (RFC 6665 section 4.1.3).
    fn terminated(&mut self, ctx: &mut Context, state: &StateHeader<'_>) {
        if let State::Subscribed { since, .. } = self.state
            && ctx.now.since(since) >= SOUND_AFTER
        {
            self.failures = 0;
        }
        let reason = state.reason.unwrap_or_default();
        let is = |names: &[&str]| names.iter().any(|name| reason.eq_ignore_ascii_case(name));
        if is(&["rejected", "noresource", "invariant"]) {
            return self.end(ctx, None);
        }
        let at_once = is(&["deactivated", "timeout"]) && self.failures == 0;
        self.failures += 1;
        if at_once {
            return self.subscribe(ctx);
        }
        let asked = Duration::from_secs(state.retry_after.unwrap_or(0).into());
        let pause = self.back_off(ctx).max(asked);
        self.retry(ctx, pause);
    }

    fn read(&self, notify: &Request) -> Result<Option<Notification>, NotUnderstood> {
        if notify.body.is_empty() {
            return Ok(None);
        }
        let (_, accept) = names(self.package);
        let media_type = notify.headers.get("Content-Type").and_then(MediaType::parse);
        let (kind, subtype) = accept.split_once('/').unwrap_or_default();
        if !media_type.is_some_and(|media_type| media_type.is(kind, subtype)) {
            return Err(NotUnderstood::Type);
        }
        let body = &notify.body;
        let notification = match self.package {
            Package::MessageSummary => MessageSummary::parse(body).map(Notification::Messages),
            #[cfg(feature = "xml-events")]
            Package::Dialog => DialogInfo::parse(body).map(Notification::Dialogs),
            #[cfg(feature = "xml-events")]
            Package::Presence => Presence::parse(body).map(Notification::Presence),
        };
        notification.map(Some).ok_or(NotUnderstood::Content)
    }
}

/// Why the body of a NOTIFY brings nothing.
enum NotUnderstood {
    Type,
    Content,
}

/// The dialog that a NOTIFY makes for a SUBSCRIBE; `None` if it makes none.
fn dialog_of(attempt: &Attempt, notify: &Request) -> Option<Dialog> {
    let dialog = Dialog::of_callee(notify, &attempt.tag)?;
    let local = notify.headers.get("To")?.to_owned();
    Some(Dialog { local, local_cseq: attempt.number, ..dialog })
}
