//! The line to the SIP server: who is signed in, the socket, and the registration on it.
//!
//! ```text
//! Starting ─ init ─▶ Restoring ─▶ SignedOut ◀──▶ SignedIn
//!                        └────────────────────────▶ ┘
//! ```

mod farewell;
mod registration;
mod restore;
mod session;
mod sign_in;
mod socket;
mod status;

pub(crate) use session::Account;
pub(crate) use sign_in::FormState;
pub use status::LineStatus;

use crate::core::Core;
use crate::view::{Form, SignInError};
use ringlet_contract::event::{HostEvent, Unregistered, UnregisteredReason};
use ringlet_sip::Instant;
use session::{Flow, Session};

/// The line.
pub(crate) struct Line {
    state: State,
    /// The name of the last socket.
    generation: u32,
    /// Whether the browser says that it has a network.
    online: bool,
    /// The host was last told that the line is registered.
    told_registered: bool,
    /// The browser refuses storage.
    storage_blocked: bool,
}

/// Who is signed in, if anybody.
enum State {
    /// `init` has not come.
    Starting,
    /// The tab's storage has been asked for a session.
    Restoring {
        /// Storage that has not answered by then holds nothing.
        until: Instant,
    },
    /// Nobody is signed in.
    SignedOut {
        /// What the form starts with, beyond what the host passed.
        form: Form,
        /// Why signing in failed.
        error: Option<SignInError>,
    },
    /// Somebody is, or is trying to.
    SignedIn(Box<Session>),
}

impl Line {
    pub(crate) fn new() -> Self {
        Self {
            state: State::Starting,
            generation: 0,
            online: true,
            told_registered: false,
            storage_blocked: false,
        }
    }

    /// The tab's storage has been asked for a session.
    pub(crate) fn is_restoring(&self) -> bool {
        matches!(self.state, State::Restoring { .. })
    }

    pub(crate) fn is_online(&self) -> bool {
        self.online
    }

    pub(crate) fn is_storage_blocked(&self) -> bool {
        self.storage_blocked
    }

    /// Who is signed in, `user@domain`; `None` until the server has accepted it.
    pub(crate) fn account(&self) -> Option<String> {
        let session = self.session().filter(|session| session.is_accepted())?;
        Some(session.account.address())
    }

    /// When [`Line::timeout`] is wanted: for storage that does not answer, a socket that does not
    /// open, a back-off and its countdown on the screen, a goodbye that is not answered.
    pub(crate) fn deadline(&self, now: Instant) -> Option<Instant> {
        match &self.state {
            State::Starting | State::SignedOut { .. } => None,
            State::Restoring { until } => Some(*until),
            State::SignedIn(session) => match session.flow {
                Flow::Waiting { until } => until.map(|until| next_second(now, until)),
                Flow::Opening { until, .. } | Flow::Leaving { until, .. } => Some(until),
                Flow::Registering { .. }
                | Flow::Registered { .. }
                | Flow::Refused { .. }
                | Flow::Closing { .. } => None,
            },
        }
    }

    /// Does what is due.
    pub(crate) fn timeout(&mut self, core: &mut Core) {
        match &self.state {
            State::Starting | State::SignedOut { .. } => {}
            State::Restoring { until } if *until <= core.now => self.on_stored(core, None),
            State::Restoring { .. } => {}
            State::SignedIn(session) => match session.flow {
                Flow::Waiting { until: Some(until) } if until <= core.now => self.open_socket(core),
                Flow::Opening { until, .. } if until <= core.now => self.abandon_socket(core),
                Flow::Leaving { until, .. } if until <= core.now => self.finish_farewell(core),
                Flow::Waiting { .. }
                | Flow::Opening { .. }
                | Flow::Registering { .. }
                | Flow::Registered { .. }
                | Flow::Refused { .. }
                | Flow::Leaving { .. }
                | Flow::Closing { .. } => {}
            },
        }
    }

    fn session(&self) -> Option<&Session> {
        match &self.state {
            State::SignedIn(session) => Some(session),
            State::Starting | State::Restoring { .. } | State::SignedOut { .. } => None,
        }
    }

    fn tell_unregistered(&mut self, core: &mut Core, reason: UnregisteredReason) {
        if std::mem::take(&mut self.told_registered) {
            core.tell(HostEvent::Unregistered(Unregistered { reason }));
        }
    }
}

/// When a countdown to `until` shows another number of seconds, or has reached it.
fn next_second(now: Instant, until: Instant) -> Instant {
    let left = until.as_millis().saturating_sub(now.as_millis());
    let whole_seconds = left.div_ceil(1_000).saturating_sub(1);
    Instant::from_millis(until.as_millis() - whole_seconds * 1_000)
}

#[cfg(test)]
mod tests;
