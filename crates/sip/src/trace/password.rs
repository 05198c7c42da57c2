//! Passwords in URIs: `sip:user:password@host` (RFC 3261 section 19.1.1).

use super::HIDDEN;
use crate::message::hex;

/// The schemes whose URIs name a user. Any other may where slashes follow, as in `http://`.
const SCHEMES: [&str; 7] = ["sip", "sips", "tel", "im", "pres", "xmpp", "mailto"];

/// The text with every password in a URI struck out.
///
/// A password is taken to run from the first colon after the scheme to the last at sign, so that
/// one that breaks the grammar is hidden as a whole. The other pass is for URIs that are escaped,
/// as those in the headers of another URI are.
pub(super) fn struck(text: &str) -> String {
    pass(&pass(text, Writing::Plain), Writing::Escaped)
}

/// How the characters that tell the parts of a URI apart are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writing {
    Plain,
    /// As `%3A` and `%40`.
    Escaped,
}

/// What is known of the URI that is being read.
#[derive(Clone, Copy, Default)]
struct Found {
    scheme: bool,
    /// Where the password would start.
    start: Option<usize>,
    /// Where it would end.
    end: Option<usize>,
}

fn pass(text: &str, writing: Writing) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    let mut found = Found::default();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&plain) = bytes.get(at) {
        let escaped = match writing {
            Writing::Escaped => escaped(bytes, at),
            Writing::Plain => None,
        };
        let next = at + if escaped.is_some() { 3 } else { 1 };
        match escaped.unwrap_or(plain) {
            // What may stand around a URI and not in it.
            b'<' | b'>' | b'"' | b' ' | b'\t' | b'\n' => {
                strike(text, found, &mut out, &mut copied);
                found = Found::default();
            }
            b':' if !found.scheme => found.scheme = is_scheme(bytes, at, next),
            b':' if found.start.is_none() => found.start = Some(next),
            // The other pass deals with a plain one.
            b'@' if writing == Writing::Escaped && escaped.is_none() => found = Found::default(),
            b'@' if found.start.is_some() => found.end = Some(at),
            _ => {}
        }
        at = next;
    }
    strike(text, found, &mut out, &mut copied);
    out.push_str(text.get(copied..).unwrap_or_default());
    out
}

/// The character that an escape at this place stands for.
fn escaped(bytes: &[u8], at: usize) -> Option<u8> {
    match bytes.get(at..at + 3)? {
        [b'%', high, low] => Some(hex(*high)? << 4 | hex(*low)?),
        _ => None,
    }
}

/// Whether the colon between `at` and `next` ends the scheme of a URI.
fn is_scheme(bytes: &[u8], at: usize, next: usize) -> bool {
    let before = bytes.get(..at).unwrap_or_default();
    let ends_before = |scheme: &str| {
        let start = before.len().saturating_sub(scheme.len());
        before.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(scheme.as_bytes()))
    };
    SCHEMES.iter().any(|scheme| ends_before(scheme))
        || bytes.get(next..).is_some_and(|after| after.starts_with(b"//"))
}

fn strike(text: &str, found: Found, out: &mut String, copied: &mut usize) {
    if let Found { start: Some(start), end: Some(end), .. } = found {
        out.push_str(text.get(*copied..start).unwrap_or_default());
        out.push_str(HIDDEN);
        *copied = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_password_is_struck_out_and_the_rest_stays() {
        for (text, shown) in [
            ("INVITE sip:a:pw@h SIP/2.0", "INVITE sip:a:…@h SIP/2.0"),
            (
                "To: \"A\" <sips:a;x=1:p;w@[2001:db8::1]:5061>;tag=1",
                "To: \"A\" <sips:a;x=1:…@[2001:db8::1]:5061>;tag=1",
            ),
            ("m:SIP:a:pw@h", "m:SIP:a:…@h"),
            (
                "Call-Info: <http://a:pw@h:80/x>, <https://b:@h>",
                "Call-Info: <http://a:…@h:80/x>, <https://b:…@h>",
            ),
            ("Contact: <sip:a:p@w:x@h>, <sip:b:pw@h>", "Contact: <sip:a:…@h>, <sip:b:…@h>"),
            ("x=sip:a:p%40w%@h", "x=sip:a:…@h"),
            ("tel:+1:pw@h\nsip:b:pw@h\n", "tel:+1:…@h\nsip:b:…@h\n"),
        ] {
            assert_eq!(struck(text), shown);
        }
    }

    #[test]
    fn a_password_in_the_headers_of_a_uri_is_struck_out() {
        for (text, shown) in [
            (
                "Refer-To: <sip:b@h?Referred-By=%3Csip%3Aa%3Apw%40h%3E&x=1>",
                "Refer-To: <sip:b@h?Referred-By=%3Csip%3Aa%3A…%40h%3E&x=1>",
            ),
            ("<sip:b:pw@h?X=%3csip%3aa%3apw%40h%3e>", "<sip:b:…@h?X=%3csip%3aa%3a…%40h%3e>"),
            ("<sip:h?X=sip:a:pw%40h>", "<sip:h?X=sip:…%40h>"),
            ("<sip:b@h?X=sip:a:pw@h>", "<sip:b@h?X=sip:…@h>"),
        ] {
            assert_eq!(struck(text), shown);
        }
    }

    #[test]
    fn what_is_no_password_is_not_touched() {
        for text in [
            "",
            "INVITE sip:a@h:5060;transport=ws SIP/2.0",
            "From: <sip:tel%3A+49%2030@home>;tag=1, <sip:j%40x@h>",
            "Call-ID: 7:8@2001:db8::1",
            "Via: SIP/2.0/WS [2001:db8::1]:5060;branch=z9hG4bKa@b",
            "a=candidate:1 1 udp 1 192.0.2.1 9 typ host",
            "Contact: <sip:a@h;gr=urn:uuid:f81d>;+sip.instance=\"<urn:uuid:f81d>\"",
            "%",
            "%4",
            "sip:%ü@",
            "…:@",
        ] {
            assert_eq!(struck(text), text);
        }
    }
}
