//! The phone's end of the line to the loader in the host page.
//!
//! A message counts only when its window, its origin and its nonce are the expected ones; the
//! steps stand in [`ringlet_contract::message`]. Everything else is dropped, and noted on the
//! console for whoever debugs a host page.

mod handshake;
mod inbound;
mod outbound;
mod reader;

pub use handshake::Handshake;
pub use inbound::read_command;

use crate::console;
use crate::driver::Inbox;
use crate::early::{self, Announced};
use crate::random;
use gloo_events::EventListener;
use handshake::Step;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::{ErrorEvent, EventMessage, HostEvent};
use ringlet_contract::message::{CommandResult, ToLoader, Visibility};
use ringlet_phone::{HostEffect, HostInput, Input};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort, Window};

thread_local! {
    /// The line of the phone in this page, for [`last_words`].
    static LINE: Cell<Weak<Line>> = const { Cell::new(Weak::new()) };
}

/// The line to the loader. Without a loader it says nothing and hears nothing.
pub struct Bridge {
    line: Rc<Line>,
    _on_message: Option<EventListener>,
}

struct Line {
    inbox: Inbox<Input>,
    handshake: RefCell<Handshake>,
    port: RefCell<Option<Port>>,
    sent: Cell<u32>,
    /// Makes the ids of this page's events unlike those of any other.
    session: String,
    last_seq: Cell<u32>,
}

impl Bridge {
    /// Hears what the loader in the window around `window` has said to the page so far, and what it
    /// says from now on; a page that stands alone has none.
    pub fn new(window: &Window, version: &'static str, inbox: Inbox<Input>) -> Self {
        Self::around(window, version, |_| inbox)
    }

    /// The line of a phone that cannot start because it has no randomness: every command is
    /// answered with that error.
    pub fn refusing(window: &Window, version: &'static str) -> Self {
        let message = "The browser has no secure random source (crypto.getRandomValues).";
        let error = ErrorBody::new(ErrorCode::UnsupportedBrowser, message);
        Self::around(window, version, |line| {
            let line = line.clone();
            Inbox::new(move |input| {
                if let Some(line) = line.upgrade()
                    && let Input::Host(HostInput::Command { id, .. }) = input
                {
                    line.say(&ToLoader::Result(CommandResult::Failed(error.clone())), Some(&id));
                }
            })
        })
    }

    fn around(
        window: &Window,
        version: &'static str,
        inbox: impl FnOnce(&Weak<Line>) -> Inbox<Input>,
    ) -> Self {
        let (nonce, heard) = match early::announced(window) {
            Some(Announced { nonce, heard }) => (Some(nonce), heard),
            None => (None, Vec::new()),
        };
        let line = Rc::new_cyclic(|line| Line {
            inbox: inbox(line),
            handshake: RefCell::new(Handshake::new(nonce)),
            port: RefCell::default(),
            sent: Cell::new(0),
            // A phone without randomness refuses to start, and tells no event.
            session: random::bytes::<8>().map(|bytes| random::hex(&bytes)).unwrap_or_default(),
            last_seq: Cell::new(0),
        });
        LINE.set(Rc::downgrade(&line));
        let on_message = host_window(window).map(|host| {
            for message in &heard {
                line.window_message(message, &host, version);
            }
            let line = line.clone();
            EventListener::new(window, "message", move |event| {
                line.window_message(event.unchecked_ref(), &host, version);
            })
        });
        Self { line, _on_message: on_message }
    }

    /// Says one thing to the loader.
    pub fn perform(&self, effect: HostEffect) {
        match effect {
            HostEffect::Result { reply_to, result } => {
                self.line.say(&ToLoader::Result(result), Some(&reply_to));
            }
            HostEffect::Event { seq, event } => self.line.tell(seq, event),
            HostEffect::Snapshot(snapshot) => self.line.say(&ToLoader::Snapshot(snapshot), None),
            HostEffect::Show(open) => {
                self.line.say(&ToLoader::Visibility(Visibility { open }), None);
            }
        }
    }
}

