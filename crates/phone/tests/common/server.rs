//! The SIP server's side, written out as text, so that no code of the phone judges itself.

pub(crate) const SDP: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 UDP/TLS/RTP/SAVPF 0\r\n";

/// One SIP message.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    head: String,
    body: String,
}

impl Message {
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        Self { head: head.to_owned(), body: body.to_owned() }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        let length = self.body.len();
        format!("{}\r\nContent-Length: {length}\r\n\r\n{}", self.head, self.body).into_bytes()
    }

    /// An INVITE to `contact`, as a proxy would pass it on.
    pub(crate) fn invite(contact: &str, from: &str) -> Self {
        let uri = contact.split(['<', '>']).nth(1).unwrap_or(contact);
        let head = format!(
            "INVITE {uri} SIP/2.0\r\n\
             Via: SIP/2.0/WSS sip.example;branch=z9hG4bKserver1\r\n\
             Max-Forwards: 69\r\n\
             From: {from};tag=far\r\n\
             To: <sip:agent1@example.com>\r\n\
             Call-ID: call-from-outside\r\n\
             CSeq: 1 INVITE\r\n\
             Contact: <sip:far@192.0.2.9:5060>\r\n\
             Content-Type: application/sdp"
        );
        Self { head, body: SDP.into() }
    }

    /// A request of the far end in the dialog that `invite` from outside began; `to` is the To of
    /// the phone's response.
    pub(crate) fn from_caller(invite: &Self, method: &str, to: &str) -> Self {
        let cseq = if method == "BYE" { 2 } else { 1 };
        // CANCEL and the ACK of a refusal belong to the transaction of the INVITE.
        let branch = if method == "BYE" { "z9hG4bKserver2" } else { "z9hG4bKserver1" };
        let uri = invite.head.split(' ').nth(1).unwrap();
        let head = format!(
            "{method} {uri} SIP/2.0\r\n\
             Via: SIP/2.0/WSS sip.example;branch={branch}\r\n\
             Max-Forwards: 69\r\n\
             From: {}\r\n\
             To: {to}\r\n\
             Call-ID: {}\r\n\
             CSeq: {cseq} {method}",
            invite.header("From"),
            invite.header("Call-ID"),
        );
        Self { head, body: String::new() }
    }

    /// BYE of the far end that answered the phone's `invite`.
    pub(crate) fn bye_from_callee(invite: &Self) -> Self {
        Self::from_callee(invite, 1, "BYE")
    }

    /// A request of the far end that answered the phone's `invite`.
    pub(crate) fn from_callee(invite: &Self, number: u32, method: &str) -> Self {
        let contact = invite.header("Contact");
        let uri = contact.split(['<', '>']).nth(1).unwrap_or(contact);
        let head = format!(
            "{method} {uri} SIP/2.0\r\n\
             Via: SIP/2.0/WSS sip.example;branch=z9hG4bKserver3{number}\r\n\
             Max-Forwards: 69\r\n\
             From: {};tag=server\r\n\
             To: {}\r\n\
             Call-ID: {}\r\n\
             CSeq: {number} {method}",
            invite.header("To"),
            invite.header("From"),
            invite.header("Call-ID"),
        );
        Self { head, body: String::new() }
    }

    /// A response to this request.
    pub(crate) fn respond(&self, status: u16, reason: &str) -> Self {
        let to = self.header("To");
        let tag = if to.contains(";tag=") || status == 100 { "" } else { ";tag=server" };
        let head = format!(
            "SIP/2.0 {status} {reason}\r\n\
             Via: {}\r\n\
             From: {}\r\n\
             To: {to}{tag}\r\n\
             Call-ID: {}\r\n\
             CSeq: {}",
            self.header("Via"),
            self.header("From"),
            self.header("Call-ID"),
            self.header("CSeq"),
        );
        Self { head, body: String::new() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.head += &format!("\r\n{name}: {value}");
        self
    }

    /// The same with an SDP, and the Contact a dialog needs.
    pub(crate) fn sdp(self) -> Self {
        let mut message = self
            .with("Contact", "<sip:server@192.0.2.9:5060>")
            .with("Content-Type", "application/sdp");
        message.body = SDP.into();
        message
    }

    /// A digest challenge.
    pub(crate) fn challenge(&self) -> Self {
        self.respond(401, "Unauthorized").with(
            "WWW-Authenticate",
            "Digest realm=\"example.com\", nonce=\"abc\", algorithm=MD5, qop=\"auth\"",
        )
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.find(name).unwrap_or_else(|| panic!("no {name} in {}", self.head))
    }

    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub(crate) fn text(&self) -> &str {
        &self.head
    }
}
