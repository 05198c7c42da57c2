//! Reading a message with To, From, Via, CSeq and Contact typed: the work that is compared.

use ringlet_sip::message::{Headers, Message, NameAddr, Uri, parse};

/// Reads a message and its five headers. Returns a number that depends on each of them, so that
/// no compiler can leave one out; `None` if anything is malformed.
pub fn read(bytes: &[u8]) -> Option<usize> {
    let message = parse(bytes).ok()?;
    let headers = match &message {
        Message::Request(request) => &request.headers,
        Message::Response(response) => &response.headers,
    };
    let cseq = headers.cseq()?;
    let via = headers.top_via()?;
    let branch = via.branch()?.len();
    let contact = match headers.get("Contact") {
        Some(_) => address(headers, "Contact")?,
        None => 0,
    };
    let addresses = address(headers, "To")? + address(headers, "From")? + contact;
    Some(usize::try_from(cseq.number).ok()? + via.sent_by.len() + branch + addresses)
}

fn address(headers: &Headers, name: &str) -> Option<usize> {
    let address = headers.list(name).next().and_then(NameAddr::parse)?;
    let uri = Uri::parse(address.uri)?;
    Some(uri.host.len() + address.tag().map_or(0, str::len))
}
