//! From `init`, a remembered session or the form to a session.

use crate::agent::Agent;
use crate::diagnostics::TRACE_BYTES;
use crate::effect::{Effect, HostEffect, PeerEffect, StoreEffect};
use crate::input::StoredSession;
use crate::line::{Account, Line, Link, Origin, Progress, Session};
use crate::phone::Phone;
use crate::settings::{Settings, filled, is_domain, is_user};
use crate::view::{Form, SignInError};
use ringlet_contract::config::{HostMode, PhoneInit, SessionRestore};
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::{HostEvent, Ready};
use ringlet_contract::message::{CommandResult, ResultValue};
use ringlet_sip::{Config, Pauses, Secret, Servers};
use std::time::Duration;

/// Storage answers within a task of the browser, or never.
const RESTORE_TIMEOUT: Duration = Duration::from_secs(2);
/// What is asked for; the server's word counts. Short enough for a line that a crashed server
/// forgot to come back by itself, long enough to be no load.
const REGISTER_EXPIRES: Duration = Duration::from_secs(600);

impl Phone {
    pub(crate) fn init(&mut self, id: String, init: PhoneInit) {
        if !matches!(self.line, Line::Starting) {
            let error = "The phone has been set up already; a new one needs a new frame.";
            return self.outbox.failed(id, ErrorBody::new(ErrorCode::InvalidState, error));
        }
        match Settings::new(init) {
            Ok(settings) => self.settings = settings,
            Err(error) => return self.outbox.failed(id, error),
        }
        let servers = std::mem::take(&mut self.settings.ice_servers);
        self.outbox.push(Effect::Peer(PeerEffect::Configure(servers)));
        self.line = Line::Restoring { until: self.now + RESTORE_TIMEOUT };
        if self.settings.restore == SessionRestore::Auto {
            let namespace = self.settings.storage_namespace.clone();
            self.outbox.push(Effect::Store(StoreEffect::Load { namespace }));
        }
        // `ready` follows the answer to `init`, unlike other events.
        self.outbox.push(Effect::Host(HostEffect::Result {
            reply_to: id,
            result: CommandResult::Done(ResultValue::default()),
        }));
        let ready = Ready { version: self.setup.version.clone(), capabilities: Vec::new() };
        self.tell(HostEvent::Ready(ready));
        if self.settings.restore == SessionRestore::Off {
            self.on_stored(None);
        }
    }

    /// Decides how to begin: with what this tab remembers, with what the host passed, or by asking.
    pub(crate) fn on_stored(&mut self, stored: Option<StoredSession>) {
        if !matches!(self.line, Line::Restoring { .. }) {
            return;
        }
        match stored.filter(|session| self.may_restore(session)) {
            Some(StoredSession { username, domain, secret }) => {
                self.sign_in(Account { username, domain, secret }, Origin::Restored);
            }
            None => self.begin_without_memory(None),
        }
    }

    /// Signs in with what was typed. An empty password means the host's secret, as long as the
    /// user it belongs to has not been changed.
    pub(crate) fn sign_in_with(&mut self, form: Form) {
        if !self.may_sign_in() {
            return;
        }
        let username = filled(Some(form.username.clone()));
        let domain = match &self.settings.domain {
            Some(domain) if self.settings.domain_fixed => Some(domain.clone()),
            Some(_) | None => filled(Some(form.domain.clone())),
        };
        let secret = if form.password.is_empty() {
            self.host_secret().filter(|_| username == self.settings.username)
        } else {
            Some(Secret::Password(form.password))
        };
        match (username, domain, secret) {
            (Some(username), Some(domain), Some(secret))
                if is_user(&username) && is_domain(&domain) =>
            {
                self.sign_in(Account { username, domain, secret }, Origin::Person);
            }
            (username, domain, _) => {
                self.drop_session();
                let form = Form {
                    username: username.unwrap_or_default(),
                    domain: domain.unwrap_or_default(),
                    password: String::new(),
                };
                self.line = Line::SignedOut { form, error: Some(SignInError::Incomplete) };
            }
        }
    }

