//! As much of XML as the bodies of NOTIFY need: elements, attributes and text, one after the
//! other. A crate would be many times the size of all events together.
//!
//! Documents are not validated. Comments, processing instructions and the prefixes of namespaces
//! are passed over; a document type is refused, because entities could be made there.

/// No element is nested deeper in any document that is meant to be read here.
const MAX_DEPTH: usize = 32;

/// A document that is being read.
pub(super) struct Reader<'a> {
    rest: &'a str,
    depth: usize,
    /// `<x/>` was opened, and is about to be closed.
    closing: bool,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// An element begins.
    Open(Element<'a>),
    /// The innermost element ends.
    Close,
    /// Text, still escaped.
    Text(&'a str),
    /// Text as it is.
    Verbatim(&'a str),
}

/// The start of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element<'a> {
    /// Without prefix.
    pub(super) name: &'a str,
    attributes: &'a str,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.trim_start_matches('\u{feff}'), depth: 0, closing: false }
    }

    /// The root element; `None` if it is not `name`.
    pub(super) fn root(&mut self, name: &str) -> Option<Element<'a>> {
        loop {
            match self.next()? {
                Token::Open(root) => return Some(root).filter(|root| root.name == name),
                Token::Text(space) if space.trim_ascii().is_empty() => {}
                Token::Text(_) | Token::Verbatim(_) | Token::Close => return None,
            }
        }
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The next piece; `None` at the end, or where the document is broken.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        if std::mem::take(&mut self.closing) {
            self.depth -= 1;
            return Some(Token::Close);
        }
        loop {
            let Some(markup) = self.rest.strip_prefix('<') else {
                let text = self.rest.split('<').next().filter(|text| !text.is_empty())?;
                self.rest = self.rest.strip_prefix(text)?;
                return Some(Token::Text(text));
            };
            if let Some(comment) = markup.strip_prefix("!--") {
                self.rest = cut(comment, "-->")?.1;
            } else if let Some(instruction) = markup.strip_prefix('?') {
                self.rest = cut(instruction, "?>")?.1;
            } else if let Some(verbatim) = markup.strip_prefix("![CDATA[") {
                let (text, rest) = cut(verbatim, "]]>")?;
                self.rest = rest;
                return Some(Token::Verbatim(text));
            } else if let Some(end) = markup.strip_prefix('/') {
                self.rest = end.split_once('>')?.1;
                self.depth = self.depth.checked_sub(1)?;
                return Some(Token::Close);
            } else {
                return self.open(markup);
            }
        }
    }

    /// The text up to the end of the element that was just opened, whatever is nested in it.
    pub(super) fn text(&mut self) -> Option<String> {
        let outside = self.depth.checked_sub(1)?;
        let mut text = String::new();
        while self.depth > outside {
            match self.next()? {
                Token::Text(escaped) => text.push_str(&unescape(escaped)),
                Token::Verbatim(verbatim) => text.push_str(verbatim),
                Token::Open(_) | Token::Close => {}
            }
        }
        Some(text.trim_ascii().to_owned())
    }

    fn open(&mut self, markup: &'a str) -> Option<Token<'a>> {
        let mut quote = None;
        let end = markup.bytes().position(|b| {
            match quote {
                Some(open) if b == open => quote = None,
                Some(_) => {}
                None if matches!(b, b'"' | b'\'') => quote = Some(b),
                None => return b == b'>',
            }
            false
        })?;
        let (tag, rest) = markup.split_at_checked(end)?;
        self.rest = rest.strip_prefix('>')?;
        let inner = tag.strip_suffix('/');
        self.closing = inner.is_some();
        let tag = inner.unwrap_or(tag);
        let (name, attributes) = tag.split_once(is_space).unwrap_or((tag, ""));
        let name = without_prefix(name);
        let is_name = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b >= 0x80);
        self.depth += 1;
        let sound = is_name && self.depth <= MAX_DEPTH;
        sound.then_some(Token::Open(Element { name, attributes }))
    }
}

