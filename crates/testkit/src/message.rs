//! Short ways to write messages.

use ringlet_sip::message::{Headers, Request, Response};

/// What a far end answers to `request`. Other than 100 it carries a To tag and a Contact.
pub fn reply(request: &Request, status: u16, phrase: &str) -> Response {
    let response = Response::to(request, status, phrase, (status > 100).then_some("far"));
    match status {
        101..300 => response.with("Contact", "<sip:far@203.0.113.9:5062>"),
        _ => response,
    }
}

/// Adds to a message in passing.
pub trait Build: Sized {
    /// The headers of the message.
    fn parts(&mut self) -> (&mut Headers, &mut Vec<u8>);

    /// With one more header.
    fn with(mut self, name: &str, value: &str) -> Self {
        self.parts().0.push(name, value);
        self
    }

    /// With this header in place of any other of its name.
    fn replacing(mut self, name: &str, value: &str) -> Self {
        self.parts().0.set(name, value);
        self
    }

    /// Without a header.
    fn without(mut self, name: &str) -> Self {
        self.parts().0.remove(name);
        self
    }

    /// With this To tag: from another branch of a forked request.
    fn tagged(mut self, tag: &str) -> Self {
        let (headers, _) = self.parts();
        let to = headers.get("To").unwrap_or_default().to_owned();
        let address = to.split(";tag=").next().unwrap_or_default();
        headers.set("To", format!("{address};tag={tag}"));
        self
    }

    /// With this body, whatever the headers say.
    fn with_body(mut self, body: &str) -> Self {
        *self.parts().1 = body.as_bytes().to_vec();
        self
    }

    /// With SDP.
    fn with_sdp(mut self, sdp: &str) -> Self {
        let (headers, body) = self.parts();
        headers.set("Content-Type", "application/sdp");
        *body = sdp.as_bytes().to_vec();
        self
    }
}

impl Build for Request {
    fn parts(&mut self) -> (&mut Headers, &mut Vec<u8>) {
        (&mut self.headers, &mut self.body)
    }
}

impl Build for Response {
    fn parts(&mut self) -> (&mut Headers, &mut Vec<u8>) {
        (&mut self.headers, &mut self.body)
    }
}
