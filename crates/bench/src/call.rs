//! A whole call, INVITE to BYE, between two agents on one wire.

use ringlet_sip::{Command, Event, Input, Instant, Output, UserAgent};
use ringlet_testkit::{ANSWER, config};
use std::time::Duration;

/// Two agents; what one sends, the other receives.
pub struct Pair {
    agents: [UserAgent; 2],
    now: Instant,
    /// Inputs that have not been given yet, and to whom.
    queue: Vec<(usize, Input)>,
    ended: usize,
}

impl Pair {
    /// Two agents with open sockets, unregistered.
    pub fn new() -> Self {
        let agents = [1, 2].map(|seed| UserAgent::new(config(), [seed; 32]));
        let now = Instant::from_millis(1_000_000);
        let mut pair = Self { agents, now, queue: Vec::new(), ended: 0 };
        for agent in 0..2 {
            pair.input(agent, Input::Connected);
        }
        pair.settle();
        pair
    }

    /// One call: the first agent calls, the second answers, the first hangs up, and time passes
    /// until neither remembers it. Returns whether that is so.
    pub fn call(&mut self) -> bool {
        self.ended = 0;
        let call = self.agents[0].new_call();
        let target = String::from("bob");
        self.input(0, Input::Command(Command::Invite { call, target, caller_id: None }));
        self.settle();
        self.input(0, Input::Command(Command::Hangup(call)));
        self.settle();
        self.now = self.now + Duration::from_secs(40);
        for agent in 0..2 {
            self.input(agent, Input::Timeout);
        }
        self.settle();
        self.ended == 2 && self.agents.iter().all(|agent| agent.load() == 0)
    }

    fn settle(&mut self) {
        while let Some((agent, input)) = self.queue.pop() {
            self.input(agent, input);
        }
    }

    fn input(&mut self, agent: usize, input: Input) {
        self.agents[agent].handle(self.now, input);
        while let Some(output) = self.agents[agent].poll() {
            // A ping is answered by a pong (RFC 7118 section 6); everything else is the call's.
            if let Output::Transmit(bytes) = output {
                match bytes.as_slice() {
                    b"\r\n\r\n" => self.queue.insert(0, (agent, Input::Received(b"\r\n".into()))),
                    _ => self.queue.insert(0, (1 - agent, Input::Received(bytes))),
                }
            } else if let Output::Media(op, ..) = output {
                self.queue.insert(0, (agent, Input::Media(op, Ok(ANSWER.into()))));
            } else if let Output::Event(Event::Incoming { call, .. }) = output {
                self.queue.insert(0, (agent, Input::Command(Command::Answer(call))));
            } else if let Output::Event(Event::Ended(..)) = output {
                self.ended += 1;
            }
        }
    }
}

impl Default for Pair {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_end_on_both_sides_and_leave_nothing() {
        let mut pair = Pair::new();
        for _ in 0..50 {
            assert!(pair.call());
        }
    }
}
