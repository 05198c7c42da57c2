//! What a value must look like, decided once for the server and the phone.
//!
//! The server checks a tenant's settings when they are written, the phone checks what it is handed.
//! Both call these functions, so a setting the server accepts is one the phone can use.

use crate::config::IceServer;
use std::fmt;

/// The largest `max_sessions`. A person loses count long before, and so does a list of calls on a
/// small screen.
pub const MAX_SESSIONS: u32 = 8;

/// Longest DNS name, in characters (RFC 1035 section 2.3.4).
const MAX_HOST_CHARS: usize = 253;

/// Longest label of a DNS name, in characters (RFC 1035 section 2.3.4).
const MAX_LABEL_CHARS: usize = 63;

/// Longest user part of a SIP address, in bytes.
const MAX_USER_BYTES: usize = 128;

/// Whether a tenant may have `max_sessions` calls at once on one phone.
pub fn is_max_sessions(count: u32) -> bool {
    (1..=MAX_SESSIONS).contains(&count)
}

/// Whether the text can be the domain of a SIP address: a host name, an IPv4 address or an IPv6
/// address in brackets, with or without a port (`host [":" port]`, RFC 3261 section 25.1).
///
/// Underscores are allowed in names, as private networks have them. An internationalised name is
/// written in its ASCII form (`xn--`).
pub fn is_sip_domain(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !text.ends_with(']') => (host, Some(port)),
        Some(_) | None => (text, None),
    };
    port.is_none_or(is_port) && (is_host_name(host) || is_ipv6_reference(host))
}

/// Whether the text can be the user part of a SIP address: printable, without blanks and without
/// what ends a user part or an address.
pub fn is_sip_user(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_USER_BYTES
        && !text
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || matches!(c, '@' | '<' | '>' | '"'))
}

/// The most caller IDs that a tenant offers, and that an agent adds.
pub const MAX_CALLER_IDS: usize = 50;

/// Whether the text can be a caller ID as it is sent: a phone number without separators, or a SIP
/// user.
pub fn is_caller_id(text: &str) -> bool {
    const SEPARATORS: &[char] = &['(', ')', '[', ']', '/', ';', ':', '?', '%', '\\'];
    is_sip_user(text)
        && !text.contains(SEPARATORS)
        && text.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

/// Whether the text is `MD5(username:realm:password)` in hexadecimal.
pub fn is_ha1(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether the text is a colour, `#rrggbb`.
pub fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// What is wrong with an [`IceServer`]. Browsers throw on any of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IceServerError {
    /// There is no URL.
    NoUrls,
    /// The URL at this index is no `stun:`, `stuns:`, `turn:` or `turns:` URL (RFC 7064, RFC 7065).
    Url(usize),
    /// There is a TURN URL and no user name.
    NoUsername,
    /// There is a TURN URL and no credential.
    NoCredential,
}

impl fmt::Display for IceServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoUrls => "must name at least one server",
            Self::Url(_) => "must start with stun:, stuns:, turn: or turns: and name a host",
            Self::NoUsername | Self::NoCredential => "is needed for a TURN server",
        })
    }
}

impl std::error::Error for IceServerError {}

/// Everything that is wrong with a STUN or TURN server; nothing if it can be used.
pub fn ice_server_errors(server: &IceServer) -> Vec<IceServerError> {
    let mut errors = Vec::new();
    if server.urls.is_empty() {
        errors.push(IceServerError::NoUrls);
    }
    let mut turn = false;
    for (index, url) in server.urls.iter().enumerate() {
        match after_scheme(url, &["stun:", "stuns:", "turn:", "turns:"]) {
            Some((scheme, host)) if !host.is_empty() => turn |= scheme.starts_with("turn"),
            Some(_) | None => errors.push(IceServerError::Url(index)),
        }
    }
    if turn && server.username.is_none() {
        errors.push(IceServerError::NoUsername);
    }
    if turn && server.credential.is_none() {
        errors.push(IceServerError::NoCredential);
    }
    errors
}

/// Why a text is not the address of a SIP server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WssUrlError {
    /// It is not a URL with a plain host.
    NotAUrl,
    /// The scheme is not a WebSocket's.
    Scheme,
    /// `ws:` sends credentials in the clear, and browsers refuse it from a secure page.
    Insecure,
    /// A Content-Security-Policy cannot name an IPv6 address.
    Ipv6,
    /// A user name, a password or a fragment has no meaning here.
    Excess,
}

