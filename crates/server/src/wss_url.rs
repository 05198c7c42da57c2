//! The address of a tenant's SIP server.

use ringlet_contract::validate::{WssUrlError, check_wss_url};
use std::fmt;
use url::Url;

/// A `wss:` URL, or a `ws:` URL of the local machine, as a URL parser writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WssUrl(Url);

impl WssUrl {
    /// Reads the URL.
    ///
    /// # Errors
    ///
    /// [`WssUrlError`] says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, WssUrlError> {
        let url = Url::parse(text).map_err(|_| WssUrlError::NotAUrl)?;
        check_wss_url(url.as_str())?;
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
    fn what_the_parser_accepts_and_the_phone_would_not_is_refused() {
        for (written, why) in [
            ("sip.example.com", WssUrlError::NotAUrl),
            ("wss://a;b", WssUrlError::NotAUrl),
            ("https://sip.example.com", WssUrlError::Scheme),
            ("ws://sip.example.com", WssUrlError::Insecure),
            ("wss://[2001:db8::1]:7443", WssUrlError::Ipv6),
            ("wss://user:secret@sip.example.com", WssUrlError::Excess),
            ("wss://sip.example.com/#x", WssUrlError::Excess),
        ] {
            assert_eq!(WssUrl::parse(written), Err(why), "{written}");
        }
    }

    #[test]
    fn the_url_is_kept_in_the_form_the_phone_accepts() {
        for (written, kept) in [
            ("wss://b\u{fc}cher.example/\u{fc}", "wss://xn--bcher-kva.example/%C3%BC"),
            ("WSS://SIP.example.com:443", "wss://sip.example.com/"),
            ("ws://127.1:4481", "ws://127.0.0.1:4481/"),
        ] {
            assert_eq!(WssUrl::parse(written).expect(written).as_str(), kept);
        }
    }
}
