//! Far ends and servers: they answer what the agent has sent, and ask in its dialogs.

use super::bytes_of;
use super::program::Program;
use ringlet_sip::message::{Message, Method, Request, Response};
use ringlet_testkit::{Build, Dialog, same_branch};
use std::collections::VecDeque;

const STATUSES: [u16; 32] = [
    100, 180, 183, 199, 200, 200, 202, 299, 301, 302, 400, 401, 403, 404, 407, 408, 415, 420, 422,
    423, 439, 480, 481, 486, 488, 489, 491, 500, 503, 600, 603, 699,
];
const METHODS: [&str; 16] = [
    "ACK",
    "BYE",
    "CANCEL",
    "INVITE",
    "INVITE",
    "UPDATE",
    "PRACK",
    "INFO",
    "REFER",
    "NOTIFY",
    "NOTIFY",
    "MESSAGE",
    "OPTIONS",
    "SUBSCRIBE",
    "REGISTER",
    "FOO",
];
/// What headers get that the program does not spell out.
const HEADERS: [(&str, &str); 32] = [
    ("Require", "100rel"),
    ("RSeq", "1"),
    ("RSeq", "2"),
    ("RAck", "1 1 INVITE"),
    ("Supported", "100rel, timer, replaces, norefersub"),
    ("Session-Expires", "90;refresher=uac"),
    ("Session-Expires", "90;refresher=uas"),
    ("Min-SE", "1800"),
    ("Expires", "3"),
    ("Expires", "0"),
    ("Min-Expires", "7200"),
    ("Retry-After", "1"),
    ("Flow-Timer", "5"),
    ("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\""),
    ("WWW-Authenticate", "Digest realm=\"r\", nonce=\"m\", stale=true, algorithm=SHA-256"),
    ("Proxy-Authenticate", "Digest realm=\"p\", nonce=\"n\", qop=\"auth-int\""),
    ("Contact", "<sip:600@example.com>"),
    ("Contact", "<sip:601@example.com>;q=0.5, <tel:+1>"),
    ("Refer-To", "<sip:c@example.com>"),
    ("Refer-To", "<sip:c@example.com?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>"),
    ("Replaces", "in1;to-tag=x;from-tag=far"),
    ("Refer-Sub", "false"),
    ("Event", "refer"),
    ("Event", "message-summary"),
    ("Event", "dialog"),
    ("Subscription-State", "active;expires=60"),
    ("Subscription-State", "terminated;reason=noresource"),
    ("P-Asserted-Identity", "\"B\" <sip:b@example.com>"),
    ("Service-Route", "<sip:edge.example.com;lr>"),
    ("Content-Type", "application/simple-message-summary"),
    ("Content-Type", "message/sipfrag"),
    ("Content-Type", "application/dtmf-relay"),
];

/// What the agent has sent lately, and the dialogs that follow from it.
#[derive(Default)]
pub(super) struct Far {
    sent: VecDeque<Request>,
    dialogs: Vec<Dialog>,
    calls: u32,
    last_number: u32,
    last_invite: Option<Request>,
}

impl Far {
    pub(super) fn hears(&mut self, message: Message) {
        match message {
            Message::Request(request) => {
                if request.method != Method::ACK {
                    self.sent.push_back(request);
                }
                if self.sent.len() > 16 {
                    self.sent.pop_front();
                }
            }
            Message::Response(response) => {
                Dialog::answered(&response).into_iter().for_each(|dialog| self.enter(dialog));
            }
        }
    }

    fn enter(&mut self, dialog: Dialog) {
        let is_known = |known: &Dialog| {
            (&known.call_id, &known.local, &known.remote)
                == (&dialog.call_id, &dialog.local, &dialog.remote)
        };
        if !self.dialogs.iter().any(is_known) {
            self.dialogs.push(dialog);
        }
        if self.dialogs.len() > 16 {
            self.dialogs.remove(0);
        }
    }

