//! The headers of a message.

use super::name::Name;
use super::params::cut;
use std::fmt;

/// Headers in order: names that are known in their usual spelling, others as they came.
///
/// All of them share one text, in which each knows its place. A message that is read costs two
/// allocations for all its headers, and the text is that of the message.
#[derive(Clone, Default)]
pub struct Headers {
    /// Values and unknown names, with whatever stands between them.
    text: String,
    lines: Vec<Line>,
}

/// Where a header stands in the text.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) name: HeaderName,
    pub(super) value: Span,
}

#[derive(Clone, Copy)]
pub(super) enum HeaderName {
    Known(Name),
    Other(Span),
}

/// A piece of the text.
#[derive(Clone, Copy)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// A piece of a message, whose size is limited, or of what was made from one.
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// What it covers in `bytes`, which is what it was made for.
    pub(super) fn bytes(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// The same in text.
    #[inline(always)]
    fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

impl Headers {
    /// Adds a header at the end. A compact name becomes the long one.
    pub fn push(&mut self, name: &str, value: impl AsRef<str>) {
        self.insert(self.lines.len(), name, value.as_ref());
    }

    /// Replaces every header of this name by one, where the first one stood.
    pub fn set(&mut self, name: &str, value: impl AsRef<str>) {
        let wanted = Wanted::new(name);
        let first = self.lines.iter().position(|line| wanted.is(line, &self.text));
        self.remove(name);
        self.insert(first.unwrap_or(self.lines.len()), name, value.as_ref());
    }

    /// Adds a header before all others.
    pub fn push_front(&mut self, name: &str, value: impl AsRef<str>) {
        self.insert(0, name, value.as_ref());
    }

    /// Removes every header of this name.
    pub fn remove(&mut self, name: &str) {
        let Self { text, lines } = self;
        let wanted = Wanted::new(name);
        lines.retain(|line| !wanted.is(line, text));
    }

    /// The value of the first header of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.find(&Wanted::new(name), 0).map(|(value, _)| value)
    }

    /// The values of every header of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let wanted = Wanted::new(name);
        let mut next = 0;
        std::iter::from_fn(move || {
            let (value, after) = self.find(&wanted, next)?;
            next = after;
            Some(value)
        })
    }

    /// The members of every comma list of this name, in order.
    pub fn list<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.all(name).flat_map(super::split_list)
    }

    /// Whether a comma list of tokens of this name holds `token`.
    pub fn lists(&self, name: &str, token: &str) -> bool {
        self.list(name).any(|item| item.eq_ignore_ascii_case(token))
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lines.iter().map(|line| (line.name.text(&self.text), line.value.of(&self.text)))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// CSeq; `None` if it is missing or malformed.
    pub fn cseq(&self) -> Option<super::CSeq> {
        super::CSeq::parse(self.first(Name::CSeq)?)
    }

    /// The first Via of all; `None` if it is missing or malformed.
    pub fn top_via(&self) -> Option<super::Via<'_>> {
        super::Via::parse(super::split_list(self.first(Name::Via)?).next()?)
    }

    /// A header whose value is a number of seconds, with whatever follows the number ignored.
    pub fn seconds(&self, name: &str) -> Option<u32> {
        let value = self.get(name)?.trim();
        let digits = value.bytes().take_while(u8::is_ascii_digit).count();
        // More digits than fit mean “long”, not “malformed” (RFC 3261 section 25.1, delta-seconds).
        (digits > 0).then(|| cut(value, digits).0.parse().unwrap_or(u32::MAX))
    }

    /// Headers that stand in `text` already.
    pub(super) fn in_text(text: String, lines: Vec<Line>) -> Self {
        Self { text, lines }
    }

    /// The value of a header that must be there once; `None` if it is not.
    pub(super) fn only(&self, name: Name) -> Option<&str> {
        let wanted = Wanted::Known(name);
        let (first, next) = self.find(&wanted, 0)?;
        self.find(&wanted, next).is_none().then_some(first)
    }

    fn first(&self, name: Name) -> Option<&str> {
        self.find(&Wanted::Known(name), 0).map(|(value, _)| value)
    }

    /// The value of the next header of this name, and where to look for another.
    fn find(&self, wanted: &Wanted<'_>, from: usize) -> Option<(&str, usize)> {
        let mut at = from;
        loop {
            let line = self.lines.get(at)?;
            at += 1;
            if wanted.is(line, &self.text) {
                return Some((line.value.of(&self.text), at));
            }
        }
    }

    fn insert(&mut self, at: usize, name: &str, value: &str) {
        let name = match Name::read(name.as_bytes()) {
            Some(known) => HeaderName::Known(known),
            None => HeaderName::Other(self.span(name)),
        };
        let line = Line { name, value: self.span(value) };
        self.lines.insert(at, line);
    }

    fn span(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        Span::new(start, self.text.len())
    }
}

