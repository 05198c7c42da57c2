//! Who the agent is, and where it registers.

use std::time::Duration;

/// Everything the agent must know before its first input.
#[derive(Clone, Debug)]
pub struct Config {
    /// User part of the address of record.
    pub user: String,
    /// Host part of the address of record, and the registrar's request URI.
    pub domain: String,
    /// Name shown to the far end, if any.
    pub display_name: Option<String>,
    /// What answers a digest challenge.
    pub credentials: Credentials,
    /// Whether the socket is `wss` (goes into Via and Contact as RFC 7118 section 5 wants).
    pub secure: bool,
    /// How long a registration is asked for. The server may shorten it.
    pub register_expires: Duration,
    /// Value of the User-Agent header.
    pub user_agent: String,
    /// UUID of this installation for `+sip.instance` (RFC 5626 section 4.1), without `urn:uuid:`.
    pub instance_id: String,
}

/// What answers a digest challenge.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Digest user name; mostly the same as the user part of the address.
    pub username: String,
    /// The secret.
    pub secret: Secret,
}

/// A secret; never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// The password in clear.
    Password(String),
    /// `MD5(username:realm:password)` in lower-case hexadecimal. It cannot answer SHA-256.
    Ha1(String),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Password(_) => "Password(…)",
            Self::Ha1(_) => "Ha1(…)",
        })
    }
}
