//! One sign-in: whose it is, where it came from, and how far its socket has come.

use crate::view::SignInError;
use ringlet_sip::{Instant, Secret, Servers};

/// One sign-in, from the attempt until signing out.
pub(super) struct Session {
    pub(super) account: Account,
    pub(super) origin: Origin,
    pub(super) flow: Flow,
    pub(super) servers: Servers,
    pub(super) progress: Progress,
}

/// Who signs in, and with what.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) username: String,
    pub(crate) domain: String,
    pub(crate) secret: Secret,
}

/// Where the credentials came from, which decides what a failure leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// From this tab's storage: nobody pressed anything.
    Restored,
    /// From the host, used untouched.
    Autologin,
    /// A person pressed Sign in or Connect and is looking at the form.
    Person,
}

/// Whether the credentials are known to be good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// The first attempt is under way.
    Trying,
    /// An attempt failed for a reason that may pass; the phone keeps trying.
    Failing(SignInError),
    /// The server has accepted them.
    Accepted,
}

/// The flow to the server (RFC 5626): the socket, and the registration on it.
///
/// ```text
/// Waiting ◀─▶ Opening ─▶ Registering ─▶ Registered ─▶ Leaving ─▶ Closing
///                             └─▶ Refused ◀─┘
/// ```
pub(super) enum Flow {
    /// There is no socket.
    Waiting {
        /// When the next attempt is made; `None` while the browser is off line.
        until: Option<Instant>,
    },
    /// A socket is being opened.
    Opening {
        generation: u32,
        /// A socket that is not open by then is given up.
        until: Instant,
    },
    /// The socket is open, and a REGISTER is under way.
    Registering { generation: u32 },
    /// The server has our binding.
    Registered { generation: u32 },
    /// The server refuses the registration, and the agent asks again only if it said so.
    Refused {
        generation: u32,
        /// The SIP status, or 0.
        status: u16,
        /// The credentials were refused, so only other ones will do.
        credentials: bool,
    },
    /// The calls are being ended and the registration given back.
    Leaving {
        /// `None` if there was no socket.
        generation: Option<u32>,
        /// A server that has not answered by then is not waited for.
        until: Instant,
        /// The server's answer is waited for: it can answer, and somebody is there to read it.
        waits: bool,
        /// The commands to answer when the session has ended.
        reply_to: Vec<String>,
    },
    /// The agent's last messages go out; after them the socket is closed, within the same input.
    Closing { generation: Option<u32>, reply_to: Vec<String> },
}

impl Session {
    pub(super) fn is_accepted(&self) -> bool {
        self.progress == Progress::Accepted
    }

    /// Notes a failure that may pass. Returns whether it is the first one of this sign-in.
    pub(super) fn failing(&mut self, error: SignInError) -> bool {
        let first = self.progress == Progress::Trying;
        if !self.is_accepted() {
            self.progress = Progress::Failing(error);
        }
        first
    }
}

impl Flow {
    /// The name of the socket, if there is one.
    pub(super) fn generation(&self) -> Option<u32> {
        match *self {
            Self::Waiting { .. } => None,
            Self::Opening { generation, .. }
            | Self::Registering { generation }
            | Self::Registered { generation }
            | Self::Refused { generation, .. } => Some(generation),
            Self::Leaving { generation, .. } | Self::Closing { generation, .. } => generation,
        }
    }

    /// Whether messages can be sent and received.
    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Waiting { .. } | Self::Opening { .. } => false,
            Self::Registering { .. }
            | Self::Registered { .. }
            | Self::Refused { .. }
            | Self::Leaving { .. }
            | Self::Closing { .. } => true,
        }
    }

    pub(super) fn is_leaving(&self) -> bool {
        matches!(self, Self::Leaving { .. } | Self::Closing { .. })
    }
}

impl Account {
    /// `username@domain`.
    pub(super) fn address(&self) -> String {
        [&self.username, "@", &self.domain].concat()
    }
}
