//! Messages without their secrets.

use super::HIDDEN;
use crate::message::{display, split_list};

/// What of a body is of use to whoever debugs a call, and nobody's private matter.
const SHOWN_BODIES: [&str; 3] =
    ["application/sdp", "message/sipfrag", "application/simple-message-summary"];

/// Keys in SDP: of ICE (RFC 8839), of SDES (RFC 4568), and of old (RFC 4566).
const SDP_KEYS: [&str; 3] = ["a=ice-pwd:", "a=crypto:", "k="];

/// The headers that carry challenges, credentials and what follows them.
const SECRET_HEADERS: [&str; 6] = [
    "Authorization",
    "Proxy-Authorization",
    "WWW-Authenticate",
    "Proxy-Authenticate",
    "Authentication-Info",
    "Proxy-Authentication-Info",
];

/// Their parameters that help to guess a password, or to use a digest again.
const SECRET_PARAMS: [&str; 6] = ["nonce", "cnonce", "response", "opaque", "nextnonce", "rspauth"];

/// A message, sound or not, to be looked at. Passwords in its URIs are struck out later.
pub(super) fn message(bytes: &[u8]) -> String {
    let text = display(&crate::message::decode(bytes));
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    let is_message = text.starts_with("MESSAGE ");
    let mut body_is_shown = false;
    // One header may stand on several lines.
    let mut header = String::new();
    let mut in_head = true;
    while in_head {
        let line = lines.next();
        if let Some(more) = line.filter(|line| line.starts_with([' ', '\t'])) {
            header.push_str(more);
            continue;
        }
        body_is_shown |= !is_message && is_shown_body(&header);
        push_header(&mut out, &header);
        header.clear();
        header.push_str(line.unwrap_or_default());
        in_head = line.is_some_and(|line| !line.is_empty());
    }
    push_body(&mut out, lines, body_is_shown);
    out
}

fn push_header(out: &mut String, header: &str) {
    if header.is_empty() {
        return;
    }
    match header.split_once(':') {
        Some((name, value)) if is_one_of(name.trim_ascii(), &SECRET_HEADERS) => {
            out.push_str(name);
            out.push_str(": ");
            push_credentials(out, value.trim_ascii());
        }
        _ => out.push_str(header),
    }
    out.push('\n');
}

fn push_credentials(out: &mut String, value: &str) {
    for (at, item) in split_list(value).enumerate() {
        out.push_str(if at > 0 { ", " } else { "" });
        // `Digest nonce=…`: the first parameter follows the scheme.
        match item.split_once('=') {
            Some((name, _)) if is_secret_param(name) => {
                out.push_str(name);
                out.push('=');
                out.push_str(HIDDEN);
            }
            Some(_) if !is_opaque(item) => out.push_str(item),
            Some(_) | None => match item.split_once([' ', '\t']) {
                Some((scheme, _)) => {
                    out.push_str(scheme);
                    out.push(' ');
                    out.push_str(HIDDEN);
                }
                None => out.push_str(HIDDEN),
            },
        }
    }
}

fn is_secret_param(name: &str) -> bool {
    let name = name.trim_ascii();
    let name = name.rsplit([' ', '\t']).next().unwrap_or(name);
    is_one_of(name, &SECRET_PARAMS)
}

/// `Basic YTpi=`: one word instead of parameters (RFC 7235 section 2.1).
fn is_opaque(item: &str) -> bool {
    let scheme = item.split([' ', '\t']).next().unwrap_or_default();
    scheme.len() < item.len() && !scheme.contains('=') && !scheme.eq_ignore_ascii_case("Digest")
}

fn is_shown_body(header: &str) -> bool {
    let Some((name, value)) = header.split_once(':') else { return false };
    let kind = value.split(';').next().unwrap_or_default();
    is_one_of(name.trim_ascii(), &["Content-Type", "c"])
        && is_one_of(kind.trim_ascii(), &SHOWN_BODIES)
}

fn push_body<'a>(out: &mut String, lines: impl Iterator<Item = &'a str>, is_shown: bool) {
    let mut hidden = 0;
    for line in lines {
        if !is_shown {
            hidden += line.len();
            continue;
        }
        if !line.is_empty() {
            out.push('\n');
        }
        match SDP_KEYS.iter().find(|key| line.starts_with(**key)) {
            Some(key) => {
                out.push_str(key);
                out.push_str(HIDDEN);
            }
            None => out.push_str(line),
        }
    }
    if hidden > 0 {
        out.push_str("\n(");
        out.push_str(&hidden.to_string());
        out.push_str(" bytes)");
    }
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|w| w.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn digests_and_nonces_are_hidden_and_realms_are_not() {
        let text = "REGISTER sip:h SIP/2.0\r\n\
            authorization: Digest username=\"a\", realm=\"r, s\", nonce=\"n1\",\r\n \
            cnonce=\"c1\", response=\"d1\", qop=auth, nc=00000001\r\n\
            Proxy-Authenticate : Digest Nonce=n2, realm=\"p\", opaque=\"o1\"\r\n\
            CSeq: 1 REGISTER\r\n\r\n";
        assert_eq!(
            message(text.as_bytes()),
            "REGISTER sip:h SIP/2.0\n\
            authorization: Digest username=\"a\", realm=\"r, s\", nonce=…, \
            cnonce=…, response=…, qop=auth, nc=00000001\n\
            Proxy-Authenticate : Digest Nonce=…, realm=\"p\", opaque=…\n\
            CSeq: 1 REGISTER\n"
        );
    }

    #[test]
    fn credentials_of_other_schemes_are_hidden_whole() {
        for value in ["Basic YTpi", "Basic YTpi==", "Bearer abc.def", "abc"] {
            let text = ["OPTIONS sip:h SIP/2.0\r\nAuthorization: ", value, "\r\n\r\n"].concat();
            let shown = message(text.as_bytes());
            assert!(!shown.contains("YTpi") && !shown.contains("abc"), "{shown}");
        }
    }

    #[test]
    fn keys_in_sdp_are_hidden_and_fingerprints_are_not() {
        let text = "SIP/2.0 200 OK\r\nc: application/SDP;x\r\n\r\nv=0\r\na=ice-ufrag:u\r\n\
            a=ice-pwd:secret\r\na=crypto:1 AES secret\r\na=fingerprint:sha-256 AB\r\n";
        assert_eq!(
            message(text.as_bytes()),
            "SIP/2.0 200 OK\nc: application/SDP;x\n\nv=0\na=ice-ufrag:u\n\
            a=ice-pwd:…\na=crypto:…\na=fingerprint:sha-256 AB"
        );
    }

    #[test]
    fn what_people_write_and_press_is_counted_only() {
        for start in
            ["MESSAGE sip:h SIP/2.0\r\nContent-Type: application/sdp", "INFO sip:h SIP/2.0"]
        {
            let text = [start, "\r\n\r\nSignal=5"].concat();
            assert_eq!(message(text.as_bytes()), start.replace("\r\n", "\n") + "\n\n(8 bytes)");
        }
    }

    #[test]
    fn anything_at_all_can_be_shown() {
        for bytes in [&b""[..], b"\n", b":", b" x", b"\xff\xfe\r\n\r\n\xff", b"Authorization:"] {
            message(bytes);
        }
        assert_eq!(message(b"SIP/2.0 200 M\xfcde\r\n"), "SIP/2.0 200 Müde\n");
    }
}
