//! URIs (RFC 3261 section 19.1, RFC 3966 for `tel:`).

use super::params::{Params, cut, cut_at, cut_before};
use super::scan::{Set, find};

/// A URI taken apart, borrowing from its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uri<'a> {
    /// As written; compare without case.
    pub scheme: &'a str,
    /// The user part, still escaped and without password; the number of a `tel:` URI.
    pub user: Option<&'a str>,
    /// The host, with brackets if it is IPv6; empty for `tel:`. For a scheme that is not known:
    /// all that follows it.
    pub host: &'a str,
    /// The port.
    pub port: Option<u16>,
    /// The parameters.
    pub params: Params<'a>,
    /// What follows the question mark.
    pub headers: &'a str,
}

impl<'a> Uri<'a> {
    /// Reads a URI without angle brackets; `None` if it is malformed.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (scheme, rest) = cut_at(text, ':')?;
        let excluded = rest.bytes().fold(false, |found, byte| found | is_excluded(byte));
        if excluded || rest.is_empty() {
            return None;
        }
        if scheme.eq_ignore_ascii_case("sip") || scheme.eq_ignore_ascii_case("sips") {
            return Self::sip(scheme, rest);
        }
        if scheme.eq_ignore_ascii_case("tel") {
            let (number, params) = cut_before(rest, ';');
            return Some(Self {
                user: Some(number),
                ..Self::bare(scheme, "", Params::new(params))
            });
        }
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        is_scheme.then(|| Self::bare(scheme, rest, Params::new("")))
    }

    fn sip(scheme: &'a str, rest: &'a str) -> Option<Self> {
        // The user part may hold semicolons and question marks, so the at sign goes first.
        let mut user = None;
        let mut at = 0;
        while let Some(next) = find(cut(rest, at).1.as_bytes(), b'@') {
            user = Some(cut(rest, at + next).0);
            at += next + 1;
        }
        let user = user.map(|user| cut_before(user, ':').0);
        let rest = cut(rest, at).1;
        let (rest, headers) = cut_at(rest, '?').unwrap_or((rest, ""));
        let (host_port, params) = cut_before(rest, ';');
        let (host, port) = split_port(host_port)?;
        if user == Some("") || !is_host(host) {
            return None;
        }
        Some(Self { user, port, headers, ..Self::bare(scheme, host, Params::new(params)) })
    }

    fn bare(scheme: &'a str, host: &'a str, params: Params<'a>) -> Self {
        Self { scheme, user: None, host, port: None, params, headers: "" }
    }

    /// The user part with its `%` escapes resolved and without parameters of its own.
    pub fn user_text(&self) -> String {
        let user = self.user.unwrap_or_default();
        unescape(user.split_once(';').map_or(user, |(user, _)| user))
    }
}

/// Writes `user` so that it can stand in a SIP URI (RFC 3261 section 25.1, `user`).
pub(crate) fn escape_user(user: &str) -> String {
    escape(user, b"-_.!~*'()&=+$,;?/")
}

/// Writes `%` escapes for all but ASCII letters, digits and what is `safe`.
pub(crate) fn escape(text: &str, safe: &[u8]) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || safe.contains(&b) {
            out.push(char::from(b));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(b >> 4)]));
            out.push(char::from(HEX[usize::from(b & 15)]));
        }
    }
    out
}

/// Splits `host:port`, minding the colons of IPv6; `None` if the port is no port.
pub(crate) fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    let after_bracket = find(text.as_bytes(), b']').map_or(0, |at| at + 1);
    match cut_at(cut(text, after_bracket).1, ':') {
        None => Some((text, None)),
        Some((plain_host, port)) => {
            let (host, _) = cut(text, after_bracket + plain_host.len());
            let port = port.trim_ascii();
            let digits = port.bytes().all(|b| b.is_ascii_digit());
            Some((host.trim_ascii(), Some(port.parse().ok().filter(|_| digits)?)))
        }
    }
}

/// Whether this can be a host: a name, an IPv4 address, or an IPv6 address in brackets.
pub(crate) fn is_host(host: &str) -> bool {
    if let [b'[', inner @ .., b']'] = host.as_bytes() {
        return is_ipv6(inner);
    }
    // An underscore is in no grammar, and in many a field installation.
    static NAME: Set = Set::alphanumeric_and(b"-._");
    !host.is_empty() && NAME.covers(host.as_bytes())
}

/// Whether this looks like IPv6. `std`'s reader is exact, and 4 KB of wasm.
fn is_ipv6(text: &[u8]) -> bool {
    text.iter().filter(|b| **b == b':').count() >= 2
        && text.iter().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'))
}

/// What cannot stand in a URI, but for quotes: some servers put them around parameters.
fn is_excluded(byte: u8) -> bool {
    byte.is_ascii_control() || matches!(byte, b' ' | b'<' | b'>')
}

/// The headers embedded in a URI, names and values unescaped.
pub(crate) fn embedded(headers: &str) -> impl Iterator<Item = (String, String)> + use<'_> {
    headers.split('&').filter_map(|header| {
        let (name, value) = header.split_once('=')?;
        Some((unescape(name), unescape(value)))
    })
}

/// Resolves `%` escapes; what is none stays.
pub(crate) fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let escaped = match (first, tail) {
            (b'%', [high, low, after @ ..]) => hex(*high).zip(hex(*low)).map(|d| (d, after)),
            _ => None,
        };
        match escaped {
            Some(((high, low), after)) => {
                bytes.push(high << 4 | low);
                rest = after;
            }
            None => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The value of a hexadecimal digit.
pub(crate) fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_sip_uri_is_taken_apart() {
        let uri = Uri::parse("sips:a;x=1:pw@[2001:db8::1]:5061;transport=ws;lr?Subject=x").unwrap();
        assert_eq!((uri.user, uri.host, uri.port), (Some("a;x=1"), "[2001:db8::1]", Some(5061)));
        assert_eq!(uri.params.get("transport"), Some("ws"));
        assert!(uri.params.has("lr"));
        assert_eq!((uri.user_text().as_str(), uri.headers), ("a", "Subject=x"));
    }

    #[test]
    fn a_tel_uri_gives_its_number() {
        let uri = Uri::parse("tel:+49-30-123;phone-context=x").unwrap();
        assert_eq!(uri.user_text(), "+49-30-123");
    }

    #[test]
    fn escapes_are_written_and_read() {
        assert_eq!(escape_user("j@r \u{fc}"), "j%40r%20%C3%BC");
        let uri = Uri::parse("sip:j%40r%20%C3%BC@h").unwrap();
        assert_eq!(uri.user_text(), "j@r \u{fc}");
    }

    #[test]
    fn malformed_uris_are_refused() {
        for text in ["", "sip:", "sip:@h", "sip:a@", "sip:a@h:99999", "sip:a@h:x", "sip:a b@h"] {
            assert_eq!(Uri::parse(text), None, "{text}");
        }
        for text in ["<sip:a@h>", "1sip:a@h", "sip:a@[::zz]", "sip:a@[::1"] {
            assert_eq!(Uri::parse(text), None, "{text}");
        }
    }
}
