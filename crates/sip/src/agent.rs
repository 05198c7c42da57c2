//! The user agent.

use crate::call::Call;
use crate::config::Config;
use crate::context::{ALLOW, Context, SUPPORTED, is_known};
use crate::input::{CallId, Command, Input, MediaResult, OpId};
use crate::keepalive::KeepAlive;
use crate::message::{self, Message, Method, NameAddr, Request, Response, Uri};
use crate::output::Output;
use crate::reason::EndReason;
use crate::registration::Registration;
use crate::target::request_uri;
use crate::time::Instant;
use crate::timer::Timer;
use crate::transaction::{Acknowledged, Expired, Owner, Received, ServerId};

/// The most calls at once, those being wound up included.
pub const MAX_CALLS: usize = 32;

/// One user at one server.
pub struct UserAgent {
    ctx: Context,
    registration: Registration,
    keepalive: KeepAlive,
    /// In order of their numbers. Few, so that searching beats a map, in time and in wasm.
    calls: Vec<(CallId, Call)>,
    last_call: u32,
}

impl UserAgent {
    /// An agent that has done nothing yet. `seed` must be random and secret: Call-IDs, tags and
    /// client nonces come from it.
    pub fn new(config: Config, seed: [u8; 32]) -> Self {
        let mut ctx = Context::new(config, seed);
        let registration = Registration::new(&mut ctx);
        let keepalive = KeepAlive::default();
        Self { ctx, registration, keepalive, calls: Vec::new(), last_call: 0 }
    }

    /// A name for a call that is about to be made with [`Command::Invite`].
    pub fn new_call(&mut self) -> CallId {
        self.last_call += 1;
        CallId(self.last_call)
    }

    /// Takes one input. Drain [`UserAgent::poll`] before the next one.
    pub fn handle(&mut self, now: Instant, input: Input) {
        self.ctx.now = self.ctx.now.max(now);
        match input {
            Input::Connected => self.connected(),
            Input::Received(bytes) => self.received(&bytes),
            Input::Disconnected => self.disconnected(),
            Input::Timeout => self.timeout(),
            Input::Command(command) => self.command(command),
            Input::Media(op, result) => self.media(op, result),
        }
        self.calls.retain(|(_, call)| !call.is_terminated());
    }

    /// The next thing to do or to know; `None` when there is nothing left.
    pub fn poll(&mut self) -> Option<Output> {
        self.ctx.poll()
    }

    /// When [`Input::Timeout`] is wanted, and why. Ask again after every input.
    pub fn poll_timeout(&self) -> Option<(Instant, Timer)> {
        let calls = self.calls.iter().filter_map(|(_, call)| call.deadline());
        let others = [
            self.ctx.clients.deadline(),
            self.ctx.servers.deadline(),
            self.registration.deadline(),
            self.keepalive.deadline(),
        ];
        calls.chain(others.into_iter().flatten()).min_by_key(|(at, _)| *at)
    }

    /// How many transactions and calls there are, those being wound up included. A quiet agent
    /// has none; tests hold it to that.
    pub fn load(&self) -> usize {
        self.ctx.clients.len() + self.ctx.servers.len() + self.calls.len()
    }

    fn connected(&mut self) {
        if self.ctx.connected {
            self.disconnected();
        }
        self.ctx.connected = true;
        self.keepalive.connected(&mut self.ctx);
        self.registration.connected(&mut self.ctx);
        for (id, call) in &mut self.calls {
            call.connected(&mut self.ctx, *id);
        }
    }

    fn disconnected(&mut self) {
        if !self.ctx.connected {
            return;
        }
        self.ctx.connected = false;
        self.ctx.clients.clear();
        self.ctx.servers.clear();
        self.keepalive.disconnected();
        self.registration.disconnected(&mut self.ctx);
        self.calls.iter_mut().for_each(|(_, call)| call.disconnected(&mut self.ctx));
    }

