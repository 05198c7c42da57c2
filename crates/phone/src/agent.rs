//! The user agent of one sign-in, fed one input at a time.

use ringlet_sip::{
    CallId, Command, Config, Event, Input, Instant, MediaResult, OpId, Output, UserAgent,
};
use std::collections::VecDeque;

/// A [`UserAgent`] whose invariant is kept for its callers: what they tell it waits until
/// everything it has said before has been taken.
///
/// Every agent counts its calls and operations from the beginning, but the media side outlives
/// agents; so the numbers are shifted past those of all agents before.
pub(crate) struct Agent {
    agent: UserAgent,
    inbox: VecDeque<Input>,
    shift: Numbers,
    highest: Numbers,
}

/// Numbers of calls and of media operations.
#[derive(Clone, Copy, Default)]
pub(crate) struct Numbers {
    call: u32,
    op: u32,
}

impl Agent {
    /// A new agent whose numbers follow `taken`.
    pub(crate) fn new(config: Config, seed: [u8; 32], taken: Numbers) -> Self {
        // One apart, because an agent may count from zero.
        let shift = Numbers { call: taken.call + 1, op: taken.op + 1 };
        Self { agent: UserAgent::new(config, seed), inbox: VecDeque::new(), shift, highest: shift }
    }

    /// The numbers used so far.
    pub(crate) fn taken(&self) -> Numbers {
        self.highest
    }

    /// Begins a call to `target`.
    pub(crate) fn invite(&mut self, target: String, caller_id: Option<String>) -> CallId {
        let call = self.agent.new_call();
        self.inbox.push_back(Input::Command(Command::Invite { call, target, caller_id }));
        self.outer_call(call)
    }

    /// Gives a command; the ids in it are the phone's.
    pub(crate) fn command(&mut self, command: Command) {
        let command = match command {
            Command::Register | Command::Unregister | Command::Leave => command,
            Command::Invite { call, target, caller_id } => {
                Command::Invite { call: self.inner_call(call), target, caller_id }
            }
            Command::Answer(call) => Command::Answer(self.inner_call(call)),
            Command::Reject(call, refusal) => Command::Reject(self.inner_call(call), refusal),
            Command::Hangup(call) => Command::Hangup(self.inner_call(call)),
        };
        self.inbox.push_back(Input::Command(command));
    }

    /// Hands over what media work brought.
    pub(crate) fn media(&mut self, op: OpId, result: MediaResult) {
        self.inbox.push_back(Input::Media(OpId(op.0.saturating_sub(self.shift.op)), result));
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

    /// The next output, with the phone's ids; `None` when all has been fed in and taken out.
    pub(crate) fn next(&mut self, now: Instant) -> Option<Output> {
        loop {
            if let Some(output) = self.agent.poll() {
                return Some(self.outward(output));
            }
            let input = self.inbox.pop_front()?;
            self.agent.handle(now, input);
        }
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.agent.poll_timeout().map(|(at, _)| at)
    }

    fn outward(&mut self, output: Output) -> Output {
        match output {
            Output::Transmit(bytes) => Output::Transmit(bytes),
            Output::Reconnect => Output::Reconnect,
            Output::Media(op, call, request) => {
                let op = OpId(op.0 + self.shift.op);
                self.highest.op = self.highest.op.max(op.0);
                Output::Media(op, self.outer_call(call), request)
            }
            Output::Event(event) => Output::Event(match event {
                Event::Registration(state) => Event::Registration(state),
                Event::Incoming { call, from } => {
                    Event::Incoming { call: self.outer_call(call), from }
                }
                Event::Progress { call, status, early_media } => {
                    Event::Progress { call: self.outer_call(call), status, early_media }
                }
                Event::Answered(call) => Event::Answered(self.outer_call(call)),
                Event::Ended(call, ended) => Event::Ended(self.outer_call(call), ended),
            }),
        }
    }

    fn outer_call(&mut self, call: CallId) -> CallId {
        let call = CallId(call.0 + self.shift.call);
        self.highest.call = self.highest.call.max(call.0);
        call
    }

    fn inner_call(&self, call: CallId) -> CallId {
        CallId(call.0.saturating_sub(self.shift.call))
    }
}
