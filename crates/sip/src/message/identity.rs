//! Who calls, who was called, and who must not know (RFC 3323, 3325, 5806, 7044).

use super::numbers::number;
use super::{NameAddr, Uri, uri};

/// One member of P-Asserted-Identity or P-Preferred-Identity (RFC 3325). Of a list, split it
/// first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// Who it is.
    pub address: NameAddr<'a>,
}

impl<'a> Identity<'a> {
    /// Reads one identity; `None` if it is malformed.
    pub fn parse(value: &'a str) -> Option<Self> {
        NameAddr::parse(value).map(|address| Self { address })
    }
}

/// Remote-Party-ID, which came before P-Asserted-Identity and is still sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemotePartyId<'a> {
    /// Who it is.
    pub address: NameAddr<'a>,
    /// Which end it describes: `calling`, `called`. None means the calling one.
    pub party: Option<&'a str>,
    /// Somebody has checked it.
    pub screened: bool,
    /// What must not be shown: `full`, `name`, `uri`, `off`.
    pub privacy: Option<&'a str>,
}

impl<'a> RemotePartyId<'a> {
    /// Reads one identity; `None` if it is malformed. Of a list, split it first.
    pub fn parse(value: &'a str) -> Option<Self> {
        let address = NameAddr::parse(value)?;
        let params = address.params;
        let screened = params.get("screen").is_some_and(|s| s.eq_ignore_ascii_case("yes"));
        let (party, privacy) = (params.get("party"), params.get("privacy"));
        Some(Self { address, party, screened, privacy })
    }
}

/// Who diverted a call, and why (RFC 5806). Of a list, split it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diversion<'a> {
    /// Who diverted.
    pub address: NameAddr<'a>,
    /// Such as `user-busy` or `no-answer`.
    pub reason: Option<&'a str>,
    /// How often.
    pub counter: Option<u32>,
    /// What must not be shown: `full`, `name`, `uri`, `off`.
    pub privacy: Option<&'a str>,
}

impl<'a> Diversion<'a> {
    /// Reads one diversion; `None` if it is malformed.
    pub fn parse(value: &'a str) -> Option<Self> {
        let address = NameAddr::parse(value)?;
        let params = address.params;
        let (reason, privacy) = (params.get("reason"), params.get("privacy"));
        let counter = params.get("counter").and_then(number);
        Some(Self { address, reason, counter, privacy })
    }
}

/// A step on a call's way (RFC 7044). Of a list, split it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryInfo<'a> {
    /// Where the call was sent, its URI with embedded headers.
    pub address: NameAddr<'a>,
    /// The place in the tree of steps, such as `1.2`.
    pub index: Option<&'a str>,
}

impl<'a> HistoryInfo<'a> {
    /// Reads one step; `None` if it is malformed.
    pub fn parse(value: &'a str) -> Option<Self> {
        let address = NameAddr::parse(value)?;
        Some(Self { address, index: address.params.get("index") })
    }

    /// Why the call went on from here, as a Reason header ([`super::Reason::parse`] reads it).
    pub fn reason(&self) -> Option<String> {
        self.embedded("Reason")
    }

    /// Why this step must not be shown ([`Privacy::parse`] reads it).
    pub fn privacy(&self) -> Option<String> {
        self.embedded("Privacy")
    }

    fn embedded(&self, name: &str) -> Option<String> {
        uri::embedded(Uri::parse(self.address.uri)?.headers)
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// What a caller wants to be kept secret (RFC 3323, RFC 3325).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Privacy<'a>(&'a str);

impl<'a> Privacy<'a> {
    /// Reads a header value; `None` if it is empty.
    pub fn parse(value: &'a str) -> Option<Self> {
        (!value.trim().is_empty()).then_some(Self(value))
    }

    /// Whether a kind of privacy is asked for: `id`, `user`, `header`, `session`, `history`,
    /// `none`, `critical`.
    pub fn wants(&self, kind: &str) -> bool {
        self.0.split([';', ',']).any(|k| k.trim().eq_ignore_ascii_case(kind))
    }

    /// Whether people must not see who it is.
    pub fn hides_identity(&self) -> bool {
        !self.wants("none") && (self.wants("id") || self.wants("user") || self.wants("header"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Reason;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_remote_party_id_tells_its_side_and_its_privacy() {
        let value = "\"Jo\" <sip:jo@h>;party=calling;screen=Yes;privacy=off";
        let id = RemotePartyId::parse(value).unwrap();
        assert_eq!(
            (id.address.uri, id.party, id.privacy),
            ("sip:jo@h", Some("calling"), Some("off"))
        );
        assert!(id.screened);
    }

    #[test]
    fn a_diversion_tells_why_and_how_often() {
        let value = "<tel:+1>;reason=\"user-busy\";counter=2;privacy=full";
        let diversion = Diversion::parse(value).unwrap();
        assert_eq!((diversion.reason, diversion.counter), (Some("user-busy"), Some(2)));
        assert_eq!(diversion.privacy, Some("full"));
    }

    #[test]
    fn a_step_of_history_hides_its_headers_in_its_uri() {
        let value = "<sip:b@h?Reason=SIP%3Bcause%3D302%3Btext%3D%22Moved%22&Privacy=history>\
            ;index=1.1;mp=1";
        let step = HistoryInfo::parse(value).unwrap();
        assert_eq!(step.index, Some("1.1"));
        let reason = step.reason().unwrap();
        assert_eq!(Reason::parse(&reason).unwrap().cause, Some(302));
        assert!(Privacy::parse(&step.privacy().unwrap()).unwrap().wants("history"));
    }

    #[test]
    fn privacy_none_hides_nothing() {
        let hidden = |value| Privacy::parse(value).unwrap().hides_identity();
        assert!(hidden("ID; critical"));
        assert!(hidden("user"));
        assert!(!hidden("session"));
        assert!(!hidden("id;none"));
        assert_eq!(Privacy::parse(" "), None);
    }
}
