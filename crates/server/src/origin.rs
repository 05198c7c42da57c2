//! Web origins, in the one form browsers send them.

use ringlet_contract::validate::{is_host_name, is_loopback_host};
use std::fmt;
use url::{Host, Url};

/// An `http` or `https` origin in the form of the `Origin` header: lower case, punycode, without
/// the scheme's default port.
///
/// Its text is safe inside a Content-Security-Policy: no character of it can end a source or a
/// directive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    text: String,
    loopback: bool,
    ipv6: bool,
}

/// Why a text is not an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// There is no `http://` or `https://` in front.
    #[error("must start with https:// or http://")]
    Scheme,
    /// Something follows the host and port, if only a slash, or a user name precedes them.
    #[error(
        "must be scheme, host and port alone, like https://crm.example.com:8443, without a path"
    )]
    NotBare,
    /// The host or the port is not one.
    #[error("has a host or a port that is not valid")]
    Host,
}

impl Origin {
    /// Reads an origin as a person writes it; case and a default port do not matter.
    ///
    /// # Errors
    ///
    /// [`OriginError`] when the text is anything else than one exact origin. Wildcards are not
    /// origins.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let (scheme, rest) = text.split_once("://").ok_or(OriginError::Scheme)?;
        if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
            return Err(OriginError::Scheme);
        }
        if rest.contains(['/', '\\', '?', '#', '@']) || rest.contains(char::is_whitespace) {
            return Err(OriginError::NotBare);
        }
        let url = Url::parse(text).map_err(|_| OriginError::Host)?;
        let host = url.host().filter(is_plain).ok_or(OriginError::Host)?;
        Ok(Self {
            text: url.origin().ascii_serialization(),
            loopback: is_loopback_host(&host.to_string()),
            ipv6: matches!(host, Host::Ipv6(_)),
        })
    }

    /// The origin as browsers write it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the host is the machine the browser runs on.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether pages of this origin are a secure context, without which there is no microphone.
    pub fn is_secure(&self) -> bool {
        self.loopback || self.text.starts_with("https:")
    }

    /// Whether the host is an IPv6 address, which a Content-Security-Policy cannot name.
    pub fn is_ipv6(&self) -> bool {
        self.ipv6
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether a Content-Security-Policy can carry the host unescaped.
///
/// The URL standard lets `*`, `;`, `,` and quotes into a host; each of them means something there.
fn is_plain(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => is_host_name(name),
        Host::Ipv4(_) | Host::Ipv6(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for (written, sent) in [
            ("https://crm.example.com", "https://crm.example.com"),
            ("HTTPS://CRM.Example.COM:443", "https://crm.example.com"),
            ("http://crm.example.com:80", "http://crm.example.com"),
            ("http://localhost:4480", "http://localhost:4480"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("https://crm.example.com.", "https://crm.example.com."),
        ] {
            assert_eq!(Origin::parse(written).expect(written).as_str(), sent);
        }
    }

    #[test]
    fn what_is_not_one_exact_origin_is_refused() {
        for (written, why) in [
            ("crm.example.com", OriginError::Scheme),
            ("ftp://crm.example.com", OriginError::Scheme),
            ("null", OriginError::Scheme),
            ("*", OriginError::Scheme),
            ("", OriginError::Scheme),
            ("https://crm.example.com/", OriginError::NotBare),
            ("https://crm.example.com/app", OriginError::NotBare),
            ("https://crm.example.com?x", OriginError::NotBare),
            ("https://user@crm.example.com", OriginError::NotBare),
            ("https://crm.example.com https://evil.example", OriginError::NotBare),
            ("https://*.example.com", OriginError::Host),
            ("https://crm.example.com;script-src", OriginError::Host),
            ("https://a,b", OriginError::Host),
            ("https://a'b", OriginError::Host),
            ("https://crm.example.com:port", OriginError::Host),
            ("https://", OriginError::Host),
        ] {
            assert_eq!(Origin::parse(written), Err(why), "{written}");
        }
    }

    #[test]
    fn only_the_local_machine_and_https_are_secure() {
        for (written, secure) in [
            ("https://crm.example.com", true),
            ("http://crm.example.com", false),
            ("http://localhost:1", true),
            ("http://phone.localhost", true),
            ("http://127.8.0.1", true),
            ("http://[::1]:4480", true),
            ("http://localhost.example.com", false),
        ] {
            assert_eq!(Origin::parse(written).expect(written).is_secure(), secure, "{written}");
        }
    }
}
