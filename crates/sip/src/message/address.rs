//! Addresses with a name: From, To, Contact, Route and their like (RFC 3261 section 20.10).

use super::params::{Params, cut, cut_at, cut_before, unescaped, unquoted};
use super::scan::find;
use super::text;

/// `"Name" <uri>;parameters`, or a bare URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameAddr<'a> {
    name: &'a str,
    /// The URI as it came; [`super::Uri::parse`] reads it.
    pub uri: &'a str,
    /// The parameters of the header, not of the URI.
    pub params: Params<'a>,
}

impl<'a> NameAddr<'a> {
    /// Reads one address; `None` if it is malformed. Of a list, split it first.
    pub fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim_ascii();
        let name_end = if text.starts_with('"') { closing_quote(text)? + 1 } else { 0 };
        let Some((plain_name, rest)) = cut_at(cut(text, name_end).1, '<') else {
            // Without brackets, parameters belong to the header (section 20.10).
            let (uri, params) = cut_before(text, ';');
            let sound = name_end == 0 && !uri.is_empty();
            return sound.then_some(Self {
                name: "",
                uri: uri.trim_ascii(),
                params: Params::new(params),
            });
        };
        let (uri, params) = cut_at(rest, '>')?;
        Some(Self {
            name: cut(text, name_end + plain_name.len()).0.trim_ascii(),
            uri: uri.trim_ascii(),
            params: Params::new(params.trim_ascii_start()),
        })
    }

    /// The `tag` parameter. An empty one is none.
    pub fn tag(&self) -> Option<&'a str> {
        let mut tags = self.params.iter().filter(|(name, _)| name.eq_ignore_ascii_case("tag"));
        tags.find_map(|(_, value)| value.map(unquoted).filter(|tag| !tag.is_empty()))
    }

    /// The name for people, when there is one.
    pub fn display_name(&self) -> Option<String> {
        let name = text::display(&unescaped(unquoted(self.name)));
        let name = name.trim();
        (!name.is_empty()).then(|| name.to_owned())
    }
}

/// Where the quoted string at the start of `text` ends.
fn closing_quote(text: &str) -> Option<usize> {
    let mut at = 1;
    loop {
        let rest = cut(text, at).1.as_bytes();
        at += find(rest, b'"')?;
        // A quote behind an odd number of backslashes is one of the text.
        let before = text.as_bytes().get(1..at)?;
        if before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0 {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn names_uris_and_parameters_are_told_apart() {
        let addr = NameAddr::parse(r#""Doe, \"J\" <x>" <sip:j@h;lr>;tag=1;x"#).unwrap();
        assert_eq!(addr.display_name().as_deref(), Some(r#"Doe, "J" <x>"#));
        assert_eq!((addr.uri, addr.tag()), ("sip:j@h;lr", Some("1")));

        let addr = NameAddr::parse("sip:j@h;tag=2").unwrap();
        assert_eq!((addr.uri, addr.tag(), addr.display_name()), ("sip:j@h", Some("2"), None));

        let addr = NameAddr::parse("Jane Doe<tel:+1>").unwrap();
        assert_eq!((addr.display_name().as_deref(), addr.uri), (Some("Jane Doe"), "tel:+1"));
    }

    #[test]
    fn unfinished_addresses_are_refused() {
        for text in ["", "\"Jane <sip:j@h>", "<sip:j@h", ";tag=1", "\"Jane\" sip:j@h"] {
            assert_eq!(NameAddr::parse(text), None, "{text}");
        }
    }
}
