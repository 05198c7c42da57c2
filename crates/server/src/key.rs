//! Publishable keys. They name a tenant; they do not authenticate anybody.

use axum::http::Uri;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

/// The query parameter that carries a key.
const PARAMETER: &str = "key";

/// The shortest key accepted, in characters.
pub(crate) const MIN_CHARS: usize = 16;

/// The longest key accepted, in characters.
pub(crate) const MAX_CHARS: usize = 256;

/// The key in an address, if there is one that is not empty.
pub(crate) fn in_query(uri: &Uri) -> Option<String> {
    let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let (_, key) = pairs.find(|(name, _)| name == PARAMETER)?;
    Some(key.into_owned()).filter(|key| !key.is_empty())
}

/// SHA-256 of a key, the only form in which keys are stored and looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    /// Hashes a key as it came from a request.
    pub fn of(key: &[u8]) -> Self {
        Self(Sha256::digest(key).into())
    }

    /// Hashes a key of the configuration file.
    pub fn of_secret(key: &SecretString) -> Self {
        Self::of(key.expose_secret().as_bytes())
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
