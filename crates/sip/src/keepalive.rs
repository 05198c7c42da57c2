//! Keep-alive: CRLF (RFC 5626 sections 3.5.1 and 4.4.1, RFC 7118 section 6), or OPTIONS where the
//! server does not answer that.

use crate::context::Context;
use crate::message::{CSeq, Method, Request, Response};
use crate::output::Reconnect;
use crate::time::Instant;
use crate::timer::Timer;
use crate::transaction::Owner;
use std::time::Duration;

const PING: &[u8] = b"\r\n\r\n";
const PONG: &[u8] = b"\r\n";
const PONG_WITHIN: Duration = Duration::from_secs(10);
/// A deadline missed by more than this was slept through, and proves nothing about the server.
const SLEPT: Duration = Duration::from_secs(5);

/// Pings the server, and finds out when it is gone. Only answers to its own pings count: a socket
/// that still receives may have stopped sending.
#[derive(Debug, Default)]
pub(crate) struct KeepAlive {
    state: State,
    means: Means,
    /// The server has answered OPTIONS, on this socket or on an earlier one.
    answers_options: bool,
    /// What the server wants at most (Flow-Timer).
    flow_timer: Option<Duration>,
}

#[derive(Debug, Default)]
enum State {
    /// No socket.
    #[default]
    Off,
    Quiet {
        ping_at: Instant,
    },
    Pinged {
        pong_by: Instant,
    },
}

/// How the server of this socket is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Means {
    /// By CRLF, to see whether it answers that.
    #[default]
    Untried,
    /// By CRLF, which it has answered.
    Crlf,
    /// By OPTIONS.
    Options {
        /// How many went unanswered in a row.
        missed: u32,
    },
    /// It answers neither. CRLF keeps the ways open, and REGISTER has to show that it is there.
    Nothing,
}

impl KeepAlive {
    pub(crate) fn connected(&mut self, ctx: &mut Context) {
        *self = Self { answers_options: self.answers_options, ..Self::default() };
        self.rest(ctx);
    }

    pub(crate) fn disconnected(&mut self) {
        self.state = State::Off;
    }

    /// The registrar asked for keep-alives at least this often (RFC 5626 section 4.4.1).
    pub(crate) fn set_flow_timer(&mut self, ctx: &mut Context, seconds: Option<u32>) {
        self.flow_timer = seconds.filter(|s| *s > 0).map(|s| Duration::from_secs(s.into()));
        if let State::Quiet { .. } = self.state {
            self.rest(ctx);
        }
    }

    /// Takes a message; true if it was a keep-alive.
    pub(crate) fn receive(&mut self, ctx: &mut Context, bytes: &[u8]) -> bool {
        if bytes == PING {
            ctx.transmit(PONG.to_vec());
            return true;
        }
        if bytes == PONG {
            self.means = Means::Crlf;
            self.answered(ctx);
        }
        bytes.iter().all(u8::is_ascii_whitespace)
    }

    /// Takes a response to OPTIONS. Any will do: it has come both ways.
    pub(crate) fn receive_response(&mut self, ctx: &mut Context, _response: &Response) {
        self.answers_options = true;
        if let Means::Options { missed } = &mut self.means {
            *missed = 0;
            self.answered(ctx);
        }
    }

    /// Does what is due; true if it is for a REGISTER to find out whether the server is there.
    #[must_use]
    pub(crate) fn timeout(&mut self, ctx: &mut Context) -> bool {
        match self.state {
            State::Quiet { ping_at } if ping_at <= ctx.now => self.ping(ctx),
            State::Pinged { pong_by } if pong_by <= ctx.now => return self.missed(ctx, pong_by),
            State::Off | State::Quiet { .. } | State::Pinged { .. } => {}
        }
        false
    }

    pub(crate) fn deadline(&self) -> Option<(Instant, Timer)> {
        match self.state {
            State::Off => None,
            State::Quiet { ping_at } => Some((ping_at, Timer::Ping)),
            State::Pinged { pong_by } => Some((pong_by, Timer::PongTimeout)),
        }
    }

    fn answered(&mut self, ctx: &mut Context) {
        if let State::Pinged { .. } = self.state {
            ctx.clients.forget_all_of(Owner::Ping);
            self.rest(ctx);
        }
    }

    fn missed(&mut self, ctx: &mut Context, pong_by: Instant) -> bool {
        ctx.clients.forget_all_of(Owner::Ping);
        let slept = ctx.now.since(pong_by) > SLEPT;
        self.means = match self.means {
            Means::Nothing => {
                self.rest(ctx);
                return false;
            }
            means if slept => means,
            Means::Untried => Means::Options { missed: 0 },
            Means::Options { missed: 0 } => Means::Options { missed: 1 },
            Means::Options { .. } if !self.answers_options => {
                self.means = Means::Nothing;
                self.rest(ctx);
                return true;
            }
            Means::Crlf | Means::Options { .. } => {
                self.state = State::Off;
                ctx.reconnect(Reconnect::DeadFlow);
                return false;
            }
        };
        self.ping(ctx);
        false
    }

    fn ping(&mut self, ctx: &mut Context) {
        match self.means {
            Means::Untried | Means::Crlf | Means::Nothing => ctx.transmit(PING.to_vec()),
            Means::Options { .. } => {
                let options = options(ctx);
                ctx.send(options, Owner::Ping);
            }
        }
        self.state = State::Pinged { pong_by: ctx.now + PONG_WITHIN };
    }

    fn rest(&mut self, ctx: &mut Context) {
        // Home routers forget idle connections after 30 s at worst.
        let longest = self.flow_timer.map_or(30_000, |t| t.as_millis().min(30_000) as u64);
        let pause = ctx.rng.between(longest * 8 / 10, longest);
        self.state = State::Quiet { ping_at: ctx.now + Duration::from_millis(pause) };
    }
}

/// OPTIONS to the server itself (RFC 3261 section 11.1).
fn options(ctx: &mut Context) -> Request {
    let server = ["sip:", &*ctx.config.domain].concat();
    let mut options = Request::new(Method::OPTIONS, &*server);
    let mut from = ctx.address_of_record();
    from.push_str(";tag=");
    from.push_str(&ctx.rng.token());
    let headers = &mut options.headers;
    headers.push("Max-Forwards", "70");
    headers.push("From", from);
    headers.push("To", ["<", &*server, ">"].concat());
    headers.push("Call-ID", ctx.rng.token());
    headers.push("CSeq", CSeq { number: 1, method: Method::OPTIONS }.value());
    headers.push("User-Agent", &*ctx.config.user_agent);
    options
}
