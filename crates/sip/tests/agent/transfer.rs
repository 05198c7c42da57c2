//! Transfers that this side asks for (RFC 3515).

use ringlet_sip::message::{Method, Request, Response};
use ringlet_sip::{CallId, Command, Event, Input, Timer, TransferProgress};
use ringlet_testkit::{ANSWER, Build, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

pub(crate) fn established() -> (Script, Peer, CallId) {
    let mut script = Script::connected();
    let (peer, call) = second_call(&mut script, "600", "far");
    (script, peer, call)
}

fn second_call(script: &mut Script, target: &str, tag: &str) -> (Peer, CallId) {
    let (call, invite) = script.dial(target);
    let ok: Response = reply(&invite, 200, "OK").tagged(tag).with_sdp(ANSWER);
    script.receive(ok.clone());
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(call));
    script.media_done(Ok(String::new()));
    script.quiet();
    (Peer::callee(&invite, &ok), call)
}

fn transfer(script: &mut Script, call: CallId) -> Request {
    script.command(Command::Transfer { call, target: "601".into() });
    script.sent_request(Method::REFER)
}

fn notify(peer: &mut Peer, state: &str, fragment: &str) -> Request {
    peer.request(Method::NOTIFY)
        .with("Event", "refer")
        .with("Subscription-State", state)
        .with("Content-Type", "message/sipfrag;version=2.0")
        .with_body(fragment)
}

/// Lets time pass, with nothing but keep-alives.
fn pass(script: &mut Script, time: Duration) {
    script.pass(time);
    while let Some(bytes) = script.try_sent() {
        assert_eq!(bytes, b"\r\n\r\n");
    }
}

#[track_caller]
fn told(script: &mut Script, call: CallId, progress: TransferProgress) {
    assert_eq!(script.event(), Event::Transfer { call, progress });
}

#[test]
fn a_blind_transfer_is_told_step_by_step() {
    let (mut script, mut peer, call) = established();
    let refer = transfer(&mut script, call);
    assert_eq!(refer.headers.get("Refer-To"), Some("<sip:601@example.com>"));
    assert_eq!(refer.headers.get("Referred-By"), Some("\"Alice\" <sip:alice@example.com>"));
    assert_eq!(refer.headers.get("Supported"), Some("norefersub"));
    assert!(refer.headers.get("Contact").is_some());
    script.receive(reply(&refer, 202, "Accepted"));
    told(&mut script, call, TransferProgress::Accepted);
    for (state, fragment, progress) in [
        ("pending", "SIP/2.0 100 Trying\r\n", Some(TransferProgress::Trying(100))),
        ("active;expires=60", "SIP/2.0 180 Ringing\r\n", Some(TransferProgress::Trying(180))),
        ("active;expires=60", "SIP/2.0 180 Ringing\r\n", None),
        ("terminated;reason=noresource", "SIP/2.0 200 OK\r\n", Some(TransferProgress::Done)),
    ] {
        script.receive(notify(&mut peer, state, fragment));
        script.sent_response(200);
        progress.into_iter().for_each(|progress| told(&mut script, call, progress));
        script.quiet();
    }
    script.command(Command::Hangup(call));
    script.sent_request(Method::BYE);
    script.ended(call);
}

// JsSIP #556: a transfer counted as done before the target had answered.
#[test]
fn a_transfer_is_not_over_before_its_final_status() {
    let (mut script, mut peer, call) = established();
    let refer = transfer(&mut script, call);
    script.receive(reply(&refer, 202, "Accepted"));
    told(&mut script, call, TransferProgress::Accepted);
    // The target rings long, and every word of it keeps the transfer alive.
    for status in [180, 183, 180, 181] {
        pass(&mut script, Duration::from_secs(170));
        let fragment = format!("SIP/2.0 {status} Still");
        script.receive(notify(&mut peer, "active;expires=60", &fragment));
        script.sent_response(200);
        told(&mut script, call, TransferProgress::Trying(status));
    }
    script.receive(notify(&mut peer, "active", "SIP/2.0 486 Busy Here"));
    script.sent_response(200);
    told(&mut script, call, TransferProgress::Failed(Some(486)));
    // A last NOTIFY that only ends the subscription says nothing new.
    script.receive(notify(&mut peer, "terminated;reason=noresource", "SIP/2.0 486 Busy Here"));
    script.sent_response(200);
    script.quiet();
}

