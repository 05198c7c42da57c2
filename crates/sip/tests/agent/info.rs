//! INFO (RFC 6086): DTMF signals.

use ringlet_sip::message::{Method, Response};
use ringlet_sip::{CallId, Command, Event, Input};
use ringlet_testkit::{ANSWER, Build, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn established() -> (Script, Peer, CallId) {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let ok: Response = reply(&invite, 200, "OK").with_sdp(ANSWER);
    script.receive(ok.clone());
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    (script, Peer::callee(&invite, &ok), call)
}

fn press(script: &mut Script, call: CallId, signal: char) {
    script.command(Command::Dtmf { call, signal, duration: Duration::from_millis(160) });
}

#[test]
fn signals_are_sent_one_after_the_other() {
    let (mut script, _, call) = established();
    press(&mut script, call, '5');
    press(&mut script, call, '#');
    press(&mut script, call, 'D');
    let first = script.sent_request(Method::INFO);
    assert_eq!(first.headers.get("Content-Type"), Some("application/dtmf-relay"));
    assert_eq!(first.body, b"Signal=5\r\nDuration=160\r\n");
    script.quiet();
    script.receive(reply(&first, 200, "OK"));
    let second = script.sent_request(Method::INFO);
    assert_eq!(second.body, b"Signal=#\r\nDuration=160\r\n");
    // That one signal is refused does not keep the next one back.
    script.receive(reply(&second, 415, "Unsupported Media Type"));
    let third = script.sent_request(Method::INFO);
    assert_eq!(third.body, b"Signal=D\r\nDuration=160\r\n");
    script.pass(Duration::from_secs(32));
    while script.try_sent().is_some() {}
    press(&mut script, call, '1');
    script.sent_request(Method::INFO);
    script.quiet();
}

#[test]
fn a_challenged_signal_is_repeated_before_the_next() {
    let (mut script, _, call) = established();
    press(&mut script, call, '1');
    press(&mut script, call, '2');
    let info = script.sent_request(Method::INFO);
    let challenge = r#"Digest realm="example.com", nonce="n1""#;
    let asked = reply(&info, 407, "Proxy Authentication Required");
    script.receive(asked.with("Proxy-Authenticate", challenge));
    let again = script.sent_request(Method::INFO);
    assert_eq!(again.body, info.body);
    script.quiet();
    script.receive(reply(&again, 200, "OK"));
    assert_eq!(script.sent_request(Method::INFO).headers.cseq().unwrap().number, 4);
}

#[test]
fn only_keys_are_sent_and_only_in_answered_calls() {
    let (mut script, _, call) = established();
    for signal in ['a', 'E', ' ', '\n', '\u{661}'] {
        press(&mut script, call, signal);
    }
    let (ringing, _) = script.dial("601");
    press(&mut script, ringing, '1');
    press(&mut script, CallId(77), '1');
    script.quiet();
}

#[test]
fn signals_do_not_outlive_their_socket_or_pile_up() {
    let (mut script, _, call) = established();
    (0..200).for_each(|_| press(&mut script, call, '1'));
    let mut sent = 0;
    while let Some(bytes) = script.try_sent() {
        let ringlet_sip::message::Message::Request(info) =
            ringlet_sip::message::parse(&bytes).unwrap()
        else {
            panic!("a request")
        };
        sent += 1;
        script.receive(reply(&info, 200, "OK"));
    }
    assert_eq!(sent, 65);
    press(&mut script, call, '2');
    press(&mut script, call, '3');
    script.sent_request(Method::INFO);
    script.input(Input::Disconnected);
    press(&mut script, call, '4');
    script.input(Input::Connected);
    while let Some(bytes) = script.try_sent() {
        assert!(!bytes.starts_with(b"INFO"));
    }
}

#[test]
fn signals_of_the_far_end_are_told() {
    let (mut script, mut peer, call) = established();
    for (subtype, body, signal) in [
        ("dtmf-relay", "Signal=5\r\nDuration=160\r\n", Some('5')),
        ("DTMF-relay", "Duration=250\nsignal= # \n", Some('#')),
        ("dtmf-relay", "Signal=11", Some('#')),
        ("dtmf-relay", "Signal=16\r\n", None),
        ("dtmf", "9\r\n", Some('9')),
        ("dtmf", "10", Some('*')),
        ("dtmf", "c", Some('C')),
        ("dtmf", "15", Some('D')),
        ("dtmf", "123", None),
    ] {
        let info =
            peer.request(Method::INFO).with("Content-Type", &format!("application/{subtype}"));
        script.receive(info.with_body(body));
        script.sent_response(200);
        if let Some(signal) = signal {
            assert_eq!(script.event(), Event::Dtmf { call, signal }, "{body}");
        }
        script.quiet();
    }
}

#[test]
fn other_infos_are_answered_by_rule() {
    let (mut script, mut peer, _) = established();
    script.receive(peer.request(Method::INFO));
    script.sent_response(200);

    let package = peer.request(Method::INFO).with("Info-Package", "x").with("Content-Type", "a/b");
    script.receive(package.with_body("y"));
    let refused = script.sent_response(469);
    assert_eq!(refused.headers.get("Recv-Info"), Some(""));

    let media_control = "application/media_control+xml";
    script
        .receive(peer.request(Method::INFO).with("Content-Type", media_control).with_body("<x/>"));
    let refused = script.sent_response(415);
    assert!(refused.headers.lists("Accept", "application/dtmf-relay"));

    for body in ["Duration=160\r\n", "Signal=\r\n", "Signal"] {
        let info = peer.request(Method::INFO).with("Content-Type", "application/dtmf-relay");
        script.receive(info.with_body(body));
        script.sent_response(400);
    }
    script.quiet();
}