    /// A response to one of the latest requests.
    pub(super) fn response(&mut self, program: &mut Program<'_>) -> Option<Vec<u8>> {
        let (which, status) = (program.byte(), program.byte());
        let at = usize::from(which).checked_rem(self.sent.len())?;
        let request = self.sent[self.sent.len() - 1 - at].clone();
        let status = STATUSES[usize::from(status) % STATUSES.len()];
        let tag = format!("far{}", which >> 6);
        let mut response = Response::to(&request, status, "Far", Some(&tag));
        if status > 100 && status < 300 {
            response = match request.headers.get("Contact") {
                Some(contact) if request.method == Method::REGISTER => {
                    let contact = format!("{contact};expires=600");
                    response.with("Contact", &contact)
                }
                Some(_) | None => response.with("Contact", "<sip:far@203.0.113.9>"),
            };
        }
        let response = adorn(response, program);
        if request.method != Method::REGISTER && status > 100 {
            let dialog = Dialog::answering(&request, &response);
            dialog.into_iter().for_each(|dialog| self.enter(dialog));
        }
        Some(mutated(bytes_of(&Message::Response(response)), program))
    }

    /// A request in one of the dialogs.
    pub(super) fn request(&mut self, program: &mut Program<'_>) -> Option<Vec<u8>> {
        let (which, method) = (program.byte(), program.byte());
        let dialog = self.dialogs.get(usize::from(which).checked_rem(self.dialogs.len())?)?;
        let name = METHODS[usize::from(method) % METHODS.len()];
        if let ("CANCEL", Some(invite)) = (name, &self.last_invite) {
            return Some(adorn(same_branch(invite, Method::CANCEL), program).to_bytes());
        }
        if which & 0x80 == 0 && name != "ACK" {
            self.last_number += 1;
        }
        let number = self.last_number;
        let via = format!("SIP/2.0/WSS a.example.com;branch=z9hG4bKd{name}{number}");
        let request = dialog
            .request(Method::from_token(name), number, &via)
            .with("Contact", "<sip:far@203.0.113.9>");
        let request = adorn(request, program);
        if name == "INVITE" {
            self.last_invite = Some(request.clone());
        }
        Some(mutated(request.to_bytes(), program))
    }

    /// A new call.
    pub(super) fn invite(&mut self, program: &mut Program<'_>) -> Vec<u8> {
        self.calls += 1;
        self.last_number += 1;
        let call = self.calls;
        let dialog = Dialog {
            call_id: format!("in{call}"),
            local: "<sip:far@example.com>;tag=far".to_owned(),
            remote: "<sip:alice@example.com>".to_owned(),
            target: "sip:alice@example.com".to_owned(),
        };
        let via = format!("SIP/2.0/WSS a.example.com;branch=z9hG4bKi{call}");
        let invite = dialog.request(Method::INVITE, self.last_number, &via);
        let invite = invite.with("Contact", "<sip:far@203.0.113.9>");
        let invite = adorn(invite, program);
        self.last_invite = Some(invite.clone());
        mutated(invite.to_bytes(), program)
    }
}

/// Adds headers and a body, as the program says.
fn adorn<M: Build>(mut message: M, program: &mut Program<'_>) -> M {
    let options = program.byte();
    for _ in 0..options & 3 {
        let byte = program.byte();
        message = match byte & 0x80 {
            0 => {
                let (name, value) = HEADERS[usize::from(byte) % HEADERS.len()];
                message.with(name, value)
            }
            _ => {
                // A value of the program's own.
                let (name, _) = HEADERS[usize::from(byte) % HEADERS.len()];
                let text = program.string();
                let value = text.split(['\r', '\n']).next().unwrap_or_default();
                message.replacing(name, value)
            }
        };
    }
    match options >> 2 & 7 {
        0..3 => message,
        3 => message.with_body(&program.string()),
        4 => message.with_body("SIP/2.0 200 OK"),
        5 => message.with_sdp("v=0\r\nm=audio 9 RTP/AVP 0\r\na=sendonly\r\n"),
        _ => message.with_sdp("v=0\r\nm=audio 9 RTP/AVP 0\r\n"),
    }
}

/// Changes a byte, sometimes.
fn mutated(mut bytes: Vec<u8>, program: &mut Program<'_>) -> Vec<u8> {
    if program.byte() & 15 == 15 {
        let at = usize::from(program.byte()) * 3 % bytes.len();
        bytes[at] = program.byte();
    }
    bytes
}
