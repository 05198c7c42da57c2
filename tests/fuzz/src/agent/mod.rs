//! The whole agent: a program of bytes says what comes in, and when.

mod far;
mod program;

use far::Far;
use program::Program;
use ringlet_sip::message::{Message, parse};
use ringlet_sip::{
    CallId, Command, Input, Instant, MediaFailed, MessageId, OpId, Output, Package, Refusal,
    SubscriptionId, UserAgent,
};
use ringlet_testkit::{Watched, config};
use std::collections::VecDeque;
use std::time::Duration;

/// The most steps of a program; the rest of the bytes is left.
const STEPS: usize = 200;
const SECOND: Duration = Duration::from_secs(1);

/// What [`Watched`] holds, whatever comes in; and when all is hung up, everything ends.
pub fn agent(bytes: &[u8]) {
    let mut program = Program::new(bytes);
    let mut driver = Driver::new(program.byte());
    for _ in 0..STEPS {
        if program.is_empty() {
            break;
        }
        driver.step(&mut program);
    }
    driver.end(program.byte());
}

struct Driver {
    now: Instant,
    watched: Watched,
    /// Media work that is not done, and some that is.
    ops: VecDeque<OpId>,
    subscriptions: Vec<SubscriptionId>,
    messages: Vec<MessageId>,
    snapshots: Vec<(Instant, String)>,
    far: Far,
}

impl Driver {
    fn new(options: u8) -> Self {
        let config = ringlet_sip::Config {
            session_interval: Duration::from_secs(if options & 1 == 0 { 1800 } else { 0 }),
            trace_bytes: if options & 2 == 0 { 4096 } else { 0 },
            ..config()
        };
        let mut driver = Self {
            now: Instant::from_millis(1_000_000),
            watched: Watched::new(UserAgent::new(config, [7; 32])),
            ops: VecDeque::new(),
            subscriptions: Vec::new(),
            messages: Vec::new(),
            snapshots: Vec::new(),
            far: Far::default(),
        };
        if options & 4 == 0 {
            driver.input(Input::Connected);
        }
        driver
    }

    fn step(&mut self, program: &mut Program<'_>) {
        match program.byte() % 32 {
            0 => self.input(Input::Connected),
            1 => self.input(Input::Disconnected),
            2..5 => self.pass(Duration::from_millis(20 * u64::from(program.byte()))),
            5 => self.pass(SECOND * u32::from(program.byte())),
            6 => {
                // Asleep: everything is late.
                self.now = self.now + 60 * SECOND * u32::from(program.byte());
                if program.byte() & 1 == 0 {
                    self.input(Input::Timeout);
                }
            }
            7..13 => self.command(program),
            13..17 => self.media(program),
            17..22 => {
                let response = self.far.response(program);
                response.into_iter().for_each(|bytes| self.input(Input::Received(bytes)));
            }
            22..25 => {
                let request = self.far.request(program);
                request.into_iter().for_each(|bytes| self.input(Input::Received(bytes)));
            }
            25..28 => {
                let invite = self.far.invite(program);
                self.input(Input::Received(invite));
            }
            28 => {
                let bytes = program.text();
                self.input(Input::Received(bytes));
            }
            29 => self.input(Input::Received(b"\r\n".to_vec())),
            30 => self.hand_over(program),
            _ => self.input(Input::Timeout),
        }
    }

    fn input(&mut self, input: Input) {
        let outputs = self.watched.input(self.now, input);
        self.take(outputs);
    }

