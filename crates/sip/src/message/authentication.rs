//! Challenges and credentials, to be looked at (RFC 3261 section 20.7, 20.27, 20.28, 20.44).

use super::params::{is_token, unquoted};
use super::split_list;

/// A challenge, or the credentials that answer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authentication<'a> {
    /// `Digest` or another.
    pub scheme: &'a str,
    params: &'a str,
}

impl<'a> Authentication<'a> {
    /// Reads the value of a header that holds one; `None` if it is malformed.
    pub fn parse(value: &'a str) -> Option<Self> {
        let value = value.trim();
        let (scheme, params) = value.split_once([' ', '\t']).unwrap_or((value, ""));
        let read = Self { scheme, params: params.trim() };
        let sound = read.iter().all(|(name, value)| is_token(name) && !value.is_empty());
        // Other schemes may carry one opaque word instead (RFC 7235 section 2.1).
        let sound = sound || !scheme.eq_ignore_ascii_case("Digest");
        (is_token(scheme) && sound).then_some(read)
    }

    /// Every parameter in order; a value keeps its quotes.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        split_list(self.params).map(|param| match param.split_once('=') {
            Some((name, value)) => (name.trim(), value.trim()),
            None => (param, ""),
        })
    }

    /// The value of a parameter, without quotes. Names compare without case.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| unquoted(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn parameters_are_read_with_or_without_quotes() {
        let value = r#"Digest realm="a, b", nonce=1 ,qop="auth,auth-int",	Stale = true"#;
        let read = Authentication::parse(value).unwrap();
        assert_eq!((read.scheme, read.get("realm")), ("Digest", Some("a, b")));
        assert_eq!((read.get("qop"), read.get("stale")), (Some("auth,auth-int"), Some("true")));
        assert_eq!((read.get("nonce"), read.get("opaque")), (Some("1"), None));
    }

    #[test]
    fn unknown_schemes_are_carried() {
        assert_eq!(Authentication::parse("Bearer abc==").unwrap().scheme, "Bearer");
        for value in ["", "Digest realm", "a=b, c"] {
            assert_eq!(Authentication::parse(value), None, "{value}");
        }
    }
}