    fn timeout(&mut self) {
        for bytes in self.ctx.servers.expire(self.ctx.now) {
            self.ctx.transmit(bytes);
        }
        for Expired { owner } in self.ctx.clients.expire(self.ctx.now) {
            match owner {
                Owner::Registration => self.registration.request_timeout(&mut self.ctx),
                Owner::Invite(id) => {
                    if let Some(call) = find(&mut self.calls, id) {
                        call.invite_timeout(&mut self.ctx);
                    }
                }
                Owner::Bye(id) => {
                    if let Some(call) = find(&mut self.calls, id) {
                        call.bye_done(&mut self.ctx, id, None);
                    }
                }
                Owner::Cancel | Owner::LateBranch => {}
            }
        }
        self.registration.timeout(&mut self.ctx);
        self.keepalive.timeout(&mut self.ctx);
        self.calls.iter_mut().for_each(|(_, call)| call.timeout(&mut self.ctx));
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Register => self.registration.register(&mut self.ctx),
            Command::Unregister => self.registration.unregister(&mut self.ctx),
            Command::Invite { call, target, caller_id } => self.invite(call, &target, caller_id),
            Command::Answer(id) => {
                if let Some(call) = find(&mut self.calls, id) {
                    call.answer(&mut self.ctx);
                }
            }
            Command::Reject(id, refusal) => {
                if let Some(call) = find(&mut self.calls, id) {
                    call.reject(&mut self.ctx, refusal);
                }
            }
            Command::Hangup(id) => {
                if let Some(call) = find(&mut self.calls, id) {
                    call.hangup(&mut self.ctx);
                }
            }
            Command::Leave => {
                self.calls.iter_mut().for_each(|(_, call)| call.leave(&mut self.ctx));
                self.registration.leave(&mut self.ctx);
            }
        }
    }

    fn invite(&mut self, id: CallId, target: &str, caller_id: Option<String>) {
        if self.calls.iter().any(|(known, _)| *known == id) {
            return;
        }
        if !self.ctx.connected {
            return self.ctx.ended(id, EndReason::ConnectionLost);
        }
        if self.calls.len() >= MAX_CALLS {
            return self.ctx.ended(id, EndReason::Failed);
        }
        match request_uri(target, &self.ctx.config.domain) {
            Some(uri) => {
                let call = Call::to(&mut self.ctx, id, uri, caller_id);
                self.calls.push((id, call));
            }
            None => self.ctx.ended(id, EndReason::NotFound),
        }
    }

    fn media(&mut self, op: OpId, result: MediaResult) {
        // Operation numbers are unique, so at most one call knows this one.
        for (_, call) in &mut self.calls {
            call.media(&mut self.ctx, op, result.clone());
        }
    }

    fn received(&mut self, bytes: &[u8]) {
        if !self.ctx.connected || self.keepalive.receive(&mut self.ctx, bytes) {
            return;
        }
        match message::parse(bytes) {
            Ok(Message::Request(request)) => self.request(&request),
            Ok(Message::Response(response)) => self.response(&response),
            // There is nobody to complain to.
            Err(_) => {}
        }
    }

    fn response(&mut self, response: &Response) {
        let Some(outcome) = self.ctx.clients.receive(self.ctx.now, response) else { return };
        if let Some(ack) = outcome.ack {
            self.ctx.transmit(ack.to_bytes());
        }
        let ended = outcome.ended;
        match outcome.owner {
            Owner::Registration => {
                self.registration.receive(&mut self.ctx, response, ended);
                if (200..300).contains(&response.status) {
                    let flow_timer = response.headers.seconds("Flow-Timer");
                    self.keepalive.set_flow_timer(&mut self.ctx, flow_timer);
                }
            }
            Owner::Invite(id) => match find(&mut self.calls, id) {
                Some(call) => call.invite_response(&mut self.ctx, outcome.id, response, ended),
                None if (200..300).contains(&response.status) => {
                    crate::call::decline_branch(&mut self.ctx, outcome.id, response);
                }
                None => {}
            },
            Owner::Bye(id) => {
                if let (Some(call), Some(ended)) = (find(&mut self.calls, id), ended) {
                    let challenged = matches!(response.status, 401 | 407);
                    let challenged = challenged.then_some((response, ended));
                    call.bye_done(&mut self.ctx, id, challenged);
                }
            }
            Owner::LateBranch => {
                if let (401 | 407, Some(ended)) = (response.status, ended) {
                    // A refusal leaves nothing to do: the far end will miss its media.
                    let _ = self.ctx.answer_challenge(ended, response, Owner::LateBranch);
                }
            }
            Owner::Cancel => {}
        }
    }

    fn request(&mut self, request: &Request) {
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
                again.into_iter().for_each(|bytes| self.ctx.transmit(bytes));
                return;
            }
            Received::Full => {
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
        match self.calls.iter_mut().find(|(_, call)| call.owns(request)) {
            Some((_, call)) => call.request(&mut self.ctx, server, request),
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
        let ctx = &mut self.ctx;
        let scheme = Uri::parse(&request.uri).map(|uri| uri.scheme.to_ascii_lowercase());
        let unsupported: Vec<&str> = request
            .headers
            .list("Require")
            .filter(|tag| !tag.eq_ignore_ascii_case(SUPPORTED))
            .collect();
        if !matches!(scheme.as_deref(), Some("sip" | "sips" | "tel")) {
            ctx.respond(server, 416, "Unsupported URI Scheme");
        } else if !unsupported.is_empty() {
            ctx.respond_with(server, 420, "Bad Extension", |_, response| {
                response.headers.push("Unsupported", unsupported.join(", "));
            });
        } else if request.method == Method::INVITE {
            self.incoming(server, request);
        } else if request.method == Method::BYE || request.method == Method::UPDATE {
            ctx.respond(server, 481, "Call/Transaction Does Not Exist");
        } else {
            refuse_method(ctx, server, request);
        }
    }

    fn incoming(&mut self, server: ServerId, invite: &Request) {
        if self.calls.iter().any(|(_, call)| call.is_merged(invite)) {
            return self.ctx.respond(server, 482, "Loop Detected");
        }
        if !invite.body.is_empty() && invite.sdp().is_none() {
            return refuse_body(&mut self.ctx, server);
        }
        if self.calls.len() >= MAX_CALLS {
            return self.ctx.respond(server, 486, "Busy Here");
        }
        let id = self.new_call();
        if let Some(call) = Call::from(&mut self.ctx, id, server, invite) {
            self.calls.push((id, call));
        }
    }
}

fn find(calls: &mut [(CallId, Call)], id: CallId) -> Option<&mut Call> {
    calls.iter_mut().find(|(known, _)| *known == id).map(|(_, call)| call)
}

/// Answers OPTIONS (RFC 3261 section 11), and refuses a method that is not handled.
pub(crate) fn refuse_method(ctx: &mut Context, server: ServerId, request: &Request) {
    let (status, phrase) = match &request.method {
        method if *method == Method::OPTIONS => (200, "OK"),
        method if is_known(method) => (405, "Method Not Allowed"),
        _ => (501, "Not Implemented"),
    };
    ctx.respond_with(server, status, phrase, |_, response| {
        response.headers.push("Allow", ALLOW);
        if status == 200 {
            response.headers.push("Accept", "application/sdp");
            response.headers.push("Supported", SUPPORTED);
        }
    });
}

/// Refuses a body that is no SDP.
pub(crate) fn refuse_body(ctx: &mut Context, server: ServerId) {
    ctx.respond_with(server, 415, "Unsupported Media Type", |_, response| {
        response.headers.push("Accept", "application/sdp");
    });
}
