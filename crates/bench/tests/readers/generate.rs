//! Messages by the grammar of RFC 3261 section 25.1, and some steps beside it.

use crate::sample::is_known_method;
use ringlet_testkit::Random;

/// A part of a message and what it can be. The first is the plain one.
type Part = &'static [&'static str];

const METHODS: Part = &[
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "OPTIONS",
    "REGISTER",
    "UPDATE",
    "PRACK",
    "INFO",
    "REFER",
    "SUBSCRIBE",
    "NOTIFY",
    "MESSAGE",
    "PUBLISH",
    "FOO",
    "invite",
    "Ping!%*_+`'~",
];

const STATUSES: Part = &[
    "200", "100", "180", "183", "202", "302", "401", "486", "499", "503", "600", "699", "99",
    "700", "2000", "+20",
];

const PHRASES: Part =
    &[" OK", "", " ", " Busy  Here", " Besetzt, \u{fc}brigens", " 100% (really?)", " O\0K"];

const REQUEST_URIS: Part = &[
    "sip:bob@example.com",
    "sips:bob@example.com:5061",
    "sip:bob@example.com;transport=ws;lr",
    "sip:[2001:db8::1]:5060",
    "sip:192.0.2.1",
    "sip:bob;x=1?y=/z@example.com",
    "sip:bob:secret@example.com",
    "sip:b%6Fb%20x@example.com",
    "sip:bob@under_score.example.com",
    "sip:bob@example.com?Subject=x",
    "sip:bob@example.com.",
    "tel:+4930123;phone-context=example.com",
    "urn:service:sos",
    "sip:",
    "sip:@example.com",
    "sip:bob@",
    "sip:bob@example.com:99999",
    "<sip:bob@example.com>",
    "sip:bob @example.com",
];

const VERSIONS: Part = &["SIP/2.0", "sip/2.0", "SIP/3.0", "SIP/2.0 ", "HTTP/1.1"];

const VIAS: Part = &[
    "Via: SIP/2.0/WSS client.invalid;branch=z9hG4bK1",
    "v: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK2",
    "Via: SIP/2.0/TCP [2001:db8::9]:5060;branch=z9hG4bK3",
    "Via: SIP/2.0/TLS gw.example.com;received=2001:db8::9;branch=z9hG4bK4",
    "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK5, SIP/2.0/UDP b.example.com;branch=z9hG4bK6",
    "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK7\r\nVia: SIP/2.0/UDP b.example.com;branch=z9hG4bK8",
    "Via: SIP / 2.0 / WSS a.invalid : 5060 ; branch = z9hG4bK9",
    "Via: SIP/2.0/ws a.invalid;branch=z9hG4bK10",
    "Via: SIP/2.0/SCTP a.invalid;branch=z9hG4bK11",
    "Via: SIP/2.0/FOO a.invalid;branch=z9hG4bK12",
    "Via: SIP/2.0/WS under_score;branch=z9hG4bK13",
    "Via: SIP/2.0/WS a.invalid",
    "Via: SIP/2.0/WS a.invalid;BRANCH=z9hG4bK14;x=\"a;b,c\"",
    "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK~!%*_+`'.;maddr=192.0.2.9;ttl=1",
    "Via: SIP/2.0/WS a.invalid;branch=",
    "Via: SIP/2.0/WS ;branch=z9hG4bK15",
    "Via: SIP/3.0/WS a.invalid;branch=z9hG4bK16",
    "Via: SIP/2.0/WS a.invalid;;branch=z9hG4bK17",
    "Via: a.invalid",
    "",
];

/// What From and To can be, without tag.
const ADDRESSES: Part = &[
    "<sip:a@example.com>",
    "\"A\" <sip:a@example.com>",
    "A B.C <sip:a@example.com>",
    "sip:a@example.com",
    "\"Doe, \\\"J\\\" <x>\" <sip:a@example.com;lr>",
    "J\u{fc}rgen <sip:j@example.com>",
    "\"\u{65e0}\" <sip:j@example.com>",
    "<tel:+4930123>",
    "<tel:+49-30-123;phone-context=x>",
    "A<sip:a@example.com>",
    "\"\" <sips:a@example.com>",
    "<sip:a;x=1@example.com;user=phone>",
    "<sip:a@[2001:db8::1]:5060>",
    "<sip:*#9240@192.0.2.155>",
    "\"A:B;C\" <sip:a@example.com>",
    "< sip:a@example.com >",
    "\"zero:\\\0\" <sip:a@example.com>",
    "\"open <sip:a@example.com>",
    "<sip:a@example.com",
    "",
];

