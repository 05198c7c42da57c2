//! The sign-in screen.

use crate::calls::Calls;
use crate::core::Core;
use crate::line::{FormState, Line};
use ringlet_contract::config::HostMode;

/// The sign-in screen.
#[derive(Clone, Debug, PartialEq)]
pub struct SignInView {
    /// With [`HostMode::Confirm`] and complete credentials: only a Connect button.
    pub mode: HostMode,
    /// The host passed everything needed; `Intent::Connect` will do.
    pub complete: bool,
    /// What the form starts with; `password` is always empty here.
    pub form: Form,
    /// The tenant fixed the domain: show it, do not ask for it.
    pub domain_fixed: bool,
    /// The host passed a secret: the password field may stay empty.
    pub has_secret: bool,
    /// Signing in is under way.
    pub busy: bool,
    /// Why the last attempt failed.
    pub error: Option<SignInError>,
}

/// What a person types to sign in.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// User part of the address of record.
    pub username: String,
    /// Host part.
    pub domain: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Form")
            .field("username", &self.username)
            .field("domain", &self.domain)
            .finish_non_exhaustive()
    }
}

/// Why signing in failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInError {
    /// User name, domain or password is missing.
    Incomplete,
    /// The server refused them.
    Credentials,
    /// The server could not be reached, or did not answer.
    Unreachable,
    /// The server refused with another status.
    Server {
        /// The SIP status.
        status: u16,
    },
}

impl SignInView {
    /// `None` when nobody needs the form; it never covers a call.
    pub(crate) fn of(core: &Core, line: &Line, calls: &Calls) -> Option<Self> {
        if !calls.is_empty() {
            return None;
        }
        let FormState { form, busy, error } = line.form()?;
        let settings = &core.settings;
        let or_hosts = |text: String, host: &Option<String>| {
            if text.is_empty() { host.clone().unwrap_or_default() } else { text }
        };
        Some(Self {
            mode: settings.mode,
            complete: settings.host_account().is_some(),
            form: Form {
                username: or_hosts(form.username, &settings.username),
                domain: or_hosts(form.domain, &settings.domain),
                password: String::new(),
            },
            domain_fixed: settings.domain_fixed,
            has_secret: settings.secret.is_some(),
            busy,
            error,
        })
    }
}
