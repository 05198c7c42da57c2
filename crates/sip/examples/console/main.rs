//! A SIP phone without sound that is steered by lines: a far end for tests, and a way to try the
//! crate by hand.
//!
//! `cargo run -p ringlet-sip --example console -- ws://127.0.0.1:8080 alice example.com secret`
//!
//! Commands are read from standard input, one a line (see `commands.rs`). On standard output:
//!
//! - `> ` and `< ` before each line of a message sent and received, and an empty line after it;
//! - `event ` and an [`ringlet_sip::Event`] as Rust's `Debug` shows it;
//! - `media ` and a media request in the same way, before it is answered with made-up SDP;
//! - `call`, `subscription` or `message` and the number that a command's new one got;
//! - `exported` and the number of a call that was; `trace ` and an entry of the trace;
//! - `socket ` and `open`, `lost` or `silent`; `error ` and what was wrong with a command.
//!
//! The end of standard input ends it.

#![expect(clippy::print_stdout, reason = "it is a command-line tool")]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the clock is the driver's"
)]

mod commands;
mod media;
mod options;
mod socket;

use commands::Line;
use media::Media;
use options::Options;
use ringlet_sip::{Event, Input, Instant, Output, Reconnect, UserAgent};
use socket::Socket;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// How often the socket is looked at while standard input is quiet.
const LOOK: Duration = Duration::from_millis(5);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse(std::env::args().skip(1))?;
    let (sender, lines) = channel();
    std::thread::spawn(move || read_lines(&sender));
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    let mut console = Console {
        agent: UserAgent::new(options.config, seed),
        media: Media::new(options.webrtc),
        url: options.url,
        socket: None,
        started: std::time::Instant::now(),
        inputs: VecDeque::new(),
    };
    console.connect();
    console.run(&lines);
    Ok(())
}

fn read_lines(sender: &Sender<String>) {
    for line in std::io::stdin().lines() {
        let Ok(line) = line else { return };
        if sender.send(line).is_err() {
            return;
        }
    }
}

struct Console {
    agent: UserAgent,
    media: Media,
    url: String,
    socket: Option<Socket>,
    started: std::time::Instant,
    inputs: VecDeque<Input>,
}

impl Console {
    fn run(&mut self, lines: &Receiver<String>) {
        loop {
            while let Some(input) = self.inputs.pop_front() {
                self.handle(input);
            }
            match lines.recv_timeout(LOOK) {
                Ok(line) => match commands::read(&line, &mut self.agent) {
                    Ok(Line::Quit) => return,
                    Ok(line) => self.obey(line),
                    Err(wrong) => println!("error {wrong}: {line}"),
                },
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.receive();
            let now = self.now();
            if self.agent.poll_timeout().is_some_and(|(at, _why)| at <= now) {
                self.inputs.push_back(Input::Timeout);
            }
        }
    }

    fn obey(&mut self, line: Line) {
        match line {
            Line::Nothing | Line::Quit => {}
            Line::Command(command) => self.inputs.push_back(Input::Command(command)),
            Line::Connect => self.connect(),
            Line::Drop => self.lose("lost"),
            Line::HoldMedia => self.media.hold_back = true,
            Line::FailMedia => self.media.fail_next = true,
            Line::ReleaseMedia => self.inputs.extend(self.media.release()),
            Line::Export(call, file) => match self.agent.export(call) {
                Some(snapshot) => match std::fs::write(&file, snapshot) {
                    Ok(()) => println!("exported {}", call.0),
                    Err(error) => println!("error {file}: {error}"),
                },
                None => println!("error no answered call {}", call.0),
            },
            Line::Import(file) => match std::fs::read_to_string(&file) {
                Ok(snapshot) => {
                    match self.agent.resume(self.now(), &snapshot, Duration::ZERO) {
                        Ok(call) => println!("call {}", call.0),
                        Err(error) => println!("error {error:?}"),
                    }
                    self.drain();
                }
                Err(error) => println!("error {file}: {error}"),
            },
            Line::Abandon(call) => {
                self.agent.abandon(call);
                self.media.forget(call);
                self.drain();
            }
            Line::Trace => self.agent.trace().for_each(|entry| {
                println!("trace {} {:?} {:?}", entry.at.as_millis(), entry.kind, entry.text);
            }),
        }
    }

    fn now(&self) -> Instant {
        Instant::from_millis(self.started.elapsed().as_millis() as u64)
    }

    /// One input, and then everything that comes of it.
    fn handle(&mut self, input: Input) {
        self.agent.handle(self.now(), input);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.agent.poll() {
            match output {
                Output::Transmit(bytes) => self.send(bytes),
                Output::Media(op, call, request) => {
                    println!("media {op:?} {call:?} {request:?}");
                    self.inputs.extend(self.media.request(op, call, request));
                }
                Output::Event(event) => {
                    println!("event {event:?}");
                    if let Event::Ended(call, _) = event {
                        self.media.forget(call);
                    }
                }
                // There is no other server, and the agent tries again on this one.
                Output::Reconnect(Reconnect::ServerUnavailable { .. }) => {}
                Output::Reconnect(Reconnect::DeadFlow) => {
                    println!("socket silent");
                    self.connect();
                }
            }
        }
    }

    fn send(&mut self, bytes: Vec<u8>) {
        show('>', &bytes);
        if let Some(socket) = &mut self.socket
            && socket.send(bytes).is_err()
        {
            self.lose("lost");
        }
    }

    fn receive(&mut self) {
        while let Some(socket) = &mut self.socket {
            match socket.receive() {
                Ok(Some(bytes)) => {
                    show('<', &bytes);
                    self.inputs.push_back(Input::Received(bytes));
                }
                Ok(None) => return,
                Err(_gone) => self.lose("lost"),
            }
        }
    }

    /// Opens a socket in place of the one there is.
    fn connect(&mut self) {
        self.lose("lost");
        match Socket::open(&self.url) {
            Ok(socket) => {
                self.socket = Some(socket);
                println!("socket open");
                self.inputs.push_back(Input::Connected);
            }
            Err(error) => println!("error no socket: {error}"),
        }
    }

    fn lose(&mut self, how: &str) {
        if self.socket.take().is_some() {
            println!("socket {how}");
            self.inputs.push_back(Input::Disconnected);
        }
    }
}

fn show(direction: char, bytes: &[u8]) {
    for line in String::from_utf8_lossy(bytes).split("\r\n") {
        println!("{direction} {line}");
    }
    println!();
}
