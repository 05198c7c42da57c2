//! What a user agent server makes of a message, by the letter.
//!
//! The agent refuses whatever [`super::parse`] refuses, and then handles what it can: it takes a
//! call whatever its Date says. A checker is for people who debug the other end, so it says 400
//! wherever the standard lets a server say so.

use super::body::accepts_sdp;
use super::params::{cut, is_token, split_list};
use super::typed::{Shape, Typed, shape};
use super::{Message, Method, Request, Response, Uri, parse, refusal};

/// What becomes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is handled.
    Accepted(Message),
    /// It is a request that is answered at once.
    Rejected {
        /// With this status.
        status: u16,
        /// Why, for people.
        reason: String,
    },
    /// It is not answered: a response, an ACK, or nothing that could be.
    Dropped {
        /// Why, for people.
        reason: String,
    },
}

/// Checks the bytes of one whole message. Who is called, and whether there is such a dialog, does
/// not matter, and neither does whether the method is one that this agent handles.
pub fn check(bytes: &[u8]) -> Verdict {
    match parse(bytes) {
        Err(error) => {
            let reason = error.to_string();
            match refusal(bytes, error, "") {
                Some(response) => Verdict::Rejected { status: response.status, reason },
                None => Verdict::Dropped { reason },
            }
        }
        Ok(Message::Response(response)) => match response_fault(&response) {
            Some(reason) => Verdict::Dropped { reason },
            None => Verdict::Accepted(Message::Response(response)),
        },
        Ok(Message::Request(request)) => match request_fault(&request) {
            None => Verdict::Accepted(Message::Request(request)),
            Some((_, reason)) if request.method == Method::ACK => Verdict::Dropped { reason },
            Some((status, reason)) => Verdict::Rejected { status, reason },
        },
    }
}

fn response_fault(response: &Response) -> Option<String> {
    if response.headers.list("Via").nth(1).is_some() {
        // RFC 3261 section 8.1.3.3.
        return Some("Via names another client than us".to_owned());
    }
    header_fault(response.headers.iter())
}

fn request_fault(request: &Request) -> Option<(u16, String)> {
    let uri = Uri::parse(&request.uri);
    if uri.is_some_and(|uri| !uri.headers.is_empty()) {
        return Some((400, "the request URI holds headers".to_owned()));
    }
    if let Some(reason) = header_fault(request.headers.iter()) {
        return Some((400, reason));
    }
    let scheme = uri.map_or("", |uri| uri.scheme);
    if !["sip", "sips", "tel"].iter().any(|s| s.eq_ignore_ascii_case(scheme)) {
        return Some((416, ["the scheme ", scheme, " is not supported"].concat()));
    }
    if request.method == Method::REGISTER && !names_a_sip_user(request) {
        return Some((400, "To is no address of record".to_owned()));
    }
    // RFC 3261 section 8.2.2.3.
    let exempt = request.method == Method::ACK || request.method == Method::CANCEL;
    let unsupported = request.headers.list("Require").find(|tag| !exempt && !is_supported(tag));
    if let Some(tag) = unsupported {
        return Some((420, ["the extension ", tag, " is not supported"].concat()));
    }
    if request.method != Method::INVITE {
        return None;
    }
    if !request.body.is_empty() && request.sdp().is_none() {
        return Some((415, "the body holds no SDP".to_owned()));
    }
    if !accepts_sdp(&request.headers) {
        return Some((406, "Accept leaves no room for SDP".to_owned()));
    }
    None
}

/// RFC 3261 section 10.2.
fn names_a_sip_user(register: &Request) -> bool {
    let to = register.headers.get("To").and_then(super::NameAddr::parse);
    let uri = to.and_then(|to| Uri::parse(to.uri));
    uri.is_some_and(|uri| ["sip", "sips"].iter().any(|s| s.eq_ignore_ascii_case(uri.scheme)))
}

fn is_supported(tag: &str) -> bool {
    split_list(crate::context::SUPPORTED).any(|known| known.eq_ignore_ascii_case(tag))
}

fn header_fault<'a>(headers: impl Iterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in headers {
        if shape(name) == Some(Shape::Single) {
            if seen.iter().any(|n| n.eq_ignore_ascii_case(name)) {
                return Some([name, " appears twice"].concat());
            }
            seen.push(name);
        }
        let values = Typed::read(name, value).unwrap_or_default();
        if values.iter().any(|(text, typed)| !is_sound(text, typed.as_ref())) {
            return Some([name, " is malformed: ", value].concat());
        }
    }
    None
}

fn is_sound(text: &str, typed: Option<&Typed<'_>>) -> bool {
    match typed {
        None => false,
        Some(
            Typed::NameAddr(..)
            | Typed::Contact(..)
            | Typed::Route(_)
            | Typed::Identity(_)
            | Typed::RemotePartyId(_)
            | Typed::Diversion(_)
            | Typed::HistoryInfo(_)
            | Typed::ReferTo(_)
            | Typed::ReferredBy(_),
        ) => is_strict_address(text) && has_no_empty_params(text),
        Some(Typed::Authentication(_) | Typed::Word(_) | Typed::Date(_) | Typed::Warning(_)) => {
            true
        }
        Some(_) => has_no_empty_params(text),
    }
}

/// An address by the letter: an unquoted name is made of tokens (letters of other scripts are let
/// pass), no blanks inside the angle brackets, and no URI with a question mark without them
/// (RFC 3261 section 20.10).
fn is_strict_address(text: &str) -> bool {
    let Some(open) = outside_quotes(text).find(|(_, c)| *c == '<').map(|(at, _)| at) else {
        return !text.contains('?');
    };
    let (name, rest) = cut(text, open);
    let uri = rest.split_once('>').map_or(rest, |(uri, _)| uri);
    let is_name = |name: &str| {
        name.split([' ', '\t']).all(|word| {
            let ascii: String = word.chars().filter(char::is_ascii).collect();
            ascii.is_empty() || is_token(&ascii)
        })
    };
    (name.starts_with('"') || is_name(name)) && !uri.contains([' ', '\t'])
}

/// Whether something stands after every semicolon.
fn has_no_empty_params(text: &str) -> bool {
    let mut empty = false;
    let mut bracketed = false;
    for (_, c) in outside_quotes(text) {
        match c {
            '<' => bracketed = true,
            '>' => bracketed = false,
            ';' if bracketed => {}
            ';' if empty => return false,
            ';' => empty = true,
            ' ' | '\t' => {}
            _ => empty = false,
        }
    }
    !empty
}

/// The characters that are in no quoted string, and the quotes that close one.
fn outside_quotes(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut quoted, mut escaped) = (false, false);
    text.char_indices().filter(move |(_, c)| {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        !quoted
    })
}
