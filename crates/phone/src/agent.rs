//! The user agent of one sign-in, fed one input at a time.

use ringlet_sip::{
    CallId, Command, Config, Counters, Input, Instant, MediaResult, Numbers, OpId, Output,
    TraceEntry, UserAgent,
};
use std::collections::VecDeque;

/// A [`UserAgent`] whose invariant is kept for its callers: what they tell it waits until
/// everything it has said before has been taken.
pub(crate) struct Agent {
    agent: UserAgent,
    inbox: VecDeque<Input>,
    /// How many entries of the trace were logged.
    told: u64,
}

impl Agent {
    /// A new agent whose numbers follow `taken`, for the media side outlives agents.
    pub(crate) fn new(config: Config, seed: [u8; 32], taken: Numbers) -> Self {
        Self { agent: UserAgent::new(config, seed).after(taken), inbox: VecDeque::new(), told: 0 }
    }

    /// The numbers used so far.
    pub(crate) fn taken(&self) -> Numbers {
        self.agent.numbers()
    }

    /// Begins a call to `target`.
    pub(crate) fn invite(&mut self, target: String, caller_id: Option<String>) -> CallId {
        let call = self.new_call();
        self.command(Command::Invite { call, target, caller_id });
        call
    }

    /// A name for a new call.
    pub(crate) fn new_call(&mut self) -> CallId {
        self.agent.new_call()
    }

    /// Gives a command.
    pub(crate) fn command(&mut self, command: Command) {
        self.inbox.push_back(Input::Command(command));
    }

    /// Hands over what media work brought.
    pub(crate) fn media(&mut self, op: OpId, result: MediaResult) {
        self.inbox.push_back(Input::Media(op, result));
    }

    pub(crate) fn connected(&mut self) {
        self.inbox.push_back(Input::Connected);
    }

    pub(crate) fn disconnected(&mut self) {
        self.inbox.push_back(Input::Disconnected);
    }

    pub(crate) fn received(&mut self, message: Vec<u8>) {
        self.inbox.push_back(Input::Received(message));
    }

    pub(crate) fn timeout(&mut self) {
        self.inbox.push_back(Input::Timeout);
    }

    /// The next output; `None` when all has been fed in and taken out.
    pub(crate) fn next(&mut self, now: Instant) -> Option<Output> {
        loop {
            if let Some(output) = self.agent.poll() {
                return Some(output);
            }
            let input = self.inbox.pop_front()?;
            self.agent.handle(now, input);
        }
    }

    /// The trace, oldest first.
    pub(crate) fn trace(&self) -> impl Iterator<Item = &TraceEntry> {
        self.agent.trace()
    }

    /// What has come to the trace since this was called last, as far as it is still there.
    pub(crate) fn untold(&mut self) -> impl Iterator<Item = &TraceEntry> {
        let new = usize::try_from(self.agent.traced() - self.told).unwrap_or(usize::MAX);
        self.told = self.agent.traced();
        let known = self.agent.trace().count();
        self.agent.trace().skip(known.saturating_sub(new))
    }

    pub(crate) fn counters(&self) -> Counters {
        self.agent.counters()
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.agent.poll_timeout().map(|(at, _)| at)
    }
}