const TAGS: Part = &[
    ";tag=1",
    "",
    ";TAG=2",
    ";tag=a.b-c~d",
    " ; tag = 3",
    ";x=y;tag=4",
    ";x;tag=5;y=\"a;tag=6\"",
    ";tag=",
    ";;tag=7",
    ";tag=\"8\"",
];

const CALL_IDS: Part = &[
    "Call-ID: 1@example.com",
    "i: 2",
    "CALL-ID:3@[2001:db8::1]",
    "Call-ID: ~`!%*_+'.<>:\\\"/[]?{}@x",
    "Call-ID:    4   ",
    "Call-ID: two words",
    "Call-ID:",
    "Call-ID: 5\r\nCall-ID: 6",
    "",
];

const NUMBERS: Part =
    &["1 ", "0", "0009 ", "2147483647 ", "2147483648 ", "4294967296 ", "7\t  ", "-1 ", "x ", "8"];

const CONTACTS: Part = &[
    "",
    "Contact: <sip:a@example.com>",
    "m: <sip:a@192.0.2.1:5060>",
    "Contact: \"A, B\" <sip:a@example.com;transport=ws>;expires=60;q=0.5",
    "Contact: <sip:a@example.com;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>",
    "Contact: <sip:a@[2001:db8::1]:5060;ob>",
    "Contact: sip:a@example.com",
    "Contact: sip:a@example.com;expires=60",
    "Contact: <sip:a@example.com>, <sip:b@example.com>",
    "Contact: <sip:a@example.com>\r\nContact: <sip:b@example.com>",
    "Contact: <sip:a@example.com>;+sip.instance=\"<urn:uuid:f81d4fae>\";reg-id=1",
    "Contact: <sip:a;x=1@example.com?Route=%3Csip:edge.example.com%3E>",
    "Contact: <sip:a:secret@example.com>",
    "Contact: <sip:%61%20b@example.com>",
    "Contact: <sip:a@example.com;maddr=192.0.2.1;lr;x=\"y\">",
    "Contact: <SIP:a@EXAMPLE.com>",
    "Contact: <tel:+4930123>",
    "Contact: <mailto:a@example.com>",
    "Contact: *",
    "Contact: <sip:a@example.com>;pub-gruu=\"sip:a@example.com;gr=urn:uuid:1\"",
    "Contact: <sip:a@under_score:5060;transport=TLS>",
    "Contact: <sip:a@example.com;transport=udp>",
    "Contact: <sip:PBX#1#2@192.0.2.1>",
    "Contact: <sip:a@example.com;;x>",
    "Contact: <sip:>",
    "Contact: <sip:a@example.com",
    "Contact: \"open <sip:a@example.com>",
];

/// The rest of the headers.
const OTHERS: Part = &[
    "Max-Forwards: 70",
    "Max-Forwards : 70",
    "Subject: one\r\n two\r\n\tthree",
    "s:",
    "X-Own: ;;,,\"",
    "X-Own: J\u{fc}rgen",
    "X-Own: a: b: c",
    "no colon",
    ": no name",
    "two words: x",
    "X-Own: a\rb",
    "X-Own: a\0b",
    "X-Own: \u{7}",
    "Route: <sip:p.example.com;lr>, <sip:q.example.com>",
    "Record-Route: <sip:p.example.com;lr;r2=on>\r\nRecord-Route: <sip:q.example.com>",
    "Date: yesterday",
    "Expires: soon",
];

/// What becomes of the end: the headers about the body, and the body.
const BODIES: Part = &[
    "Content-Length: 0\r\n\r\n",
    "Content-Type: application/sdp\r\nContent-Length: 10\r\n\r\nv=0\r\ns=-\r\n",
    "Content-Type: text/plain\r\nl: 4\r\n\r\nbody",
    "Content-Length: 4\r\n\r\nbody and more",
    "Content-Length: 5\r\n\r\nbody",
    "Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody",
    "Content-Length: 4\r\nContent-Length: 3\r\n\r\nbody",
    "Content-Length: four\r\n\r\nbody",
    "Content-Length: -4\r\n\r\nbody",
    "Content-Length:  4  \r\n\r\nbody",
    "Content-Length: 9\r\n\r\na\r\n\r\nb: c",
    "\r\nbody",
    "\r\n",
    "",
];

