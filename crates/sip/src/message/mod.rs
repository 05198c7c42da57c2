//! SIP messages: what is on the wire, and the types it is read into.
//!
//! What is not understood is carried through unchanged. Typed views ([`Uri`], [`NameAddr`],
//! [`Via`], [`Params`]) borrow from the header they read and fail one by one, so that a header
//! nobody asks for cannot spoil a message.
//!
//! Reading is fast because it copies once: all headers of a message share one text, in which each
//! knows its place, and typed views borrow from there.
//!
//! | | whose | why |
//! |---|---|---|
//! | the names of methods | [`rsip::Method`] | sound |
//! | other methods | ours ([`Method::Extension`]) | `rsip` takes `invite` for INVITE |
//! | header names and values | ours ([`Headers`]) | speed: `rsip` allocates for each; it drops all but the first Via of a line, and bytes that are not UTF-8 |
//! | messages, parsed and written | ours ([`parse`], [`Request::to_bytes`]) | speed; `rsip` reads fewer than half of the valid messages of RFC 4475, and changes binary bodies |
//! | status lines | ours ([`Response`]) | `rsip` loses the phrase |
//! | URIs, addresses, Via, parameters | ours ([`Uri`], [`NameAddr`], [`Via`], [`Params`]) | `rsip` cuts `gr=urn:uuid:…` and IPv6 at the colon, and writes `ws` as `WS` |
//! | headers of later RFCs | ours | `rsip` has no types for most of them |
//! | digest | ours (see `auth`) | `rsip`'s is wrong from the tenth use of a nonce on, and has no SHA-256 |
//!
//! Where our reader and those of `rsip`, `rsipstack` and `ezk` differ, and which section settles it,
//! is listed in `crates/bench/tests/readers/disagreements`, and tested.

mod address;
mod authentication;
mod auto_answer;
mod body;
mod check;
mod contact;
mod events;
mod failure;
mod headers;
mod identity;
mod method;
mod name;
mod numbers;
mod params;
mod parse;
mod refusal;
mod reliable;
mod scan;
mod serialize;
mod session_timer;
mod text;
mod transfer;
mod typed;
mod uri;
mod via;

pub use address::NameAddr;
pub use authentication::Authentication;
pub use auto_answer::{AnswerMode, Info, auto_answer};
pub(crate) use body::accepts_sdp;
pub use body::{MediaType, Part, parts, sipfrag};
pub use check::{Verdict, check};
pub use contact::{Contact, Contacts, Route};
pub use events::{Event, SubscriptionState, Substate};
pub use failure::{MinExpires, Reason, RetryAfter, Warning};
pub use headers::Headers;
pub use identity::{Diversion, HistoryInfo, Identity, Privacy, RemotePartyId};
pub use method::{CSeq, Method};
pub(crate) use params::quoted;
pub use params::{Params, split_list};
pub use parse::{MAX_HEADERS, MAX_MESSAGE, ParseError, parse};
pub use refusal::refusal;
pub use reliable::{RAck, RSeq};
pub use session_timer::{MinSe, Refresher, SessionExpires};
pub(crate) use text::{decode, display};
pub use transfer::{ReferTo, ReferredBy, Replaces};
pub use typed::Typed;
pub use uri::Uri;
pub(crate) use uri::{escape_user, hex};
pub use via::Via;

/// A request or a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Somebody wants something.
    Request(Request),
    /// Somebody reacts.
    Response(Response),
}

/// A request (RFC 3261 section 7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is wanted.
    pub method: Method,
    /// The request URI as it came; [`Uri::parse`] reads it.
    pub uri: String,
    /// Every header but Content-Length, in order.
    pub headers: Headers,
    /// The body, exactly as long as Content-Length said.
    pub body: Vec<u8>,
}

/// A response (RFC 3261 section 7.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// 100 to 699.
    pub status: u16,
    /// The server's words, which may be none at all.
    pub phrase: String,
    /// Every header but Content-Length, in order.
    pub headers: Headers,
    /// The body, exactly as long as Content-Length said.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without headers or body.
    pub fn new(method: Method, uri: impl Into<String>) -> Self {
        Self { method, uri: uri.into(), headers: Headers::default(), body: Vec::new() }
    }

    /// The SDP of the body, be it all of it or one part (RFC 5621).
    pub fn sdp(&self) -> Option<String> {
        body::sdp(&self.headers, &self.body)
    }
}

impl Response {
    /// The response to `request` with the headers that RFC 3261 section 8.2.6.2 copies into
    /// every response. `to_tag` is added to a To that has none.
    pub fn to(request: &Request, status: u16, phrase: &str, to_tag: Option<&str>) -> Self {
        let mut headers = Headers::default();
        for name in ["Via", "From"] {
            request.headers.all(name).for_each(|value| headers.push(name, value));
        }
        let mut to = request.headers.get("To").unwrap_or_default().to_owned();
        let has_tag = NameAddr::parse(&to).is_some_and(|to| to.tag().is_some());
        if let Some(tag) = to_tag.filter(|_| !has_tag) {
            to.push_str(";tag=");
            to.push_str(tag);
        }
        headers.push("To", to);
        for name in ["Call-ID", "CSeq"] {
            headers.push(name, request.headers.get(name).unwrap_or_default());
        }
        if status == 100 {
            request.headers.all("Timestamp").for_each(|value| headers.push("Timestamp", value));
        } else if request.method == Method::INVITE && status < 300 {
            // RFC 3261 section 12.1.1: the caller learns the route set from here.
            let routes = request.headers.all("Record-Route");
            routes.for_each(|value| headers.push("Record-Route", value));
        }
        Self { status, phrase: phrase.to_owned(), headers, body: Vec::new() }
    }

    /// The tag of the To header: which branch of a forked request this comes from.
    pub fn to_tag(&self) -> Option<&str> {
        NameAddr::parse(self.headers.get("To")?)?.tag()
    }

    /// The SDP of the body, be it all of it or one part (RFC 5621).
    pub fn sdp(&self) -> Option<String> {
        body::sdp(&self.headers, &self.body)
    }
}
