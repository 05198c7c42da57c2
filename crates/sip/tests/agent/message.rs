//! Instant messages (RFC 3428).

use ringlet_sip::message::Method;
use ringlet_sip::{Command, Event, Input, MessageId, Party};
use ringlet_testkit::{ANSWER, Build, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn send(script: &mut Script, number: u32, body: &str) -> MessageId {
    let message = MessageId(number);
    script.command(Command::SendMessage {
        message,
        target: "600".into(),
        content_type: "text/plain;charset=UTF-8".into(),
        body: body.into(),
    });
    message
}

#[track_caller]
fn done(script: &mut Script, message: MessageId, status: Option<u16>) {
    assert_eq!(script.event(), Event::MessageDone { message, status });
}

#[test]
fn a_message_is_delivered() {
    let mut script = Script::connected();
    let id = send(&mut script, 1, "gr\u{fc}\u{df}e");
    let message = script.sent_request(Method::MESSAGE);
    assert_eq!(message.uri, "sip:600@example.com");
    assert_eq!(message.headers.get("To"), Some("<sip:600@example.com>"));
    assert_eq!(message.headers.get("CSeq"), Some("1 MESSAGE"));
    assert_eq!(message.headers.get("Content-Type"), Some("text/plain;charset=UTF-8"));
    assert_eq!(message.headers.get("Contact"), None);
    assert_eq!(message.body, "gr\u{fc}\u{df}e".as_bytes());
    script.receive(reply(&message, 202, "Accepted"));
    done(&mut script, id, Some(202));
    script.quiet();
    script.idle();
}

#[test]
fn a_message_takes_the_service_route() {
    let mut script = Script::connected();
    script.command(Command::Register);
    let register = script.sent_request(Method::REGISTER);
    let ok = reply(&register, 200, "OK").with("Expires", "600");
    script.receive(ok.with("Service-Route", "<sip:edge.example.com;lr>"));
    script.registration();
    script.registration();
    send(&mut script, 1, "x");
    let message = script.sent_request(Method::MESSAGE);
    assert_eq!(message.headers.get("Route"), Some("<sip:edge.example.com;lr>"));
}

#[test]
fn a_challenged_message_is_sent_again_with_credentials() {
    let mut script = Script::connected();
    let id = send(&mut script, 1, "x");
    let message = script.sent_request(Method::MESSAGE);
    let challenge = r#"Digest realm="example.com", nonce="n1""#;
    let asked = reply(&message, 407, "Proxy Authentication Required");
    script.receive(asked.with("Proxy-Authenticate", challenge));
    let second = script.sent_request(Method::MESSAGE);
    assert_eq!(second.body, b"x");
    script.receive(reply(&second, 407, "Again").with("Proxy-Authenticate", challenge));
    done(&mut script, id, Some(407));
    script.quiet();
    script.idle();
}

#[test]
fn a_message_that_cannot_be_sent_or_delivered_is_told() {
    let mut script = Script::new(ringlet_testkit::config());
    let id = send(&mut script, 1, "x");
    done(&mut script, id, None);
    script.input(Input::Connected);

    let id = send(&mut script, 2, &"x".repeat(1301));
    done(&mut script, id, Some(513));
    for (target, content_type, status) in
        [("", "text/plain", 404), ("600", "text", 415), ("600", "text/plain;a=\r\nVia: x", 415)]
    {
        let (target, content_type) = (target.into(), content_type.into());
        let message = MessageId(3);
        script.command(Command::SendMessage { message, target, content_type, body: vec![b'x'] });
        done(&mut script, message, Some(status));
    }
    script.quiet();

    let refused = send(&mut script, 4, "x");
    let message = script.sent_request(Method::MESSAGE);
    script.receive(reply(&message, 404, "Not Found"));
    done(&mut script, refused, Some(404));

    let lost = send(&mut script, 5, "x");
    script.sent_request(Method::MESSAGE);
    script.pass(Duration::from_secs(32));
    while script.try_sent().is_some() {}
    done(&mut script, lost, None);

    let cut = send(&mut script, 6, "x");
    script.sent_request(Method::MESSAGE);
    script.input(Input::Disconnected);
    done(&mut script, cut, None);
    script.quiet();
}

#[test]
fn messages_on_the_way_are_limited() {
    let mut script = Script::connected();
    for number in 1..=32 {
        send(&mut script, number, "x");
        script.sent_request(Method::MESSAGE);
    }
    send(&mut script, 32, "the number is taken");
    script.quiet();
    let id = send(&mut script, 33, "x");
    done(&mut script, id, Some(503));
}

#[test]
fn a_message_is_shown_with_its_sender() {
    let mut script = Script::connected();
    let message = Peer::caller("m").request(Method::MESSAGE).with("Content-Type", "text/html");
    script.receive(message.with_body("<b>x</b>"));
    let ok = script.sent_response(200);
    assert_eq!(ok.headers.get("Contact"), None);
    let from = Party { number: "bob".into(), display_name: Some("Bob".into()) };
    let content_type = "text/html".into();
    assert_eq!(script.event(), Event::Message { from, content_type, body: b"<b>x</b>".to_vec() });
    script.idle();
}

#[test]
fn a_message_within_a_call_is_shown_too() {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    let ok = reply(&invite, 200, "OK").with_sdp(ANSWER);
    script.receive(ok.clone());
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    script.receive(Peer::callee(&invite, &ok).request(Method::MESSAGE).with_body("no type"));
    script.sent_response(200);
    let Event::Message { content_type, body, .. } = script.event() else { panic!("a message") };
    assert_eq!((content_type.as_str(), body.as_slice()), ("text/plain", &b"no type"[..]));
}

#[test]
fn messages_that_cannot_be_shown_are_refused() {
    let mut script = Script::connected();
    let message = || Peer::caller("m").request(Method::MESSAGE);
    script.receive(message());
    script.sent_response(200);
    script.receive(message().with("Content-Type", "text").with_body("x"));
    assert!(script.sent_response(415).headers.get("Accept").is_some());
    script.receive(message().with("Content-Encoding", "gzip").with_body("x"));
    assert!(script.sent_response(415).headers.get("Accept-Encoding").is_some());
    script.receive(message().with_body(&"x".repeat(16 * 1024 + 1)));
    script.sent_response(513);
    script.quiet();
    script.idle();
}