// SIP.js #254, #1069: a transfer that nothing more is heard of never ended.
#[test]
fn a_transfer_that_nothing_is_heard_of_ends() {
    let (mut script, mut peer, call) = established();
    let refer = transfer(&mut script, call);
    script.receive(reply(&refer, 202, "Accepted"));
    told(&mut script, call, TransferProgress::Accepted);
    pass(&mut script, Duration::from_millis(179_999));
    assert_eq!(script.deadline(), Some((Duration::from_millis(1), Timer::TransferSilence)));
    script.quiet();
    pass(&mut script, Duration::from_millis(1));
    told(&mut script, call, TransferProgress::Failed(None));
    script.receive(notify(&mut peer, "active", "SIP/2.0 200 OK"));
    script.sent_response(200);
    script.quiet();
}

#[test]
fn a_subscription_that_ends_without_a_final_status_is_a_failure() {
    for fragment in ["SIP/2.0 100 Trying", "", "nonsense"] {
        let (mut script, mut peer, call) = established();
        let refer = transfer(&mut script, call);
        script.receive(reply(&refer, 202, "Accepted"));
        told(&mut script, call, TransferProgress::Accepted);
        script.receive(notify(&mut peer, "terminated;reason=giveup", fragment));
        script.sent_response(200);
        told(&mut script, call, TransferProgress::Failed(None));
        script.quiet();
    }
}

#[test]
fn a_notify_may_overtake_the_answer_to_refer() {
    let (mut script, mut peer, call) = established();
    let refer = transfer(&mut script, call);
    script.receive(notify(&mut peer, "active", "SIP/2.0 100 Trying"));
    script.sent_response(200);
    told(&mut script, call, TransferProgress::Accepted);
    told(&mut script, call, TransferProgress::Trying(100));
    script.receive(notify(&mut peer, "terminated", "SIP/2.0 200 OK"));
    script.sent_response(200);
    told(&mut script, call, TransferProgress::Done);
    script.receive(reply(&refer, 202, "Accepted"));
    script.quiet();
}

#[test]
fn a_refer_without_subscription_is_done_when_it_is_accepted() {
    let (mut script, _, call) = established();
    let refer = transfer(&mut script, call);
    script.receive(reply(&refer, 200, "OK").with("Refer-Sub", "false"));
    told(&mut script, call, TransferProgress::Accepted);
    told(&mut script, call, TransferProgress::Done);
    script.quiet();
}

#[test]
fn a_refused_transfer_leaves_the_call() {
    for (status, phrase) in [(405, "Method Not Allowed"), (481, "Gone"), (603, "Decline")] {
        let (mut script, mut peer, call) = established();
        let refer = transfer(&mut script, call);
        script.receive(reply(&refer, status, phrase));
        told(&mut script, call, TransferProgress::Failed(Some(status)));
        // It can be tried again.
        let again = transfer(&mut script, call);
        assert_eq!(again.headers.cseq().unwrap().number, 3);
        script.receive(peer.request(Method::BYE));
        script.sent_response(200);
        script.ended(call);
    }
}

#[test]
fn a_refer_that_nobody_answers_fails() {
    let (mut script, _, call) = established();
    transfer(&mut script, call);
    script.sleep(Duration::from_secs(32));
    while script.try_sent().is_some() {}
    told(&mut script, call, TransferProgress::Failed(None));
    script.quiet();
}

#[test]
fn a_challenged_refer_is_repeated_and_its_notifys_name_the_repeated_one() {
    let (mut script, mut peer, call) = established();
    let refer = transfer(&mut script, call);
    let challenge = r#"Digest realm="example.com", nonce="n1""#;
    let asked = reply(&refer, 407, "Proxy Authentication Required");
    script.receive(asked.with("Proxy-Authenticate", challenge));
    let second = script.sent_request(Method::REFER);
    assert!(second.headers.get("Proxy-Authorization").is_some());
    assert_eq!(second.headers.cseq().unwrap().number, 3);
    script.receive(reply(&second, 202, "Accepted"));
    told(&mut script, call, TransferProgress::Accepted);
    let notify = notify(&mut peer, "active", "SIP/2.0 200 OK");
    script.receive(notify.clone().replacing("Event", "refer;id=2"));
    script.sent_response(481);
    script.receive(
        peer.request(Method::NOTIFY).with("Event", "refer;id=3").with_body("SIP/2.0 200 OK"),
    );
    script.sent_response(200);
    told(&mut script, call, TransferProgress::Done);
}

