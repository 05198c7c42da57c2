//! The user agent.

mod commands;
mod handover;
mod requests;
mod responses;
mod transfers;

use crate::call::Call;
use crate::config::Config;
use crate::context::Context;
use crate::counters::Counters;
use crate::input::{CallId, Input, MediaResult, MessageId, OpId, SubscriptionId};
use crate::keepalive::KeepAlive;
use crate::message::{self, Message};
#[cfg(feature = "messages")]
use crate::messaging::Messages;
use crate::output::Output;
use crate::registration::Registration;
use crate::subscription::Subscriptions;
use crate::time::Instant;
use crate::timer::Timer;
use crate::trace::{TraceEntry, TraceKind};
use crate::transaction::{Errand, Owner};
pub(crate) use requests::{refuse_body, refuse_method};

/// The most calls at once, those being wound up included.
pub const MAX_CALLS: usize = 32;

/// One user at one server.
pub struct UserAgent {
    ctx: Context,
    registration: Registration,
    keepalive: KeepAlive,
    /// In order of their numbers. Few, so that searching beats a map, in time and in wasm.
    calls: Vec<(CallId, Call)>,
    #[cfg(feature = "messages")]
    messages: Messages,
    subscriptions: Subscriptions,
    numbers: Numbers,
}

/// The numbers that an agent has given out: of calls, media operations, subscriptions, messages.
/// A driver that outlives one agent has the next one go on from there, so that no number ever
/// means two things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    call: u32,
    op: u32,
    subscription: u32,
    message: u32,
}

impl UserAgent {
    /// An agent that has done nothing yet. `seed` must be random and secret: Call-IDs, tags and
    /// client nonces come from it.
    pub fn new(config: Config, seed: [u8; 32]) -> Self {
        let mut ctx = Context::new(config, seed);
        let registration = Registration::new(&mut ctx);
        let keepalive = KeepAlive::default();
        Self {
            ctx,
            registration,
            keepalive,
            calls: Vec::new(),
            #[cfg(feature = "messages")]
            messages: Messages::default(),
            subscriptions: Subscriptions::default(),
            numbers: Numbers::default(),
        }
    }

    /// Has this agent, which has done nothing yet, go on from another one's numbers.
    #[must_use]
    pub fn after(mut self, numbers: Numbers) -> Self {
        self.ctx.last_op = numbers.op;
        self.numbers = numbers;
        self
    }

    /// The numbers given out so far.
    pub fn numbers(&self) -> Numbers {
        Numbers { op: self.ctx.last_op, ..self.numbers }
    }

    /// A name for a call that is about to be made with [`crate::Command::Invite`].
    pub fn new_call(&mut self) -> CallId {
        self.numbers.call += 1;
        CallId(self.numbers.call)
    }

    /// A name for a subscription that is about to be made with [`crate::Command::Subscribe`].
    pub fn new_subscription(&mut self) -> SubscriptionId {
        self.numbers.subscription += 1;
        SubscriptionId(self.numbers.subscription)
    }

