use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::fork::ForkId;
use super::local::{LocalId, Step};
use super::transaction::ServerKey;
use super::{Core, SocketId};

/// 64 × T1 (RFC 3261 §17.1.1.1): how long an unanswered transaction or an unacknowledged answer
/// is waited for.
pub(super) const TRANSACTION_TIME: Duration = Duration::from_secs(32);

/// What may fall due. A timer whose subject is gone does nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// No final response to a request we sent (timers B and F of RFC 3261 §17.1).
    Transaction(String),
    /// A finished client transaction has absorbed its stragglers (timers D, K and M).
    ForgetClient(String),
    /// A finished INVITE needs its branch no longer (timers H, I and L).
    ForgetInvite(ServerKey),
    /// Nobody answered a ringing call (timer C, RFC 3261 §16.6 step 11).
    Ring(ForkId),
    /// No further 200 can come for an answered fork.
    ForgetFork(ForkId),
    /// The next step of a test number.
    Step(LocalId, Step),
    /// Whoever was on a lost socket has not come back.
    Return(SocketId),
}

#[derive(Default)]
pub(super) struct Timers {
    due: BinaryHeap<Reverse<(Instant, u64, Timer)>>,
    /// Keeps timers due at the same instant in the order they were set.
    set: u64,
}

impl Timers {
    pub(super) fn set(&mut self, after: Duration, timer: Timer) {
        self.set += 1;
        self.due.push(Reverse((Instant::now() + after, self.set, timer)));
    }

    /// Waits for the next timer. Cancel-safe: nothing is taken before it is due.
    pub(super) async fn next(&mut self) -> Timer {
        match self.due.peek() {
            Some(Reverse((at, ..))) => sleep_until(*at).await,
            None => std::future::pending().await,
        }
        match self.due.pop() {
            Some(Reverse((_, _, timer))) => timer,
            None => std::future::pending().await,
        }
    }
}

impl Core {
    pub(super) fn handle_timer(&mut self, timer: Timer) {
        match timer {
            Timer::Transaction(branch) => self.transaction_timed_out(&branch),
            Timer::ForgetClient(branch) => {
                self.client_transactions.remove(&branch);
            }
            Timer::ForgetInvite(key) => {
                self.server_invites.remove(&key);
            }
            Timer::Ring(fork) => self.ringing_timed_out(fork),
            Timer::ForgetFork(fork) => self.forget_fork(fork),
            Timer::Step(call, step) => self.local_step(call, step),
            Timer::Return(socket) => self.not_returned(socket),
        }
    }
}