    /// Signs in with what the host passed, if that is complete.
    pub(crate) fn connect(&mut self) {
        if let Some(account) = self.host_account().filter(|_| self.may_sign_in()) {
            self.sign_in(account, Origin::Person);
        }
    }

    /// The credentials were refused: back to whoever can pass others.
    pub(crate) fn refuse_sign_in(&mut self) {
        let Line::SignedIn(session) = &self.line else { return };
        let (account, origin) = (session.account.clone(), session.origin);
        self.drop_session();
        if self.settings.username.as_ref() == Some(&account.username)
            && self.settings.secret.as_ref() == Some(&account.secret)
        {
            self.settings.secret = None;
        }
        self.line = Line::SignedOut {
            form: Form {
                username: account.username,
                domain: account.domain,
                password: String::new(),
            },
            error: Some(SignInError::Credentials),
        };
        self.tell_error(ErrorBody::new(
            ErrorCode::SignInFailed,
            "The server refused the user name or password.",
        ));
        if origin == Origin::Restored {
            self.begin_without_memory(Some(SignInError::Credentials));
        }
    }

    /// What the host passed, if it is complete.
    pub(crate) fn host_account(&self) -> Option<Account> {
        Some(Account {
            username: self.settings.username.clone()?,
            domain: self.settings.domain.clone()?,
            secret: self.host_secret()?,
        })
    }

    pub(crate) fn host_secret(&self) -> Option<Secret> {
        self.settings.secret.clone()
    }

    fn begin_without_memory(&mut self, error: Option<SignInError>) {
        match (self.settings.mode, self.host_account()) {
            (HostMode::Autologin, Some(account)) => self.sign_in(account, Origin::Autologin),
            (HostMode::Autologin, None) | (HostMode::Confirm | HostMode::Prefilled, _) => {
                self.line = Line::SignedOut { form: Form::default(), error };
            }
        }
    }

    /// A remembered session counts unless the tenant moved to another domain, or the host names
    /// another user: calls must not go out in the name of whoever used this tab before.
    fn may_restore(&self, session: &StoredSession) -> bool {
        let settings = &self.settings;
        let same_domain =
            !settings.domain_fixed || settings.domain.as_ref() == Some(&session.domain);
        let same_user = settings.username.as_ref().is_none_or(|u| *u == session.username);
        same_domain && same_user && is_user(&session.username) && is_domain(&session.domain)
    }

    /// Somebody looks at the form: nobody is signed in, or the attempt has not succeeded.
    fn may_sign_in(&self) -> bool {
        match &self.line {
            Line::SignedOut { .. } => true,
            Line::SignedIn(session) => match session.link {
                Link::Refused { .. } => true,
                Link::Leaving { .. } => false,
                Link::Waiting { .. }
                | Link::Opening { .. }
                | Link::Registering { .. }
                | Link::Registered { .. } => session.progress != Progress::Accepted,
            },
            Line::Starting | Line::Restoring { .. } => false,
        }
    }

    fn sign_in(&mut self, account: Account, origin: Origin) {
        self.drop_session();
        let config = Config {
            secure: self.settings.secure(),
            register_expires: REGISTER_EXPIRES,
            user_agent: self.setup.user_agent.clone(),
            instance_id: self.setup.instance_id.clone(),
            trace_bytes: TRACE_BYTES,
            ..Config::new(&account.username, &account.domain, account.secret.clone())
        };
        let url = self.settings.socket_url.clone();
        self.line = Line::SignedIn(Box::new(Session {
            account,
            origin,
            agent: Agent::new(config, self.random.block(), self.numbers),
            link: Link::Waiting { until: None },
            servers: Servers::new([(url, 0)], Pauses::default(), self.random.block()),
            progress: Progress::Trying,
        }));
        self.want_registration();
        if self.online {
            self.open_socket();
        }
    }
}
