//! Signing in, and the form to do it with.

use super::session::{Account, Flow, Origin, Progress, Session};
use super::{Line, State};
use crate::core::Core;
use crate::diagnostics::TRACE_BYTES;
use crate::effect::{Effect, SocketEffect};
use crate::notice::Notice;
use crate::settings::{filled, is_domain, is_user};
use crate::view::{Form, SignInError};
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_sip::{Command, Config, Pauses, Secret, Servers};
use std::time::Duration;

/// The expiry asked for; the server's own counts. Short enough for a line that a crashed server
/// has forgotten to come back by itself, long enough to be no load.
const REGISTER_EXPIRES: Duration = Duration::from_secs(600);

/// What the sign-in form shows of the line.
pub(crate) struct FormState {
    /// What it starts with; without the password.
    pub(crate) form: Form,
    /// Signing in or out is under way.
    pub(crate) busy: bool,
    /// Why the last attempt failed.
    pub(crate) error: Option<SignInError>,
}

impl Line {
    /// Signs in with what was typed. An empty password means the host's secret, as long as the
    /// user it belongs to has not been changed.
    pub(crate) fn sign_in_with(&mut self, core: &mut Core, form: Form) {
        if !self.may_sign_in() {
            return;
        }
        let settings = &core.settings;
        let username = filled(Some(form.username));
        let domain = match &settings.domain {
            Some(domain) if settings.domain_fixed => Some(domain.clone()),
            Some(_) | None => filled(Some(form.domain)),
        };
        let secret = if form.password.is_empty() {
            settings.secret.clone().filter(|_| username == settings.username)
        } else {
            Some(Secret::Password(form.password))
        };
        match (username, domain, secret) {
            (Some(username), Some(domain), Some(secret))
                if is_user(&username) && is_domain(&domain) =>
            {
                self.sign_in(core, Account { username, domain, secret }, Origin::Person);
            }
            (username, domain, _) => {
                self.end_session(core);
                let form = form_with(username.unwrap_or_default(), domain.unwrap_or_default());
                self.state = State::SignedOut { form, error: Some(SignInError::Incomplete) };
            }
        }
    }

    /// Signs in with what the host passed, if that is complete.
    pub(crate) fn connect(&mut self, core: &mut Core) {
        if let Some(account) = core.settings.host_account().filter(|_| self.may_sign_in()) {
            self.sign_in(core, account, Origin::Person);
        }
    }

    /// What the form shows; `None` when nobody needs it.
    pub(crate) fn form(&self) -> Option<FormState> {
        match &self.state {
            State::Starting | State::Restoring { .. } => None,
            State::SignedOut { form, error } => {
                Some(FormState { form: form.clone(), busy: false, error: *error })
            }
            State::SignedIn(session) => {
                let (busy, error) = attempt(session)?;
                let Account { username, domain, .. } = session.account.clone();
                Some(FormState { form: form_with(username, domain), busy, error })
            }
        }
    }

    pub(super) fn sign_in(&mut self, core: &mut Core, account: Account, origin: Origin) {
        self.end_session(core);
        let config = Config {
            secure: core.settings.secure(),
            register_expires: REGISTER_EXPIRES,
            user_agent: core.setup.user_agent.clone(),
            instance_id: core.setup.instance_id.clone(),
            trace_bytes: TRACE_BYTES,
            identity_headers: core.settings.identity_headers.clone(),
            ..Config::new(&account.username, &account.domain, account.secret.clone())
        };
        let url = core.settings.socket_url.clone();
        core.notice(Notice::SigningIn(account.address()));
        core.agent.start(config, core.random.block());
        core.agent.command(Command::Register);
        self.state = State::SignedIn(Box::new(Session {
            account,
            origin,
            flow: Flow::Waiting { until: None },
            servers: Servers::new([(url, 0)], Pauses::default(), core.random.block()),
            progress: Progress::Trying,
        }));
        if self.online {
            self.open_socket(core);
        }
    }

    /// The credentials were refused: returns to the form, or to what the host passed.
    pub(super) fn refuse_sign_in(&mut self, core: &mut Core) {
        let Some(Session { account, origin, .. }) = self.end_session(core) else { return };
        core.settings.forget_secret_of(&account);
        core.tell_error(ErrorBody::new(
            ErrorCode::SignInFailed,
            "The server refused the user name or password.",
        ));
        let error = Some(SignInError::Credentials);
        if origin == Origin::Restored {
            self.start_without_session(core, error);
        } else {
            let form = form_with(account.username, account.domain);
            self.state = State::SignedOut { form, error };
        }
    }

    /// Ends the session at once: its agent with its calls, and its socket.
    pub(super) fn end_session(&mut self, core: &mut Core) -> Option<Session> {
        let signed_out = State::SignedOut { form: Form::default(), error: None };
        let session = match std::mem::replace(&mut self.state, signed_out) {
            State::SignedIn(session) => session,
            other @ (State::Starting | State::Restoring { .. } | State::SignedOut { .. }) => {
                self.state = other;
                return None;
            }
        };
        core.agent.stop();
        if session.flow.generation().is_some() {
            core.push(Effect::Socket(SocketEffect::Close));
        }
        core.notice(Notice::SessionEnded);
        Some(*session)
    }

    /// Whether the form is of use: nobody is signed in, or the attempt has not succeeded.
    fn may_sign_in(&self) -> bool {
        match &self.state {
            State::SignedOut { .. } => true,
            State::SignedIn(session) => match session.flow {
                Flow::Refused { .. } => true,
                Flow::Leaving { .. } | Flow::Closing { .. } => false,
                Flow::Waiting { .. }
                | Flow::Opening { .. }
                | Flow::Registering { .. }
                | Flow::Registered { .. } => !session.is_accepted(),
            },
            State::Starting | State::Restoring { .. } => false,
        }
    }
}

/// Whether the form is busy, and what it reports; `None` when it is not shown.
fn attempt(session: &Session) -> Option<(bool, Option<SignInError>)> {
    let failure = match session.progress {
        Progress::Trying | Progress::Accepted => None,
        Progress::Failing(error) => Some(error),
    };
    match session.flow {
        Flow::Leaving { .. } | Flow::Closing { .. } => Some((true, None)),
        Flow::Refused { credentials: true, .. } => Some((false, Some(SignInError::Credentials))),
        Flow::Refused { credentials: false, .. } => failure.map(|error| (false, Some(error))),
        Flow::Waiting { .. }
        | Flow::Opening { .. }
        | Flow::Registering { .. }
        | Flow::Registered { .. } => {
            let watched = session.origin == Origin::Person && !session.is_accepted();
            watched.then_some((failure.is_none(), failure))
        }
    }
}

fn form_with(username: String, domain: String) -> Form {
    Form { username, domain, password: String::new() }
}
