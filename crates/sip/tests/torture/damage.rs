//! What `rsip` 0.4 was measured to damage, and this crate does not.

use md5::Md5;
use ringlet_sip::Command;
use ringlet_sip::message::{
    Authentication, Message, Method, NameAddr, Request, Response, Uri, Via, parse,
};
use ringlet_testkit::{Build, Script, reply};
use sha2::{Digest, Sha256};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const REST: &str = "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1;received=2001:db8::9:1, SIP/2.0/UDP b\r\n\
    From: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\
    Contact: <sip:a@h;transport=ws;gr=urn:uuid:f81d4fae-7dec>\r\n";

fn request(bytes: &[u8]) -> Request {
    match parse(bytes) {
        Ok(Message::Request(request)) => request,
        other => panic!("{other:?}"),
    }
}

fn response(bytes: &[u8]) -> Response {
    match parse(bytes) {
        Ok(Message::Response(response)) => response,
        other => panic!("{other:?}"),
    }
}

fn invite() -> Request {
    request(["INVITE sip:b@h;transport=ws SIP/2.0\r\n", REST, "\r\n"].concat().as_bytes())
}

#[test]
fn a_gruu_is_not_cut_at_its_colon() {
    let invite = invite();
    let contact = NameAddr::parse(invite.headers.get("Contact").unwrap()).unwrap();
    let params = Uri::parse(contact.uri).unwrap().params;
    assert_eq!(params.get("gr"), Some("urn:uuid:f81d4fae-7dec"));
}

#[test]
fn an_ipv6_address_in_received_is_not_cut() {
    let invite = invite();
    let received = invite.headers.top_via().unwrap().params.get("received");
    assert_eq!(received, Some("2001:db8::9:1"));
}

#[test]
fn the_second_via_of_a_line_is_kept() {
    let invite = invite();
    let hosts: Vec<_> =
        invite.headers.list("Via").map(|via| Via::parse(via).unwrap().sent_by).collect();
    assert_eq!(hosts, ["a.invalid", "b"]);
    let response = Response::to(&invite, 200, "OK", None);
    assert_eq!(response.headers.list("Via").count(), 2);
}

#[test]
fn a_phrase_goes_out_as_it_was_given() {
    for phrase in ["Busy Here", "Besetzt", ""] {
        let bytes = Response::to(&invite(), 486, phrase, None).to_bytes();
        let line = format!("SIP/2.0 486 {phrase}\r\n");
        assert!(bytes.starts_with(line.as_bytes()), "{}", bytes.escape_ascii());
        assert_eq!(response(&bytes).phrase, phrase);
    }
}

#[test]
fn a_transport_keeps_its_case() {
    let bytes = invite().to_bytes();
    assert!(bytes.starts_with(b"INVITE sip:b@h;transport=ws SIP/2.0\r\n"));
    assert!(bytes.windows(14).any(|w| w == b";transport=ws;"));
}

#[test]
fn a_binary_body_is_kept() {
    let body: Vec<u8> = (0..=255).collect();
    let head = format!("INVITE sip:b@h SIP/2.0\r\n{REST}Content-Length: 256\r\n\r\n");
    let bytes = [head.as_bytes(), &body].concat();
    let read = request(&bytes);
    assert_eq!(read.body, body);
    assert_eq!(read.to_bytes(), bytes);
}

#[test]
fn a_method_in_lower_case_is_another_method() {
    let rest = REST.replace("1 INVITE", "1 invite");
    let read = request(format!("invite sip:b@h SIP/2.0\r\n{rest}\r\n").as_bytes());
    assert_ne!(read.method, Method::INVITE);
    let mut script = Script::connected();
    script.receive(read);
    script.sent_response(501);
}

#[test]
fn headers_without_a_final_blank_line_are_headers() {
    let read = request(format!("INVITE sip:b@h SIP/2.0\r\n{REST}").as_bytes());
    assert!(read.body.is_empty());
    assert_eq!(read.headers.get("Call-ID"), Some("x"));
}

/// What the credentials of `request` must say after RFC 7616, worked out apart from the crate.
fn expected_response(request: &Request, credentials: &Authentication<'_>) -> String {
    let get = |name| credentials.get(name).unwrap_or_default();
    let algorithm = credentials.get("algorithm").unwrap_or("MD5");
    let hash = |text: &[u8]| match algorithm.starts_with("SHA-256") {
        true => hex(&Sha256::digest(text)),
        false => hex(&Md5::digest(text)),
    };
    let mut ha1 = hash(format!("alice:{}:wonderland", get("realm")).as_bytes());
    if algorithm.ends_with("-sess") {
        ha1 = hash(format!("{ha1}:{}:{}", get("nonce"), get("cnonce")).as_bytes());
    }
    let ha2 = match get("qop") {
        "auth-int" => format!("{}:{}:{}", request.method, get("uri"), hash(&request.body)),
        _ => format!("{}:{}", request.method, get("uri")),
    };
    let ha2 = hash(ha2.as_bytes());
    let (nonce, nc, cnonce, qop) = (get("nonce"), get("nc"), get("cnonce"), get("qop"));
    hash(format!("{ha1}:{nonce}:{nc}:{cnonce}:{qop}:{ha2}").as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn credentials(request: &Request) -> Authentication<'_> {
    let value = request.headers.get("Proxy-Authorization").expect("credentials");
    Authentication::parse(value).expect("credentials")
}

#[test]
fn every_digest_is_right() {
    for algorithm in ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess"] {
        for (offered, chosen) in
            [("auth", "auth"), ("auth-int", "auth-int"), ("auth,auth-int", "auth")]
        {
            let mut script = Script::connected();
            let (_, invite) = script.dial("600");
            let challenge = format!(
                "Digest realm=\"example.com\", nonce=\"n\", algorithm={algorithm}, qop=\"{offered}\""
            );
            let refusal = reply(&invite, 407, "Proxy Authentication Required");
            script.receive(refusal.with("Proxy-Authenticate", &challenge));
            script.sent_request(Method::ACK);
            let again = script.sent_request(Method::INVITE);
            let credentials = credentials(&again);
            assert!(!again.body.is_empty());
            assert_eq!(credentials.get("qop"), Some(chosen));
            assert_eq!(credentials.get("algorithm"), Some(algorithm));
            let expected = expected_response(&again, &credentials);
            assert_eq!(credentials.get("response"), Some(&*expected), "{algorithm} {offered}");
        }
    }
}

#[test]
fn the_digest_is_right_beyond_the_ninth_use_of_a_nonce() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let challenge = "Digest realm=\"example.com\", nonce=\"n\", qop=\"auth\"";
    let refusal = reply(&invite, 407, "Proxy Authentication Required");
    script.receive(refusal.with("Proxy-Authenticate", challenge));
    script.sent_request(Method::ACK);
    let mut call = call;
    let mut invite = script.sent_request(Method::INVITE);
    for count in 1..=17 {
        let read = credentials(&invite);
        assert_eq!(read.get("nc"), Some(&*format!("{count:08x}")));
        let expected = expected_response(&invite, &read);
        assert_eq!(read.get("response"), Some(&*expected), "{count}");
        script.receive(reply(&invite, 486, "Busy Here"));
        script.sent_request(Method::ACK);
        script.ended(call);
        script.command(Command::Hangup(call));
        (call, invite) = script.dial("600");
    }
}