impl fmt::Display for WssUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAUrl => "must be a URL like wss://sip.example.com:7443/ws",
            Self::Scheme => "must start with wss:// (or ws:// on the local machine)",
            Self::Insecure => "may be ws:// only on the local machine; use wss://",
            Self::Ipv6 => {
                "must name the host; a content security policy cannot hold an IPv6 address"
            }
            Self::Excess => "must not carry a user name, a password or a fragment",
        })
    }
}

impl std::error::Error for WssUrlError {}

/// Checks the address of a SIP server: a `wss:` URL, or a `ws:` URL of the local machine.
///
/// An internationalised host name is expected in its ASCII form, as URL parsers write it.
///
/// # Errors
///
/// [`WssUrlError`] says which rule the text breaks.
pub fn check_wss_url(text: &str) -> Result<(), WssUrlError> {
    let is_url = text.split_once(':').is_some_and(|(_, rest)| rest.starts_with("//"));
    let (scheme, rest) = after_scheme(text, &["wss://", "ws://"]).ok_or(if is_url {
        WssUrlError::Scheme
    } else {
        WssUrlError::NotAUrl
    })?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).ok_or(WssUrlError::NotAUrl)?;
    if authority.contains('@') || path.contains('#') {
        return Err(WssUrlError::Excess);
    }
    if authority.starts_with('[') {
        return Err(WssUrlError::Ipv6);
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let clean = path.bytes().all(|b| b.is_ascii_graphic());
    if !is_host_name(host) || !port.is_none_or(is_port) || !clean {
        return Err(WssUrlError::NotAUrl);
    }
    if scheme == "ws://" && !is_loopback_host(host) {
        return Err(WssUrlError::Insecure);
    }
    Ok(())
}

/// Whether the address of a SIP server is encrypted.
pub fn is_secure_url(wss_url: &str) -> bool {
    after_scheme(wss_url, &["wss://"]).is_some()
}

/// The first of `schemes` that the text starts with, in any case, and what follows it.
fn after_scheme<'a, 's>(text: &'a str, schemes: &[&'s str]) -> Option<(&'s str, &'a str)> {
    schemes.iter().find_map(|scheme| {
        let (head, rest) = text.split_at_checked(scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then_some((*scheme, rest))
    })
}

/// Whether the text is a DNS name in ASCII or an IPv4 address. One dot may end it, as it ends a fully
/// qualified name.
pub fn is_host_name(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        (1..=MAX_LABEL_CHARS).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    name.len() <= MAX_HOST_CHARS
        && name.bytes().any(|b| b.is_ascii_alphanumeric())
        && name.split('.').all(is_label)
}

fn is_ipv6_reference(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.is_some_and(|address| {
        address.contains(':')
            && address.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'))
    })
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0)
}

