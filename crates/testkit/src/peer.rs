//! A far end that writes requests.

use crate::message::Build;
use ringlet_sip::message::{CSeq, Method, NameAddr, Request, Response};

/// One dialog, seen from the far end.
#[derive(Clone, Debug)]
pub struct Peer {
    call_id: String,
    from: String,
    to: String,
    uri: String,
    cseq: u32,
    branch: u32,
}

impl Peer {
    /// A far end that is about to call the agent.
    pub fn caller(call_id: &str) -> Self {
        Self {
            call_id: call_id.into(),
            from: "\"Bob\" <sip:bob@example.com>;tag=bob".into(),
            to: "<sip:alice@example.com>".into(),
            uri: "sip:alice@device.invalid;transport=ws".into(),
            cseq: 100,
            branch: 0,
        }
    }

    /// The far end that answers the agent's INVITE with `response`.
    pub fn callee(invite: &Request, response: &Response) -> Self {
        let text = |value: Option<&str>| value.expect("a mandatory header").to_owned();
        let contact = text(invite.headers.get("Contact"));
        Self {
            call_id: text(invite.headers.get("Call-ID")),
            from: text(response.headers.get("To")),
            to: text(invite.headers.get("From")),
            uri: NameAddr::parse(&contact).expect("a Contact").uri.to_owned(),
            cseq: 7000,
            branch: 0,
        }
    }

    /// Learns the agent's tag and address from its response.
    pub fn learn(&mut self, response: &Response) {
        self.to = response.headers.get("To").expect("To").to_owned();
        if let Some(contact) = response.headers.get("Contact") {
            self.uri = NameAddr::parse(contact).expect("a Contact").uri.to_owned();
        }
    }

    /// Learns from a request of the agent where it is now.
    pub fn move_to(&mut self, request: &Request) {
        let contact = request.headers.get("Contact").expect("a Contact");
        self.uri = NameAddr::parse(contact).expect("a Contact").uri.to_owned();
    }

    /// The next request of the dialog.
    pub fn request(&mut self, method: &str) -> Request {
        self.cseq += 1;
        self.numbered(method, self.cseq)
    }

    /// INVITE, with an offer or without.
    pub fn invite(&mut self, offer: Option<&str>) -> Request {
        let invite = self.request("INVITE");
        match offer {
            Some(offer) => invite.with_sdp(offer),
            None => invite,
        }
    }

    /// The ACK to a 2xx to the latest request.
    pub fn ack(&mut self) -> Request {
        self.numbered("ACK", self.cseq)
    }

    /// What goes under the branch of an INVITE: CANCEL, or the ACK to a refusal.
    pub fn same_branch(&self, method: &str, invite: &Request) -> Request {
        let number = invite.headers.cseq().expect("CSeq").number;
        let method = Method::from_token(method);
        let cseq = CSeq { number, method: method.clone() }.value();
        let request = Request { method, body: Vec::new(), ..invite.clone() };
        request.without("Content-Type").replacing("CSeq", &cseq)
    }

    fn numbered(&mut self, method: &str, number: u32) -> Request {
        self.branch += 1;
        let method = Method::from_token(method);
        let cseq = CSeq { number, method: method.clone() }.value();
        let branch = format!("z9hG4bK{}x{}", self.call_id, self.branch);
        Request::new(method, &*self.uri)
            .with("Via", &format!("SIP/2.0/WSS proxy.example.com;branch={branch}"))
            .with("Via", "SIP/2.0/UDP 203.0.113.9:5062;branch=z9hG4bKfar")
            .with("Record-Route", "<sip:proxy.example.com;transport=ws;lr>")
            .with("Max-Forwards", "69")
            .with("From", &self.from)
            .with("To", &self.to)
            .with("Call-ID", &self.call_id)
            .with("CSeq", &cseq)
            .with("Contact", "<sip:bob@203.0.113.9:5062>")
    }
}
