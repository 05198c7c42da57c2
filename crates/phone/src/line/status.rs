//! How the line stands: the one projection that screens, host and diagnostics share.

use super::session::{Flow, Progress};
use super::{Line, State};
use ringlet_contract::diagnostics::Connection;
use ringlet_sip::Instant;
use std::time::Duration;

/// How the line to the SIP server stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStatus {
    /// The loader has not been heard yet.
    Starting,
    /// Nobody is signed in.
    SignedOut,
    /// The first connection or registration is under way.
    Connecting,
    /// Calls can be made and taken.
    Registered,
    /// The connection was lost, or could not be made; the phone tries again.
    Reconnecting {
        /// Until the next attempt, in whole seconds; zero while one is under way.
        retry_in: Duration,
    },
    /// The server refuses the registration, and the phone has stopped asking or asks rarely.
    Refused {
        /// The SIP status, or 0.
        status: u16,
    },
}

impl LineStatus {
    /// Calls can be made and taken.
    pub(crate) fn is_registered(self) -> bool {
        self == Self::Registered
    }

    /// The line is not registered yet, but will be without a person's help.
    pub(crate) fn is_connecting(self) -> bool {
        match self {
            Self::Connecting | Self::Reconnecting { .. } => true,
            Self::Starting | Self::SignedOut | Self::Registered | Self::Refused { .. } => false,
        }
    }
}

impl From<LineStatus> for Connection {
    fn from(status: LineStatus) -> Self {
        match status {
            LineStatus::Starting | LineStatus::SignedOut => Self::SignedOut,
            LineStatus::Connecting => Self::Connecting,
            LineStatus::Registered => Self::Registered,
            LineStatus::Reconnecting { .. } => Self::Reconnecting,
            LineStatus::Refused { .. } => Self::Refused,
        }
    }
}

impl Line {
    /// How the line stands.
    pub(crate) fn status(&self, now: Instant) -> LineStatus {
        let session = match &self.state {
            State::Starting => return LineStatus::Starting,
            State::Restoring { .. } => return LineStatus::Connecting,
            State::SignedOut { .. } => return LineStatus::SignedOut,
            State::SignedIn(session) => session,
        };
        match session.flow {
            Flow::Waiting { until } => {
                let left = until.map_or(0, |at| at.as_millis().saturating_sub(now.as_millis()));
                LineStatus::Reconnecting { retry_in: Duration::from_secs(left.div_ceil(1_000)) }
            }
            Flow::Opening { .. } | Flow::Registering { .. } => match session.progress {
                Progress::Trying => LineStatus::Connecting,
                Progress::Failing(_) | Progress::Accepted => {
                    LineStatus::Reconnecting { retry_in: Duration::ZERO }
                }
            },
            Flow::Registered { .. } => LineStatus::Registered,
            Flow::Refused { status, .. } => LineStatus::Refused { status },
            Flow::Leaving { .. } | Flow::Closing { .. } => LineStatus::SignedOut,
        }
    }
}