/// Whether browsers promise that a host, written as URL parsers write it, is the local machine.
pub fn is_loopback_host(host: &str) -> bool {
    host == "localhost"
        || host == "[::1]"
        || host.ends_with(".localhost")
        || host.starts_with("127.") && host.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_a_host_with_or_without_a_port() {
        let longest = format!("{0}.{0}.{0}.{1}", "a".repeat(63), "b".repeat(61));
        for text in [
            "pbx.example.com",
            "PBX.example.com.",
            "pbx",
            "sip_1.internal",
            "xn--bcher-kva.example",
            "example.com:5060",
            "192.0.2.1",
            "192.0.2.1:5060",
            "[2001:db8::1]",
            "[2001:db8::1]:5061",
            "[::ffff:192.0.2.1]",
            &longest,
        ] {
            assert!(is_sip_domain(text), "{text}");
        }
    }

    #[test]
    fn what_no_address_can_have_is_not_a_domain() {
        for text in [
            "",
            ".",
            "-",
            ":",
            "[]",
            "[]:5060",
            "a..b",
            ".example.com",
            "sip:pbx@x",
            "pbx.example.com/",
            "pbx example",
            "b\u{fc}cher.example",
            "example.com:",
            "example.com:0",
            "example.com:65536",
            "example.com:+5060",
            "example.com:sip",
            "2001:db8::1",
            "[2001:db8::1",
            "2001:db8::1]",
            "[x:y]",
            "[2001]",
            "a;b",
            "a\r\nVia: b",
            &"a".repeat(64),
            &["a"; 128].join("."),
        ] {
            assert!(!is_sip_domain(text), "{text:?}");
        }
    }

    #[test]
    fn a_user_is_anything_printable_that_ends_no_address() {
        for text in ["agent1", "+4930123", "a.b-c_d", "\u{43c}\u{430}", &"u".repeat(128)] {
            assert!(is_sip_user(text), "{text}");
        }
        for text in ["", "a b", "a@b", "<a", "a>", "\"a", "a\n", "\u{a0}", &"u".repeat(129)] {
            assert!(!is_sip_user(text), "{text:?}");
        }
    }

    #[test]
    fn colours_and_hashes_have_so_many_digits() {
        for (text, color) in [
            ("#0f766e", true),
            ("#ABCDEF", true),
            ("", false),
            ("#", false),
            ("0f766e", false),
            ("#0f766", false),
            ("#0f766ee", false),
            ("#+f766e", false),
            ("#0f766\u{e9}", false),
            ("red", false),
        ] {
            assert_eq!(is_color(text), color, "{text}");
        }
        assert!(is_ha1("0123456789abcdefABCDEF0123456789"));
        for text in ["", "0", &"0".repeat(31), &"0".repeat(33), &"g".repeat(32)] {
            assert!(!is_ha1(text), "{text}");
        }
    }

    #[test]
    fn a_phone_has_at_least_one_call_and_at_most_what_it_can_lead() {
        assert!(!is_max_sessions(0));
        assert!(is_max_sessions(1));
        assert!(is_max_sessions(MAX_SESSIONS));
        assert!(!is_max_sessions(MAX_SESSIONS + 1));
    }

    #[test]
    fn an_ice_server_is_named_and_has_what_turn_needs() {
        let server = |urls: &[&str], username: Option<&str>, credential: Option<&str>| IceServer {
            urls: urls.iter().map(ToString::to_string).collect(),
            username: username.map(str::to_owned),
            credential: credential.map(str::to_owned),
        };
        use IceServerError::*;
        for (server, expected) in [
            (server(&["stun:stun.example.com"], None, None), vec![]),
            (server(&["STUNS:a", "turns:b?transport=tcp"], Some("u"), Some("c")), vec![]),
            (server(&[], None, None), vec![NoUrls]),
            (server(&["stun:a", "http://b", "stun:"], None, None), vec![Url(1), Url(2)]),
            (server(&["turn:a"], None, Some("c")), vec![NoUsername]),
            (server(&["turn:a", "turns:a"], Some("u"), None), vec![NoCredential]),
            (server(&["turn:a", "x"], None, None), vec![Url(1), NoUsername, NoCredential]),
        ] {
            assert_eq!(ice_server_errors(&server), expected, "{server:?}");
        }
    }

    #[test]
    fn a_sip_server_is_reached_safely_or_on_this_machine() {
        for text in [
            "wss://sip.example.com",
            "WSS://sip.example.com:7443/ws?tenant=a",
            "ws://localhost:5080",
            "ws://pbx.localhost/",
            "ws://127.8.0.1:4481/ws",
        ] {
            assert_eq!(check_wss_url(text), Ok(()), "{text}");
        }
        for (text, why) in [
            ("", WssUrlError::NotAUrl),
            ("sip.example.com", WssUrlError::NotAUrl),
            ("wss://", WssUrlError::NotAUrl),
            ("wss:///ws", WssUrlError::NotAUrl),
            ("wss://a;b", WssUrlError::NotAUrl),
            ("wss://a b", WssUrlError::NotAUrl),
            ("wss://a/b c", WssUrlError::NotAUrl),
            ("wss://a:b", WssUrlError::NotAUrl),
            ("https://sip.example.com", WssUrlError::Scheme),
            ("ws://sip.example.com", WssUrlError::Insecure),
            ("ws://localhost.evil.example", WssUrlError::Insecure),
            ("ws://128.0.0.1", WssUrlError::Insecure),
            ("wss://[2001:db8::1]:7443", WssUrlError::Ipv6),
            ("wss://user:secret@sip.example.com", WssUrlError::Excess),
            ("wss://sip.example.com/#x", WssUrlError::Excess),
        ] {
            assert_eq!(check_wss_url(text), Err(why), "{text}");
        }
        assert!(is_secure_url("WSS://sip.example.com"));
        assert!(!is_secure_url("ws://localhost"));
    }
}