impl<'a> Element<'a> {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut rest = self.attributes;
        loop {
            let (found, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, next) = after.strip_prefix(quote)?.split_once(quote)?;
            if without_prefix(found.trim()) == name {
                return Some(unescape(value));
            }
            rest = next;
        }
    }
}

/// What stands before the first `mark`, and after it. The search of the standard library is for
/// long texts, and large.
fn cut<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let at = text.as_bytes().windows(mark.len()).position(|w| w == mark.as_bytes())?;
    let (before, after) = text.split_at_checked(at)?;
    Some((before, after.strip_prefix(mark)?))
}

fn without_prefix(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn is_space(c: char) -> bool {
    c.is_ascii_whitespace()
}

/// Resolves the entities that every document has, and characters by number. Others stay.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let entity = named(after).and_then(|(name, next)| Some((entity(name)?, next)));
        match entity {
            Some((c, next)) => {
                out.push(c);
                rest = next;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The name up to the semicolon, and what follows it. None is longer than `#x10FFFF`.
fn named(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().take(9).position(|b| b == b';')?;
    let (name, rest) = text.split_at_checked(end)?;
    Some((name, rest.strip_prefix(';')?))
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// The document as names, brackets and text.
    fn outline(text: &str) -> String {
        let mut reader = Reader::new(text);
        let mut out = String::new();
        while let Some(token) = reader.next() {
            match token {
                Token::Open(element) => out.extend([element.name, "("]),
                Token::Close => out.push(')'),
                Token::Text(text) | Token::Verbatim(text) => out.push_str(text),
            }
        }
        out
    }

    #[test]
    fn elements_and_text_come_in_order() {
        let text = "\u{feff}<?xml version='1.0'?><!-- <a> --><p:a x='>'>1<b/><c y=\"1\" />\
            <![CDATA[<d>]]></p:a>";
        assert_eq!(outline(text), "a(1b()c()<d>)");
    }

    #[test]
    fn attributes_are_found_whatever_surrounds_them() {
        let mut reader =
            Reader::new("<a xmlns:x='u' x:b = 'it&apos;s' c=\"=&#65;&#x10FFFF;&no;&\"/>");
        let element = reader.root("a").unwrap();
        assert_eq!(element.attribute("b").as_deref(), Some("it's"));
        assert_eq!(element.attribute("c").as_deref(), Some("=A\u{10ffff}&no;&"));
        assert_eq!(element.attribute("d"), None);
    }

    #[test]
    fn the_text_of_an_element_includes_what_is_nested() {
        let mut reader = Reader::new("<a> x &lt; <b>y</b><![CDATA[&]]> <c/></a><d/>");
        reader.root("a").unwrap();
        assert_eq!(reader.text().as_deref(), Some("x < y&"));
        assert_eq!(reader.depth(), 0);
    }

    #[test]
    fn broken_documents_end_where_they_break() {
        for (text, read) in [
            ("", ""),
            ("<a", ""),
            ("<a b='>", ""),
            ("<a><!-- ", "a("),
            ("<a><![CDATA[x", "a("),
            ("<a></a></a>x", "a()"),
            ("<!DOCTYPE a><a/>", ""),
            ("< a/>", ""),
            ("<a><>", "a("),
            ("<a/>&", "a()&"),
        ] {
            assert_eq!(outline(text), read, "{text}");
        }
        let deep = "<a>".repeat(1000);
        assert_eq!(outline(&deep), "a(".repeat(MAX_DEPTH));
        assert_eq!(Reader::new("x<a/>").root("a"), None);
        assert_eq!(Reader::new("<a/>").root("b"), None);
        for attributes in ["b", "b=", "b=1", "b='1", "='1'"] {
            let element = Element { name: "a", attributes };
            assert_eq!(element.attribute("b"), None, "{attributes}");
        }
    }
}