#[test]
fn one_transfer_waits_for_the_other() {
    let (mut script, _, call) = established();
    transfer(&mut script, call);
    script.command(Command::Transfer { call, target: "602".into() });
    script.quiet();
}

#[test]
fn a_transfer_to_nobody_fails_at_once() {
    let (mut script, _, call) = established();
    script.command(Command::Transfer { call, target: "".into() });
    told(&mut script, call, TransferProgress::Failed(None));
    script.command(Command::TransferTo { call, other: call });
    told(&mut script, call, TransferProgress::Failed(None));
    script.command(Command::TransferTo { call, other: CallId(77) });
    told(&mut script, call, TransferProgress::Failed(None));
    script.command(Command::Transfer { call: CallId(77), target: "601".into() });
    script.quiet();
}

#[test]
fn an_accepted_transfer_survives_the_socket_and_an_unanswered_one_does_not() {
    let (mut script, mut peer, call) = established();
    let refer = transfer(&mut script, call);
    script.receive(reply(&refer, 202, "Accepted"));
    told(&mut script, call, TransferProgress::Accepted);
    script.input(Input::Disconnected);
    script.command(Command::Transfer { call, target: "601".into() });
    script.input(Input::Connected);
    while script.try_sent().is_some() {}
    script.receive(notify(&mut peer, "terminated", "SIP/2.0 200 OK"));
    while script.try_sent().is_some() {}
    told(&mut script, call, TransferProgress::Done);
    transfer(&mut script, call);
    script.input(Input::Disconnected);
    told(&mut script, call, TransferProgress::Failed(None));
    script.command(Command::Transfer { call, target: "601".into() });
    told(&mut script, call, TransferProgress::Failed(None));
}

#[test]
fn bye_after_acceptance_ends_the_call_and_the_transfer_with_it() {
    let (mut script, mut peer, call) = established();
    let refer = transfer(&mut script, call);
    script.receive(reply(&refer, 202, "Accepted"));
    told(&mut script, call, TransferProgress::Accepted);
    script.receive(peer.request(Method::BYE));
    script.sent_response(200);
    script.ended(call);
    script.receive(notify(&mut peer, "terminated", "SIP/2.0 200 OK"));
    script.sent_response(481);
    script.quiet();
    script.sleep(Duration::from_secs(32));
    script.idle();
}

#[test]
fn an_attended_transfer_names_the_dialog_as_the_target_sees_it() {
    let (mut script, _, call) = established();
    let (other, consultation) = second_call(&mut script, "601", "far2");
    drop(other);
    script.command(Command::TransferTo { call, other: consultation });
    let refer = script.sent_request(Method::REFER);
    let refer_to = refer.headers.get("Refer-To").unwrap();
    let refer_to = ringlet_sip::message::ReferTo::parse(refer_to).unwrap();
    assert_eq!(refer_to.target(), "sip:far@203.0.113.9:5062");
    script.command(Command::Hangup(consultation));
    let bye = script.sent_request(Method::BYE);
    let tag = |name| {
        let address = ringlet_sip::message::NameAddr::parse(bye.headers.get(name).unwrap());
        address.unwrap().tag().unwrap().to_owned()
    };
    let expected = [bye.headers.get("Call-ID").unwrap(), ";to-tag=far2;from-tag=", &tag("From")];
    assert_eq!(tag("To"), "far2");
    assert_eq!(refer_to.header("Replaces"), Some(expected.concat()));
}

#[test]
fn a_target_behind_a_web_socket_is_named_by_its_address_of_record() {
    let (mut script, _, call) = established();
    let (other, invite) = script.dial("601");
    let hidden = "<sip:x8@k2.invalid;transport=ws>";
    let ok = reply(&invite, 200, "OK").replacing("Contact", hidden);
    script.receive(ok.with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    script.command(Command::TransferTo { call, other });
    let refer = script.sent_request(Method::REFER);
    let refer_to = refer.headers.get("Refer-To").unwrap();
    assert!(refer_to.starts_with("<sip:601@example.com?Replaces="), "{refer_to}");
}
