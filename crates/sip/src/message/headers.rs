//! The headers of a message.

use rsip::Header;
use rsip::headers::UntypedHeader;

/// Headers in order, kept as `rsip` headers: names it knows in their usual spelling, others as
/// they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<Header>);

impl Headers {
    /// Adds a header at the end. A compact name becomes the long one.
    pub fn push(&mut self, name: &str, value: impl Into<String>) {
        self.0.push(header(name, value.into()));
    }

    /// Replaces every header of this name by one, where the first one stood.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let new = header(name, value.into());
        match self.0.iter().position(|h| is_named(h, name)) {
            None => self.0.push(new),
            Some(at) => {
                self.0[at] = new;
                let mut index = 0;
                self.0.retain(|h| {
                    index += 1;
                    index <= at + 1 || !is_named(h, name)
                });
            }
        }
    }

    /// Adds a header before all others.
    pub fn push_front(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(0, header(name, value.into()));
    }

    /// Removes every header of this name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|h| !is_named(h, name));
    }

    /// The value of the first header of this name.
    pub fn get<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// The values of every header of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |h| is_named(h, name)).map(|h| parts(h).1)
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
        self.0.iter().map(parts)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// CSeq; `None` if it is missing or malformed.
    pub fn cseq(&self) -> Option<super::CSeq> {
        super::CSeq::parse(self.get("CSeq")?)
    }

    /// The first Via of all; `None` if it is missing or malformed.
    pub fn top_via(&self) -> Option<super::Via<'_>> {
        super::Via::parse(self.list("Via").next()?)
    }

    /// A header whose value is a number of seconds, with whatever follows the number ignored.
    pub fn seconds(&self, name: &str) -> Option<u32> {
        let value = self.get(name)?.trim();
        let digits = value.bytes().take_while(u8::is_ascii_digit).count();
        // More digits than fit mean “long”, not “malformed” (RFC 3261 section 25.1, delta-seconds).
        (digits > 0).then(|| super::params::cut(value, digits).0.parse().unwrap_or(u32::MAX))
    }
}

fn is_named(header: &Header, name: &str) -> bool {
    parts(header).0.eq_ignore_ascii_case(name)
}

/// Ties `rsip`'s variants to their names on the wire, with the compact form where there is one.
macro_rules! vocabulary {
    ($($variant:ident $name:literal $($compact:literal)?;)*) => {
        fn header(name: &str, value: String) -> Header {
            $(
                if name.eq_ignore_ascii_case($name) $(|| name.eq_ignore_ascii_case($compact))? {
                    return Header::$variant(rsip::headers::$variant::new(value));
                }
            )*
            Header::Other(long_name(name).to_owned(), value)
        }

        fn parts(header: &Header) -> (&str, &str) {
            match header {
                $(Header::$variant(inner) => ($name, inner.value()),)*
                Header::Other(name, value) => (name, value),
            }
        }
    };
}

vocabulary! {
    Via "Via" "v";
    From "From" "f";
    To "To" "t";
    CallId "Call-ID" "i";
    CSeq "CSeq";
    Contact "Contact" "m";
    MaxForwards "Max-Forwards";
    RecordRoute "Record-Route";
    Route "Route";
    ContentType "Content-Type" "c";
    ContentLength "Content-Length" "l";
    Allow "Allow";
    Supported "Supported" "k";
    UserAgent "User-Agent";
    Expires "Expires";
    Server "Server";
    Authorization "Authorization";
    ProxyAuthorization "Proxy-Authorization";
    WwwAuthenticate "WWW-Authenticate";
    ProxyAuthenticate "Proxy-Authenticate";
    Accept "Accept";
    AcceptEncoding "Accept-Encoding";
    AcceptLanguage "Accept-Language";
    AlertInfo "Alert-Info";
    AuthenticationInfo "Authentication-Info";
    CallInfo "Call-Info";
    ContentDisposition "Content-Disposition";
    ContentEncoding "Content-Encoding" "e";
    ContentLanguage "Content-Language";
    Date "Date";
    ErrorInfo "Error-Info";
    Event "Event" "o";
    InReplyTo "In-Reply-To";
    MimeVersion "MIME-Version";
    MinExpires "Min-Expires";
    Organization "Organization";
    Priority "Priority";
    ProxyRequire "Proxy-Require";
    ReplyTo "Reply-To";
    Require "Require";
    RetryAfter "Retry-After";
    Subject "Subject" "s";
    SubscriptionState "Subscription-State";
    Timestamp "Timestamp";
    Unsupported "Unsupported";
    Warning "Warning";
}

/// Compact names that `rsip` has no variant for.
fn long_name(name: &str) -> &str {
    match name.as_bytes() {
        [b'a' | b'A'] => "Accept-Contact",
        [b'b' | b'B'] => "Referred-By",
        [b'd' | b'D'] => "Request-Disposition",
        [b'j' | b'J'] => "Reject-Contact",
        [b'r' | b'R'] => "Refer-To",
        [b'u' | b'U'] => "Allow-Events",
        [b'x' | b'X'] => "Session-Expires",
        [b'y' | b'Y'] => "Identity",
        _ => name,
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
