//! A SIP client: it registers, calls, says what happens, and hangs up. The twenty lines of `main`
//! drive the agent; the rest says what this client wants, and opens and reads its socket.
//!
//! `cargo run -p ringlet-sip --example call -- ws://127.0.0.1:8080 alice example.com secret bob`
//!
//! Its media is a description that nothing stands behind, so the call is silent. A phone in a
//! browser asks an `RTCPeerConnection` there; everything else stays as it is. `console`, the
//! other example, can do everything the crate can.

#![expect(clippy::print_stdout, reason = "it is a command-line tool")]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the clock is the driver's"
)]

use ringlet_sip::{CallId, Command, Config, Event, Input, Instant, Output};
use ringlet_sip::{RegistrationState, Secret, UserAgent};
use std::{collections::VecDeque, io::ErrorKind, net::TcpStream, time::Duration};
use tungstenite::{ClientRequestBuilder, Message, WebSocket};

type Failure = Box<dyn std::error::Error>;

const USAGE: &str = "usage: call ws://HOST:PORT USER DOMAIN PASSWORD TARGET";
const TALK: Duration = Duration::from_secs(3);
const SDP: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
                   m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n";

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, user, domain, password, target] = &arguments[..] else { return Err(USAGE.into()) };
    let started = std::time::Instant::now();
    let now = || Instant::from_millis(started.elapsed().as_millis() as u64);
    let mut socket = connect(url)?;
    let mut agent = UserAgent::new(config(user, domain, password), seed()?);
    let mut inputs = VecDeque::from([Input::Connected, Input::Command(Command::Register)]);
    let mut plan = Plan { call: agent.new_call(), target, hang_up_at: None, done: false };
    while !plan.done {
        let until = agent.poll_timeout().map(|(at, _why)| at).into_iter().chain(plan.hang_up_at);
        let input = match inputs.pop_front() {
            Some(input) => input,
            None => receive(&mut socket, until.min().map(|at| at.since(now())))?,
        };
        agent.handle(now(), input);
        while let Some(output) = agent.poll() {
            match output {
                Output::Transmit(bytes) => socket.send(Message::text(String::from_utf8(bytes)?))?,
                Output::Media(op, ..) => inputs.push_back(Input::Media(op, Ok(SDP.to_owned()))),
                Output::Event(event) => inputs.extend(plan.hear(&event, now())?),
                Output::Reconnect(_) => return Err("the server does not answer".into()),
            }
        }
        inputs.extend(plan.look_at_clock(now()));
    }
    Ok(())
}

/// What this client wants: a call as soon as it is registered, and its end some seconds later.
struct Plan<'a> {
    call: CallId,
    target: &'a str,
    hang_up_at: Option<Instant>,
    done: bool,
}

impl Plan<'_> {
    fn hear(&mut self, event: &Event, now: Instant) -> Result<Option<Input>, Failure> {
        println!("{event:?}");
        let command = match event {
            Event::Registration(RegistrationState::Registered { .. }) => {
                Command::Invite { call: self.call, target: self.target.to_owned(), caller_id: None }
            }
            Event::Ended(..) => Command::Unregister,
            Event::Answered(_) => {
                self.hang_up_at = Some(now + TALK);
                return Ok(None);
            }
            Event::Registration(RegistrationState::Unregistered) => {
                self.done = true;
                return Ok(None);
            }
            Event::Registration(RegistrationState::Failed { error, .. }) => {
                return Err(format!("not registered: {error:?}").into());
            }
            _ => return Ok(None), // still registering, ringing, …
        };
        Ok(Some(Input::Command(command)))
    }

    fn look_at_clock(&mut self, now: Instant) -> Option<Input> {
        self.hang_up_at.take_if(|at| *at <= now)?;
        Some(Input::Command(Command::Hangup(self.call)))
    }
}

fn config(user: &str, domain: &str, password: &str) -> Config {
    let mut config = Config::new(user, domain, Secret::Password(password.to_owned()));
    config.secure = false; // The socket is ws, not wss.
    config
}

/// Names and tags come from it, so nobody may be able to guess it.
fn seed() -> Result<[u8; 32], Failure> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    Ok(seed)
}

/// Opens a WebSocket that speaks SIP (RFC 7118 section 4.1).
fn connect(url: &str) -> Result<WebSocket<TcpStream>, Failure> {
    let request = ClientRequestBuilder::new(url.parse()?).with_sub_protocol("sip");
    let host = url.trim_start_matches("ws://").trim_end_matches('/');
    let (socket, _response) = tungstenite::client(request, TcpStream::connect(host)?)?;
    Ok(socket)
}

/// Waits for a message, but no longer than the agent can.
fn receive(socket: &mut WebSocket<TcpStream>, limit: Option<Duration>) -> Result<Input, Failure> {
    // A limit of nothing would mean none.
    let limit = limit.map(|limit| limit.max(Duration::from_millis(1)));
    socket.get_ref().set_read_timeout(limit)?;
    match socket.read() {
        Ok(message) if message.is_text() || message.is_binary() => {
            Ok(Input::Received(message.into_data().into()))
        }
        Ok(_ping_or_pong) => Ok(Input::Timeout),
        Err(tungstenite::Error::Io(error))
            if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
        {
            Ok(Input::Timeout)
        }
        Err(error) => Err(error.into()),
    }
}
