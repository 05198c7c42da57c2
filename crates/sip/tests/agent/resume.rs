use crate::confirmed::{established, joined};
use ringlet_sip::message::Method;
use ringlet_sip::{
    CallId, Command, EndReason, Event, Input, MAX_CALLS, MediaRequest, Party, ResumeError, Terms,
};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, config, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const RESTART: Terms = Terms { hold: false, restart: true };
const SECOND: Duration = Duration::from_secs(1);

/// Another page's agent, before its socket is open.
fn other_page() -> Script {
    Script::with_seed(config(), [9; 32])
}

fn identity(call: CallId, number: &str, name: Option<&str>) -> Event {
    let party = Party { number: number.into(), display_name: name.map(str::to_owned) };
    Event::Identity { call, party }
}

fn resumed(snapshot: &str, age: Duration) -> (Script, CallId) {
    let mut script = other_page();
    let call = script.resume(snapshot, age).expect("it is sound");
    (script, call)
}

#[test]
fn another_agent_takes_a_call_over() {
    let (mut old, mut peer, call) = established();
    let snapshot = old.export(call).unwrap();
    old.abandon(call);
    old.quiet();

    let (mut script, call) = resumed(&snapshot, SECOND);
    assert_eq!(script.event(), identity(call, "600", None));
    script.quiet();
    script.input(Input::Connected);
    assert_eq!(script.asked_media(), MediaRequest::CreateOffer(RESTART));
    script.media_done(Ok(OFFER.into()));
    let invite = script.sent_request(Method::INVITE);
    assert_eq!(invite.uri, "sip:far@203.0.113.9:5062");
    assert_eq!(invite.headers.get("To"), Some("<sip:600@example.com>;tag=far"));
    let old_number = 1;
    assert!(invite.headers.cseq().unwrap().number > old_number);
    let ok = reply(&invite, 200, "OK").with_sdp(ANSWER);
    script.receive(ok.clone());
    script.sent_request(Method::ACK);
    script.media_done(Ok(String::new()));
    assert_eq!(script.event(), Event::Recovered(call));

    peer.move_to(&invite);
    script.receive(peer.request(Method::UPDATE));
    script.sent_response(200);
    script.receive(peer.request(Method::BYE));
    script.sent_response(200);
    assert_eq!(script.ended(call).reason, EndReason::RemoteHangup);
    script.quiet();
}

#[test]
fn the_snapshot_keeps_route_set_role_numbers_and_identity() {
    let mut old = Script::connected();
    let (call, invite) = old.dial("600");
    let ok = reply(&invite, 200, "OK")
        .with("Record-Route", "<sip:second.example.com;lr>, <sip:first.example.com;lr>")
        .with("P-Asserted-Identity", "\"Zoë \\\"Z\\\"\" <sip:+4930600@example.com>");
    old.receive(ok.with_sdp(ANSWER));
    old.sent_request(Method::ACK);
    let snapshot = old.export(call).unwrap();

    let (mut script, call) = resumed(&snapshot, SECOND);
    assert_eq!(script.event(), identity(call, "+4930600", Some("Zoë \"Z\"")));
    script.input(Input::Connected);
    script.media_done(Ok(OFFER.into()));
    let invite = script.sent_request(Method::INVITE);
    let routes: Vec<_> = invite.headers.all("Route").collect();
    assert_eq!(routes, ["<sip:first.example.com;lr>", "<sip:second.example.com;lr>"]);
    // Whoever made the call waits longer after a glare.
    script.receive(reply(&invite, 491, "Request Pending"));
    script.sent_request(Method::ACK);
    assert!(script.deadline().unwrap().0 >= Duration::from_millis(2100));
    // What another agent exports, the next one reads.
    assert!(script.export(call).unwrap().starts_with("ringlet-call 1\nrole caller\n"));
}

#[test]
fn a_call_that_came_in_is_taken_over_too() {
    let (old, mut peer, call) = joined();
    let (mut script, call) = resumed(&old.export(call).unwrap(), SECOND);
    assert_eq!(script.event(), identity(call, "bob", Some("Bob")));
    script.input(Input::Connected);
    script.forget_media();
    let old_request = peer.clone().ack();
    script.receive(peer.request(Method::UPDATE));
    script.sent_response(200);
    script.receive(old_request);
    script.quiet();
}

#[test]
fn the_registration_is_waited_for() {
    let (old, _, call) = established();
    let (mut script, _) = resumed(&old.export(call).unwrap(), SECOND);
    script.event();
    script.command(Command::Register);
    script.input(Input::Connected);
    let register = script.sent_request(Method::REGISTER);
    script.registration();
    script.quiet();
    script.receive(reply(&register, 200, "OK").with("Expires", "600"));
    assert_eq!(script.asked_media(), MediaRequest::CreateOffer(RESTART));
}

