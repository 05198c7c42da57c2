use ringlet_sip::{Command, EndReason, Input, OpId};
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
