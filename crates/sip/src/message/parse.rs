//! From bytes to a message.

use super::params::is_token;
use super::{CSeq, Headers, Message, Method, NameAddr, Request, Response, Uri, Via, text};
use std::fmt;

/// The longest message that is read, in bytes.
pub const MAX_MESSAGE: usize = 64 * 1024;
/// The most header lines that are read.
pub const MAX_HEADERS: usize = 200;

/// Why bytes are no SIP message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// Longer than [`MAX_MESSAGE`].
    TooLarge,
    /// More headers than [`MAX_HEADERS`].
    TooManyHeaders,
    /// The first line is neither a request line nor a status line.
    StartLine,
    /// Another version than SIP/2.0.
    Version,
    /// A header line without a name or without a colon.
    HeaderLine,
    /// Content-Length is no number, contradicts itself, or promises more than there is.
    ContentLength,
    /// A header that every message needs is missing or malformed. Its name.
    Mandatory(&'static str),
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("the message is too large"),
            Self::TooManyHeaders => f.write_str("the message has too many headers"),
            Self::StartLine => f.write_str("the first line is malformed"),
            Self::Version => f.write_str("the version is not SIP/2.0"),
            Self::HeaderLine => f.write_str("a header line is malformed"),
            Self::ContentLength => f.write_str("Content-Length is wrong"),
            Self::Mandatory(name) => write!(f, "{name} is missing or malformed"),
        }
    }
}

impl std::error::Error for ParseError {}

/// Reads one whole message, as one WebSocket frame carries it (RFC 7118 section 5).
///
/// Lenient where the field needs it: folded lines, bare line feeds, blanks before the colon, no
/// final blank line, no Content-Length, no reason phrase.
pub fn parse(bytes: &[u8]) -> Result<Message, ParseError> {
    if bytes.len() > MAX_MESSAGE {
        return Err(ParseError::TooLarge);
    }
    // RFC 3261 section 7.5: empty lines before the start line are skipped.
    let start = bytes.iter().position(|b| !matches!(b, b'\r' | b'\n')).unwrap_or(bytes.len());
    let mut rest = &bytes[start..];
    let first = str::from_utf8(next_line(&mut rest)).map_err(|_| ParseError::StartLine)?;
    let start_line = StartLine::parse(first)?;
    let (headers, body) = read_headers(rest)?;
    check_mandatory(&headers)?;
    let body = body.to_vec();
    Ok(match start_line {
        StartLine::Status(status, phrase) => {
            Message::Response(Response { status, phrase: phrase.to_owned(), headers, body })
        }
        StartLine::Request(method, uri) => {
            if headers.cseq().is_none_or(|cseq| cseq.method != method) {
                return Err(ParseError::Mandatory("CSeq"));
            }
            if Uri::parse(uri).is_none() {
                return Err(ParseError::StartLine);
            }
            Message::Request(Request { method, uri: uri.to_owned(), headers, body })
        }
    })
}

enum StartLine<'a> {
    Request(Method, &'a str),
    Status(u16, &'a str),
}

impl<'a> StartLine<'a> {
    fn parse(line: &'a str) -> Result<Self, ParseError> {
        let (first, rest) = line.split_once(' ').ok_or(ParseError::StartLine)?;
        if first.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("SIP/")) {
            if !first.eq_ignore_ascii_case("SIP/2.0") {
                return Err(ParseError::Version);
            }
            let (code, phrase) = rest.split_once(' ').unwrap_or((rest, ""));
            let three_digits = code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit());
            let status = code.parse().ok().filter(|s| three_digits && (100..700).contains(s));
            return Ok(Self::Status(status.ok_or(ParseError::StartLine)?, phrase));
        }
        let (uri, version) = rest.rsplit_once(' ').ok_or(ParseError::StartLine)?;
        if !version.eq_ignore_ascii_case("SIP/2.0") {
            let other = version.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("SIP/"));
            return Err(if other { ParseError::Version } else { ParseError::StartLine });
        }
        if !is_token(first) || uri.is_empty() || uri.contains([' ', '\t', '<', '>', '"']) {
            return Err(ParseError::StartLine);
        }
        Ok(Self::Request(Method::from_token(first), uri))
    }
}

/// Takes one line off `rest`, without its end.
fn next_line<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let (line, after) = match rest.iter().position(|b| *b == b'\n') {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (*rest, &rest[rest.len()..]),
    };
    *rest = after;
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn read_headers(mut rest: &[u8]) -> Result<(Headers, &[u8]), ParseError> {
    let mut headers = Headers::default();
    let mut length = None;
    let mut count = 0;
    while !rest.is_empty() {
        let line = next_line(&mut rest);
        if line.is_empty() {
            break;
        }
        count += 1;
        if count > MAX_HEADERS {
            return Err(ParseError::TooManyHeaders);
        }
        let mut unfolded = None;
        while let [b' ' | b'\t', ..] = rest {
            let more = next_line(&mut rest);
            let line = unfolded.get_or_insert_with(|| line.trim_ascii_end().to_vec());
            line.push(b' ');
            line.extend_from_slice(more.trim_ascii());
        }
        let line = unfolded.as_deref().unwrap_or(line);
        let colon = line.iter().position(|b| *b == b':').ok_or(ParseError::HeaderLine)?;
        let name = str::from_utf8(line[..colon].trim_ascii_end());
        let name = name.ok().filter(|n| is_token(n)).ok_or(ParseError::HeaderLine)?;
        let value = line[colon + 1..].trim_ascii();
        if name.eq_ignore_ascii_case("Content-Length") || name.eq_ignore_ascii_case("l") {
            let new = content_length(value).ok_or(ParseError::ContentLength)?;
            if length.replace(new).is_some_and(|old| old != new) {
                return Err(ParseError::ContentLength);
            }
        } else {
            headers.push(name, text::decode(value));
        }
    }
    // What follows the body in the same frame is discarded (RFC 3261 section 18.3).
    let length = length.unwrap_or(rest.len());
    let body = rest.get(..length).ok_or(ParseError::ContentLength)?;
    Ok((headers, body))
}

fn content_length(value: &[u8]) -> Option<usize> {
    let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    str::from_utf8(value).ok().filter(|_| digits)?.parse().ok()
}

/// RFC 3261 section 8.1.1, but for Max-Forwards, which old devices leave out.
fn check_mandatory(headers: &Headers) -> Result<(), ParseError> {
    let missing = |name| Err(ParseError::Mandatory(name));
    if headers.list("Via").next().and_then(Via::parse).is_none() {
        return missing("Via");
    }
    for name in ["From", "To"] {
        if headers.all(name).count() != 1 || headers.get(name).and_then(NameAddr::parse).is_none() {
            return missing(name);
        }
    }
    if headers.all("Call-ID").count() != 1 || headers.get("Call-ID").is_none_or(str::is_empty) {
        return missing("Call-ID");
    }
    if headers.all("CSeq").count() != 1 || headers.get("CSeq").and_then(CSeq::parse).is_none() {
        return missing("CSeq");
    }
    Ok(())
}