#[test]
fn a_far_end_that_has_hung_up_meanwhile_ends_it() {
    let (old, _, call) = established();
    let (mut script, call) = resumed(&old.export(call).unwrap(), SECOND);
    script.event();
    script.input(Input::Connected);
    script.media_done(Ok(OFFER.into()));
    let invite = script.sent_request(Method::INVITE);
    script.receive(reply(&invite, 481, "Call/Transaction Does Not Exist"));
    script.sent_request(Method::ACK);
    script.sent_request(Method::BYE);
    assert_eq!(script.ended(call).status, Some(481));
}

#[test]
fn a_held_call_is_taken_over_as_held() {
    let (mut old, mut peer, call) = established();
    old.command(Command::Hold(call));
    old.media_done(Ok(OFFER.into()));
    let invite = old.sent_request(Method::INVITE);
    old.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    old.sent_request(Method::ACK);
    old.media_done(Ok(String::new()));
    old.receive(peer.invite(Some("m=audio 9 RTP/AVP 0\na=sendonly")));
    old.media_done(Ok(ANSWER.into()));
    let (mut script, call) = resumed(&old.export(call).unwrap(), SECOND);
    script.event();
    assert_eq!(script.event(), Event::Hold { call, local: true, remote: true });
    script.input(Input::Connected);
    let held = Terms { hold: true, restart: true };
    assert_eq!(script.asked_media(), MediaRequest::CreateOffer(held));
}

/// The snapshot of a call whose session timer has run for 100 of 1,800 seconds.
fn with_timer(refresher: &str) -> String {
    let mut old = Script::connected();
    let (call, invite) = old.dial("600");
    let ok = reply(&invite, 200, "OK").with("Session-Expires", refresher);
    old.receive(ok.with("Allow", "UPDATE").with_sdp(ANSWER));
    old.media_done(Ok(String::new()));
    old.sleep(100 * SECOND);
    old.export(call).expect("an answered call")
}

#[test]
fn the_session_timer_goes_on() {
    let (mut script, call) = resumed(&with_timer("1800;refresher=uac"), 50 * SECOND);
    script.event();
    script.pass(1649 * SECOND);
    script.quiet();
    script.pass(SECOND);
    assert_eq!(script.ended(call).reason, EndReason::SessionExpired);

    let (mut script, call) = resumed(&with_timer("1800;refresher=uas"), 50 * SECOND);
    script.event();
    script.pass((1649 - 32) * SECOND);
    script.quiet();
    script.pass(SECOND);
    assert_eq!(script.ended(call).reason, EndReason::SessionExpired);

    let (mut script, _) = resumed(&with_timer("1800;refresher=uac"), 50 * SECOND);
    script.event();
    script.input(Input::Connected);
    script.media_done(Ok(OFFER.into()));
    let invite = script.sent_request(Method::INVITE);
    assert_eq!(invite.headers.get("Session-Expires"), Some("1800;refresher=uac"));
}

#[test]
fn a_snapshot_is_stale_when_the_session_has_run_out_or_after_five_minutes() {
    let mut script = other_page();
    let snapshot = with_timer("1800;refresher=uac");
    assert_eq!(script.resume(&snapshot, 1700 * SECOND), Err(ResumeError::Stale));
    assert_eq!(script.resume(&snapshot, Duration::MAX), Err(ResumeError::Stale));
    let (old, _, call) = established();
    let snapshot = old.export(call).unwrap();
    assert_eq!(script.resume(&snapshot, 300 * SECOND), Err(ResumeError::Stale));
    script.quiet();
    assert!(script.resume(&snapshot, 299 * SECOND).is_ok());
}

#[test]
fn a_call_cannot_be_had_twice() {
    let (mut old, _, call) = established();
    let snapshot = old.export(call).unwrap();
    assert_eq!(old.resume(&snapshot, SECOND), Err(ResumeError::Duplicate));
    old.command(Command::Hangup(call));
    assert_eq!(old.resume(&snapshot, SECOND), Err(ResumeError::Duplicate));
}

#[test]
fn a_full_agent_takes_no_more() {
    let mut script = other_page();
    let mut last = Ok(CallId(0));
    for number in 0..=MAX_CALLS {
        assert!(last.is_ok());
        let (old, _, call) = established();
        let snapshot = old.export(call).unwrap();
        let own = snapshot.replace("call-id ", &format!("call-id {number}"));
        last = script.resume(&own, SECOND);
    }
    assert_eq!(last, Err(ResumeError::Full));
}

