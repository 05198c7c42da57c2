use ringlet_sip::message::Method;
use ringlet_sip::{Command, EndReason, Input, Instant, OpId, UserAgent};
use ringlet_testkit::{ANSWER, Build, Peer, Script, reply};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn garbage_is_ignored() {
    let mut script = Script::registered();
    for garbage in [
        &b"\x00\xff\xfe"[..],
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"SIP/2.0",
        b"SIP/2.0 200 OK\r\n\r\n",
        b"INVITE sip:a@b SIP/2.0\r\n\r\n",
        b"INVITE sip:a@b SIP/7.0\r\nVia: SIP/2.0/WS a;branch=1\r\n\r\n",
        b":\r\n:\r\n",
        b"\r\n\r\n\r\nx",
        &[b'a'; 100_000],
    ] {
        script.receive(garbage);
        script.quiet();
    }
}

#[test]
fn every_prefix_and_every_changed_byte_of_a_message_is_survived() {
    let invite = Peer::caller("in").invite(Some("v=0\r\n")).to_bytes();
    for at in 0..invite.len() {
        let mut script = Script::connected();
        script.receive(&invite[..at]);
        for change in [0, b'\r', b'\n', b'"', b'<', b',', 0xff] {
            let mut changed = invite.clone();
            changed[at] = change;
            script.receive(&*changed);
        }
    }
}

/// A request that lacks nothing but what a test takes from it.
fn text(start_line: &str, change: impl Fn(&str) -> Option<String>) -> String {
    let headers = [
        "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1",
        "From: <sip:a@h>;tag=1",
        "To: <sip:b@h>",
        "Call-ID: x",
        "CSeq: 7 INFO",
        "Content-Length: 0",
    ];
    let headers: Vec<_> = headers.iter().filter_map(|line| change(line)).collect();
    format!("{start_line}\r\n{}\r\n\r\n", headers.join("\r\n"))
}

#[test]
fn a_request_that_cannot_be_read_is_refused_with_what_can() {
    let with = |from: &'static str, to: &'static str| {
        move |line: &str| Some(if line == from { to.to_owned() } else { line.to_owned() })
    };
    let same = with("", "");
    for (message, status) in [
        (text("INFO sip:b@h SIP/3.0", same), 505),
        (text("INFO  sip:b@h SIP/2.0", same), 400),
        (text("INFO sip:2001:db8::10 SIP/2.0", same), 400),
        (text("INFO sip:b@h SIP/2.0", with("Content-Length: 0", "Content-Length: 1")), 400),
        (text("INFO sip:b@h SIP/2.0", with("To: <sip:b@h>", "To: \"B <sip:b@h>")), 400),
        (text("BYE sip:b@h SIP/2.0", same), 400),
        (text("NEW sip:b@h SIP/2.0", same), 501),
        (text("INFO sip:b@h SIP/2.0", same) + &"x".repeat(70_000), 513),
    ] {
        let mut script = Script::connected();
        script.receive(message.as_bytes());
        let refusal = script.sent_bytes();
        let refusal = String::from_utf8(refusal).unwrap();
        assert!(refusal.starts_with(&format!("SIP/2.0 {status} ")), "{message}{refusal}");
        for line in ["Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1", "Call-ID: x", "CSeq: 7 INFO"] {
            assert!(refusal.contains(&format!("\r\n{line}\r\n")), "{refusal}");
        }
        script.idle();
        script.quiet();
    }
}

#[test]
fn an_ack_and_a_response_that_cannot_be_read_are_not_answered() {
    let mut script = Script::connected();
    for start_line in ["ACK sip:b@h SIP/2.0", "SIP/2.0 1000 x", "SIP/3.0 200 OK"] {
        script.receive(text(start_line, |line| Some(line.to_owned())).as_bytes());
        script.quiet();
    }
    for lost in ["Via", "CSeq"] {
        let rest = |line: &str| (!line.starts_with(lost)).then(|| line.to_owned());
        script.receive(text("INFO sip:b@h SIP/2.0", rest).as_bytes());
        script.quiet();
    }
}

#[test]
fn what_could_not_be_read_is_counted() {
    let mut agent = UserAgent::new(ringlet_testkit::config(), [7; 32]);
    agent.handle(Instant::default(), Input::Connected);
    for garbage in ["x", "SIP/2.0 1000 x"] {
        agent.handle(Instant::default(), Input::Received(garbage.into()));
    }
    assert_eq!(agent.counters().rejected, 2);
}

#[test]
fn a_response_for_somebody_behind_us_is_dropped() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let via = format!("{}, SIP/2.0/UDP 255.255.255.255", invite.headers.get("Via").unwrap());
    script.receive(reply(&invite, 486, "Busy Here").replacing("Via", &via));
    script.quiet();
    script.receive(reply(&invite, 486, "Busy Here"));
    assert_eq!(script.ended(call).reason, EndReason::Busy);
}

#[test]
fn a_phrase_in_latin_1_is_shown_as_it_was_meant() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let refusal = reply(&invite, 486, "Geh\u{f6}rt").to_bytes();
    let at = refusal.iter().position(|b| *b == 0xc3).unwrap();
    let refusal = [&refusal[..at], b"\xf6", &refusal[at + 2..]].concat();
    script.receive(&*refusal);
    script.sent_request(Method::ACK);
    assert_eq!(script.ended(call).phrase.as_deref(), Some("Geh\u{f6}rt"));
}

#[test]
fn an_invite_that_takes_no_sdp_back_is_not_acceptable() {
    for (accept, status) in [("text/plain", Some(406)), ("text/plain, */*;q=0.1", None)] {
        let mut script = Script::connected();
        let mut peer = Peer::caller("in");
        script.receive(peer.invite(Some("v=0\r\n")).with("Accept", accept));
        if let Some(status) = status {
            script.sent_response(status);
        } else {
            script.event();
        }
    }
}

#[test]
fn responses_to_nothing_are_ignored() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let other = invite.clone().replacing("Via", "SIP/2.0/WSS x.invalid;branch=z9hG4bKother");
    script.receive(reply(&other, 200, "OK").with_sdp(ANSWER));
    script.receive(reply(&other, 486, "Busy Here"));
    let bye = reply(&invite, 200, "OK").replacing("CSeq", "1 BYE");
    script.receive(bye);
    script.quiet();
    script.receive(reply(&invite, 486, "Busy Here"));
    assert_eq!(script.ended(call).reason, EndReason::Busy);
}

#[test]
fn commands_and_media_for_nothing_are_ignored() {
    let mut script = Script::connected();
    let call = script.new_call();
    for command in [
        Command::Answer(call),
        Command::Hangup(call),
        Command::Reject(call, ringlet_sip::Refusal::Busy),
        Command::Unregister,
    ] {
        script.command(command);
    }
    script.input(Input::Media(OpId(7), Ok("late".into())));
    script.quiet();
}

#[test]
fn an_incoming_call_cannot_be_answered_twice_nor_an_outgoing_one_at_all() {
    let mut script = Script::connected();
    let (call, _) = script.dial("600");
    script.command(Command::Answer(call));
    script.command(Command::Reject(call, ringlet_sip::Refusal::Busy));
    script.command(Command::Invite { call, target: "601".into(), caller_id: None });
    script.quiet();
}
