//! The WebSocket to the SIP server (RFC 7118).

use crate::crash::{self, Held};
use crate::driver::Inbox;
use crate::early::{self, EarlySocket};
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use ringlet_phone::{Input, SocketEffect, SocketInput};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, MessageEvent, WebSocket};

/// The sub-protocol that makes a WebSocket carry SIP (RFC 7118 section 4).
const SUB_PROTOCOL: &str = "sip";

/// Browsers give up on a silent server after a minute or more; a person has gone by then.
const CONNECT_TIMEOUT_MS: u32 = 10_000;

/// Bytes waiting to leave beyond which the connection is as good as dead: SIP sends a few
/// kilobytes a minute.
const MAX_BUFFERED_BYTES: u32 = 1 << 20;

/// The one socket there is at most.
pub struct Socket {
    inbox: Inbox<Input>,
    open: Option<Connection>,
}

impl Socket {
    /// No socket yet.
    pub fn new(inbox: Inbox<Input>) -> Self {
        Self { inbox, open: None }
    }

    /// Does one thing on the socket. A failure is told as [`SocketInput::Closed`].
    pub fn perform(&mut self, effect: SocketEffect) {
        match effect {
            SocketEffect::Open { url, generation } => {
                // The old one is closed first: a server may allow only one for each user.
                self.open = None;
                self.open = Connection::open(&url, generation, &self.inbox);
                if self.open.is_none() {
                    self.inbox.push(Input::Socket(SocketInput::Closed { generation }));
                }
            }
            SocketEffect::Send(data) => {
                if self.open.as_ref().is_some_and(|open| !open.send(&data)) {
                    self.close();
                }
            }
            SocketEffect::Close => self.close(),
        }
    }

    fn close(&mut self) {
        if let Some(Connection { generation, .. }) = self.open.take() {
            self.inbox.push(Input::Socket(SocketInput::Closed { generation }));
        }
    }
}

/// One WebSocket; dropping it closes it after what has been sent, and nothing more is heard of it.
struct Connection {
    generation: u32,
    socket: WebSocket,
    _held: Held,
    _listeners: [EventListener; 3],
    _connect_timeout: Timeout,
}

impl Connection {
    /// Opens a socket, or takes over the one that the page opened before this program was there.
    /// `None` when the browser refuses the URL, or an insecure one in a secure page.
    fn open(url: &str, generation: u32, inbox: &Inbox<Input>) -> Option<Self> {
        let (socket, received) = match early::socket(url) {
            Some(EarlySocket { socket, received }) => (socket, received),
            None => (WebSocket::new_with_str(url, SUB_PROTOCOL).ok()?, Vec::new()),
        };
        socket.set_binary_type(BinaryType::Arraybuffer);

        let closed = Rc::new(Cell::new(false));
        let push = {
            let inbox = inbox.clone();
            move |input| {
                let last = matches!(input, SocketInput::Closed { .. });
                // Our own verdict may come long before the browser's close event: tell one end.
                if !closed.get() {
                    closed.set(last);
                    inbox.push(Input::Socket(input));
                }
            }
        };
        let on_open = {
            let (socket, push) = (socket.clone(), push.clone());
            move || {
                if socket.protocol() == SUB_PROTOCOL {
                    push(SocketInput::Opened { generation });
                } else {
                    // Whoever answered does not speak SIP, whatever it would have said.
                    socket.close().ok();
                    push(SocketInput::Closed { generation });
                }
            }
        };
        let on_message = {
            let push = push.clone();
            move |event: &web_sys::Event| {
                if let Some(data) = bytes(&event.unchecked_ref::<MessageEvent>().data()) {
                    push(SocketInput::Received { generation, data });
                }
            }
        };
        let on_timeout = {
            let (socket, push) = (socket.clone(), push.clone());
            move || {
                if socket.ready_state() == WebSocket::CONNECTING {
                    socket.close().ok();
                    push(SocketInput::Closed { generation });
                }
            }
        };
        if socket.ready_state() == WebSocket::OPEN {
            on_open();
            for data in received.iter().filter_map(bytes) {
                push(SocketInput::Received { generation, data });
            }
        }
        Some(Self {
            generation,
            _held: crash::hold(&socket),
            _listeners: [
                EventListener::new(&socket, "open", move |_| on_open()),
                EventListener::new(&socket, "message", on_message),
                EventListener::new(&socket, "close", move |_| {
                    push(SocketInput::Closed { generation });
                }),
            ],
            _connect_timeout: Timeout::new(CONNECT_TIMEOUT_MS, on_timeout),
            socket,
        })
    }

    /// False when the connection is stuck.
    fn send(&self, data: &[u8]) -> bool {
        // A socket that is closing drops what it is given, and its close event says so.
        let _closing = match std::str::from_utf8(data) {
            Ok(text) => self.socket.send_with_str(text),
            Err(_) => self.socket.send_with_u8_array(data),
        };
        self.socket.buffered_amount() <= MAX_BUFFERED_BYTES
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.socket.close().ok();
    }
}

fn bytes(data: &JsValue) -> Option<Vec<u8>> {
    match data.as_string() {
        Some(text) => Some(text.into_bytes()),
        None => Some(js_sys::Uint8Array::new(data.dyn_ref::<js_sys::ArrayBuffer>()?).to_vec()),
    }
}
