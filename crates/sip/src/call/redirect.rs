//! Other addresses for our call (RFC 3261 section 8.1.3.4).

use crate::message::{Contact, Headers, ReferTo, Uri};

/// The most addresses tried, the first one not counted.
const MAX_TARGETS: usize = 5;

/// Where a call may still go.
pub(super) struct Targets {
    /// With the preference in thousandths, the best first.
    waiting: Vec<(u16, String)>,
    /// Where it has been: no address is tried twice.
    tried: Vec<String>,
}

impl Targets {
    pub(super) fn new(first: String) -> Self {
        Self { waiting: Vec::new(), tried: vec![first] }
    }

    /// Takes the Contacts of a 3xx. What the call cannot go to is left out.
    pub(super) fn add(&mut self, headers: &Headers, domain: &str) {
        for value in headers.list("Contact") {
            let Some(uri) = target(value, domain) else { continue };
            let is_known = self.tried.contains(&uri) || self.waiting.iter().any(|w| w.1 == uri);
            if is_known || self.tried.len() + self.waiting.len() > MAX_TARGETS {
                continue;
            }
            let q = Contact::parse(value).and_then(|contact| contact.q()).unwrap_or(1000);
            let at = self.waiting.iter().position(|(other, _)| *other < q);
            self.waiting.insert(at.unwrap_or(self.waiting.len()), (q, uri));
        }
    }

    /// The next address to try.
    pub(super) fn next(&mut self) -> Option<String> {
        if self.waiting.is_empty() {
            return None;
        }
        let (_, uri) = self.waiting.remove(0);
        self.tried.push(uri.clone());
        Some(uri)
    }
}

/// The request URI for a Contact, without the method and the headers it may name; `None` if it is
/// none that this agent can call.
fn target(contact: &str, domain: &str) -> Option<String> {
    let uri = ReferTo::parse(contact)?.target();
    let scheme = Uri::parse(&uri)?.scheme;
    if scheme.eq_ignore_ascii_case("tel") {
        return crate::target::request_uri(&uri, domain);
    }
    let is_sip = ["sip", "sips"].iter().any(|s| s.eq_ignore_ascii_case(scheme));
    is_sip.then_some(uri)
}
