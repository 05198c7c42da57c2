//! The SIP server's side.

use ringlet_sip::message::{Headers, Message as Sip, Method, NameAddr, Request, Response, parse};
use ringlet_testkit::{Build as _, Dialog, same_branch};

pub(crate) const SDP: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 UDP/TLS/RTP/SAVPF 0\r\n";

/// One SIP message.
#[derive(Clone, Debug)]
pub(crate) struct Message(Sip);

impl Message {
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        Self(parse(bytes).unwrap())
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        match self.0 {
            Sip::Request(request) => request.to_bytes(),
            Sip::Response(response) => response.to_bytes(),
        }
    }

    /// An INVITE to `contact`, as a proxy would pass it on, of the call from outside with this number.
    pub(crate) fn invite(contact: &str, from: &str, number: u32) -> Self {
        let dialog = Dialog {
            call_id: format!("call-{number}-from-outside"),
            local: format!("{from};tag=far"),
            remote: "<sip:agent1@example.com>".to_owned(),
            target: NameAddr::parse(contact).unwrap().uri.to_owned(),
        };
        let invite = dialog.request(Method::INVITE, 1, &via(&number.to_string()));
        Self::from(invite.with("Contact", "<sip:far@192.0.2.9:5060>").with_sdp(SDP))
    }

    /// A request of the far end in the dialog that `invite` from outside began; `to` is the To of
    /// the phone's response.
    pub(crate) fn from_caller(invite: &Self, method: &str, to: &str) -> Self {
        // CANCEL and the ACK of a refusal belong to the transaction of the INVITE.
        if method != "BYE" {
            return Self::from(
                same_branch(invite.request(), Method::from_token(method)).replacing("To", to),
            );
        }
        let dialog = Dialog {
            call_id: invite.header("Call-ID").to_owned(),
            local: invite.header("From").to_owned(),
            remote: to.to_owned(),
            target: invite.request().uri.clone(),
        };
        Self::from(dialog.request(Method::BYE, 2, &via("2")))
    }

    /// BYE of the far end that answered the phone's `invite`.
    pub(crate) fn bye_from_callee(invite: &Self) -> Self {
        Self::from_callee(invite, 1, "BYE")
    }

    /// A request of the far end that answered the phone's `invite`.
    pub(crate) fn from_callee(invite: &Self, number: u32, method: &str) -> Self {
        let invite = invite.request();
        let dialog = Dialog::answering(invite, &response_to(invite, 200, "OK")).unwrap();
        Self::from(dialog.request(Method::from_token(method), number, &via(&format!("3{number}"))))
    }

    /// A response to this request.
    pub(crate) fn respond(&self, status: u16, reason: &str) -> Self {
        Self(Sip::Response(response_to(self.request(), status, reason)))
    }

    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        Self(match self.0 {
            Sip::Request(request) => Sip::Request(request.with(name, value)),
            Sip::Response(response) => Sip::Response(response.with(name, value)),
        })
    }

    /// The same with an SDP, and the Contact a dialog needs.
    pub(crate) fn sdp(self) -> Self {
        let contact = "<sip:server@192.0.2.9:5060>";
        Self(match self.0 {
            Sip::Request(request) => Sip::Request(request.with("Contact", contact).with_sdp(SDP)),
            Sip::Response(response) => {
                Sip::Response(response.with("Contact", contact).with_sdp(SDP))
            }
        })
    }

    /// The same with an SDP that says who may send: `sendonly` from a far end that holds.
    pub(crate) fn sdp_with(self, direction: &str) -> Self {
        let Self(message) = self.sdp();
        let sdp = format!("{SDP}a={direction}\r\n");
        Self(match message {
            Sip::Request(request) => Sip::Request(request.with_sdp(&sdp)),
            Sip::Response(response) => Sip::Response(response.with_sdp(&sdp)),
        })
    }

    /// The far end of the phone's `invite` tells how far a transfer is (RFC 3515 section 2.4.4).
    pub(crate) fn notify_refer(invite: &Self, number: u32, status: &str, is_last: bool) -> Self {
        let state = if is_last { "terminated;reason=noresource" } else { "active;expires=60" };
        let Self(Sip::Request(notify)) = Self::from_callee(invite, number, "NOTIFY")
            .with("Contact", "<sip:server@192.0.2.9:5060>")
            .with("Event", "refer")
            .with("Subscription-State", state)
            .with("Content-Type", "message/sipfrag")
        else {
            unreachable!("a NOTIFY is a request")
        };
        Self::from(Request { body: format!("SIP/2.0 {status}\r\n").into_bytes(), ..notify })
    }

    /// A digest challenge.
    pub(crate) fn challenge(&self) -> Self {
        self.respond(401, "Unauthorized").with(
            "WWW-Authenticate",
            "Digest realm=\"example.com\", nonce=\"abc\", algorithm=MD5, qop=\"auth\"",
        )
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.find(name).unwrap_or_else(|| panic!("no {name} in {}", self.text()))
    }

    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.headers().get(name)
    }

    /// The message as it is on the wire.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.clone().into_bytes()).unwrap()
    }

    fn headers(&self) -> &Headers {
        match &self.0 {
            Sip::Request(request) => &request.headers,
            Sip::Response(response) => &response.headers,
        }
    }

    fn request(&self) -> &Request {
        match &self.0 {
            Sip::Request(request) => request,
            Sip::Response(_) => panic!("a request, not {}", self.text()),
        }
    }
}

impl From<Request> for Message {
    fn from(request: Request) -> Self {
        Self(Sip::Request(request))
    }
}

fn via(branch: &str) -> String {
    format!("SIP/2.0/WSS sip.example;branch=z9hG4bKserver{branch}")
}

fn response_to(request: &Request, status: u16, reason: &str) -> Response {
    Response::to(request, status, reason, (status > 100).then_some("server"))
}
