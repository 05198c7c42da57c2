//! `;name=value` parameters, comma lists, tokens and quoted strings (RFC 3261 section 25.1).

use super::scan::{Set, find};

/// The parameters after an address, a Via or a URI, from the first semicolon on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Params<'a>(&'a str);

impl<'a> Params<'a> {
    /// Parameters from text such as `;lr;tag=1`.
    pub fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// Every parameter in order; a value keeps its quotes.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> + use<'a> {
        split_outside_quotes(self.0, ';').filter_map(|param| {
            let (name, value) = match cut_at(param, '=') {
                Some((name, value)) => (name.trim_ascii(), Some(value.trim_ascii())),
                None => (param.trim_ascii(), None),
            };
            (!name.is_empty()).then_some((name, value))
        })
    }

    /// The value of a parameter, without quotes. Names compare without case.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let (_, value) = self.iter().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        value.map(unquoted)
    }

    /// Whether another parameter can be added: no quote and no angle bracket is left open.
    pub(crate) fn is_closed(&self) -> bool {
        let (mut quoted, mut escaped, mut bracketed) = (false, false, false);
        for byte in self.0.bytes() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b'<' => bracketed = true,
                b'>' => bracketed = false,
                _ => {}
            }
        }
        !quoted && !bracketed
    }

    /// Whether the parameter is there, with a value or without.
    pub fn has(&self, name: &str) -> bool {
        self.iter().any(|(n, _)| n.eq_ignore_ascii_case(name))
    }
}

/// The members of a comma list; commas inside quotes or angle brackets do not count.
pub fn split_list(value: &str) -> impl Iterator<Item = &str> {
    split_outside_quotes(value, ',').map(str::trim_ascii).filter(|item| !item.is_empty())
}

/// Splits at `separator`, which is ASCII, where it stands outside quotes and angle brackets.
pub(crate) fn split_outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let current = rest?;
        match find_outside_quotes(current, separator) {
            Some(at) => {
                let (item, after) = cut(current, at);
                rest = Some(cut(after, 1).1);
                Some(item)
            }
            None => rest.take(),
        }
    })
}

/// `text` before `at` and from there on. Whoever asks has found `at` in the text; slicing would
/// bring along the words for the case that it is not, which are 5 KB of wasm.
#[inline(always)]
pub(crate) fn cut(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// `text` before the first `c`, which is ASCII, and from it on: nothing, if there is none.
pub(crate) fn cut_before(text: &str, c: char) -> (&str, &str) {
    cut(text, find(text.as_bytes(), c as u8).unwrap_or(text.len()))
}

/// `text` before and after the first `c`, which is ASCII; `None` if there is none.
pub(crate) fn cut_at(text: &str, c: char) -> Option<(&str, &str)> {
    let (before, rest) = cut(text, find(text.as_bytes(), c as u8)?);
    Some((before, cut(rest, 1).1))
}

/// `text` before and after the first blank; `None` if there is none.
pub(crate) fn cut_at_blank(text: &str) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| matches!(byte, b' ' | b'\t'))?;
    let (before, rest) = cut(text, at);
    Some((before, cut(rest, 1).1))
}

/// Where `wanted`, which is ASCII, first stands outside quotes and angle brackets.
fn find_outside_quotes(text: &str, wanted: char) -> Option<usize> {
    let bytes = text.as_bytes();
    // Mostly it stands nowhere, or nothing is quoted before it.
    let first = find(bytes, wanted as u8)?;
    let before = bytes.get(..first).unwrap_or_default();
    if find(before, b'"').is_none() && find(before, b'<').is_none() {
        return Some(first);
    }
    let (mut quoted, mut escaped, mut bracketed) = (false, false, false);
    bytes.iter().position(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'<' => bracketed = true,
            b'>' => bracketed = false,
            _ => return !bracketed && *byte == wanted as u8,
        }
        false
    })
}

/// The inside of a quoted string, or the text itself.
pub(crate) fn unquoted(text: &str) -> &str {
    match text.as_bytes() {
        [b'"', inner @ .., b'"'] => cut(cut(text, 1).1, inner.len()).0,
        _ => text,
    }
}

/// The inside of a quoted string with its backslashes resolved.
pub(crate) fn unescaped(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        text.push(if c == '\\' { chars.next().unwrap_or(c) } else { c });
    }
    text
}

/// A quoted string. Line breaks cannot stand in one, and become spaces.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_ascii_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether this is a token.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && TOKEN.covers(text.as_bytes())
}

/// What a token is made of.
pub(super) static TOKEN: Set = Set::alphanumeric_and(b"-.!%*_+`'~");

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn commas_in_quotes_and_brackets_do_not_split() {
        let list = r#""Doe, J\"r" <sip:a,b@c>;x="1,2", <sip:d>,, e"#;
        let members: Vec<_> = split_list(list).collect();
        assert_eq!(members, [r#""Doe, J\"r" <sip:a,b@c>;x="1,2""#, "<sip:d>", "e"]);
    }

    #[test]
    fn parameters_keep_colons_quotes_and_flags() {
        let params = Params::new(";gr=urn:uuid:f8;Lr; tag = a ;q=\"x;y\"");
        assert_eq!(params.get("gr"), Some("urn:uuid:f8"));
        assert!(params.has("lr"));
        assert_eq!(params.get("TAG"), Some("a"));
        assert_eq!(params.get("q"), Some("x;y"));
        assert_eq!(params.get("lr"), None);
    }

    #[test]
    fn quoting_is_undone_by_reading() {
        let name = r#"a "b" \ c"#;
        let text = quoted(name);
        assert_eq!(unescaped(unquoted(&text)), name);
    }
}
