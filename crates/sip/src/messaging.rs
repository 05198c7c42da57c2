//! Instant messages (RFC 3428).

use crate::auth::Attempts;
use crate::context::Context;
use crate::input::MessageId;
use crate::message::{MediaType, Method, Request, Response};
use crate::output::Event;
use crate::party::caller;
use crate::transaction::{Owner, ServerId};

/// The largest message that is sent, in bytes (RFC 3428 section 8).
const MAX_SENT: usize = 1300;
/// The largest message that is taken, in bytes.
const MAX_TAKEN: usize = 16 * 1024;
/// The most messages that wait for their response; what comes on top is refused with 503.
const MAX_OPEN: usize = 32;

/// The messages whose response is awaited.
#[derive(Default)]
pub(crate) struct Messages {
    open: Vec<MessageId>,
}

impl Messages {
    /// Sends a message to a request URI; `None`: there is none.
    pub(crate) fn send(
        &mut self,
        ctx: &mut Context,
        id: MessageId,
        uri: Option<String>,
        content_type: &str,
        body: Vec<u8>,
    ) {
        if self.open.contains(&id) {
            return;
        }
        let is_type = MediaType::parse(content_type).is_some()
            && !content_type.bytes().any(|b| b.is_ascii_control());
        let uri = match uri {
            _ if !ctx.connected => return done(ctx, id, None),
            None => return done(ctx, id, Some(404)),
            Some(_) if body.len() > MAX_SENT => return done(ctx, id, Some(513)),
            Some(_) if !is_type => return done(ctx, id, Some(415)),
            Some(_) if self.open.len() >= MAX_OPEN => return done(ctx, id, Some(503)),
            Some(uri) => uri,
        };
        let mut message = ctx.standalone(Method::MESSAGE, &uri);
        message.headers.push("Content-Type", content_type);
        message.body = body;
        self.open.push(id);
        ctx.send(message, Owner::Message(id));
    }

    /// A final response.
    pub(crate) fn response(
        &mut self,
        ctx: &mut Context,
        id: MessageId,
        response: &Response,
        ended: (Request, Attempts),
    ) {
        let asked = matches!(response.status, 401 | 407);
        if !(asked && ctx.answer_challenge(ended, response, Owner::Message(id)).is_ok()) {
            self.end(ctx, id, Some(response.status));
        }
    }

    /// Nobody answered.
    pub(crate) fn unanswered(&mut self, ctx: &mut Context, id: MessageId) {
        self.end(ctx, id, None);
    }

    /// The socket is gone. Whether a message arrived is not known, so none is sent twice.
    pub(crate) fn disconnected(&mut self, ctx: &mut Context) {
        std::mem::take(&mut self.open).into_iter().for_each(|id| done(ctx, id, None));
    }

    fn end(&mut self, ctx: &mut Context, id: MessageId, status: Option<u16>) {
        self.open.retain(|open| *open != id);
        done(ctx, id, status);
    }
}

fn done(ctx: &mut Context, message: MessageId, status: Option<u16>) {
    ctx.event(Event::MessageDone { message, status });
}

/// Takes a message, within the dialog of a call or without.
pub(crate) fn receive(ctx: &mut Context, server: ServerId, message: &Request) {
    let content_type = message.headers.get("Content-Type").unwrap_or("text/plain");
    if message.body.len() > MAX_TAKEN {
        return ctx.respond(server, 513, "Message Too Large");
    }
    if MediaType::parse(content_type).is_none() || message.headers.get("Content-Encoding").is_some()
    {
        ctx.respond_with(server, 415, "Unsupported Media Type", |_, response| {
            response.headers.push("Accept", "*/*");
            response.headers.push("Accept-Encoding", "identity");
        });
        return;
    }
    ctx.respond(server, 200, "OK");
    if !message.body.is_empty() {
        let (from, content_type) = (caller(&message.headers), content_type.to_owned());
        ctx.event(Event::Message { from, content_type, body: message.body.clone() });
    }
}
