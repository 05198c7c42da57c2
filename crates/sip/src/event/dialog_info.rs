//! Somebody's dialogs (`application/dialog-info+xml`, RFC 4235).

use super::xml::{Reader, Token};

/// The most dialogs that are read of one document.
const MAX_DIALOGS: usize = 64;

/// The dialogs of one user, as far as this document names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialogInfo {
    /// Whose.
    pub entity: String,
    /// Counts up with each document.
    pub version: u32,
    /// Every dialog is named; those that are not named are over.
    pub full: bool,
    /// The identifier and the state of each.
    pub dialogs: Vec<(String, DialogState)>,
}

/// The state of a dialog (RFC 4235 section 3.7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialogState {
    /// A call is being made.
    Trying,
    /// It got a provisional response without a tag.
    Proceeding,
    /// It rings.
    Early,
    /// It is answered.
    Confirmed,
    /// It is over.
    Terminated,
}

impl DialogInfo {
    /// Reads a body; `None` if it is no such document. A dialog without an identifier or with an
    /// unknown state is left out.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(str::from_utf8(body).ok()?);
        let root = reader.root("dialog-info")?;
        let mut info = Self {
            entity: root.attribute("entity")?,
            version: root.attribute("version").and_then(|v| v.parse().ok()).unwrap_or(0),
            full: root.attribute("state").is_some_and(|state| state == "full"),
            dialogs: Vec::new(),
        };
        let mut id = None;
        while reader.depth() > 0 {
            let Token::Open(element) = reader.next()? else { continue };
            match (element.name, reader.depth()) {
                ("dialog", 2) => id = element.attribute("id"),
                ("state", 3) => {
                    let state = DialogState::parse(&reader.text()?);
                    if let (Some(id), Some(state)) = (id.take(), state)
                        && info.dialogs.len() < MAX_DIALOGS
                    {
                        info.dialogs.push((id, state));
                    }
                }
                _ => {}
            }
        }
        Some(info)
    }
}

impl DialogState {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "trying" => Self::Trying,
            "proceeding" => Self::Proceeding,
            "early" => Self::Early,
            "confirmed" => Self::Confirmed,
            "terminated" => Self::Terminated,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_state_of_each_dialog_is_read() {
        let body = br#"<?xml version="1.0"?>
            <d:dialog-info xmlns:d="urn:ietf:params:xml:ns:dialog-info" version="7"
                state="full" entity="sip:a&amp;b@h">
              <d:dialog id="one" call-id="x" direction="recipient">
                <d:state event="local-bye">terminated</d:state>
                <d:local><d:target uri="sip:a@h"><d:param pname="state"/></d:target></d:local>
              </d:dialog>
              <d:dialog id='two'><d:state> early </d:state></d:dialog>
              <d:dialog><d:state>early</d:state></d:dialog>
              <d:dialog id="three"><d:state>sleeping</d:state></d:dialog>
              <d:dialog id="four"/>
            </d:dialog-info>"#;
        let dialogs = vec![
            ("one".to_owned(), DialogState::Terminated),
            ("two".to_owned(), DialogState::Early),
        ];
        let entity = "sip:a&b@h".to_owned();
        let expected = DialogInfo { entity, version: 7, full: true, dialogs };
        assert_eq!(DialogInfo::parse(body), Some(expected));
    }

    #[test]
    fn nobody_on_the_phone_is_an_answer_too() {
        let body = b"<dialog-info version='0' state='partial' entity='sip:a@h'/>";
        let expected = DialogInfo { entity: "sip:a@h".into(), ..DialogInfo::default() };
        assert_eq!(DialogInfo::parse(body), Some(expected));
    }

    #[test]
    fn other_and_unfinished_documents_are_refused() {
        for body in [
            "",
            "<presence entity='x'/>",
            "<dialog-info/>",
            "<dialog-info entity='x'><dialog id='1'><state>early</state></dialog>",
            "<dialog-info entity='x'><dialog id='1'><state>early",
        ] {
            assert_eq!(DialogInfo::parse(body.as_bytes()), None, "{body}");
        }
        assert_eq!(DialogInfo::parse(b"<dialog-info entity='\xff'/>"), None);
    }

    #[test]
    fn a_long_document_is_read_in_part() {
        let dialog = "<dialog id='1'><state>early</state></dialog>".repeat(1000);
        let body = ["<dialog-info entity='x'>", &dialog, "</dialog-info>"].concat();
        assert_eq!(DialogInfo::parse(body.as_bytes()).unwrap().dialogs.len(), MAX_DIALOGS);
    }
}
