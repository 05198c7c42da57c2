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
    /// How long a registration is asked for, in whole seconds, one at least. The server may shorten
    /// it, and lengthen it by 423 (RFC 3261 section 10.2.8).
    pub register_expires: Duration,
    /// Value of the User-Agent header.
    pub user_agent: String,
    /// UUID of this installation for `+sip.instance` (RFC 5626 section 4.1), without `urn:uuid:`.
    /// The registrar makes the GRUU from it (RFC 5627), so it is to last.
    pub instance_id: String,
    /// The session interval to ask for (RFC 4028); zero: no session timer is asked for, but one
    /// that the far end or a proxy asks for is honoured. Less than 90 s counts as 90 s.
    pub session_interval: Duration,
    /// The header that carries a caller ID, and those to try when a server rejects it, in order:
    /// while nobody has alerted, 400, 403, 428, 433, 436, 437 and 438 count as that. The header in
    /// which a caller ID got through is the first one for it from then on.
    pub identity_headers: Vec<IdentityHeader>,
    /// How many bytes of trace to keep ([`crate::UserAgent::trace`]); zero: none, at no cost.
    pub trace_bytes: usize,
}

/// A header that says who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityHeader {
    /// P-Preferred-Identity (RFC 3325): what a user agent shall use.
    PreferredIdentity,
    /// P-Asserted-Identity (RFC 3325): what some trunks insist on.
    AssertedIdentity,
    /// Remote-Party-ID: older than both, and wanted by some.
    RemotePartyId,
    /// The address in From itself.
    From,
    /// None: the call goes out under the user's own address.
    Nothing,
}

impl Config {
    /// What most phones want. The digest user name is `user`, the socket is `wss`, the
    /// registration and the session are asked for half an hour at a time.
    ///
    /// The instance id is made from the user's name: set a random UUID where one user may have
    /// several phones.
    pub fn new(user: &str, domain: &str, secret: Secret) -> Self {
        Self {
            user: user.to_owned(),
            domain: domain.to_owned(),
            display_name: None,
            credentials: Credentials { username: user.to_owned(), secret },
            secure: true,
            register_expires: Duration::from_secs(1800),
            user_agent: String::from(concat!("Ringlet/", env!("CARGO_PKG_VERSION"))),
            instance_id: instance_of(user, domain),
            session_interval: Duration::from_secs(1800),
            identity_headers: vec![
                IdentityHeader::PreferredIdentity,
                IdentityHeader::AssertedIdentity,
                IdentityHeader::RemotePartyId,
                IdentityHeader::Nothing,
            ],
            trace_bytes: 0,
        }
    }
}

/// A name-based UUID (RFC 9562 section 5.3).
fn instance_of(user: &str, domain: &str) -> String {
    use md5::Digest as _;
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut hash = md5::Md5::new();
    for part in [user, "@", domain] {
        hash.update(part.as_bytes());
    }
    let mut bytes: [u8; 16] = hash.finalize().into();
    bytes[6] = bytes[6] & 0x0f | 0x30;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut uuid = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            uuid.push('-');
        }
        uuid.push(char::from(HEX[usize::from(byte >> 4)]));
        uuid.push(char::from(HEX[usize::from(byte & 15)]));
    }
    uuid
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
