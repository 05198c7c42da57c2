//! The user agent of the current sign-in, fed one input at a time.

use ringlet_sip::{
    CallId, Command, Config, Counters, Input, Instant, MediaResult, Numbers, OpId, Output,
    TraceEntry, UserAgent,
};
use std::collections::VecDeque;

/// A [`UserAgent`] whose invariant is kept for its callers: inputs wait until every output of the
/// one before has been taken. Without an agent, inputs are dropped.
#[derive(Default)]
pub(crate) struct Agent {
    agent: Option<UserAgent>,
    inbox: VecDeque<Input>,
    /// Ids already issued by previous agents: media work and calls outlive them.
    issued: Numbers,
    /// How many entries of the trace were logged.
    logged: u64,
}

impl Agent {
    /// Replaces the agent.
    pub(crate) fn start(&mut self, config: Config, seed: [u8; 32]) {
        self.stop();
        self.agent = Some(UserAgent::new(config, seed).after(self.issued));
    }

    /// Drops the agent and whatever it was still to be told.
    pub(crate) fn stop(&mut self) {
        if let Some(agent) = self.agent.take() {
            self.issued = agent.numbers();
        }
        self.inbox.clear();
        self.logged = 0;
    }

    /// An id for a new call; `None` without an agent.
    pub(crate) fn new_call(&mut self) -> Option<CallId> {
        self.agent.as_mut().map(UserAgent::new_call)
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.feed(Input::Command(command));
    }

    /// Hands over the result of media work.
    pub(crate) fn media(&mut self, op: OpId, result: MediaResult) {
        self.feed(Input::Media(op, result));
    }

    pub(crate) fn connected(&mut self) {
        self.feed(Input::Connected);
    }

    pub(crate) fn disconnected(&mut self) {
        self.feed(Input::Disconnected);
    }

    pub(crate) fn received(&mut self, message: Vec<u8>) {
        self.feed(Input::Received(message));
    }

    /// Wakes the agent if its deadline has been reached.
    pub(crate) fn timeout(&mut self, now: Instant) {
        if self.deadline().is_some_and(|at| at <= now) {
            self.feed(Input::Timeout);
        }
    }

    /// The next output; `None` once every input has been handled.
    pub(crate) fn next(&mut self, now: Instant) -> Option<Output> {
        let agent = self.agent.as_mut()?;
        loop {
            if let Some(output) = agent.poll() {
                return Some(output);
            }
            agent.handle(now, self.inbox.pop_front()?);
        }
    }

    /// The trace, oldest first.
    pub(crate) fn trace(&self) -> impl Iterator<Item = TraceEntry> {
        self.agent.iter().flat_map(UserAgent::trace)
    }

    /// The entries of the trace that are new since the last call, as far as they are still kept.
    pub(crate) fn unlogged(&mut self) -> impl Iterator<Item = TraceEntry> {
        let traced = self.agent.as_ref().map_or(0, UserAgent::traced);
        let logged = std::mem::replace(&mut self.logged, traced);
        self.agent.iter().flat_map(move |agent| agent.trace_since(logged))
    }

    pub(crate) fn counters(&self) -> Counters {
        self.agent.as_ref().map(UserAgent::counters).unwrap_or_default()
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.agent.as_ref()?.poll_timeout().map(|(at, _)| at)
    }

    fn feed(&mut self, input: Input) {
        if self.agent.is_some() {
            self.inbox.push_back(input);
        }
    }
}
