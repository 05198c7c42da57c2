//! The same work, called from JavaScript with strings, as a WebSocket gives and takes them.
//!
//! JavaScript writes a message into an [`Inbox`] with `TextEncoder.encodeInto`; wasm-bindgen's own
//! way into a `&str` goes letter by letter and takes longer than the parsing.

use crate::{messages, reading};
use ringlet_sip::message::{MAX_MESSAGE, Message, parse};
use ringlet_sip::{CallId, Command, Event, Input, Instant, Output, UserAgent};
use ringlet_testkit::config;
use std::collections::VecDeque;
use wasm_bindgen::prelude::*;

/// Where JavaScript leaves a message.
#[wasm_bindgen]
pub struct Inbox(Vec<u8>);

#[wasm_bindgen]
impl Inbox {
    /// One with room for the longest message.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "JavaScript knows no defaults")]
    pub fn new() -> Self {
        Self(vec![0; MAX_MESSAGE])
    }

    /// Where it starts in memory.
    pub fn start(&self) -> *const u8 {
        self.0.as_ptr()
    }

    /// How long it is.
    pub fn room(&self) -> usize {
        self.0.len()
    }

    /// Reads the message of this length with its headers typed, see [`reading::read`]; 0 for one
    /// that is malformed.
    pub fn read(&self, length: usize) -> usize {
        reading::read(self.message(length)).unwrap_or(0)
    }

    fn message(&self, length: usize) -> &[u8] {
        self.0.get(..length).unwrap_or_default()
    }
}

/// The messages, parsed and ready to be written.
#[wasm_bindgen]
pub struct Parsed(Vec<Message>);

#[wasm_bindgen]
impl Parsed {
    /// Parses every message of the benchmark.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "JavaScript knows no defaults")]
    pub fn new() -> Self {
        Self(messages::all().iter().filter_map(|bytes| parse(bytes).ok()).collect())
    }

    /// Writes one of them.
    pub fn write(&self, index: usize) -> String {
        let bytes = match self.0.get(index) {
            Some(Message::Request(request)) => request.to_bytes(),
            Some(Message::Response(response)) => response.to_bytes(),
            None => Vec::new(),
        };
        String::from_utf8(bytes).unwrap_or_default()
    }
}

/// One agent whose socket is JavaScript's.
#[wasm_bindgen]
pub struct Agent {
    agent: UserAgent,
    now: Instant,
    call: CallId,
    offer: String,
    sent: VecDeque<Vec<u8>>,
    answered: bool,
    ended: bool,
}

#[wasm_bindgen]
impl Agent {
    /// An agent with an open socket, unregistered, whose every offer is `offer`.
    #[wasm_bindgen(constructor)]
    pub fn new(offer: String) -> Self {
        let mut agent = Self {
            agent: UserAgent::new(config(), [1; 32]),
            now: Instant::from_millis(1_000_000),
            call: CallId(0),
            offer,
            sent: VecDeque::new(),
            answered: false,
            ended: false,
        };
        agent.input(Input::Connected);
        agent
    }

    /// Calls somebody.
    pub fn call(&mut self, target: &str) {
        self.call = self.agent.new_call();
        (self.answered, self.ended) = (false, false);
        let target = target.to_owned();
        self.input(Input::Command(Command::Invite { call: self.call, target, caller_id: None }));
    }

    /// Ends the call.
    pub fn hangup(&mut self) {
        self.input(Input::Command(Command::Hangup(self.call)));
    }

    /// Takes a message of this length from the socket.
    pub fn receive(&mut self, inbox: &Inbox, length: usize) {
        self.input(Input::Received(inbox.message(length).to_vec()));
    }

    /// Lets time pass, so that ended calls are forgotten.
    pub fn pass(&mut self, seconds: u32) {
        self.now = self.now + std::time::Duration::from_secs(u64::from(seconds));
        self.input(Input::Timeout);
    }

    /// The next message for the socket.
    pub fn poll(&mut self) -> Option<String> {
        String::from_utf8(self.sent.pop_front()?).ok()
    }

    /// Whether the call has been answered.
    pub fn answered(&self) -> bool {
        self.answered
    }

    /// Whether the call is over.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Transactions and calls that are still remembered.
    pub fn load(&self) -> usize {
        self.agent.load()
    }
}

impl Agent {
    fn input(&mut self, input: Input) {
        self.agent.handle(self.now, input);
        let mut media = None;
        while let Some(output) = self.agent.poll() {
            if let Output::Transmit(bytes) = output {
                self.sent.push_back(bytes);
            } else if let Output::Media(op, ..) = output {
                media = Some(op);
            } else if let Output::Event(Event::Answered(_)) = output {
                self.answered = true;
            } else if let Output::Event(Event::Ended(..)) = output {
                self.ended = true;
            }
        }
        if let Some(op) = media {
            self.input(Input::Media(op, Ok(self.offer.clone())));
        }
    }
}
