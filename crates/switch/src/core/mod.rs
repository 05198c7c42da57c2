//! All protocol state, owned by one task: one input is taken, everything it causes is sent, then
//! the next input is taken.

mod dialog;
mod fork;
mod invite;
mod local;
mod loss;
mod number;
mod place;
mod register;
mod timer;
mod transaction;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Bytes;

use self::dialog::Dialog;
use self::fork::{Fork, ForkId};
use self::local::{LocalCall, LocalId};
use self::timer::Timers;
use self::transaction::{ClientTransaction, ServerInvite, ServerKey};
use crate::digest::{Authenticator, Verdict};
use crate::message::{Fields, Message, Request, Response};
use crate::random;
use crate::registrar::Registrar;
use crate::{Config, Error};

/// One WebSocket connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SocketId(pub(crate) u64);

/// What can happen to the switch.
pub(crate) enum Input {
    Opened {
        socket: SocketId,
        peer: SocketAddr,
        outgoing: mpsc::UnboundedSender<Vec<u8>>,
    },
    Received {
        socket: SocketId,
        data: Bytes,
    },
    Closed(SocketId),
    Call {
        user: String,
        from_number: String,
        display_name: String,
        reply: oneshot::Sender<Result<(), Error>>,
    },
    Kick,
    Shutdown,
}

struct Socket {
    peer: SocketAddr,
    outgoing: mpsc::UnboundedSender<Vec<u8>>,
    /// Wrong passwords in a row. The second is answered 403, so that a client that tries for ever
    /// is told to stop.
    failures: u32,
}

pub(crate) struct Core {
    config: Arc<Config>,
    /// Host and port of our own Via, Record-Route and Contact.
    host: String,
    sockets: HashMap<SocketId, Socket>,
    authenticator: Authenticator,
    registrar: Registrar,
    server_invites: HashMap<ServerKey, ServerInvite>,
    client_transactions: HashMap<String, ClientTransaction>,
    forks: HashMap<ForkId, Fork>,
    dialogs: Vec<Dialog>,
    local_calls: HashMap<LocalId, LocalCall>,
    timers: Timers,
    next_id: u64,
}

const ALLOW: &str =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, UPDATE, INFO, PRACK, REFER, NOTIFY, MESSAGE";

impl Core {
    pub(crate) fn new(config: Arc<Config>, addr: SocketAddr) -> Self {
        Self {
            authenticator: Authenticator::new(&config.domain, &config.users, config.nonce_lifetime),
            config,
            host: addr.to_string(),
            sockets: HashMap::new(),
            registrar: Registrar::default(),
            server_invites: HashMap::new(),
            client_transactions: HashMap::new(),
            forks: HashMap::new(),
            dialogs: Vec::new(),
            local_calls: HashMap::new(),
            timers: Timers::default(),
            next_id: 0,
        }
    }

    pub(crate) async fn run(mut self, mut inputs: mpsc::UnboundedReceiver<Input>) {
        loop {
            tokio::select! {
                input = inputs.recv() => match input {
                    Some(Input::Shutdown) | None => return,
                    Some(input) => self.handle(input),
                },
                timer = self.timers.next() => self.handle_timer(timer),
            }
        }
    }

    fn handle(&mut self, input: Input) {
        match input {
            Input::Opened { socket, peer, outgoing } => {
                tracing::debug!(socket = socket.0, %peer, "socket opened");
                self.sockets.insert(socket, Socket { peer, outgoing, failures: 0 });
            }
            Input::Received { socket, data } => self.handle_message(socket, &data),
            Input::Closed(socket) => {
                tracing::debug!(socket = socket.0, "socket closed");
                self.socket_lost(socket);
            }
            Input::Call { user, from_number, display_name, reply } => {
                // Nobody waits for the answer any more when this fails.
                let _ = reply.send(self.place_call(&user, &from_number, &display_name));
            }
            Input::Kick => {
                let sockets: Vec<_> = self.sockets.keys().copied().collect();
                sockets.into_iter().for_each(|socket| self.socket_lost(socket));
            }
            Input::Shutdown => {}
        }
    }

