//! The line to the SIP server: the states it can be in, and what each of them knows.

use crate::agent::Agent;
use crate::view::{Form, SignInError};
use ringlet_sip::{Instant, Secret, Servers};

/// Who is signed in, if anybody.
pub(crate) enum Line {
    /// `init` has not come.
    Starting,
    /// The tab's storage has been asked for a session.
    Restoring {
        /// Storage that is silent this long holds nothing.
        until: Instant,
    },
    /// Nobody is signed in.
    SignedOut {
        /// What the form starts with, beyond what the host passed.
        form: Form,
        /// Why signing in failed.
        error: Option<SignInError>,
    },
    /// Somebody is, or wants to be.
    SignedIn(Box<Session>),
}

/// One sign-in, from the attempt until signing out.
pub(crate) struct Session {
    pub(crate) account: Account,
    pub(crate) origin: Origin,
    pub(crate) agent: Agent,
    pub(crate) link: Link,
    pub(crate) servers: Servers,
    pub(crate) progress: Progress,
}

/// Whose line it is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) username: String,
    pub(crate) domain: String,
    pub(crate) secret: Secret,
}

/// Where the credentials came from, which decides where a failure leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From this tab's storage: nobody pressed anything.
    Restored,
    /// From the host, used untouched.
    Autologin,
    /// A person pressed Sign in or Connect and is looking at the form.
    Person,
}

/// Whether the credentials are known to be good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The first attempt is under way.
    Trying,
    /// An attempt failed for a reason that may pass; the phone goes on trying.
    Troubled(SignInError),
    /// The server has accepted them.
    Accepted,
}

/// The socket, and the registration on it.
pub(crate) enum Link {
    /// There is no socket.
    Waiting {
        /// When the next attempt is made; `None` while the browser is off line.
        until: Option<Instant>,
    },
    /// One is being opened.
    Opening {
        generation: u32,
        /// A socket that is not open by then is given up.
        until: Instant,
    },
    /// It is open, and a REGISTER is under way.
    Registering { generation: u32 },
    /// The server has our binding.
    Registered { generation: u32 },
    /// The server refuses the registration, and the agent asks again only if it said so.
    Refused {
        generation: u32,
        /// 0 when there was none.
        status: u16,
        /// It was the credentials, so only other ones will do.
        credentials: bool,
    },
    /// Saying goodbye.
    Leaving {
        generation: u32,
        /// A server that has not answered by then is not waited for.
        until: Instant,
        farewell: Farewell,
    },
}

/// Why the phone leaves, and what is left to do afterwards.
pub(crate) enum Farewell {
    /// The person signed out.
    SignOut,
    /// The host destroys the widget, and waits for these commands to be answered.
    Shutdown { reply_to: Vec<String> },
    /// The page is going away.
    PageHide,
}

impl Line {
    pub(crate) fn session(&self) -> Option<&Session> {
        match self {
            Self::SignedIn(session) => Some(session),
            Self::Starting | Self::Restoring { .. } | Self::SignedOut { .. } => None,
        }
    }

    pub(crate) fn session_mut(&mut self) -> Option<&mut Session> {
        match self {
            Self::SignedIn(session) => Some(session),
            Self::Starting | Self::Restoring { .. } | Self::SignedOut { .. } => None,
        }
    }

    /// Calls can be made and taken.
    pub(crate) fn is_registered(&self) -> bool {
        self.session().is_some_and(|s| matches!(s.link, Link::Registered { .. }))
    }
}

impl Link {
    /// The socket's name, if there is one.
    pub(crate) fn generation(&self) -> Option<u32> {
        match *self {
            Self::Waiting { .. } => None,
            Self::Opening { generation, .. }
            | Self::Registering { generation }
            | Self::Registered { generation }
            | Self::Refused { generation, .. }
            | Self::Leaving { generation, .. } => Some(generation),
        }
    }

    /// Whether something can be sent.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Waiting { .. } | Self::Opening { .. } => false,
            Self::Registering { .. }
            | Self::Registered { .. }
            | Self::Refused { .. }
            | Self::Leaving { .. } => true,
        }
    }
}

impl Account {
    /// `username@domain`.
    pub(crate) fn address(&self) -> String {
        [&self.username, "@", &self.domain].concat()
    }
}
