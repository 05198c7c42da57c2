//! `;name=value` parameters, comma lists, tokens and quoted strings (RFC 3261 section 25.1).

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
            let (name, value) = match param.split_once('=') {
                Some((name, value)) => (name.trim(), Some(value.trim())),
                None => (param.trim(), None),
            };
            (!name.is_empty()).then_some((name, value))
        })
    }

    /// The value of a parameter, without quotes. Names compare without case.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let (_, value) = self.iter().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        value.map(unquoted)
    }

    /// Whether the parameter is there, with a value or without.
    pub fn has(&self, name: &str) -> bool {
        self.iter().any(|(n, _)| n.eq_ignore_ascii_case(name))
    }
}

/// The members of a comma list; commas inside quotes or angle brackets do not count.
pub fn split_list(value: &str) -> impl Iterator<Item = &str> {
    split_outside_quotes(value, ',').map(str::trim).filter(|item| !item.is_empty())
}

/// Splits at `separator` where it stands outside quotes and angle brackets.
pub(crate) fn split_outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let current = rest?;
        match find_outside_quotes(current, separator) {
            Some(at) => {
                let (item, after) = cut(current, at);
                rest = Some(after.strip_prefix(separator).unwrap_or(after));
                Some(item)
            }
            None => rest.take(),
        }
    })
}

/// `text` before `at` and from there on. Whoever asks has found `at` in the text; slicing would
/// bring along the words for the case that it is not, which are 5 KB of wasm.
pub(crate) fn cut(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// `text` before the first `c`, and from it on: nothing, if there is none.
pub(crate) fn cut_before(text: &str, c: char) -> (&str, &str) {
    text.find(c).map_or((text, ""), |at| cut(text, at))
}

/// Where `wanted`, which is ASCII, first stands outside quotes and angle brackets.
fn find_outside_quotes(text: &str, wanted: char) -> Option<usize> {
    let (mut quoted, mut escaped, mut bracketed) = (false, false, false);
    text.bytes().position(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'<' => bracketed = true,
            b'>' => bracketed = false,
            _ => return !bracketed && char::from(byte) == wanted,
        }
        false
    })
}

/// The inside of a quoted string, or the text itself.
pub(crate) fn unquoted(text: &str) -> &str {
    let inner = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
    inner.unwrap_or(text)
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
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// Whether this can stand in a token.
pub(crate) fn is_token_byte(byte: u8) -> bool {
    /// A bit for each byte.
    const TOKEN: [u64; 4] = {
        let mut bits = [0; 4];
        let mut byte = 0;
        while byte < 128 {
            let other = matches!(
                byte,
                b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~'
            );
            if other || byte.is_ascii_alphanumeric() {
                bits[byte as usize / 64] |= 1 << (byte % 64);
            }
            byte += 1;
        }
        bits
    };
    TOKEN[usize::from(byte / 64)] >> (byte % 64) & 1 == 1
}

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
