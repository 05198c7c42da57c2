//! From bytes to a message.

use super::headers::{HeaderName, Line, Span};
use super::name::Name;
use super::params::{TOKEN, is_token};
use super::scan::find;
use super::{CSeq, Headers, Message, Method, NameAddr, Request, Response, Uri, text};
use std::fmt;

/// The longest message that is read, in bytes.
pub const MAX_MESSAGE: usize = 64 * 1024;
/// The most header lines that are read.
pub const MAX_HEADERS: usize = 200;

/// Why bytes could not be read as a SIP message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// Longer than [`MAX_MESSAGE`].
    TooLarge,
    /// More headers than [`MAX_HEADERS`].
    TooManyHeaders,
    /// The first line is neither a request line nor a status line, or holds a stray control
    /// character.
    StartLine,
    /// Another version than SIP/2.0.
    Version,
    /// A header line without a name or without a colon, or with a bare carriage return or a NUL.
    HeaderLine,
    /// Content-Length is no number, contradicts itself, or promises more than there is.
    ContentLength,
    /// A header that every message needs is missing, malformed or repeated, or CSeq names another
    /// method than the first line. Its name.
    Mandatory(&'static str),
}

impl ParseError {
    /// The subject and the predicate of the message for people.
    pub(crate) fn words(self) -> [&'static str; 2] {
        match self {
            Self::TooLarge => ["the message", " is too large"],
            Self::TooManyHeaders => ["the message", " has too many headers"],
            Self::StartLine => ["the first line", " is malformed"],
            Self::Version => ["the version", " is not SIP/2.0"],
            Self::HeaderLine => ["a header line", " is malformed"],
            Self::ContentLength => ["Content-Length", " is wrong"],
            Self::Mandatory(name) => [name, " is missing, malformed or repeated"],
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words().iter().try_for_each(|word| f.write_str(word))
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
    let bytes = bytes.get(start..).unwrap_or_default();
    let end = line_end(bytes, 0);
    let first = bytes.get(..end.text).unwrap_or_default();
    if has_stray_control(first) {
        return Err(ParseError::StartLine);
    }
    let decoded;
    let first = match str::from_utf8(first) {
        Ok(text) if text.is_ascii() => text,
        Ok(_) | Err(_) => {
            decoded = text::decode(first);
            &decoded
        }
    };
    let start_line = StartLine::parse(first)?;
    let (headers, body) = read_headers(bytes.get(end.next..).unwrap_or_default())?;
    let cseq = check_mandatory(&headers)?;
    let body = body.to_vec();
    Ok(match start_line {
        StartLine::Status(status, phrase) => {
            Message::Response(Response { status, phrase: phrase.to_owned(), headers, body })
        }
        StartLine::Request(method, uri) => {
            if cseq.method != method {
                return Err(ParseError::Mandatory("CSeq"));
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
        if !is_token(first) || Uri::parse(uri).is_none() {
            return Err(ParseError::StartLine);
        }
        Ok(Self::Request(Method::from_token(first), uri))
    }
}

/// Where a line ends.
struct LineEnd {
    /// Before its line break.
    text: usize,
    /// After it.
    next: usize,
}

fn line_end(bytes: &[u8], start: usize) -> LineEnd {
    let rest = bytes.get(start..).unwrap_or_default();
    let Some(length) = find(rest, b'\n') else {
        return LineEnd { text: bytes.len(), next: bytes.len() };
    };
    let text = start + length;
    let ends_in_cr = length > 0 && bytes.get(text - 1) == Some(&b'\r');
    LineEnd { text: text - usize::from(ends_in_cr), next: text + 1 }
}

/// Reads headers up to an empty line, and the body after it.
fn read_headers(bytes: &[u8]) -> Result<(Headers, &[u8]), ParseError> {
    let mut lines = Vec::with_capacity(20);
    let mut length = None;
    let mut count = 0;
    let mut folded = false;
    let mut start = 0;
    let mut head_end = bytes.len();
    while start < bytes.len() {
        let mut end = line_end(bytes, start);
        if end.text == start {
            head_end = start;
            start = end.next;
            break;
        }
        count += 1;
        if count > MAX_HEADERS {
            return Err(ParseError::TooManyHeaders);
        }
        while let Some(b' ' | b'\t') = bytes.get(end.next) {
            folded = true;
            end = line_end(bytes, end.next);
        }
        let line = read_line(bytes, start, end.text)?;
        if let HeaderName::Known(Name::ContentLength) = line.name {
            let new = content_length(line.value.bytes(bytes)).ok_or(ParseError::ContentLength)?;
            if length.replace(new).is_some_and(|old| old != new) {
                return Err(ParseError::ContentLength);
            }
        } else {
            lines.push(line);
        }
        start = end.next;
    }
    let head = bytes.get(..head_end).unwrap_or_default();
    if has_stray_control(head) {
        return Err(ParseError::HeaderLine);
    }
    let rest = bytes.get(start..).unwrap_or_default();
    // What follows the body in the same frame is discarded (RFC 3261 section 18.3).
    let body = rest.get(..length.unwrap_or(rest.len())).ok_or(ParseError::ContentLength)?;
    let text = into_text(head, &mut lines, folded);
    Ok((Headers::in_text(text, lines), body))
}

/// Whether there is a carriage return that ends no line, or a NUL. Between quotes a backslash makes
/// any character but a line break one of the text, NUL included (RFC 3261 section 25.1,
/// `quoted-pair`).
pub(super) fn has_stray_control(head: &[u8]) -> bool {
    let mut rest = head;
    while let Some(at) = find(rest, b'\r') {
        rest = rest.get(at + 1..).unwrap_or_default();
        if rest.first() != Some(&b'\n') {
            return true;
        }
    }
    let is_escaped = |at| {
        let before = head.get(..at).unwrap_or_default();
        before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
    };
    find(head, 0).is_some()
        && head.iter().enumerate().any(|(at, byte)| *byte == 0 && !is_escaped(at))
}

/// Finds name and value of the header between `start` and `end`, which may be several lines.
fn read_line(bytes: &[u8], start: usize, end: usize) -> Result<Line, ParseError> {
    let line = bytes.get(start..end).unwrap_or_default();
    let colon = find(line, b':').ok_or(ParseError::HeaderLine)?;
    let (name, value) = line.split_at_checked(colon + 1).ok_or(ParseError::HeaderLine)?;
    let name = name.get(..colon).unwrap_or_default().trim_ascii_end();
    let name = match Name::read(name) {
        Some(name) => HeaderName::Known(name),
        None if name.is_empty() || !TOKEN.covers(name) => return Err(ParseError::HeaderLine),
        None => HeaderName::Other(Span::new(start, start + name.len())),
    };
    let value = value.trim_ascii_start();
    let value_start = end - value.len();
    let value = Span::new(value_start, value_start + value.trim_ascii_end().len());
    Ok(Line { name, value })
}

/// The text of the headers. It is the head as it came, so that every header stands where it stood,
/// unless lines must be joined or bytes be told from characters; then the headers are put together
/// anew.
fn into_text(head: &[u8], lines: &mut [Line], folded: bool) -> String {
    if let (true, false, Ok(text)) = (head.is_ascii(), folded, str::from_utf8(head)) {
        return text.to_owned();
    }
    let mut text = String::with_capacity(head.len());
    for line in lines {
        if let HeaderName::Other(name) = &mut line.name {
            *name = unfold(name.bytes(head), &mut text);
        }
        line.value = unfold(line.value.bytes(head), &mut text);
    }
    text
}

/// Joins lines, and says where the result stands.
fn unfold(bytes: &[u8], text: &mut String) -> Span {
    let start = text.len();
    for (index, line) in bytes.split(|b| *b == b'\n').enumerate() {
        if index > 0 {
            text.push(' ');
        }
        text::decode_into(line.trim_ascii(), text);
    }
    Span::new(start, text.len())
}

fn content_length(value: &[u8]) -> Option<usize> {
    let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    str::from_utf8(value).ok().filter(|_| digits)?.parse().ok()
}

/// RFC 3261 section 8.1.1, but for Max-Forwards, which old devices leave out.
fn check_mandatory(headers: &Headers) -> Result<CSeq, ParseError> {
    let missing = ParseError::Mandatory;
    headers.top_via().ok_or(missing("Via"))?;
    headers.only(Name::From).and_then(NameAddr::parse).ok_or(missing("From"))?;
    // Our tag goes behind it, and must not end up inside of something.
    let to = headers.only(Name::To).and_then(NameAddr::parse);
    to.filter(|to| to.params.is_closed()).ok_or(missing("To"))?;
    headers.only(Name::CallId).filter(|id| !id.is_empty()).ok_or(missing("Call-ID"))?;
    headers.only(Name::CSeq).and_then(CSeq::parse).ok_or(missing("CSeq"))
}
