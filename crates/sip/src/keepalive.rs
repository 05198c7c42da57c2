//! CRLF keep-alive (RFC 5626 sections 3.5.1 and 4.4.1, RFC 7118 section 6).

use crate::context::Context;
use crate::output::{Output, Reconnect};
use crate::time::Instant;
use crate::timer::Timer;
use std::time::Duration;

const PING: &[u8] = b"\r\n\r\n";
const PONG: &[u8] = b"\r\n";
const PONG_WITHIN: Duration = Duration::from_secs(10);
/// A deadline missed by more than this was slept through, and proves nothing about the server.
const SLEPT: Duration = Duration::from_secs(5);

/// Pings the server, and finds out when it is gone.
#[derive(Debug, Default)]
pub(crate) struct KeepAlive {
    state: State,
    /// The server has answered a ping on this socket. One that never does is left in peace.
    server_pongs: bool,
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

impl KeepAlive {
    pub(crate) fn connected(&mut self, ctx: &mut Context) {
        *self = Self::default();
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
            self.server_pongs = true;
            if let State::Pinged { .. } = self.state {
                self.rest(ctx);
            }
        }
        bytes.iter().all(u8::is_ascii_whitespace)
    }

    pub(crate) fn timeout(&mut self, ctx: &mut Context) {
        match self.state {
            State::Quiet { ping_at } if ping_at <= ctx.now => self.ping(ctx),
            State::Pinged { pong_by } if pong_by <= ctx.now => {
                if !self.server_pongs {
                    self.rest(ctx);
                } else if ctx.now.since(pong_by) > SLEPT {
                    self.ping(ctx);
                } else {
                    self.state = State::Off;
                    ctx.push(Output::Reconnect(Reconnect::DeadFlow));
                }
            }
            State::Off | State::Quiet { .. } | State::Pinged { .. } => {}
        }
    }

    pub(crate) fn deadline(&self) -> Option<(Instant, Timer)> {
        match self.state {
            State::Off => None,
            State::Quiet { ping_at } => Some((ping_at, Timer::Ping)),
            State::Pinged { pong_by } => Some((pong_by, Timer::PongTimeout)),
        }
    }

    fn ping(&mut self, ctx: &mut Context) {
        ctx.transmit(PING.to_vec());
        self.state = State::Pinged { pong_by: ctx.now + PONG_WITHIN };
    }

    fn rest(&mut self, ctx: &mut Context) {
        // Home routers forget idle connections after 30 s at worst.
        let longest = self.flow_timer.map_or(30_000, |t| t.as_millis().min(30_000) as u64);
        let pause = ctx.rng.between(longest * 8 / 10, longest);
        self.state = State::Quiet { ping_at: ctx.now + Duration::from_millis(pause) };
    }
}
