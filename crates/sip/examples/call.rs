//! A SIP client in twenty lines: it registers, calls, says what happens, and hangs up.
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

use ringlet_sip::{Command, Config, Event, Input, Instant, Output, RegistrationState};
use ringlet_sip::{Secret, UserAgent};
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
    let call = agent.new_call();
    let mut inputs = VecDeque::from([Input::Connected, Input::Command(Command::Register)]);
    let mut hang_up_at = None;
    loop {
        let until = agent.poll_timeout().map(|(at, _why)| at).into_iter().chain(hang_up_at).min();
        let input = match inputs.pop_front() {
            Some(input) => input,
            None => receive(&mut socket, until.map(|at| at.since(now())))?,
        };
        agent.handle(now(), input);
        while let Some(output) = agent.poll() {
            match output {
                Output::Transmit(bytes) => socket.send(Message::text(String::from_utf8(bytes)?))?,
                Output::Media(op, ..) => inputs.push_back(Input::Media(op, Ok(SDP.to_owned()))),
                Output::Event(event) => {
                    println!("{event:?}");
                    match event {
                        Event::Registration(RegistrationState::Registered { .. }) => {
                            let (target, caller_id) = (target.clone(), None);
                            let invite = Command::Invite { call, target, caller_id };
                            inputs.push_back(Input::Command(invite));
                        }
                        Event::Answered(_) => hang_up_at = Some(now() + TALK),
                        Event::Ended(..) => inputs.push_back(Input::Command(Command::Unregister)),
                        Event::Registration(RegistrationState::Unregistered) => return Ok(()),
                        Event::Registration(RegistrationState::Failed { error, .. }) => {
                            return Err(format!("not registered: {error:?}").into());
                        }
                        _ => {} // still registering, ringing, …
                    }
                }
                Output::Reconnect(_) => return Err("the server does not answer".into()),
            }
        }
        if hang_up_at.take_if(|at| *at <= now()).is_some() {
            inputs.push_back(Input::Command(Command::Hangup(call)));
        }
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
