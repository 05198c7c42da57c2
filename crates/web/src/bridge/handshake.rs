//! Who is at the other end: the part of the handshake that decides.

use super::inbound;
use ringlet_contract::PROTOCOL_VERSION;
use ringlet_contract::message::{Connect, Hello};
use wasm_bindgen::JsValue;

/// 128 bits in hexadecimal.
const NONCE_CHARS: usize = 32;

/// The handshake with the one window that may have it.
pub(super) struct Handshake {
    /// What the page announced itself with, until a port has come.
    announced: Option<String>,
    state: State,
}

enum State {
    /// Nobody has said hello.
    Waiting,
    /// A loader has, and the port is to come.
    Greeted(Loader),
    /// The port has come.
    Connected(Loader),
}

/// A loader as its message showed it. A reloaded host has a new nonce.
#[derive(PartialEq, Eq)]
struct Loader {
    origin: String,
    nonce: String,
}

/// What to do about a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Answer the hello.
    Greet {
        /// The loader's own word, to be returned.
        nonce: String,
    },
    /// Take the port that came with it.
    Connect,
    /// Drop it.
    Drop,
}

impl Handshake {
    /// Nobody has been heard. `announced` is the nonce that the page announced itself with.
    pub(super) fn new(announced: Option<String>) -> Self {
        Self { announced, state: State::Waiting }
    }

    /// Takes a message that came from the host's window, in our namespace.
    pub(super) fn hear(&mut self, message: &JsValue, origin: &str) -> Step {
        self.step(message, origin).unwrap_or(Step::Drop)
    }

    fn step(&mut self, message: &JsValue, origin: &str) -> Option<Step> {
        let header = inbound::header(message)?;
        match inbound::kind(message).as_deref() {
            Some("hello") => {
                let Hello { nonce } = inbound::data(message)?;
                let well_formed = nonce.len() == NONCE_CHARS
                    && nonce.bytes().all(|byte| byte.is_ascii_hexdigit());
                if !well_formed {
                    return None;
                }
                if header.v == PROTOCOL_VERSION {
                    self.greet(Loader { origin: origin.to_owned(), nonce: nonce.clone() });
                }
                // Another version is answered too, and goes no further: the answer tells ours.
                Some(Step::Greet { nonce })
            }
            Some("connect") if header.v == PROTOCOL_VERSION => {
                let Connect { nonce } = inbound::data(message)?;
                self.connect(Loader { origin: origin.to_owned(), nonce })
            }
            _ => None,
        }
    }

    fn greet(&mut self, from: Loader) {
        match &self.state {
            // Hellos are repeated, and the last of them may come after the port.
            State::Greeted(loader) | State::Connected(loader) if *loader == from => {}
            State::Waiting | State::Greeted(_) | State::Connected(_) => {
                self.state = State::Greeted(from);
            }
        }
    }

    /// A nonce is good for one port, whether the loader chose it or the page.
    fn connect(&mut self, from: Loader) -> Option<Step> {
        let greeted = matches!(&self.state, State::Greeted(loader) if *loader == from);
        if !greeted && self.announced.as_ref() != Some(&from.nonce) {
            return None;
        }
        self.announced = None;
        self.state = State::Connected(from);
        Some(Step::Connect)
    }
}
