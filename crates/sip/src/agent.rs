//! The user agent.

use crate::config::Config;
use crate::input::{CallId, Input};
use crate::output::Output;
use crate::time::Instant;
use crate::timer::Timer;
use std::collections::VecDeque;

/// One user at one server.
pub struct UserAgent {
    outputs: VecDeque<Output>,
    next_call: u32,
}

impl UserAgent {
    /// An agent that has done nothing yet. `seed` must be random: Call-IDs, tags and client
    /// nonces come from it.
    pub fn new(_config: Config, _seed: [u8; 32]) -> Self {
        Self { outputs: VecDeque::new(), next_call: 0 }
    }

    /// A name for a call that is about to be made with [`crate::Command::Invite`].
    pub fn new_call(&mut self) -> CallId {
        self.next_call += 1;
        CallId(self.next_call)
    }

    /// Takes one input. Drain [`UserAgent::poll`] before the next one.
    pub fn handle(&mut self, _now: Instant, _input: Input) {}

    /// The next thing to do or to know; `None` when there is nothing left.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Input::Timeout`] is wanted, and why. Ask again after every input.
    pub fn poll_timeout(&self) -> Option<(Instant, Timer)> {
        None
    }
}