    fn handle_message(&mut self, socket: SocketId, data: &[u8]) {
        let Some(Socket { peer, .. }) = self.sockets.get(&socket) else { return };
        match Message::parse(data) {
            Ok(Message::Request(mut request)) => {
                tracing::debug!(socket = socket.0, method = %request.method, uri = %request.uri, "request");
                request.note_source(*peer);
                self.handle_request(socket, request);
            }
            Ok(Message::Response(response)) => {
                tracing::debug!(socket = socket.0, code = response.code, "response");
                self.handle_response(socket, response);
            }
            // Whatever could not be read cannot be answered reliably either.
            Err(error) => tracing::warn!(socket = socket.0, %error, "message dropped"),
        }
    }

    fn handle_request(&mut self, socket: SocketId, request: Request) {
        use rsipstack::sip::Method;
        if request.headers.field("Max-Forwards").map(str::trim) == Some("0")
            && request.method != Method::Ack
        {
            return self.reply(socket, &request, 483);
        }
        match request.method {
            Method::Ack => self.handle_ack(socket, request),
            Method::Cancel => self.handle_cancel(socket, request),
            _ if request.headers.tag_in_to().is_some() => self.handle_in_dialog(socket, request),
            Method::Register => self.handle_register(socket, request),
            Method::Invite => self.handle_invite(socket, request),
            Method::Options => {
                let response = request.response(200, &random::token(4));
                let response = response.with("Allow", ALLOW).with("Accept", "application/sdp");
                self.respond(socket, response);
            }
            Method::Bye
            | Method::Info
            | Method::Message
            | Method::Notify
            | Method::PRack
            | Method::Publish
            | Method::Refer
            | Method::Subscribe
            | Method::Update => {
                let response = request.response(405, &random::token(4)).with("Allow", ALLOW);
                self.respond(socket, response);
            }
        }
    }

    /// The user whose credentials the request carries; otherwise challenges or refuses it.
    fn authenticate(
        &mut self,
        socket: SocketId,
        request: &Request,
        by: Challenger,
    ) -> Option<String> {
        let (code, ask, answer) = match by {
            Challenger::Registrar => (401, "WWW-Authenticate", "Authorization"),
            Challenger::Proxy => (407, "Proxy-Authenticate", "Proxy-Authorization"),
        };
        let now = Instant::now();
        let method = request.method.to_string();
        let credentials = request.headers.fields(answer);
        let verdict = self.authenticator.verify(now, &method, &credentials, &request.body);
        let failures = &mut self.sockets.get_mut(&socket)?.failures;
        match verdict {
            Verdict::User(user) => {
                *failures = 0;
                return Some(user);
            }
            Verdict::Wrong => {
                *failures += 1;
                if *failures > 1 {
                    tracing::info!(socket = socket.0, "wrong password again");
                    self.reply(socket, request, 403);
                    return None;
                }
            }
            Verdict::Missing | Verdict::Stale => {}
        }
        let mut response = request.response(code, &random::token(4));
        for challenge in self.authenticator.challenges(now, verdict == Verdict::Stale) {
            response = response.with(ask, challenge);
        }
        self.respond(socket, response);
        None
    }

    fn reply(&mut self, socket: SocketId, request: &Request, code: u16) {
        self.respond(socket, request.response(code, &random::token(4)));
    }

    fn respond(&mut self, socket: SocketId, response: Response) {
        tracing::debug!(socket = socket.0, code = response.code, "answer");
        self.send(socket, response.to_bytes());
    }

    /// A message to a socket that is just closing goes nowhere; its `Closed` follows.
    fn send(&self, socket: SocketId, bytes: Vec<u8>) {
        if let Some(socket) = self.sockets.get(&socket) {
            let _ = socket.outgoing.send(bytes);
        }
    }

    fn next_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }
}

/// In which role the switch asks for credentials.
#[derive(Clone, Copy)]
enum Challenger {
    Registrar,
    Proxy,
}