impl HeaderName {
    fn text(self, text: &str) -> &str {
        match self {
            Self::Known(name) => name.text(),
            Self::Other(span) => span.of(text),
        }
    }
}

/// A name that is looked for.
enum Wanted<'a> {
    Known(Name),
    Other(&'a str),
}

impl<'a> Wanted<'a> {
    fn new(name: &'a str) -> Self {
        Name::read(name.as_bytes()).map_or(Self::Other(name), Self::Known)
    }

    #[inline(always)]
    fn is(&self, line: &Line, text: &str) -> bool {
        match (self, line.name) {
            (Self::Known(wanted), HeaderName::Known(name)) => *wanted == name,
            (Self::Other(wanted), HeaderName::Other(name)) => {
                name.of(text).eq_ignore_ascii_case(wanted)
            }
            (Self::Known(_), HeaderName::Other(_)) | (Self::Other(_), HeaderName::Known(_)) => {
                false
            }
        }
    }
}

impl PartialEq for Headers {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Headers {}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn names_are_found_in_any_case_and_compact() {
        let mut headers = Headers::default();
        headers.push("v", "SIP/2.0/WS a, SIP/2.0/WS b");
        headers.push("VIA", "SIP/2.0/WS c");
        headers.push("r", "<sip:x@h>");
        headers.push("X-Own", "as is");
        assert_eq!(headers.list("via").count(), 3);
        assert_eq!(headers.get("refer-to"), Some("<sip:x@h>"));
        assert_eq!(headers.get("x-own"), Some("as is"));
        assert_eq!(headers.iter().last(), Some(("X-Own", "as is")));
    }

    #[test]
    fn setting_replaces_all_in_place() {
        let mut headers = Headers::default();
        for (name, value) in [("Via", "a"), ("CSeq", "1 BYE"), ("Via", "b"), ("To", "x")] {
            headers.push(name, value);
        }
        headers.set("Via", "c");
        let all: Vec<_> = headers.iter().collect();
        assert_eq!(all, [("Via", "c"), ("CSeq", "1 BYE"), ("To", "x")]);
    }

    #[test]
    fn equal_headers_are_equal_whatever_has_become_of_them() {
        let mut headers = Headers::default();
        headers.push("Via", "old");
        headers.set("Via", "a");
        headers.push_front("X-Own", "1");
        let mut others = Headers::default();
        others.push("X-Own", "1");
        others.push("v", "a");
        assert_eq!(headers, others);
        others.push("To", "x");
        assert_ne!(headers, others);
    }

    #[test]
    fn seconds_ignore_comments_and_never_overflow() {
        let mut headers = Headers::default();
        headers.push("Retry-After", "120 (maintenance);duration=3600");
        headers.push("Expires", "99999999999999");
        headers.push("Min-Expires", "soon");
        assert_eq!(headers.seconds("Retry-After"), Some(120));
        assert_eq!(headers.seconds("Expires"), Some(u32::MAX));
        assert_eq!(headers.seconds("Min-Expires"), None);
    }
}