#[test]
fn numbers_are_given_once() {
    let (old, _, call) = established();
    let mut script = other_page();
    let first = script.new_call();
    assert_eq!(script.resume("", SECOND), Err(ResumeError::Malformed));
    let resumed = script.resume(&old.export(call).unwrap(), SECOND).unwrap();
    assert_eq!((first, resumed, script.new_call()), (CallId(1), CallId(2), CallId(3)));
}

#[test]
fn only_answered_calls_are_exported() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    assert_eq!(script.export(call), None);
    assert_eq!(script.export(CallId(77)), None);
    script.receive(reply(&invite, 180, "Ringing"));
    assert_eq!(script.export(call), None);
    let (mut script, _, call) = established();
    script.command(Command::Hangup(call));
    assert_eq!(script.export(call), None);
}

#[test]
fn other_versions_and_other_texts_are_refused_cleanly() {
    let (old, _, call) = established();
    let snapshot = old.export(call).unwrap();
    let mut script = other_page();
    let newer = snapshot.replacen("ringlet-call 1", "ringlet-call 2", 1);
    assert_eq!(script.resume(&newer, SECOND), Err(ResumeError::Version));
    for (from, to) in [
        ("ringlet-call", "ringlet"),
        ("role caller", "role judge"),
        ("call-id ", "call-id two words "),
        ("call-id ", "nothing "),
        (";tag=", ";gat="),
        ("target sip:", "target :"),
        ("target ", "target sip:a@b SIP/2.0 "),
        ("target ", "route \"\ntarget "),
        ("target ", "route <sip:a@b>\r\ntarget "),
        ("local-cseq 1", "local-cseq -1"),
        ("local-cseq 1", "local-cseq"),
        ("local-cseq 1", "local-cseq 4294967295"),
        ("local-cseq 1", "local-cseq 2147483647"),
        ("role ", "interval 90\nrole "),
        ("role ", "left 90\nrole "),
    ] {
        let text = snapshot.replacen(from, to, 1);
        assert_ne!(text, snapshot, "{from}");
        assert_eq!(script.resume(&text, SECOND), Err(ResumeError::Malformed), "{to}");
    }
    let long = snapshot.clone() + &"x y\n".repeat(5000);
    assert_eq!(script.resume(&long, SECOND), Err(ResumeError::Malformed));
    let many = "route <sip:a@b;lr>\n".repeat(33) + "target ";
    let many = snapshot.replacen("target ", &many, 1);
    assert_eq!(script.resume(&many, SECOND), Err(ResumeError::Malformed));
    for end in 0..snapshot.len() {
        let _ = script.resume(&snapshot[..end], SECOND);
    }
}

#[test]
fn a_name_with_line_breaks_cannot_write_lines_of_its_own() {
    let mut old = Script::connected();
    let (call, invite) = old.dial("600");
    let ok = reply(&invite, 200, "OK")
        .with("P-Asserted-Identity", "<sip:1%0Atarget%20evil@example.com>");
    old.receive(ok.with_sdp(ANSWER));
    old.sent_request(Method::ACK);
    let (mut script, call) = resumed(&old.export(call).unwrap(), SECOND);
    assert_eq!(script.event(), identity(call, "1 target evil", None));
}

#[test]
fn an_abandoned_call_is_forgotten_without_a_word() {
    let (mut script, mut peer, call) = established();
    script.command(Command::Hold(call));
    script.media_done(Ok(OFFER.into()));
    script.sent_request(Method::INVITE);
    script.abandon(call);
    script.quiet();
    script.receive(peer.request(Method::UPDATE));
    script.sent_response(481);
    script.sleep(32 * SECOND);
    script.idle();
    assert_eq!(script.export(call), None);
}

#[test]
fn what_the_far_end_asks_of_an_abandoned_call_it_is_to_ask_again() {
    let (mut script, mut peer, call) = established();
    script.receive(peer.request(Method::UPDATE).with_sdp(OFFER));
    script.abandon(call);
    let later = script.sent_response(500);
    assert!(later.headers.get("Retry-After").is_some());
    script.forget_media();
    script.quiet();
    script.sleep(32 * SECOND);
    script.idle();
}

#[test]
fn what_is_not_answered_cannot_be_abandoned() {
    let mut script = Script::connected();
    script.receive(Peer::caller("in").invite(Some(OFFER)));
    script.sent_response(180);
    let Event::Incoming { call, .. } = script.event() else { panic!("a call") };
    script.abandon(call);
    script.command(Command::Hangup(call));
    script.ended(call);
}
