//! NOTIFY that nobody subscribed to.

use crate::context::{ALLOW_EVENTS, Context};
use crate::event::MessageSummary;
use crate::message::{Event as EventHeader, Request};
use crate::output::{Event, Notification};
use crate::transaction::ServerId;

/// NOTIFY outside dialogs. Many servers tell every phone about waiting messages so; anything else
/// is refused.
pub(crate) fn notified(ctx: &mut Context, server: ServerId, notify: &Request) {
    let event = notify.headers.get("Event").and_then(EventHeader::parse);
    if !event.is_some_and(|e| e.package.eq_ignore_ascii_case("message-summary")) {
        return refuse_notify(ctx, server, notify);
    }
    match MessageSummary::parse(&notify.body) {
        Some(summary) => {
            ctx.respond(server, 200, "OK");
            let notification = Notification::Messages(summary);
            ctx.event(Event::Notification { subscription: None, notification });
        }
        None => ctx.respond(server, 400, "Bad Request"),
    }
}

/// Refuses a NOTIFY for which there is no subscription.
pub(crate) fn refuse_notify(ctx: &mut Context, server: ServerId, notify: &Request) {
    let event = notify.headers.get("Event").and_then(EventHeader::parse);
    let known =
        |package: &str| event.is_some_and(|event| event.package.eq_ignore_ascii_case(package));
    if crate::message::split_list(ALLOW_EVENTS).any(known) {
        return ctx.respond(server, 481, "Subscription Does Not Exist");
    }
    ctx.respond_with(server, 489, "Bad Event", |_, response| {
        response.headers.push("Allow-Events", ALLOW_EVENTS);
    });
}
