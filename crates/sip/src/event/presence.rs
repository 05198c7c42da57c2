//! Presence (`application/pidf+xml`, RFC 3863).

use super::xml::{Reader, Token};

/// Somebody's presence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Whose.
    pub entity: String,
    /// Whether any way of reaching them is open.
    pub open: bool,
    /// What they say about it, if anything.
    pub note: Option<String>,
}

impl Presence {
    /// Reads a body; `None` if it is no such document.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(str::from_utf8(body).ok()?);
        let root = reader.root("presence")?;
        let mut presence = Self { entity: root.attribute("entity")?, open: false, note: None };
        while reader.depth() > 0 {
            let Token::Open(element) = reader.next()? else { continue };
            match element.name {
                "basic" => presence.open |= reader.text()? == "open",
                "note" => {
                    let note = reader.text()?;
                    if presence.note.is_none() && !note.is_empty() {
                        presence.note = Some(note);
                    }
                }
                _ => {}
            }
        }
        Some(presence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn one_open_way_is_enough_and_the_first_note_counts() {
        let body = br#"<?xml version="1.0" encoding="UTF-8"?>
            <presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:a@h">
              <tuple id="1"><status><basic>closed</basic></status><note/></tuple>
              <tuple id="2"><status><basic> open </basic></status>
                <contact priority="0.8">sip:a@h</contact><note>At lunch &lt;again&gt;</note></tuple>
              <note>Later</note>
            </presence>"#;
        let note = Some("At lunch <again>".to_owned());
        let expected = Presence { entity: "pres:a@h".into(), open: true, note };
        assert_eq!(Presence::parse(body), Some(expected));
    }

    #[test]
    fn nothing_open_is_closed() {
        let closed = Presence { entity: "x".into(), open: false, note: None };
        for body in [
            "<presence entity='x'/>",
            "<presence entity='x'><tuple><status/></tuple></presence>",
            "<presence entity='x'><basic>OPEN</basic></presence>",
        ] {
            assert_eq!(Presence::parse(body.as_bytes()), Some(closed.clone()), "{body}");
        }
    }

    #[test]
    fn other_and_unfinished_documents_are_refused() {
        for body in ["", "open", "<presence/>", "<presence entity='x'>", "<x entity='x'/>"] {
            assert_eq!(Presence::parse(body.as_bytes()), None, "{body}");
        }
    }
}