/// Another way to lay a message out. Latin-1 and binary bodies cannot be written above.
#[derive(Clone, Copy)]
enum Layout {
    Plain,
    LineFeeds,
    LeadingLines,
    Latin1,
    BinaryBody,
}

/// Messages that every stack reads alike: plain in all of their parts.
pub(crate) fn plain() -> impl Iterator<Item = Vec<u8>> {
    METHODS.iter().filter(|method| is_known_method(method)).map(|method| {
        let start = format!("{method} {} {}", REQUEST_URIS[0], VERSIONS[0]);
        let (via, address, tag, call_id) = (VIAS[0], ADDRESSES[0], TAGS[0], CALL_IDS[0]);
        let (number, other, body) = (NUMBERS[0], OTHERS[0], BODIES[0]);
        format!(
            "{start}\r\n{via}\r\nFrom: {address}{tag}\r\nTo: {address}{tag}\r\n{call_id}\r\n\
            CSeq: {number}{method}\r\n{other}\r\n{body}"
        )
        .into_bytes()
    })
}

/// The message of a seed: plain but for up to three of its parts.
pub(crate) fn message(seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let is_request = random.chance(60);
    let mut odd = [false; 12];
    for _ in 0..random.below(4) {
        odd[random.below(odd.len())] = true;
    }
    let mut next = odd.into_iter();
    let mut part = |random: &mut Random, part: Part| match next.next() {
        Some(true) => *random.pick(part),
        Some(false) | None => part[0],
    };
    let method = *random.pick(METHODS);
    let cseq_method = if random.chance(3) { "BYE" } else { method };
    let start = match is_request {
        true => {
            let uri = part(&mut random, REQUEST_URIS);
            format!("{method} {uri} {}", part(&mut random, VERSIONS))
        }
        false => {
            let status = part(&mut random, STATUSES);
            format!("SIP/2.0 {status}{}", part(&mut random, PHRASES))
        }
    };
    let from = part(&mut random, ADDRESSES);
    let from_tag = part(&mut random, TAGS);
    let to = part(&mut random, ADDRESSES);
    let to_tag = part(&mut random, TAGS);
    let number = part(&mut random, NUMBERS);
    let lines = [
        start,
        part(&mut random, VIAS).to_owned(),
        format!("From: {from}{from_tag}"),
        format!("To: {to}{to_tag}"),
        part(&mut random, CALL_IDS).to_owned(),
        format!("CSeq: {number}{cseq_method}"),
        part(&mut random, CONTACTS).to_owned(),
        part(&mut random, OTHERS).to_owned(),
    ];
    let lines: Vec<&str> =
        lines.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
    let text = format!("{}\r\n{}", lines.join("\r\n"), part(&mut random, BODIES));
    let layouts = [Layout::LineFeeds, Layout::LeadingLines, Layout::Latin1, Layout::BinaryBody];
    let layout = if random.chance(10) { *random.pick(&layouts) } else { Layout::Plain };
    laid_out(text, layout)
}

fn laid_out(text: String, layout: Layout) -> Vec<u8> {
    match layout {
        Layout::Plain => text.into_bytes(),
        Layout::LineFeeds => text.replace("\r\n", "\n").into_bytes(),
        Layout::LeadingLines => format!("\r\n\r\n{text}").into_bytes(),
        Layout::Latin1 => text
            .replacen("\r\nCSeq", "\r\nX-Name: J\u{1}rgen\r\nCSeq", 1)
            .into_bytes()
            .into_iter()
            .map(|byte| if byte == 1 { 0xfc } else { byte })
            .collect(),
        Layout::BinaryBody => {
            let text = text.replace("\r\n\r\nbody", "\r\n\r\n\u{1}\u{2}\u{1}\u{2}");
            let byte = |byte| match byte {
                1 => 0xff,
                2 => 0,
                byte => byte,
            };
            text.into_bytes().into_iter().map(byte).collect()
        }
    }
}