    fn take(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Transmit(bytes) => {
                    if let Ok(message) = parse(&bytes) {
                        self.far.hears(message);
                    }
                }
                Output::Media(op, ..) => self.ops.push_back(op),
                Output::Event(_) | Output::Reconnect(_) => {}
            }
        }
        while self.ops.len() > 64 {
            self.ops.pop_front();
        }
    }

    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some((at, _)) = self.watched.deadline().filter(|(at, _)| *at <= end) {
            self.now = self.now.max(at);
            self.input(Input::Timeout);
        }
        self.now = end;
    }

    fn media(&mut self, program: &mut Program<'_>) {
        let byte = program.byte();
        let op = match self.ops.is_empty() {
            true => OpId(u32::from(byte)),
            false => {
                let at = usize::from(byte >> 3) % self.ops.len();
                // Some results come twice.
                match byte & 4 {
                    0 => self.ops.remove(at).expect("one of those"),
                    _ => self.ops[at],
                }
            }
        };
        let result = match byte & 3 {
            0 => Err(MediaFailed),
            1 => Ok(String::from_utf8_lossy(&program.text()).into_owned()),
            _ => Ok(String::from("v=0\r\nm=audio 9 RTP/AVP 0\r\n")),
        };
        self.input(Input::Media(op, result));
    }

    fn call(&self, program: &mut Program<'_>) -> CallId {
        let live = self.watched.live_calls();
        let byte = usize::from(program.byte());
        match live.get(byte % (live.len() + 1)) {
            Some((call, _)) => *call,
            None => CallId(byte as u32 % 64),
        }
    }

    fn command(&mut self, program: &mut Program<'_>) {
        let command = match program.byte() % 24 {
            0 => Command::Register,
            1 => Command::Unregister,
            2..6 => {
                let call = self.watched.agent().new_call();
                let (target, caller_id) = (self.target(program), program.byte());
                let caller_id = (caller_id & 3 == 0).then(|| program.string());
                Command::Invite { call, target, caller_id }
            }
            6..9 => Command::Answer(self.call(program)),
            9 => Command::Reject(self.call(program), Refusal::Busy),
            10 => Command::Hangup(self.call(program)),
            11 => Command::Hold(self.call(program)),
            12 => Command::Resume(self.call(program)),
            13 => Command::Restart(self.call(program)),
            14 => {
                let (call, signal) = (self.call(program), char::from(program.byte()));
                Command::Dtmf { call, signal, duration: Duration::from_millis(160) }
            }
            15 => Command::Transfer { call: self.call(program), target: self.target(program) },
            16 => Command::TransferTo { call: self.call(program), other: self.call(program) },
            17 => {
                let (call, new) = (self.call(program), self.watched.agent().new_call());
                Command::AcceptTransfer { call, new }
            }
            18 => Command::RefuseTransfer(self.call(program)),
            19 => {
                let subscription = self.watched.agent().new_subscription();
                self.subscriptions.push(subscription);
                let packages = [Package::MessageSummary, Package::Dialog, Package::Presence];
                let package = packages[usize::from(program.byte()) % 3];
                Command::Subscribe { subscription, target: self.target(program), package }
            }
            20 => {
                let at = usize::from(program.byte());
                let known = self.subscriptions.get(at % self.subscriptions.len().max(1));
                Command::Unsubscribe(known.copied().unwrap_or(SubscriptionId(at as u32)))
            }
            21 => {
                let message = self.watched.agent().new_message();
                self.messages.push(message);
                let (target, content_type) = (self.target(program), "text/plain".to_owned());
                Command::SendMessage { message, target, content_type, body: program.text() }
            }
            22 => Command::Reject(self.call(program), Refusal::Decline),
            _ => Command::Leave,
        };
        self.input(Input::Command(command));
    }

    fn target(&self, program: &mut Program<'_>) -> String {
        match program.byte() % 4 {
            0 => program.string(),
            1 => "sip:bob@example.com;transport=ws".into(),
            _ => "600".into(),
        }
    }

    fn hand_over(&mut self, program: &mut Program<'_>) {
        match program.byte() % 4 {
            0 => {
                let (call, now) = (self.call(program), self.now);
                if let Some(text) = self.watched.agent().export(call) {
                    // Who has the call cannot take it over; a driver lets go of what it hands on.
                    assert!(self.watched.resume(now, &text, Duration::ZERO).is_err());
                    let outputs = self.watched.abandon(now, call);
                    self.take(outputs);
                    self.snapshots.push((now, text));
                }
            }
            1 => {
                let (call, now) = (self.call(program), self.now);
                let outputs = self.watched.abandon(now, call);
                self.take(outputs);
            }
            _ => {
                let Some((then, text)) = self.snapshots.pop() else { return };
                let age = self.now.since(then);
                if let Ok((_, outputs)) = self.watched.resume(self.now, &text, age) {
                    self.take(outputs);
                }
            }
        }
    }

    /// Everybody hangs up. With a socket on which nobody answers, or without one.
    fn end(&mut self, options: u8) {
        if options & 1 == 0 {
            self.input(Input::Disconnected);
        }
        for (call, _) in self.watched.live_calls() {
            self.input(Input::Command(Command::Hangup(call)));
        }
        for subscription in std::mem::take(&mut self.subscriptions) {
            self.input(Input::Command(Command::Unsubscribe(subscription)));
        }
        self.input(Input::Command(Command::Unregister));
        self.pass(300 * SECOND);
        assert_eq!(self.watched.live_calls(), [], "calls without an end");
        self.input(Input::Disconnected);
        self.pass(300 * SECOND);
        let (load, deadline) = (self.watched.load(), self.watched.deadline());
        assert_eq!((load, deadline), (0, None), "left over");
    }
}

/// A message as bytes.
fn bytes_of(message: &Message) -> Vec<u8> {
    match message {
        Message::Request(request) => request.to_bytes(),
        Message::Response(response) => response.to_bytes(),
    }
}