impl Line {
    fn window_message(self: &Rc<Self>, event: &MessageEvent, host: &Window, version: &'static str) {
        if !outbound::is_ours(&event.data()) {
            // Other scripts and browser extensions talk to windows too.
            return;
        }
        if event.source().as_deref() != Some(host.as_ref()) {
            return note_drop("it comes from another window");
        }
        let step = self.handshake.borrow_mut().hear(&event.data(), &event.origin());
        match step {
            Step::Greet { nonce } => {
                let ack = outbound::hello_ack(&nonce, version, &self.next_id());
                // An opaque origin (`null`) cannot be posted to, so no loader there gets a phone.
                if host.post_message(&ack, &event.origin()).is_err() {
                    note_drop("its origin cannot be answered");
                }
            }
            Step::Connect => match only_port(event) {
                Some(port) => *self.port.borrow_mut() = Some(self.listen(port)),
                None => note_drop("it does not carry one port"),
            },
            Step::Drop => note_drop("it is malformed, or not expected now"),
        }
    }

    fn listen(self: &Rc<Self>, port: MessagePort) -> Port {
        let line = Rc::downgrade(self);
        let on_message = EventListener::new(&port, "message", move |event| {
            if let Some(line) = line.upgrade() {
                line.port_message(&event.unchecked_ref::<MessageEvent>().data());
            }
        });
        let line = Rc::downgrade(self);
        let on_error = EventListener::new(&port, "messageerror", move |_| {
            if let Some(line) = line.upgrade() {
                line.port_message(&JsValue::UNDEFINED);
            }
        });
        port.start();
        Port { port, _listeners: [on_message, on_error] }
    }

    fn port_message(&self, data: &JsValue) {
        let input = read_command(data);
        if matches!(input, HostInput::Malformed { .. }) {
            note_drop("it is no command");
        }
        self.inbox.push(Input::Host(input));
    }

    fn tell(&self, seq: u32, event: HostEvent) {
        self.last_seq.set(seq);
        let at = String::from(js_sys::Date::new_0().to_iso_string());
        let event_id = [self.session.as_str(), "-", &seq.to_string()].concat();
        self.say(&ToLoader::Event(EventMessage { seq, at, event_id, event }), None);
    }

    fn say(&self, body: &ToLoader, reply_to: Option<&str>) {
        // Taking a new port may have failed half-way, if these are the last words.
        let Ok(port) = self.port.try_borrow() else { return };
        let Some(Port { port, .. }) = &*port else { return };
        let posted = outbound::message(body, &self.next_id(), reply_to)
            .and_then(|message| port.post_message(&message));
        debug_assert!(posted.is_ok(), "our own messages are plain data");
    }

    fn next_id(&self) -> String {
        self.sent.set(self.sent.get() + 1);
        ["p", &self.sent.get().to_string()].concat()
    }
}

/// Tells the loader that the phone has failed. The loader loads the page again.
pub(crate) fn last_words() {
    if let Some(line) = LINE.take().upgrade() {
        let event = HostEvent::Error(ErrorEvent {
            code: ErrorCode::PhoneCrashed,
            message: "The phone failed, and works again only when it is loaded again.".into(),
            fatal: true,
            recoverable: false,
        });
        line.tell(line.last_seq.get() + 1, event);
    }
}

fn note_drop(why: &str) {
    console::debug(&["message dropped: ", why].concat());
}

/// A port that is listened to until a newer one takes its place.
struct Port {
    port: MessagePort,
    _listeners: [EventListener; 2],
}

impl Drop for Port {
    fn drop(&mut self) {
        self.port.close();
    }
}

/// The window around this one, if there is one.
pub fn host_window(window: &Window) -> Option<Window> {
    window.parent().ok().flatten().filter(|parent| parent != window)
}

fn only_port(event: &MessageEvent) -> Option<MessagePort> {
    let ports = event.ports();
    (ports.length() == 1).then(|| ports.get(0).unchecked_into())
}
