//! The configuration from the server and the host, checked once.

use crate::effect::PeerConfig;
use crate::line::Account;
use ringlet_contract::config::{
    AutoAnswer, CallerIdBehavior, CallerIdHeader, DtmfMode, HostMode, PhoneInit, SessionRestore,
    SipCredentials, Theme, TransferPolicy,
};
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::validate::{
    MAX_CALLER_IDS, check_wss_url, ice_server_errors, is_caller_id, is_color, is_ha1,
    is_max_sessions, is_secure_url,
};
pub(crate) use ringlet_contract::validate::{is_sip_domain as is_domain, is_sip_user as is_user};
use ringlet_sip::{IdentityHeader, Secret};

/// The checked configuration; the default is that of a phone that has not been set up.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) brand_name: String,
    pub(crate) accent: String,
    pub(crate) theme: Theme,
    pub(crate) theme_locked: bool,
    pub(crate) socket_url: String,
    pub(crate) peers: PeerConfig,
    pub(crate) domain: Option<String>,
    /// The domain is the tenant's: nobody may change it.
    pub(crate) domain_fixed: bool,
    pub(crate) username: Option<String>,
    pub(crate) secret: Option<Secret>,
    pub(crate) mode: HostMode,
    pub(crate) restore: SessionRestore,
    pub(crate) storage_namespace: String,
    pub(crate) max_calls: usize,
    /// The caller IDs that the tenant offers.
    pub(crate) caller_ids: Vec<String>,
    /// The headers to try a caller ID in.
    pub(crate) identity_headers: Vec<IdentityHeader>,
    /// What to do when a far end asks this side to call somebody else.
    pub(crate) incoming_transfer: TransferPolicy,
    /// How DTMF is sent.
    pub(crate) dtmf: DtmfMode,
    /// Which calls are answered without a person.
    pub(crate) auto_answer: AutoAnswer,
}

impl Settings {
    /// Checks what came with `init`. The tenant's domain wins over the host's; the host's theme
    /// counts unless the tenant locked it.
    ///
    /// Fails with [`ErrorCode::InvalidConfig`], naming the field.
    pub(crate) fn new(init: PhoneInit) -> Result<Self, ErrorBody> {
        let PhoneInit { runtime, host } = init;
        if check_wss_url(&runtime.wss_url).is_err() {
            return Err(invalid("wssUrl is not a wss: URL, nor a ws: URL of this machine."));
        }
        if !is_color(&runtime.branding.theme_color) {
            return Err(invalid("branding.themeColor is not of the form #rrggbb."));
        }
        if !runtime.ice_servers.iter().all(|server| ice_server_errors(server).is_empty()) {
            return Err(invalid("iceServers holds an entry that browsers refuse."));
        }
        if !is_max_sessions(runtime.max_sessions) {
            return Err(invalid("maxSessions is not a number of calls this phone can have."));
        }
        let tenant_domain = filled(runtime.sip_domain);
        if !tenant_domain.as_deref().is_none_or(is_domain) {
            return Err(invalid("sipDomain is not a domain."));
        }
        let CallerIdBehavior { numbers, headers } = runtime.behavior.caller_id;
        if numbers.len() > MAX_CALLER_IDS || !numbers.iter().all(|number| is_caller_id(number)) {
            return Err(invalid("behavior.callerId.numbers are no numbers, or too many."));
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
            peers: PeerConfig { ice_servers: runtime.ice_servers, media: runtime.behavior.media },
            auto_answer: runtime.behavior.incoming.auto_answer,
            domain_fixed: tenant_domain.is_some(),
            domain: tenant_domain.or(host_domain),
            username,
            secret,
            mode: host.mode.unwrap_or(runtime.behavior.host.mode),
            restore: host.session_restore.unwrap_or(runtime.behavior.session_restore),
            storage_namespace: runtime.storage_namespace,
            max_calls: usize::try_from(runtime.max_sessions).unwrap_or(usize::MAX),
            caller_ids: numbers,
            identity_headers: headers.into_iter().map(identity_header).collect(),
            incoming_transfer: runtime.behavior.transfer.incoming,
            dtmf: runtime.behavior.dtmf.mode,
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
        is_secure_url(&self.socket_url)
    }
}

/// The text without blanks at its ends, if anything is left.
pub(crate) fn filled(text: Option<String>) -> Option<String> {
    text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

fn identity_header(header: CallerIdHeader) -> IdentityHeader {
    match header {
        CallerIdHeader::PPreferredIdentity => IdentityHeader::PreferredIdentity,
        CallerIdHeader::PAssertedIdentity => IdentityHeader::AssertedIdentity,
        CallerIdHeader::RemotePartyId => IdentityHeader::RemotePartyId,
        CallerIdHeader::From => IdentityHeader::From,
        CallerIdHeader::None => IdentityHeader::Nothing,
    }
}

fn invalid(message: &str) -> ErrorBody {
    ErrorBody::new(ErrorCode::InvalidConfig, message)
}

fn secret(password: Option<String>, ha1: Option<String>) -> Result<Option<Secret>, ErrorBody> {
    let password = password.filter(|p| !p.is_empty());
    match (password, filled(ha1)) {
        (Some(_), Some(_)) => Err(invalid("sip.password and sip.HA1Password exclude each other.")),
        (Some(password), None) => Ok(Some(Secret::Password(password))),
        (None, Some(ha1)) if is_ha1(&ha1) => Ok(Some(Secret::Ha1(ha1.to_ascii_lowercase()))),
        (None, Some(_)) => Err(invalid("sip.HA1Password is not 32 hexadecimal digits.")),
        (None, None) => Ok(None),
    }
}
