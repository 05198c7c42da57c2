//! Reading a message with To, From, Via, CSeq and Contact typed: the work that is compared.

use ringlet_sip::message::{Message, NameAddr, Uri, parse};

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
    let contact = match headers.list("Contact").next() {
        Some(contact) => address(contact)?,
        None => 0,
    };
    let addresses = address(headers.get("To")?)? + address(headers.get("From")?)? + contact;
    Some(usize::try_from(cseq.number).ok()? + via.sent_by.len() + branch + addresses)
}

fn address(value: &str) -> Option<usize> {
    let address = NameAddr::parse(value)?;
    let uri = Uri::parse(address.uri)?;
    Some(uri.host.len() + address.tag().map_or(0, str::len))
}
