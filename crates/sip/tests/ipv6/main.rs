//! The IPv6 tests of RFC 5118: a message of our own for each case, and what becomes of it.

use ringlet_sip::message::{Message, NameAddr, Request, Uri, Verdict, Via, check};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Name, message, and the status of its refusal if it is refused. The numbers count messages; the
/// sections are those of the RFC.
const CASES: &[(&str, &[u8], Option<u16>)] = &[
    ("4.1 a reference", include_bytes!("messages/01-ipv6-good.sip"), None),
    ("4.2 an address without brackets", include_bytes!("messages/02-ipv6-bad.sip"), Some(400)),
    ("4.3 a port, or not", include_bytes!("messages/03-port-ambiguous.sip"), None),
    ("4.4 a port", include_bytes!("messages/04-port-unambiguous.sip"), None),
    ("4.5 received in brackets", include_bytes!("messages/05-received-bracketed.sip"), None),
    ("4.5 received without", include_bytes!("messages/06-received-plain.sip"), None),
    ("4.6 IPv6 in SDP", include_bytes!("messages/07-sdp.sip"), None),
    ("4.7 both kinds in headers", include_bytes!("messages/08-headers-mixed.sip"), None),
    ("4.8 both kinds in SDP", include_bytes!("messages/09-sdp-mixed.sip"), None),
    ("4.9 mapped IPv4", include_bytes!("messages/10-mapped.sip"), None),
    // The old grammar made such things, so they are to be borne with.
    ("4.10 three colons", include_bytes!("messages/11-three-colons.sip"), None),
    ("4.10 two colons", include_bytes!("messages/12-two-colons.sip"), None),
];

fn request(number: usize) -> Request {
    match check(CASES[number - 1].1) {
        Verdict::Accepted(Message::Request(request)) => request,
        other => panic!("{number}: {other:?}"),
    }
}

fn hops(request: &Request) -> Vec<Via<'_>> {
    request.headers.list("Via").filter_map(Via::parse).collect()
}

#[test]
fn every_case_is_judged_as_the_rfc_says() {
    for (name, bytes, refused) in CASES {
        match (check(bytes), refused) {
            (Verdict::Accepted(_), None) => {}
            (Verdict::Rejected { status, .. }, Some(refused)) => {
                assert_eq!(status, *refused, "{name}");
            }
            (verdict, _) => panic!("{name}: {verdict:?}"),
        }
    }
}

#[test]
fn hosts_and_ports_are_told_apart() {
    for (number, host, port) in [
        (1, "[2001:db8::5060:1]", None),
        (3, "[2001:db8::5060:5070]", None),
        (4, "[2001:db8::5060]", Some(5070)),
        (11, "[2001:db8:::198.51.100.9]", None),
        (12, "[2001:db8::198.51.100.9]", None),
    ] {
        let request = request(number);
        let uri = Uri::parse(&request.uri).unwrap();
        assert_eq!((uri.host, uri.port), (host, port));
    }
}

#[test]
fn received_is_read_with_brackets_and_without() {
    for (number, received) in [(5, "[2001:db8:77::1:255]"), (6, "2001:db8:77::1:255")] {
        let request = request(number);
        let via = request.headers.top_via().unwrap();
        assert_eq!(via.params.get("received"), Some(received));
        assert_eq!((via.sent_by, via.branch()), ("[2001:db8:77::1]", Some("z9hG4bKv6")));
    }
}

#[test]
fn every_hop_keeps_its_address() {
    let mixed = request(8);
    let sent_by: Vec<_> = hops(&mixed).iter().map(|via| via.sent_by).collect();
    assert_eq!(sent_by, ["198.51.100.1:5061", "[2001:db8::d]:5062", "[2001:db8:77::1]"]);
    let mapped = request(10);
    let sent_by: Vec<_> = hops(&mapped).iter().map(|via| via.sent_by).collect();
    assert_eq!(sent_by, ["[::ffff:198.51.100.3]", "[::FFFF:198.51.100.4]:5060"]);
    let contact = NameAddr::parse(mapped.headers.get("Contact").unwrap()).unwrap();
    assert_eq!(Uri::parse(contact.uri).unwrap().host, "[::ffff:198.51.100.4]");
}

#[test]
fn sdp_is_handed_on_whatever_its_addresses_are() {
    for (number, line) in [
        (7, "\r\nc=IN IP6 2001:db8:77::1\r\n"),
        (9, "\r\nc=IN IP4 198.51.100.7\r\n"),
        (9, "\r\nc=IN IP6 2001:db8:77::1\r\n"),
        (10, "\r\nc=IN IP6 ::ffff:198.51.100.4\r\n"),
    ] {
        let sdp = request(number).sdp().unwrap();
        assert!(sdp.contains(line), "{number}: {sdp}");
    }
}
