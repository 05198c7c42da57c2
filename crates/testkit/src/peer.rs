//! A far end that writes requests.

use crate::dialog::{Dialog, same_branch};
use crate::message::Build;
use ringlet_sip::message::{Method, Request, Response};

/// One dialog, seen from the far end, which counts its requests.
#[derive(Clone, Debug)]
pub struct Peer {
    dialog: Dialog,
    cseq: u32,
    branch: u32,
}

impl Peer {
    /// A far end that is about to call the agent.
    pub fn caller(call_id: &str) -> Self {
        let dialog = Dialog {
            call_id: call_id.into(),
            local: "\"Bob\" <sip:bob@example.com>;tag=bob".into(),
            remote: "<sip:alice@example.com>".into(),
            target: "sip:alice@device.invalid;transport=ws".into(),
        };
        Self { dialog, cseq: 100, branch: 0 }
    }

    /// The far end that answers the agent's INVITE with `response`.
    pub fn callee(invite: &Request, response: &Response) -> Self {
        let dialog = Dialog::answering(invite, response).expect("a Contact");
        Self { dialog, cseq: 7000, branch: 0 }
    }

    /// Learns the agent's tag and address from its response.
    pub fn learn(&mut self, response: &Response) {
        self.dialog.learn(response);
    }

    /// Learns from a request of the agent where it is now.
    pub fn move_to(&mut self, request: &Request) {
        self.dialog.move_to(&request.headers);
    }

    /// The next request of the dialog.
    pub fn request(&mut self, method: Method) -> Request {
        self.cseq += 1;
        self.numbered(method, self.cseq)
    }

    /// INVITE, with an offer or without.
    pub fn invite(&mut self, offer: Option<&str>) -> Request {
        let invite = self.request(Method::INVITE);
        match offer {
            Some(offer) => invite.with_sdp(offer),
            None => invite,
        }
    }

    /// The ACK to a 2xx to the latest request.
    pub fn ack(&mut self) -> Request {
        self.numbered(Method::ACK, self.cseq)
    }

    /// What goes under the branch of an INVITE: CANCEL, or the ACK to a refusal.
    pub fn same_branch(&self, method: Method, invite: &Request) -> Request {
        same_branch(invite, method)
    }

    fn numbered(&mut self, method: Method, number: u32) -> Request {
        self.branch += 1;
        let branch = format!("z9hG4bK{}x{}", self.dialog.call_id, self.branch);
        let via = format!("SIP/2.0/WSS proxy.example.com;branch={branch}");
        self.dialog
            .request(method, number, &via)
            .with("Via", "SIP/2.0/UDP 203.0.113.9:5062;branch=z9hG4bKfar")
            .with("Record-Route", "<sip:proxy.example.com;transport=ws;lr>")
            .with("Contact", "<sip:bob@203.0.113.9:5062>")
    }
}
