//! The address of a tenant's SIP server.

use crate::origin::{is_loopback, plain_host};
use std::fmt;
use url::{Host, Url};

/// A `wss:` URL, or a `ws:` URL of the local machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WssUrl(Url);

/// Why a text is not the address of a SIP server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WssUrlError {
    /// It is not a URL with a plain host.
    #[error("must be a URL like wss://sip.example.com:7443/ws")]
    NotAUrl,
    /// The scheme is not a WebSocket's.
    #[error("must start with wss:// (or ws:// on the local machine)")]
    Scheme,
    /// `ws:` sends credentials in the clear, and browsers refuse it from a secure page.
    #[error("may be ws:// only on the local machine; use wss://")]
    Insecure,
    /// A Content-Security-Policy cannot name an IPv6 address.
    #[error("must name the host; a content security policy cannot hold an IPv6 address")]
    Ipv6,
    /// A user name, a password or a fragment has no meaning here.
    #[error("must not carry a user name, a password or a fragment")]
    Excess,
}

impl WssUrl {
    /// Reads the URL.
    ///
    /// # Errors
    ///
    /// [`WssUrlError`] says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, WssUrlError> {
        let url = Url::parse(text).map_err(|_| WssUrlError::NotAUrl)?;
        if !matches!(url.scheme(), "ws" | "wss") {
            return Err(WssUrlError::Scheme);
        }
        let host = plain_host(&url).ok_or(WssUrlError::NotAUrl)?;
        if matches!(host, Host::Ipv6(_)) {
            return Err(WssUrlError::Ipv6);
        }
        if url.scheme() == "ws" && !is_loopback(&host) {
            return Err(WssUrlError::Insecure);
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(WssUrlError::Excess);
        }
        Ok(Self(url))
    }

    /// The whole URL.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Scheme, host and port: what `connect-src` must allow.
    pub fn source(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

impl fmt::Display for WssUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_for_the_policy_has_no_path() {
        let url = WssUrl::parse("wss://SIP.example.com:7443/ws?tenant=a").expect("valid");
        assert_eq!(url.source(), "wss://sip.example.com:7443");
        assert_eq!(
            WssUrl::parse("ws://127.0.0.1:4481").expect("valid").source(),
            "ws://127.0.0.1:4481"
        );
        assert_eq!(
            WssUrl::parse("wss://pbx.example.com/").expect("valid").source(),
            "wss://pbx.example.com"
        );
    }

    #[test]
    fn every_rule_has_its_own_error() {
        for (written, why) in [
            ("sip.example.com", WssUrlError::NotAUrl),
            ("wss://a;b", WssUrlError::NotAUrl),
            ("https://sip.example.com", WssUrlError::Scheme),
            ("ws://sip.example.com", WssUrlError::Insecure),
            ("ws://localhost.evil.example", WssUrlError::Insecure),
            ("wss://[2001:db8::1]:7443", WssUrlError::Ipv6),
            ("wss://user:secret@sip.example.com", WssUrlError::Excess),
            ("wss://sip.example.com/#x", WssUrlError::Excess),
        ] {
            assert_eq!(WssUrl::parse(written), Err(why), "{written}");
        }
    }
}
