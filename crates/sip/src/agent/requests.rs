//! Requests: which dialog they belong to, or what they begin.

use super::{MAX_CALLS, UserAgent};
use crate::call::{Call, replaced, session_interval};
use crate::context::{ALLOW, ALLOW_EVENTS, Context, SUPPORTED, is_known};
use crate::input::CallId;
use crate::message::{Method, NameAddr, Request, Response, Uri, split_list};
use crate::transaction::{Acknowledged, Received, ServerId};

impl UserAgent {
    pub(super) fn request(&mut self, request: &Request) {
        if request.method == Method::ACK {
            if self.ctx.servers.acknowledge(request) == Acknowledged::Unknown
                && let Some((_, call)) = self.calls.iter_mut().find(|(_, call)| call.owns(request))
            {
                call.acknowledged(&mut self.ctx, request);
            }
            return;
        }
        let to_tag = self.ctx.rng.token();
        let server = match self.ctx.servers.receive(self.ctx.now, request, to_tag) {
            Received::New(server) => server,
            Received::Repeated(again) => {
                self.ctx.counters.repeated += 1;
                again.into_iter().for_each(|bytes| self.ctx.transmit(bytes));
                return;
            }
            Received::Full => {
                self.ctx.counters.overload += 1;
                let response = Response::to(request, 503, "Service Unavailable", None);
                return self.ctx.transmit(response.to_bytes());
            }
        };
        if request.method == Method::CANCEL {
            return self.cancel(server, request);
        }
        let in_dialog = request
            .headers
            .get("To")
            .and_then(NameAddr::parse)
            .is_some_and(|to| to.tag().is_some());
        if !in_dialog {
            return self.request_outside_dialogs(server, request);
        }
        // Whoever says BYE is gone, whatever they require.
        if request.method != Method::BYE && refuse_extensions(&mut self.ctx, server, request) {
            return;
        }
        match self.calls.iter_mut().find(|(_, call)| call.owns(request)) {
            Some((_, call)) => call.request(&mut self.ctx, server, request),
            None if self.subscriptions.request(&mut self.ctx, server, request) => {}
            None => self.ctx.respond(server, 481, "Call/Transaction Does Not Exist"),
        }
    }

    fn cancel(&mut self, server: ServerId, cancel: &Request) {
        let Some((invite, to_tag)) = self.ctx.servers.cancelled(cancel) else {
            return self.ctx.respond(server, 481, "Call/Transaction Does Not Exist");
        };
        // Both answers carry the same tag (RFC 3261 section 9.2).
        let to = Response::to(cancel, 200, "OK", Some(to_tag));
        let to = to.headers.get("To").unwrap_or_default().to_owned();
        self.ctx.respond_with(server, 200, "OK", |_, response| response.headers.set("To", to));
        let found = self.calls.iter_mut().find(|(_, call)| call.came_by(invite));
        if let Some((_, call)) = found {
            call.cancelled(&mut self.ctx, cancel);
        }
    }

    fn request_outside_dialogs(&mut self, server: ServerId, request: &Request) {
        let scheme = Uri::parse(&request.uri).map(|uri| uri.scheme.to_ascii_lowercase());
        if !matches!(scheme.as_deref(), Some("sip" | "sips" | "tel")) {
            return self.ctx.respond(server, 416, "Unsupported URI Scheme");
        }
        if refuse_extensions(&mut self.ctx, server, request) {
            return;
        }
        let replaces = match replaced(&self.calls, request) {
            Ok(replaces) => replaces,
            Err((status, phrase)) => return self.ctx.respond(server, status, phrase),
        };
        let ctx = &mut self.ctx;
        if request.method == Method::INVITE {
            self.incoming(server, request, replaces);
        } else if request.method == Method::NOTIFY {
            crate::unsolicited::notified(ctx, server, request);
        } else if [Method::BYE, Method::UPDATE, Method::PRACK, Method::INFO]
            .contains(&request.method)
        {
            ctx.respond(server, 481, "Call/Transaction Does Not Exist");
        } else {
            refuse_method(ctx, server, request);
        }
    }

    fn incoming(&mut self, server: ServerId, invite: &Request, replaces: Option<CallId>) {
        if self.calls.iter().any(|(_, call)| call.is_merged(invite)) {
            return self.ctx.respond(server, 482, "Loop Detected");
        }
        if !invite.body.is_empty() && invite.sdp().is_none() {
            return refuse_body(&mut self.ctx, server);
        }
        if !crate::message::accepts_sdp(&invite.headers) {
            return self.ctx.respond(server, 406, "Not Acceptable");
        }
        if session_interval::is_too_small(&invite.headers) {
            self.ctx.respond_with(server, 422, "Session Interval Too Small", |_, response| {
                session_interval::demand(&mut response.headers);
            });
            return;
        }
        if self.calls.len() >= MAX_CALLS {
            return self.ctx.respond(server, 486, "Busy Here");
        }
        let id = self.new_call();
        if let Some(call) = Call::from(&mut self.ctx, id, server, invite, replaces) {
            self.calls.push((id, call));
        }
    }
}

/// Refuses a request that requires an extension that is not supported (RFC 3261 section 8.2.2.3).
fn refuse_extensions(ctx: &mut Context, server: ServerId, request: &Request) -> bool {
    let required = request.headers.list("Require");
    let unsupported: Vec<&str> = required.filter(|tag| !is_supported(tag)).collect();
    if !unsupported.is_empty() {
        ctx.respond_with(server, 420, "Bad Extension", |_, response| {
            response.headers.push("Unsupported", unsupported.join(", "));
        });
    }
    !unsupported.is_empty()
}

fn is_supported(tag: &str) -> bool {
    split_list(SUPPORTED).any(|known| known.eq_ignore_ascii_case(tag))
}

/// Answers what means the same everywhere, such as OPTIONS (RFC 3261 section 11), and refuses a
/// method that is not handled, or not here.
pub(crate) fn refuse_method(ctx: &mut Context, server: ServerId, request: &Request) {
    let (status, phrase) = match &request.method {
        method if *method == Method::OPTIONS => (200, "OK"),
        #[cfg(feature = "messages")]
        method if *method == Method::MESSAGE => {
            return crate::messaging::receive(ctx, server, request);
        }
        method if *method == Method::NOTIFY => {
            return crate::unsolicited::refuse_notify(ctx, server, request);
        }
        method if *method == Method::INFO => {
            // A call that is not answered takes no signals.
            crate::call::answer_info(ctx, server, request);
            return;
        }
        // Only whoever is on the phone with the user may send them to somebody else.
        method if *method == Method::REFER => return ctx.respond(server, 603, "Decline"),
        method if is_known(method) => (405, "Method Not Allowed"),
        _ => (501, "Not Implemented"),
    };
    ctx.respond_with(server, status, phrase, |_, response| {
        response.headers.push("Allow", ALLOW);
        if status == 200 {
            response.headers.push("Accept", "application/sdp");
            response.headers.push("Supported", SUPPORTED);
            response.headers.push("Allow-Events", ALLOW_EVENTS);
        }
    });
}

/// Refuses a body that is no SDP.
pub(crate) fn refuse_body(ctx: &mut Context, server: ServerId) {
    ctx.respond_with(server, 415, "Unsupported Media Type", |_, response| {
        response.headers.push("Accept", "application/sdp");
    });
}