    /// A name for a message that is about to be sent with [`crate::Command::SendMessage`].
    pub fn new_message(&mut self) -> MessageId {
        self.numbers.message += 1;
        MessageId(self.numbers.message)
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
        self.report_transfers();
        self.recover();
        self.forget_ended();
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
            self.subscriptions.deadline(),
        ];
        calls.chain(others.into_iter().flatten()).min_by_key(|(at, _)| *at)
    }

    /// How many transactions and calls there are, those being wound up included, and subscriptions
    /// that are; keep-alives are left out. A quiet agent has none; tests hold it to that.
    pub fn load(&self) -> usize {
        let winding_up = self.subscriptions.leaving();
        self.ctx.clients.len() + self.ctx.servers.len() + self.calls.len() + winding_up
    }

    /// What has been counted since this agent was made.
    pub fn counters(&self) -> Counters {
        self.ctx.counters
    }

    /// The latest messages and changes of state, oldest first, as many as fit into
    /// [`Config::trace_bytes`].
    pub fn trace(&self) -> impl Iterator<Item = TraceEntry> {
        self.trace_since(0)
    }

    /// The same without what was there when [`UserAgent::traced`] said so.
    pub fn trace_since(&self, traced: u64) -> impl Iterator<Item = TraceEntry> {
        self.ctx.trace.since(traced)
    }

    /// How many entries the trace has had, those that were dropped for newer ones included.
    pub fn traced(&self) -> u64 {
        self.ctx.trace.count()
    }

    fn connected(&mut self) {
        if self.ctx.connected {
            self.disconnected();
        }
        self.ctx.connected = true;
        self.ctx.note("socket", "is open");
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
        self.ctx.note("socket", "is gone");
        self.keepalive.disconnected();
        self.registration.disconnected(&mut self.ctx);
        #[cfg(feature = "messages")]
        self.messages.disconnected(&mut self.ctx);
        self.subscriptions.disconnected(&mut self.ctx);
        // Calls keep what they shall take up again on the next socket.
        self.calls.iter_mut().for_each(|(_, call)| call.disconnected(&mut self.ctx));
        self.ctx.clients.clear();
        self.ctx.servers.clear();
    }

    /// Once there is a way to us again, the calls that lost theirs are negotiated anew, and what
    /// is to be subscribed to is.
    fn recover(&mut self) {
        if self.ctx.connected && self.registration.is_settled() {
            self.calls.iter_mut().for_each(|(_, call)| call.recover(&mut self.ctx));
            self.subscriptions.start(&mut self.ctx);
        }
    }

    fn forget_ended(&mut self) {
        self.subscriptions.forget_ended();
        let Self { calls, ctx, .. } = self;
        calls.retain(|(id, call)| {
            if call.is_terminated() {
                let owner = Owner::InDialog(*id, Errand::Reinvite);
                ctx.clients.leave(ctx.now, owner);
            }
            !call.is_terminated()
        });
    }

    fn timeout(&mut self) {
        for bytes in self.ctx.servers.expire(self.ctx.now) {
            self.ctx.transmit(bytes);
        }
        for expired in self.ctx.clients.expire(self.ctx.now) {
            self.unanswered(expired);
        }
        self.registration.timeout(&mut self.ctx);
        if self.keepalive.timeout(&mut self.ctx) {
            self.registration.refresh(&mut self.ctx);
        }
        self.subscriptions.timeout(&mut self.ctx);
        self.calls.iter_mut().for_each(|(_, call)| call.timeout(&mut self.ctx));
    }

    fn media(&mut self, op: OpId, result: MediaResult) {
        // Operation numbers are unique, so at most one call knows this one.
        let mut replaced = None;
        for (id, call) in &mut self.calls {
            let replaces = call.replaces();
            call.media(&mut self.ctx, op, result.clone());
            replaced = replaced.or(replaces.filter(|_| call.is_answered()).map(|old| (old, *id)));
        }
        if let Some((old, by)) = replaced
            && let Some(call) = find(&mut self.calls, old)
        {
            call.replaced(&mut self.ctx, by);
        }
    }

    fn received(&mut self, bytes: &[u8]) {
        if !self.ctx.connected {
            return;
        }
        self.ctx.counters.received += 1;
        if self.keepalive.receive(&mut self.ctx, bytes) {
            return;
        }
        self.ctx.trace.message(self.ctx.now, TraceKind::Received, bytes);
        match message::parse(bytes) {
            Ok(Message::Request(request)) => self.request(&request),
            // Another Via below ours: it is somebody else's (RFC 3261 section 8.1.3.3).
            Ok(Message::Response(r)) if r.headers.list("Via").nth(1).is_some() => {
                self.ctx.reject("a response to somebody else");
            }
            Ok(Message::Response(response)) => self.response(&response),
            Err(error) => {
                self.ctx.reject(&error.words().concat());
                let to_tag = self.ctx.rng.token();
                if let Some(refusal) = message::refusal(bytes, error, &to_tag) {
                    self.ctx.transmit(refusal.to_bytes());
                }
            }
        }
    }
}

fn find(calls: &mut [(CallId, Call)], id: CallId) -> Option<&mut Call> {
    calls.iter_mut().find(|(known, _)| *known == id).map(|(_, call)| call)
}
