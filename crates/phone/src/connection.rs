//! The socket, and what the registrar says on it.

use crate::effect::{Effect, SocketEffect, StoreEffect};
use crate::input::{SocketInput, StoredSession};
use crate::line::{Line, Link, Origin, Progress};
use crate::phone::Phone;
use crate::view::SignInError;
use ringlet_contract::config::SessionRestore;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::{HostEvent, Registered, Unregistered, UnregisteredReason};
use ringlet_sip::{Command, RegistrationError, RegistrationState};
use std::time::Duration;

/// Browsers may take minutes to give up a socket; a person will not wait that long.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);

impl Phone {
    /// Makes the next attempt now, if one is due at all.
    pub(crate) fn open_socket(&mut self) {
        let Line::SignedIn(session) = &mut self.line else { return };
        self.generation += 1;
        let generation = self.generation;
        session.link = Link::Opening { generation, until: self.now + OPEN_TIMEOUT };
        let url = session.servers.next(self.now).url.to_owned();
        self.outbox.push(Effect::Socket(SocketEffect::Open { url, generation }));
    }

    pub(crate) fn on_socket(&mut self, news: SocketInput) {
        let (SocketInput::Opened { generation }
        | SocketInput::Received { generation, .. }
        | SocketInput::Closed { generation }) = news;
        let Line::SignedIn(session) = &mut self.line else { return };
        if session.link.generation() != Some(generation) {
            return;
        }
        match news {
            SocketInput::Opened { .. } => {
                if matches!(session.link, Link::Opening { .. }) {
                    session.link = Link::Registering { generation };
                    session.agent.connected();
                }
            }
            SocketInput::Received { data, .. } => {
                if session.link.is_open() {
                    session.agent.received(data);
                }
            }
            SocketInput::Closed { .. } => {
                if matches!(session.link, Link::Leaving { .. }) {
                    session.agent.disconnected();
                    self.finish_farewell();
                } else {
                    self.lose_socket();
                }
            }
        }
    }

    /// The socket is useless although it has not closed.
    pub(crate) fn give_up_socket(&mut self) {
        match self.line.session().map(|s| &s.link) {
            Some(Link::Leaving { .. }) => self.finish_farewell(),
            Some(
                Link::Opening { .. }
                | Link::Registering { .. }
                | Link::Registered { .. }
                | Link::Refused { .. },
            ) => {
                self.outbox.push(Effect::Socket(SocketEffect::Close));
                self.lose_socket();
            }
            Some(Link::Waiting { .. }) | None => {}
        }
    }

    pub(crate) fn on_online(&mut self, online: bool) {
        self.online = online;
        let Line::SignedIn(session) = &mut self.line else { return };
        if let Link::Waiting { until } = &mut session.link {
            *until = None;
            if online {
                session.servers.reset();
                self.open_socket();
            }
        }
    }

    /// The person will not wait for the back-off, or for a server that refused.
    pub(crate) fn retry_connection(&mut self) {
        let Line::SignedIn(session) = &mut self.line else { return };
        match session.link {
            Link::Waiting { .. } => self.open_socket(),
            Link::Refused { credentials: false, .. } => {
                session.link = Link::Waiting { until: None };
                session.agent.disconnected();
                self.open_socket();
            }
            Link::Refused { credentials: true, .. }
            | Link::Opening { .. }
            | Link::Registering { .. }
            | Link::Registered { .. }
            | Link::Leaving { .. } => {}
        }
    }

    pub(crate) fn transmit(&mut self, message: Vec<u8>) {
        if self.line.session().is_some_and(|s| s.link.is_open()) {
            self.outbox.push(Effect::Socket(SocketEffect::Send(message)));
        }
    }

    pub(crate) fn on_registration(&mut self, state: RegistrationState) {
        let Line::SignedIn(session) = &mut self.line else { return };
        match &session.link {
            // Said of a socket that is gone.
            Link::Waiting { .. } | Link::Opening { .. } => return,
            Link::Leaving { .. } => {
                match state {
                    RegistrationState::Unregistered | RegistrationState::Failed { .. } => {
                        self.finish_farewell();
                    }
                    RegistrationState::Registering | RegistrationState::Registered { .. } => {}
                }
                return;
            }
            Link::Registering { .. } | Link::Registered { .. } | Link::Refused { .. } => {}
        }
        match state {
            // A refresh does not take the line down.
            RegistrationState::Registering | RegistrationState::Unregistered => {}
            RegistrationState::Registered { .. } => self.accept_registration(),
            RegistrationState::Failed { error, retry_in } => match error {
                RegistrationError::Credentials => self.refuse_credentials(0),
                // What many servers answer to a wrong password, and to an unknown user.
                RegistrationError::Status(status @ (403 | 404), _) if retry_in.is_none() => {
                    self.refuse_credentials(status);
                }
                RegistrationError::Status(status, _) => {
                    self.refuse_registration(status, retry_in.is_some());
                }
                RegistrationError::Timeout | RegistrationError::Disconnected => {
                    self.give_up_socket();
                }
            },
        }
    }

