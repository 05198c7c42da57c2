//! What people dial, as a request URI.

use crate::message::{Uri, escape_user};

/// The longest thing that can be dialled, in bytes.
const MAX_TARGET: usize = 256;

/// The request URI for a number, a user, or a URI; `None` if it cannot be one.
pub(crate) fn request_uri(target: &str, domain: &str) -> Option<String> {
    let target = target.trim();
    if target.is_empty() || target.len() > MAX_TARGET || target.contains(char::is_control) {
        return None;
    }
    let scheme = target.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("sip" | "sips") => {
            let uri = Uri::parse(target).filter(|uri| uri.headers.is_empty())?;
            Some(target.trim_end_matches('?').to_owned()).filter(|_| uri.user.is_some())
        }
        // RFC 3261 section 19.1.6.
        Some("tel") => {
            let number = dialled(&Uri::parse(target)?.user_text())?;
            Some(at(&number, domain) + ";user=phone")
        }
        Some(_) | None if target.as_bytes().contains(&b'@') => {
            let mut uri = String::from("sip:");
            uri.push_str(target);
            Uri::parse(&uri).filter(|uri| uri.headers.is_empty())?;
            Some(uri)
        }
        Some(_) | None => {
            let user = dialled(target).unwrap_or_else(|| target.to_owned());
            (!user.contains(char::is_whitespace)).then(|| at(&user, domain))
        }
    }
}

/// A telephone number without the signs that only help the eye; `None` if it is no number.
fn dialled(text: &str) -> Option<String> {
    let helps_the_eye = |c: &char| matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}');
    let number: String = text.chars().filter(|c| !helps_the_eye(c)).collect();
    let (first, rest) = (number.chars().next()?, number.get(1..)?);
    let is_key = |c: char| c.is_ascii_digit() || c == '*' || c == '#';
    ((first == '+' && !rest.is_empty() || is_key(first)) && rest.chars().all(is_key))
        .then_some(number)
}

fn at(user: &str, domain: &str) -> String {
    let mut uri = String::from("sip:");
    uri.push_str(&escape_user(user));
    uri.push('@');
    uri.push_str(domain);
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn what_people_dial_becomes_a_request_uri() {
        for (target, uri) in [
            ("600", "sip:600@h"),
            (" +49 (30) 123-45/6 ", "sip:+4930123456@h"),
            ("*0#", "sip:*0%23@h"),
            ("alice", "sip:alice@h"),
            ("alice@example.com", "sip:alice@example.com"),
            ("sip:alice@example.com;transport=tcp", "sip:alice@example.com;transport=tcp"),
            ("tel:+49-30-123;phone-context=x", "sip:+4930123@h;user=phone"),
        ] {
            assert_eq!(request_uri(target, "h").as_deref(), Some(uri), "{target}");
        }
    }

    #[test]
    fn what_cannot_be_dialled_is_refused() {
        let long = "1".repeat(300);
        for target in ["", "   ", "a b", "sip:", "sip:h", "a@b@", "1\r\nVia: x", "tel:x", &long] {
            assert_eq!(request_uri(target, "h"), None, "{target}");
        }
        assert_eq!(request_uri("sip:a@b?Subject=x", "h"), None);
    }
}
