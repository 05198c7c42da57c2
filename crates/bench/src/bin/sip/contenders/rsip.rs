//! rsip 0.4.

use super::{Stack, writing};
use rsip::SipMessage;
use rsip::prelude::{HeadersExt, ToTypedHeader};

pub(crate) const STACK: Stack = Stack {
    name: "rsip",
    read,
    writing: |messages| {
        let parsed: Vec<SipMessage> = messages.iter().filter_map(|bytes| parse(bytes)).collect();
        writing("rsip", parsed, |message| Vec::<u8>::from(message.clone()))
    },
};

fn parse(bytes: &[u8]) -> Option<SipMessage> {
    SipMessage::try_from(bytes).ok()
}

fn read(bytes: &[u8]) -> Option<usize> {
    let message = parse(bytes)?;
    let to = message.to_header().ok()?.typed().ok()?;
    let from = message.from_header().ok()?.typed().ok()?;
    let via = message.via_header().ok()?.typed().ok()?;
    let cseq = message.cseq_header().ok()?.typed().ok()?;
    let contact = match message.contact_header() {
        Ok(contact) => contact.typed().ok()?.params.len(),
        Err(_) => 0,
    };
    let addresses = to.params.len() + from.params.len() + contact;
    Some(usize::try_from(cseq.seq).ok()? + via.params.len() + addresses)
}
