//! The four readers.

use crate::reading::{Contact, Reading};
use bytes::Bytes;
use ezk_sip_types::header::typed as ezk_typed;
use ezk_sip_types::msg::{Line, MessageLine, PullParser};
use ezk_sip_types::parse::Parse as _;
use ezk_sip_types::print::AppendCtx as _;
use ezk_sip_types::{Headers as EzkHeaders, Name};
use ringlet_sip::message::{Message, NameAddr, Uri, parse};

type Read = fn(&[u8]) -> Option<Reading>;

/// Those that ours is compared with.
pub(crate) const OTHERS: [(&str, Read); 3] =
    [("rsip", rsip), ("rsipstack", rsipstack), ("ezk", ezk)];

/// Ours.
pub(crate) fn ringlet(bytes: &[u8]) -> Option<Reading> {
    let (start, headers, body) = match parse(bytes).ok()? {
        Message::Request(request) => (request.method.to_string(), request.headers, request.body),
        Message::Response(response) => {
            (response.status.to_string(), response.headers, response.body)
        }
    };
    let tag = |name| NameAddr::parse(headers.get(name)?)?.tag().map(str::to_owned);
    let cseq = headers.cseq()?;
    let via = headers.top_via()?;
    let contact = match headers.list("Contact").next() {
        None => Contact::Missing,
        Some("*") => Contact::Uri("*".to_owned()),
        Some(contact) => match NameAddr::parse(contact) {
            Some(address) if Uri::parse(address.uri).is_some() => {
                Contact::Uri(address.uri.to_owned())
            }
            Some(_) | None => Contact::Unreadable,
        },
    };
    Some(Reading {
        start,
        call_id: headers.get("Call-ID")?.to_owned(),
        cseq: (cseq.number, cseq.method.to_string()),
        from_tag: tag("From"),
        to_tag: tag("To"),
        branch: via.branch().map(str::to_owned),
        host: host(via.sent_by).to_owned(),
        contact,
        body,
    })
}

/// `host:port` without the port.
fn host(sent_by: &str) -> &str {
    let bracket = sent_by.rfind(']').unwrap_or(0);
    let colon = sent_by[bracket..].find(':').map(|colon| bracket + colon);
    sent_by[..colon.unwrap_or(sent_by.len())].trim_end()
}

fn rsip(bytes: &[u8]) -> Option<Reading> {
    use rsip::SipMessage;
    use rsip::prelude::{HeadersExt as _, ToTypedHeader as _, UntypedHeader as _};
    let message = SipMessage::try_from(bytes).ok()?;
    let start = match &message {
        SipMessage::Request(request) => request.method.to_string(),
        SipMessage::Response(response) => response.status_code.code().to_string(),
    };
    let from = message.from_header().ok()?.typed().ok()?;
    let to = message.to_header().ok()?.typed().ok()?;
    let via = message.via_header().ok()?.typed().ok()?;
    let cseq = message.cseq_header().ok()?.typed().ok()?;
    let contact = match message.contact_header().map(|contact| contact.typed()) {
        Err(_) => Contact::Missing,
        Ok(Ok(contact)) => Contact::Uri(contact.uri.to_string()),
        Ok(Err(_)) => Contact::Unreadable,
    };
    Some(Reading {
        start,
        call_id: message.call_id_header().ok()?.value().to_owned(),
        cseq: (cseq.seq, cseq.method.to_string()),
        from_tag: from.tag().map(|tag| tag.value().to_owned()),
        to_tag: to.tag().map(|tag| tag.value().to_owned()),
        branch: via.branch().map(|branch| branch.value().to_owned()),
        host: via.uri.host_with_port.host.to_string(),
        contact,
        body: message.body().clone(),
    })
}

fn rsipstack(bytes: &[u8]) -> Option<Reading> {
    use rsipstack::sip::SipMessage;
    use rsipstack::sip::prelude::{HeadersExt as _, ToTypedHeader as _};
    let message = SipMessage::try_from(bytes).ok()?;
    let (start, body) = match &message {
        SipMessage::Request(request) => (request.method.to_string(), request.body.clone()),
        SipMessage::Response(response) => {
            (response.status_code.code().to_string(), response.body.clone())
        }
    };
    let from = message.from_header().ok()?.typed().ok()?;
    let to = message.to_header().ok()?.typed().ok()?;
    let via = message.top_via_header().ok()?.typed().ok()?;
    let cseq = message.cseq_header().ok()?.typed().ok()?;
    let contact = match message.typed_contact_headers() {
        Err(_) => Contact::Unreadable,
        Ok(contacts) => match contacts.first() {
            None => Contact::Missing,
            Some(contact) => Contact::Uri(contact.uri.to_string()),
        },
    };
    Some(Reading {
        start,
        call_id: message.call_id_header().ok()?.value().to_owned(),
        cseq: (cseq.seq, cseq.method.to_string()),
        from_tag: from.tag().map(|tag| tag.value().to_owned()),
        to_tag: to.tag().map(|tag| tag.value().to_owned()),
        branch: via.branch().map(|branch| branch.value().to_owned()),
        host: via.uri.host_with_port.host.to_string(),
        contact,
        body,
    })
}

/// ezk has types for the parts of a message, and its stack puts them together like this.
fn ezk(bytes: &[u8]) -> Option<Reading> {
    let source = Bytes::copy_from_slice(bytes);
    let mut lines = PullParser::new(&source, 0);
    let first = str::from_utf8(lines.next()?.ok()?).ok()?;
    let start = match MessageLine::parse(&source)(first).ok()?.1 {
        MessageLine::Request(line) => line.method.to_string(),
        MessageLine::Response(line) => line.code.into_u16().to_string(),
    };
    let mut headers = EzkHeaders::new();
    for line in &mut lines {
        let line = Line::parse(&source, str::from_utf8(line.ok()?).ok()?).ok()?.1;
        headers.insert(line.name, line.value);
    }
    let from: ezk_typed::FromTo = headers.get(Name::FROM).ok()?;
    let to: ezk_typed::FromTo = headers.get(Name::TO).ok()?;
    let via: ezk_typed::Via = headers.get_named().ok()?;
    let cseq: ezk_typed::CSeq = headers.get_named().ok()?;
    let call_id: ezk_typed::CallID = headers.get_named().ok()?;
    let contact = match headers.try_get_named::<ezk_typed::Contact>() {
        None => Contact::Missing,
        Some(Err(_)) => Contact::Unreadable,
        Some(Ok(contact)) => Contact::Uri(contact.uri.uri.default_print_ctx().to_string()),
    };
    let rest = source.slice(lines.head_end()..);
    let length = match headers.try_get_named::<ezk_typed::ContentLength>() {
        None => rest.len(),
        Some(length) => length.ok()?.0,
    };
    Some(Reading {
        start,
        call_id: call_id.0.to_string(),
        cseq: (cseq.cseq, cseq.method.to_string()),
        from_tag: from.tag.map(|tag| tag.to_string()),
        to_tag: to.tag.map(|tag| tag.to_string()),
        branch: via.params.get_val("branch").map(|branch| branch.to_string()),
        host: via.sent_by.host.to_string(),
        contact,
        body: rest.get(..length)?.to_vec(),
    })
}