    pub(crate) fn tell_unregistered(&mut self, reason: UnregisteredReason) {
        if self.told_registered {
            self.told_registered = false;
            self.tell(HostEvent::Unregistered(Unregistered { reason }));
        }
    }

    /// Ends the session at once: its calls, its socket, its agent.
    pub(crate) fn drop_session(&mut self) {
        if let Line::SignedIn(session) = &mut self.line {
            self.numbers = session.agent.taken();
            let had_socket = session.link.generation().is_some();
            self.line = Line::SignedOut { form: Default::default(), error: None };
            self.end_all_calls();
            if had_socket {
                self.outbox.push(Effect::Socket(SocketEffect::Close));
            }
        }
    }

    fn lose_socket(&mut self) {
        let Line::SignedIn(session) = &mut self.line else { return };
        session.servers.failed(self.now, None);
        let next = session.servers.next(self.now).at;
        session.link = Link::Waiting { until: self.online.then_some(next) };
        session.agent.disconnected();
        let first_failure = session.progress == Progress::Trying;
        if session.progress != Progress::Accepted {
            session.progress = Progress::Troubled(SignInError::Unreachable);
        }
        self.tell_unregistered(UnregisteredReason::ConnectionLost);
        if first_failure {
            self.tell_error(ErrorBody::new(
                ErrorCode::ConnectionLost,
                "The SIP server cannot be reached; the phone keeps trying.",
            ));
        }
    }

    fn accept_registration(&mut self) {
        let Line::SignedIn(session) = &mut self.line else { return };
        let Some(generation) = session.link.generation() else { return };
        session.link = Link::Registered { generation };
        session.servers.succeeded();
        let account = session.account.clone();
        let is_news = session.progress != Progress::Accepted;
        session.progress = Progress::Accepted;
        let keep = self.settings.restore == SessionRestore::Auto && !self.storage_blocked;
        if is_news && keep && session.origin != Origin::Restored {
            self.outbox.push(Effect::Store(StoreEffect::Save(StoredSession {
                username: account.username.clone(),
                domain: account.domain.clone(),
                secret: account.secret.clone(),
            })));
        }
        if !self.told_registered {
            self.told_registered = true;
            self.tell(HostEvent::Registered(Registered {
                user_key: account.address(),
                username: account.username,
                domain: account.domain,
            }));
        }
        self.place_pending();
    }

    /// The credentials are no good, or no longer.
    fn refuse_credentials(&mut self, status: u16) {
        let Line::SignedIn(session) = &mut self.line else { return };
        let Some(generation) = session.link.generation() else { return };
        let refused_at_sign_in = session.progress != Progress::Accepted;
        session.link = Link::Refused { generation, status, credentials: true };
        self.outbox.push(Effect::Store(StoreEffect::Clear));
        self.tell_unregistered(UnregisteredReason::Rejected);
        self.reject_pending("The server refused the user name or password.");
        if refused_at_sign_in {
            self.refuse_sign_in();
        }
    }

    /// The server refuses for a reason of its own.
    fn refuse_registration(&mut self, status: u16, tries_again: bool) {
        let Line::SignedIn(session) = &mut self.line else { return };
        let Some(generation) = session.link.generation() else { return };
        session.link = Link::Refused { generation, status, credentials: false };
        let first_failure = session.progress == Progress::Trying;
        if session.progress != Progress::Accepted {
            session.progress = Progress::Troubled(SignInError::Server { status });
        }
        self.tell_unregistered(UnregisteredReason::ServerError);
        if !tries_again {
            self.reject_pending("The server refuses the registration.");
        }
        if first_failure {
            self.tell_error(ErrorBody::new(
                ErrorCode::SignInFailed,
                "The server answered the registration with an error; see the phone's screen.",
            ));
        }
    }

    /// Registers on every socket this session will have.
    pub(crate) fn want_registration(&mut self) {
        if let Some(session) = self.line.session_mut() {
            session.agent.command(Command::Register);
        }
    }
}
