//! A registrar that asks for a password once and then believes everybody.

use ringlet_sip::message::{Message, Response, parse};

/// The answer to a request; `None` to what is none.
pub fn answer(bytes: &[u8]) -> Option<Vec<u8>> {
    let Ok(Message::Request(request)) = parse(bytes) else { return None };
    if request.headers.get("Authorization").is_none() {
        let mut challenge = Response::to(&request, 401, "Unauthorized", Some("registrar"));
        let value = "Digest realm=\"example.com\", nonce=\"Zm9ydHktdHdv\", qop=\"auth\"";
        challenge.headers.push("WWW-Authenticate", value);
        return Some(challenge.to_bytes());
    }
    let mut done = Response::to(&request, 200, "OK", Some("registrar"));
    for contact in request.headers.all("Contact") {
        done.headers.push("Contact", contact);
    }
    done.headers.push("Expires", "600");
    Some(done.to_bytes())
}
