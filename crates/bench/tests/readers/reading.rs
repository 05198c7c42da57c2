//! What a reader makes of a message, in terms that all of them share.

/// A message that was accepted: its start line and the headers that every message needs were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The method, or the status.
    pub(crate) start: String,
    pub(crate) call_id: String,
    pub(crate) cseq: (u32, String),
    pub(crate) from_tag: Option<String>,
    pub(crate) to_tag: Option<String>,
    pub(crate) branch: Option<String>,
    /// The host of the first Via, without its port.
    pub(crate) host: String,
    pub(crate) contact: Contact,
    pub(crate) body: Vec<u8>,
}

/// The first Contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Contact {
    Missing,
    Unreadable,
    /// Its URI.
    Uri(String),
}

/// What readers can disagree about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Aspect {
    /// They accept what we refuse.
    Accepts,
    /// They refuse what we accept.
    Refuses,
    Start,
    CallId,
    CSeq,
    FromTag,
    ToTag,
    Branch,
    Host,
    Contact,
    Body,
}

/// That one stack differs from ours in one aspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Difference {
    pub(crate) stack: &'static str,
    pub(crate) aspect: Aspect,
}

/// In what two readings of a message differ.
pub(crate) fn differences(ours: Option<&Reading>, theirs: Option<&Reading>) -> Vec<Aspect> {
    let (ours, theirs) = match (ours, theirs) {
        (None, None) => return Vec::new(),
        (None, Some(_)) => return vec![Aspect::Accepts],
        (Some(_), None) => return vec![Aspect::Refuses],
        (Some(ours), Some(theirs)) => (ours, theirs),
    };
    [
        (Aspect::Start, ours.start == theirs.start),
        (Aspect::CallId, ours.call_id == theirs.call_id),
        (Aspect::CSeq, ours.cseq == theirs.cseq),
        (Aspect::FromTag, ours.from_tag == theirs.from_tag),
        (Aspect::ToTag, ours.to_tag == theirs.to_tag),
        (Aspect::Branch, ours.branch == theirs.branch),
        (Aspect::Host, ours.host == theirs.host),
        (Aspect::Contact, ours.contact == theirs.contact),
        (Aspect::Body, ours.body == theirs.body),
    ]
    .into_iter()
    .filter_map(|(aspect, same)| (!same).then_some(aspect))
    .collect()
}
