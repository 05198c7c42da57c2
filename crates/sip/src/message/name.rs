//! Header names: those that are known by a number, so that finding a header compares numbers.

/// Ties the names to their spelling: those with a compact form, and those that many messages have.
/// Others are found by their text, which takes a little longer.
///
/// They go by length, so that a name is compared with the few that are as long; the frequent ones
/// of a length go first.
macro_rules! names {
    ($($name:ident $text:literal;)*) => {
        /// A header name that is known.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Name {
            $($name,)*
        }

        const NAMES: &[(Name, &str)] = &[$((Name::$name, $text),)*];
    };
}

names! {
    To "To";
    Via "Via";
    From "From";
    CSeq "CSeq";
    Path "Path";
    RSeq "RSeq";
    RAck "RAck";
    Route "Route";
    Allow "Allow";
    Event "Event";
    Server "Server";
    Accept "Accept";
    Reason "Reason";
    MinSe "Min-SE";
    CallId "Call-ID";
    Contact "Contact";
    Expires "Expires";
    Require "Require";
    Subject "Subject";
    ReferTo "Refer-To";
    Replaces "Replaces";
    Identity "Identity";
    Supported "Supported";
    Timestamp "Timestamp";
    UserAgent "User-Agent";
    RetryAfter "Retry-After";
    Unsupported "Unsupported";
    MinExpires "Min-Expires";
    ReferredBy "Referred-By";
    MaxForwards "Max-Forwards";
    ContentType "Content-Type";
    RecordRoute "Record-Route";
    AllowEvents "Allow-Events";
    Authorization "Authorization";
    ServiceRoute "Service-Route";
    ContentLength "Content-Length";
    AcceptContact "Accept-Contact";
    RejectContact "Reject-Contact";
    SessionExpires "Session-Expires";
    WwwAuthenticate "WWW-Authenticate";
    ContentEncoding "Content-Encoding";
    SubscriptionState "Subscription-State";
    ProxyAuthenticate "Proxy-Authenticate";
    PAssertedIdentity "P-Asserted-Identity";
    ProxyAuthorization "Proxy-Authorization";
    ContentDisposition "Content-Disposition";
    RequestDisposition "Request-Disposition";
    PPreferredIdentity "P-Preferred-Identity";
}

/// No name that is known is longer.
const LONGEST: usize = 20;

/// Where the names of each length start in [`NAMES`].
const BY_LENGTH: [u8; LONGEST + 2] = {
    let mut starts = [0; LONGEST + 2];
    let mut length = 0;
    let mut at = 0;
    while length < starts.len() {
        while at < NAMES.len() && NAMES[at].1.len() < length {
            at += 1;
        }
        starts[length] = at as u8;
        length += 1;
    }
    starts
};

impl Name {
    /// The name that `text` spells in any case, in full or in its compact form.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        if let [letter] = text {
            return Self::compact(*letter);
        }
        let start = usize::from(*BY_LENGTH.get(text.len())?);
        let end = usize::from(*BY_LENGTH.get(text.len() + 1)?);
        let candidates = NAMES.get(start..end)?;
        // The usual spelling is usual, and quicker to compare.
        let usual = candidates.iter().find(|(_, known)| {
            let known = known.as_bytes();
            known.first() == text.first() && known == text
        });
        let any_case = |(_, known): &&(Self, &str)| known.as_bytes().eq_ignore_ascii_case(text);
        usual.or_else(|| candidates.iter().find(any_case)).map(|(name, _)| *name)
    }

    /// The compact forms that are registered.
    fn compact(letter: u8) -> Option<Self> {
        Some(match letter.to_ascii_lowercase() {
            b'a' => Self::AcceptContact,
            b'b' => Self::ReferredBy,
            b'c' => Self::ContentType,
            b'd' => Self::RequestDisposition,
            b'e' => Self::ContentEncoding,
            b'f' => Self::From,
            b'i' => Self::CallId,
            b'j' => Self::RejectContact,
            b'k' => Self::Supported,
            b'l' => Self::ContentLength,
            b'm' => Self::Contact,
            b'o' => Self::Event,
            b'r' => Self::ReferTo,
            b's' => Self::Subject,
            b't' => Self::To,
            b'u' => Self::AllowEvents,
            b'v' => Self::Via,
            b'x' => Self::SessionExpires,
            b'y' => Self::Identity,
            _ => return None,
        })
    }

    /// The usual spelling.
    pub(super) fn text(self) -> &'static str {
        NAMES.get(self as usize).map_or("", |(_, text)| text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn every_name_is_found_in_any_case() {
        for (name, text) in NAMES {
            assert_eq!(name.text(), *text);
            for spelling in [text.to_string(), text.to_uppercase(), text.to_lowercase()] {
                assert_eq!(Name::read(spelling.as_bytes()), Some(*name), "{spelling}");
            }
        }
        for text in ["", "z", "X-Own", "Vía", "P-Preferred-Identities", "Contact "] {
            assert_eq!(Name::read(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn names_go_by_length() {
        assert!(NAMES.is_sorted_by_key(|(_, text)| text.len()));
        assert_eq!(NAMES.last().map(|(_, text)| text.len()), Some(LONGEST));
    }
}
