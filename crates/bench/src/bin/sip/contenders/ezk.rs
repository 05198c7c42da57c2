//! ezk-sip-types, put together as its own stack does it.

use super::{Stack, writing};
use bytes::Bytes;
use ezk_sip_types::header::typed::{CSeq, Contact, FromTo, Via};
use ezk_sip_types::msg::{Line, MessageLine, PullParser};
use ezk_sip_types::parse::Parse;
use ezk_sip_types::print::AppendCtx;
use ezk_sip_types::{Headers, Name};
use std::fmt::Write as _;

pub(crate) const STACK: Stack = Stack {
    name: "ezk",
    read,
    writing: |messages| {
        let parsed: Vec<Parsed> = messages.iter().filter_map(|bytes| parse(bytes)).collect();
        writing("ezk", parsed, |message| {
            let mut text = String::with_capacity(1024);
            let line = message.line.default_print_ctx();
            if write!(text, "{line}\r\n{}\r\n", message.headers).is_err() {
                return Vec::new();
            }
            let mut bytes = text.into_bytes();
            bytes.extend_from_slice(&message.body);
            bytes
        })
    },
};

struct Parsed {
    line: MessageLine,
    headers: Headers,
    body: Bytes,
}

fn parse(bytes: &[u8]) -> Option<Parsed> {
    let source = Bytes::copy_from_slice(bytes);
    let mut lines = PullParser::new(&source, 0);
    let first = str::from_utf8(lines.next()?.ok()?).ok()?;
    let line = MessageLine::parse(&source)(first).ok()?.1;
    let mut headers = Headers::new();
    for line in &mut lines {
        let line = Line::parse(&source, str::from_utf8(line.ok()?).ok()?).ok()?.1;
        headers.insert(line.name, line.value);
    }
    let body = source.slice(lines.head_end()..);
    Some(Parsed { line, headers, body })
}

fn read(bytes: &[u8]) -> Option<usize> {
    let message = parse(bytes)?;
    let headers = &message.headers;
    let to: FromTo = headers.get(Name::TO).ok()?;
    let from: FromTo = headers.get(Name::FROM).ok()?;
    let via: Via = headers.get_named().ok()?;
    let cseq: CSeq = headers.get_named().ok()?;
    let contact = match headers.try_get_named::<Contact>() {
        Some(contact) => contact.ok()?.params.get_val("expires").map_or(1, |value| value.len()),
        None => 0,
    };
    let tag = |address: FromTo| address.tag.map_or(0, |tag| tag.len());
    Some(usize::try_from(cseq.cseq).ok()? + via.transport.len() + tag(to) + tag(from) + contact)
}
