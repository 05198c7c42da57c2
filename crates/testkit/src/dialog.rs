//! Dialogs as far ends have them, and the requests in them.

use crate::message::Build as _;
use ringlet_sip::message::{CSeq, Headers, Method, NameAddr, Request, Response};

/// One dialog, seen from a far end of the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialog {
    /// Call-ID.
    pub call_id: String,
    /// From of the far end's requests, with its tag.
    pub local: String,
    /// To of them, with the agent's tag once it is known.
    pub remote: String,
    /// Their request URI: the agent's Contact.
    pub target: String,
}

impl Dialog {
    /// The dialog of a far end that answers the agent's `request` with `response`; `None` if the
    /// request has no Contact.
    pub fn answering(request: &Request, response: &Response) -> Option<Self> {
        Some(Self {
            call_id: text(&request.headers, "Call-ID"),
            local: text(&response.headers, "To"),
            remote: text(&request.headers, "From"),
            target: contact(&request.headers)?,
        })
    }

    /// The dialog of a far end whose request the agent answers with `response`; `None` if the
    /// response has no Contact.
    pub fn answered(response: &Response) -> Option<Self> {
        Some(Self {
            call_id: text(&response.headers, "Call-ID"),
            local: text(&response.headers, "From"),
            remote: text(&response.headers, "To"),
            target: contact(&response.headers)?,
        })
    }

    /// Learns the agent's tag, and its address if it is there, from a response of the agent.
    pub fn learn(&mut self, response: &Response) {
        self.remote = text(&response.headers, "To");
        self.move_to(&response.headers);
    }

    /// Learns the agent's address, if it is there, from a message of the agent.
    pub fn move_to(&mut self, headers: &Headers) {
        self.target = contact(headers).unwrap_or_else(|| std::mem::take(&mut self.target));
    }

    /// A request in the dialog, complete but for Contact and what the method adds.
    pub fn request(&self, method: Method, number: u32, via: &str) -> Request {
        let cseq = CSeq { number, method: method.clone() }.value();
        Request::new(method, &*self.target)
            .with("Via", via)
            .with("Max-Forwards", "69")
            .with("From", &self.local)
            .with("To", &self.remote)
            .with("Call-ID", &self.call_id)
            .with("CSeq", &cseq)
    }
}

/// What goes hop by hop under the branch of an INVITE: CANCEL, or the ACK to a refusal, whose To
/// is the refusal's (RFC 3261 sections 9.1 and 17.1.1.3).
pub fn same_branch(invite: &Request, method: Method) -> Request {
    let number = invite.headers.cseq().map_or(0, |cseq| cseq.number);
    let cseq = CSeq { number, method: method.clone() }.value();
    let via = invite.headers.list("Via").next().unwrap_or_default();
    let request = Request::new(method, &*invite.uri).with("Via", via).with("Max-Forwards", "70");
    let request = ["From", "To", "Call-ID"]
        .into_iter()
        .fold(request, |request, name| request.with(name, &text(&invite.headers, name)));
    request.with("CSeq", &cseq)
}

fn text(headers: &Headers, name: &str) -> String {
    headers.get(name).unwrap_or_default().to_owned()
}

fn contact(headers: &Headers) -> Option<String> {
    NameAddr::parse(headers.get("Contact")?).map(|contact| contact.uri.to_owned())
}
