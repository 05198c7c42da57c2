//! The headers of a transfer: Refer-To, Referred-By and Replaces.

use super::params::{Params, cut, cut_before, is_token};
use super::{NameAddr, Uri, uri};

/// Which dialog a new call replaces (RFC 3891).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaces<'a> {
    /// The dialog's Call-ID.
    pub call_id: &'a str,
    /// The tag of whoever receives the header.
    pub to_tag: &'a str,
    /// The tag of that dialog's other end.
    pub from_tag: &'a str,
    /// Only while that dialog is early.
    pub early_only: bool,
}

impl<'a> Replaces<'a> {
    /// Reads a header value; `None` if a tag or the Call-ID is missing.
    pub fn parse(value: &'a str) -> Option<Self> {
        let (call_id, params) = cut_before(value, ';');
        let params = Params::new(params);
        let tag = |name| params.get(name).filter(|tag| is_token(tag));
        let (to_tag, from_tag) = (tag("to-tag")?, tag("from-tag")?);
        let call_id = Some(call_id.trim()).filter(|id| !id.is_empty())?;
        Some(Self { call_id, to_tag, from_tag, early_only: params.has("early-only") })
    }

    /// The header value.
    pub fn value(&self) -> String {
        let early = if self.early_only { ";early-only" } else { "" };
        [self.call_id, ";to-tag=", self.to_tag, ";from-tag=", self.from_tag, early].concat()
    }
}

/// Whom to call, and how (RFC 3515).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferTo<'a> {
    /// The address as it came, its URI with embedded headers.
    pub address: NameAddr<'a>,
    /// The embedded headers, still escaped.
    headers: &'a str,
    method: Option<&'a str>,
}

impl<'a> ReferTo<'a> {
    /// Reads a header value; `None` if it or its URI is malformed.
    pub fn parse(value: &'a str) -> Option<Self> {
        let address = NameAddr::parse(value)?;
        let uri = Uri::parse(address.uri)?;
        Some(Self { address, headers: uri.headers, method: uri.params.get("method") })
    }

    /// The method of the request to send: INVITE, if the URI names no other.
    pub fn method(&self) -> &'a str {
        self.method.unwrap_or("INVITE")
    }

    /// Where that request goes: the URI without embedded headers and without `method`.
    pub fn target(&self) -> String {
        // A question mark may also stand in the user part, so the headers are cut from the end.
        let uri = self.address.uri;
        let headers = Some(self.headers).filter(|headers| !headers.is_empty());
        let without = headers.and_then(|headers| uri.strip_suffix(headers)?.strip_suffix('?'));
        let without = without.unwrap_or(uri);
        // So may a semicolon.
        let (user, host) = cut(without, without.rfind('@').unwrap_or(0));
        let mut target = String::with_capacity(without.len());
        target.push_str(user);
        for (index, part) in host.split(';').enumerate() {
            if index > 0 && part.get(..7).is_some_and(|p| p.eq_ignore_ascii_case("method=")) {
                continue;
            }
            if index > 0 {
                target.push(';');
            }
            target.push_str(part);
        }
        target
    }

    /// An embedded header, unescaped; the request must carry it.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Every embedded header, unescaped.
    pub fn headers(&self) -> impl Iterator<Item = (String, String)> + use<'a> {
        uri::embedded(self.headers)
    }

    /// The header value that sends somebody to `uri`, there to replace a dialog.
    pub fn value(uri: &str, replaces: Option<&Replaces<'_>>) -> String {
        let mut value = String::from("<");
        value.push_str(uri);
        if let Some(replaces) = replaces {
            let has_headers = Uri::parse(uri).is_some_and(|uri| !uri.headers.is_empty());
            value.push(if has_headers { '&' } else { '?' });
            value.push_str("Replaces=");
            value.push_str(&uri::escape(&replaces.value(), b"-_.!~*'()[]/?:+$"));
        }
        value.push('>');
        value
    }
}

/// Who sent a caller here (RFC 3892).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferredBy<'a> {
    /// The one who transferred.
    pub address: NameAddr<'a>,
}

impl<'a> ReferredBy<'a> {
    /// Reads a header value; `None` if it is malformed.
    pub fn parse(value: &'a str) -> Option<Self> {
        NameAddr::parse(value).map(|address| Self { address })
    }

    /// The Content-ID of the signed part that proves it.
    pub fn cid(&self) -> Option<&'a str> {
        self.address.params.get("cid")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn replaces_survives_a_refer_to() {
        let replaces = Replaces { call_id: "a%b@h", to_tag: "1", from_tag: "2", early_only: true };
        let value = ReferTo::value("sip:bob@h;transport=ws", Some(&replaces));
        assert_eq!(
            value,
            "<sip:bob@h;transport=ws?Replaces=a%25b%40h%3Bto-tag%3D1%3Bfrom-tag%3D2%3Bearly-only>"
        );
        let refer_to = ReferTo::parse(&value).unwrap();
        assert_eq!(refer_to.target(), "sip:bob@h;transport=ws");
        let embedded = refer_to.header("replaces").unwrap();
        assert_eq!(Replaces::parse(&embedded), Some(replaces));
    }

    #[test]
    fn a_method_is_told_and_taken_out_of_the_target() {
        let refer_to =
            ReferTo::parse("\"Bob\" <sip:b?ob@h;Method=BYE;lr?Call-Info=x&Subject=y%20z>");
        let refer_to = refer_to.unwrap();
        assert_eq!((refer_to.method(), refer_to.target().as_str()), ("BYE", "sip:b?ob@h;lr"));
        assert_eq!(refer_to.header("Subject").as_deref(), Some("y z"));
        assert_eq!(refer_to.headers().count(), 2);

        let in_the_user = ReferTo::parse("<sip:bob;method=x@h;method=BYE>").unwrap();
        assert_eq!(in_the_user.target(), "sip:bob;method=x@h");

        let unknown = ReferTo::parse("<odd:?>").unwrap();
        assert_eq!(unknown.target(), "odd:?");

        let plain = ReferTo::parse("sip:bob@h;method=BYE").unwrap();
        assert_eq!((plain.method(), plain.target().as_str()), ("INVITE", "sip:bob@h"));
    }

    #[test]
    fn half_a_dialog_is_no_replaces() {
        for value in ["", "x", "x;to-tag=1", ";to-tag=1;from-tag=2", "x;to-tag=;from-tag=2"] {
            assert_eq!(Replaces::parse(value), None, "{value}");
        }
    }

    #[test]
    fn referred_by_names_its_proof() {
        let by = ReferredBy::parse("<sip:r@h>;cid=\"20398823.2UWQFN309shb3@h\"").unwrap();
        assert_eq!((by.address.uri, by.cid()), ("sip:r@h", Some("20398823.2UWQFN309shb3@h")));
    }
}
