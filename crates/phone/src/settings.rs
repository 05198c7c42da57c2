//! The configuration from the server and the host, checked once.

use crate::line::Account;
use crate::number::is_word_character;
use ringlet_contract::config::{
    HostMode, IceServer, PhoneInit, SessionRestore, SipCredentials, Theme, TransferPolicy,
};
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_sip::Secret;

/// How many calls a phone can have as long as it cannot hold one.
const MAX_CALLS: usize = 1;

/// The checked configuration; the default is that of a phone that has not been set up.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) brand_name: String,
    pub(crate) accent: String,
    pub(crate) theme: Theme,
    pub(crate) theme_locked: bool,
    pub(crate) socket_url: String,
    pub(crate) ice_servers: Vec<IceServer>,
    pub(crate) domain: Option<String>,
    /// The domain is the tenant's: nobody may change it.
    pub(crate) domain_fixed: bool,
    pub(crate) username: Option<String>,
    pub(crate) secret: Option<Secret>,
    pub(crate) mode: HostMode,
    pub(crate) restore: SessionRestore,
    pub(crate) storage_namespace: String,
    pub(crate) max_calls: usize,
    /// What to do when a far end asks this side to call somebody else.
    pub(crate) incoming_transfer: TransferPolicy,
}

impl Settings {
    /// Checks what came with `init`. The tenant's domain wins over the host's; the host's theme
    /// counts unless the tenant locked it.
    ///
    /// Fails with [`ErrorCode::InvalidConfig`], naming the field.
    pub(crate) fn new(init: PhoneInit) -> Result<Self, ErrorBody> {
        let PhoneInit { runtime, host } = init;
        if !is_socket_url(&runtime.wss_url) {
            return Err(invalid("wssUrl is not a wss: or ws: URL."));
        }
        if !is_color(&runtime.branding.theme_color) {
            return Err(invalid("branding.themeColor is not of the form #rrggbb."));
        }
        if !runtime.ice_servers.iter().all(is_ice_server) {
            return Err(invalid("iceServers holds an entry without stun: or turn: URLs."));
        }
        let tenant_domain = filled(runtime.sip_domain);
        if !tenant_domain.as_deref().is_none_or(is_domain) {
            return Err(invalid("sipDomain is not a domain."));
        }
        let SipCredentials { username, domain, password, ha1_password } = host.sip;
        let username = filled(username);
        if !username.as_deref().is_none_or(is_user) {
            return Err(invalid("sip.username holds characters a SIP user cannot have."));
        }
        let host_domain = filled(domain);
        if !host_domain.as_deref().is_none_or(is_domain) {
            return Err(invalid("sip.domain is not a domain."));
        }
        let secret = secret(password, ha1_password)?;
        let theme = &runtime.behavior.theme;
        Ok(Self {
            brand_name: runtime.branding.display_name,
            accent: runtime.branding.theme_color,
            theme: host.theme.filter(|_| !theme.lock).unwrap_or(theme.start),
            theme_locked: theme.lock,
            socket_url: runtime.wss_url,
            ice_servers: runtime.ice_servers,
            domain_fixed: tenant_domain.is_some(),
            domain: tenant_domain.or(host_domain),
            username,
            secret,
            mode: host.mode.unwrap_or(runtime.behavior.host.mode),
            restore: host.session_restore.unwrap_or(runtime.behavior.session_restore),
            storage_namespace: runtime.storage_namespace,
            max_calls: usize::try_from(runtime.max_sessions).unwrap_or(MAX_CALLS).min(MAX_CALLS),
            incoming_transfer: runtime.behavior.transfer.incoming,
        })
    }

    /// What the host passed to sign in with, if it is complete.
    pub(crate) fn host_account(&self) -> Option<Account> {
        Some(Account {
            username: self.username.clone()?,
            domain: self.domain.clone()?,
            secret: self.secret.clone()?,
        })
    }

    /// The server refused this account: if it came from the host, its secret is not used again.
    pub(crate) fn forget_secret_of(&mut self, account: &Account) {
        if self.username.as_ref() == Some(&account.username)
            && self.secret.as_ref() == Some(&account.secret)
        {
            self.secret = None;
        }
    }

    /// Whether the socket is encrypted.
    pub(crate) fn secure(&self) -> bool {
        scheme_rest(&self.socket_url, "wss://").is_some()
    }
}

/// What a SIP user may be made of here: anything printable but what delimits it in a URI.
pub(crate) fn is_user(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 128
        && !text
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || matches!(c, '@' | '<' | '>' | '"'))
}

/// A host name, an address, or one of them with a port.
pub(crate) fn is_domain(text: &str) -> bool {
    text.len() <= 253
        && text.chars().any(is_word_character)
        && text
            .chars()
            .all(|c| is_word_character(c) || matches!(c, '.' | '-' | '_' | ':' | '[' | ']'))
}

/// The text without blanks at its ends, if anything is left.
pub(crate) fn filled(text: Option<String>) -> Option<String> {
    text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

fn invalid(message: &str) -> ErrorBody {
    ErrorBody::new(ErrorCode::InvalidConfig, message)
}

fn secret(password: Option<String>, ha1: Option<String>) -> Result<Option<Secret>, ErrorBody> {
    let password = password.filter(|p| !p.is_empty());
    match (password, filled(ha1)) {
        (Some(_), Some(_)) => Err(invalid("sip.password and sip.HA1Password exclude each other.")),
        (Some(password), None) => Ok(Some(Secret::Password(password))),
        (None, Some(ha1)) if ha1.len() == 32 && ha1.bytes().all(|b| b.is_ascii_hexdigit()) => {
            Ok(Some(Secret::Ha1(ha1.to_ascii_lowercase())))
        }
        (None, Some(_)) => Err(invalid("sip.HA1Password is not 32 hexadecimal digits.")),
        (None, None) => Ok(None),
    }
}

fn is_socket_url(url: &str) -> bool {
    scheme_rest(url, "wss://").or_else(|| scheme_rest(url, "ws://")).is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with('/') && !rest.as_bytes().contains(&b' ')
    })
}

fn scheme_rest<'a>(url: &'a str, scheme: &str) -> Option<&'a str> {
    let (head, rest) = url.split_at_checked(scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then_some(rest)
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn is_ice_server(server: &IceServer) -> bool {
    let known = |url: &String| {
        ["stun:", "stuns:", "turn:", "turns:"].iter().any(|s| scheme_rest(url, s).is_some())
    };
    !server.urls.is_empty() && server.urls.iter().all(known)
}
