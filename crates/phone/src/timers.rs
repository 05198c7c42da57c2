//! Why the phone wants to be woken.

use crate::line::{Line, Link};
use crate::phone::Phone;
use ringlet_sip::Instant;

/// The reason for a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timer {
    /// One of the user agent's own.
    Agent,
    /// Storage was asked for a session and is silent.
    Restore,
    /// A socket has not opened, and never said that it would not.
    Open,
    /// The back-off is over.
    Reconnect,
    /// The server does not answer the goodbye.
    Farewell,
    /// A command has waited too long for the line.
    Pending,
    /// A broken peer connection has not come back.
    Mending,
    /// A clock on the screen moves on: a call's, or the back-off's.
    Clock,
    /// The tone after a call has been heard.
    EndTone,
    /// The screen of a call that ended as expected goes away.
    EndScreen,
}

impl Phone {
    /// Every deadline there is.
    pub(crate) fn timers(&self) -> impl Iterator<Item = (Instant, Timer)> {
        let session = self.line.session();
        [
            (session.and_then(|s| s.agent.deadline()), Timer::Agent),
            (self.restore_deadline(), Timer::Restore),
            self.link_deadline(),
            (self.pending.deadline(), Timer::Pending),
            (self.mending_deadline(), Timer::Mending),
            (self.next_second(), Timer::Clock),
            (self.end_tone.map(|(_, until)| until), Timer::EndTone),
            (self.ended.as_ref().and_then(|(_, until)| *until), Timer::EndScreen),
        ]
        .into_iter()
        .filter_map(|(at, timer)| at.map(|at| (at, timer)))
    }

    /// Does what is due. Any number of timers may be, after a laptop's sleep.
    pub(crate) fn on_timeout(&mut self) {
        let now = self.now;
        let due: Vec<Timer> =
            self.timers().filter(|(at, _)| *at <= now).map(|(_, timer)| timer).collect();
        for timer in due {
            match timer {
                Timer::Agent => {
                    if let Some(session) = self.line.session_mut() {
                        session.agent.timeout();
                    }
                }
                Timer::Restore => self.on_stored(None),
                Timer::Open => self.give_up_socket(),
                Timer::Reconnect => self.open_socket(),
                Timer::Farewell => self.finish_farewell(),
                Timer::Pending => self.expire_pending(),
                Timer::Mending => self.give_up_mending(),
                Timer::Clock => {}
                Timer::EndTone => self.end_tone = None,
                Timer::EndScreen => self.ended = None,
            }
        }
    }

    fn restore_deadline(&self) -> Option<Instant> {
        match self.line {
            Line::Restoring { until } => Some(until),
            Line::Starting | Line::SignedOut { .. } | Line::SignedIn(_) => None,
        }
    }

    fn link_deadline(&self) -> (Option<Instant>, Timer) {
        match self.line.session().map(|s| &s.link) {
            Some(Link::Waiting { until }) => (*until, Timer::Reconnect),
            Some(Link::Opening { until, .. }) => (Some(*until), Timer::Open),
            Some(Link::Leaving { until, .. }) => (Some(*until), Timer::Farewell),
            Some(Link::Registering { .. } | Link::Registered { .. } | Link::Refused { .. })
            | None => (None, Timer::Reconnect),
        }
    }

    /// When a clock on the screen shows another number.
    fn next_second(&self) -> Option<Instant> {
        let now = self.now.as_millis();
        let calls = self.calls.iter().filter_map(|call| {
            let since = call.active_since()?.as_millis();
            Some(since + (now.saturating_sub(since) / 1_000 + 1) * 1_000)
        });
        let wait = match self.line.session().map(|s| &s.link) {
            Some(Link::Waiting { until: Some(until) }) => {
                let left = until.as_millis().saturating_sub(now);
                (left > 1_000).then(|| until.as_millis() - (left.div_ceil(1_000) - 1) * 1_000)
            }
            Some(
                Link::Waiting { until: None }
                | Link::Opening { .. }
                | Link::Registering { .. }
                | Link::Registered { .. }
                | Link::Refused { .. }
                | Link::Leaving { .. },
            )
            | None => None,
        };
        calls.chain(wait).min().map(Instant::from_millis)
    }
}
