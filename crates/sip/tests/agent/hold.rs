use crate::confirmed::{established, joined};
use ringlet_sip::message::{Method, Request, Response};
use ringlet_sip::{
    CallId, Command, EndReason, Event, MediaFailed, MediaRequest, MediaResult, Terms, Timer,
};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const HELD: Terms = Terms { hold: true, restart: false };
const SECOND: Duration = Duration::from_secs(1);

/// SDP with one audio stream of this direction.
fn sdp(direction: &str) -> String {
    format!("v=0\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\na={direction}\r\n")
}

/// The media side has made the offer; gives the re-INVITE.
fn reinvite(script: &mut Script, terms: Terms) -> Request {
    assert_eq!(script.asked_media(), MediaRequest::CreateOffer(terms));
    script.media_done(Ok(OFFER.into()));
    script.sent_request(Method::INVITE)
}

/// The far end accepts, and the media side has (or has not) taken its answer.
fn accept(script: &mut Script, invite: &Request, answer: &str, applied: MediaResult) -> Request {
    script.receive(reply(invite, 200, "OK").with_sdp(answer));
    let ack = script.sent_request(Method::ACK);
    let answer = MediaRequest::SetAnswer { answer: answer.into(), provisional: false };
    assert_eq!(script.asked_media(), answer);
    script.media_done(applied);
    ack
}

fn rolled_back(script: &mut Script) {
    assert_eq!(script.asked_media(), MediaRequest::Rollback);
    script.media_done(Ok(String::new()));
}

fn held(call: CallId, local: bool, remote: bool) -> Event {
    Event::Hold { call, local, remote }
}

fn failed(call: CallId, status: impl Into<Option<u16>>) -> Event {
    Event::ChangeFailed { call, status: status.into(), will_retry: false }
}

#[test]
fn a_hold_is_told_when_the_far_end_has_agreed() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    let invite = reinvite(&mut script, HELD);
    assert_eq!(invite.uri, "sip:far@203.0.113.9:5062");
    assert_eq!(invite.headers.get("To"), Some("<sip:600@example.com>;tag=far"));
    assert_eq!(invite.headers.cseq().unwrap().number, 2);
    assert!(invite.headers.get("Contact").unwrap().ends_with(";ob>"));
    assert!(invite.headers.lists("Allow", "UPDATE") && invite.headers.lists("Supported", "timer"));
    assert_eq!(invite.sdp().as_deref(), Some(OFFER));
    script.receive(reply(&invite, 100, "Trying"));
    script.receive(reply(&invite, 183, "Session Progress").with_sdp("early"));
    script.quiet();
    let ack = accept(&mut script, &invite, &sdp("recvonly"), Ok(String::new()));
    assert_eq!(ack.headers.cseq().unwrap().number, 2);
    assert_eq!(ack.headers.get("To"), Some("<sip:600@example.com>;tag=far"));
    assert_eq!(script.event(), held(call, true, false));
    script.command(Command::Hold(call));
    script.quiet();

    script.command(Command::Resume(call));
    let invite = reinvite(&mut script, Terms::default());
    accept(&mut script, &invite, &sdp("sendrecv"), Ok(String::new()));
    assert_eq!(script.event(), held(call, false, false));
    script.quiet();
}

#[test]
fn a_callee_holds_as_a_caller_does() {
    let (mut script, _, call) = joined();
    script.command(Command::Hold(call));
    let invite = reinvite(&mut script, HELD);
    assert_eq!(invite.headers.get("To"), Some("\"Bob\" <sip:bob@example.com>;tag=bob"));
    assert_eq!(invite.headers.cseq().unwrap().number, 1);
    accept(&mut script, &invite, &sdp("recvonly"), Ok(String::new()));
    assert_eq!(script.event(), held(call, true, false));
    script.quiet();
}

#[test]
fn a_restart_has_new_ice_credentials_and_no_hold_is_told() {
    let (mut script, _, call) = established();
    script.command(Command::Restart(call));
    let invite = reinvite(&mut script, Terms { hold: false, restart: true });
    accept(&mut script, &invite, ANSWER, Ok(String::new()));
    script.quiet();
    script.command(Command::Resume(call));
    script.quiet();
}

// SIP.js #685
#[test]
fn a_refused_hold_leaves_the_call_as_it_was() {
    for status in [302, 403, 415, 420, 488, 500, 503, 603] {
        let (mut script, _, call) = established();
        script.command(Command::Hold(call));
        let invite = reinvite(&mut script, HELD);
        script.receive(reply(&invite, status, "No"));
        script.sent_request(Method::ACK);
        rolled_back(&mut script);
        assert_eq!(script.event(), failed(call, status));
        script.quiet();
        script.command(Command::Resume(call));
        script.quiet();
        script.command(Command::Hold(call));
        let invite = reinvite(&mut script, HELD);
        assert_eq!(invite.headers.cseq().unwrap().number, 3);
        accept(&mut script, &invite, &sdp("recvonly"), Ok(String::new()));
        assert_eq!(script.event(), held(call, true, false));
    }
}

// SIP.js #685
#[test]
fn a_refused_resumption_leaves_the_call_held() {
    let (mut script, mut peer, call) = established();
    script.command(Command::Hold(call));
    let invite = reinvite(&mut script, HELD);
    accept(&mut script, &invite, &sdp("recvonly"), Ok(String::new()));
    script.event();
    script.command(Command::Resume(call));
    let invite = reinvite(&mut script, Terms::default());
    script.receive(reply(&invite, 488, "Not Acceptable Here"));
    script.sent_request(Method::ACK);
    rolled_back(&mut script);
    assert_eq!(script.event(), failed(call, 488));
    script.receive(peer.invite(Some("offer")));
    let offer = "offer".to_owned();
    assert_eq!(script.asked_media(), MediaRequest::CreateAnswer { offer, terms: HELD });
}

#[test]
fn an_offer_that_cannot_be_made_is_told_and_nothing_is_sent() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    script.media_done(Err(MediaFailed));
    assert_eq!(script.event(), failed(call, None));
    script.quiet();
}

#[test]
fn an_answer_that_is_missing_or_bad_is_acknowledged_all_the_same() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    let invite = reinvite(&mut script, HELD);
    script.receive(reply(&invite, 200, "OK"));
    script.sent_request(Method::ACK);
    rolled_back(&mut script);
    assert_eq!(script.event(), failed(call, 200));
    script.quiet();

    script.command(Command::Hold(call));
    let invite = reinvite(&mut script, HELD);
    accept(&mut script, &invite, "nonsense", Err(MediaFailed));
    rolled_back(&mut script);
    assert_eq!(script.event(), failed(call, None));
    script.quiet();
}

#[test]
fn a_repeated_2xx_gets_its_ack_again() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    let invite = reinvite(&mut script, HELD);
    accept(&mut script, &invite, &sdp("recvonly"), Ok(String::new()));
    script.event();
    let ok: Response = reply(&invite, 200, "OK").with_sdp("again");
    script.receive(ok.clone());
    let ack = script.sent_request(Method::ACK);
    assert_eq!(ack.headers.cseq().unwrap().number, 2);
    script.quiet();
    script.pass(32 * SECOND);
    script.receive(ok);
    while script.try_sent().is_some_and(|sent| sent == b"\r\n\r\n") {}
    script.quiet();
}

#[test]
fn the_contact_of_the_2xx_is_the_new_target() {
    let (mut script, _, call) = established();
    script.command(Command::Restart(call));
    let invite = reinvite(&mut script, Terms { hold: false, restart: true });
    let moved = reply(&invite, 200, "OK").replacing("Contact", "<sip:moved@203.0.113.7>");
    script.receive(moved.with_sdp(ANSWER));
    assert_eq!(script.sent_request(Method::ACK).uri, "sip:moved@203.0.113.7");
    script.media_done(Ok(String::new()));
    script.command(Command::Hangup(call));
    assert_eq!(script.sent_request(Method::BYE).uri, "sip:moved@203.0.113.7");
}

#[test]
fn a_challenged_reinvite_is_repeated_with_credentials() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    let invite = reinvite(&mut script, HELD);
    let challenge = r#"Digest realm="example.com", nonce="n1""#;
    let asked = reply(&invite, 407, "Proxy Authentication Required");
    script.receive(asked.with("Proxy-Authenticate", challenge));
    script.sent_request(Method::ACK);
    let second = script.sent_request(Method::INVITE);
    assert!(second.headers.get("Proxy-Authorization").is_some());
    assert_eq!(second.headers.cseq().unwrap().number, 3);
    assert_eq!(second.sdp().as_deref(), Some(OFFER));
    let ack = accept(&mut script, &second, &sdp("recvonly"), Ok(String::new()));
    assert_eq!(ack.headers.cseq().unwrap().number, 3);
    assert!(ack.headers.get("Proxy-Authorization").is_some());
    assert_eq!(script.event(), held(call, true, false));
    script.quiet();
}

#[test]
fn credentials_that_are_refused_are_a_refusal_of_the_hold() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    let mut invite = reinvite(&mut script, HELD);
    let challenge = r#"Digest realm="example.com", nonce="n1""#;
    for again in [true, false] {
        script.receive(reply(&invite, 401, "Unauthorized").with("WWW-Authenticate", challenge));
        script.sent_request(Method::ACK);
        if again {
            invite = script.sent_request(Method::INVITE);
        }
    }
    rolled_back(&mut script);
    assert_eq!(script.event(), failed(call, 401));
    script.quiet();
}

#[test]
fn a_far_end_that_does_not_know_the_call_ends_it() {
    let ways = [(408, EndReason::ConnectionLost), (481, EndReason::RemoteHangup)];
    for (status, reason) in ways {
        let (mut script, _, call) = established();
        script.command(Command::Hold(call));
        let invite = reinvite(&mut script, HELD);
        script.receive(reply(&invite, status, "Gone"));
        script.sent_request(Method::ACK);
        let bye = script.sent_request(Method::BYE);
        let ended = script.ended(call);
        assert_eq!((ended.reason, ended.status), (reason, Some(status)));
        script.receive(reply(&bye, 481, "Call/Transaction Does Not Exist"));
        script.quiet();
        script.sleep(32 * SECOND);
        script.idle();
    }
}

#[test]
fn a_far_end_that_never_reacts_ends_the_call() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    reinvite(&mut script, HELD);
    script.pass(31 * SECOND);
    assert_eq!(script.try_sent(), Some(b"\r\n\r\n".to_vec()));
    script.quiet();
    script.pass(SECOND);
    script.sent_request(Method::BYE);
    assert_eq!(script.ended(call).reason, EndReason::ConnectionLost);
    script.quiet();
}

#[test]
fn a_far_end_that_reacts_and_never_answers_is_cancelled() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    let invite = reinvite(&mut script, HELD);
    script.receive(reply(&invite, 100, "Trying"));
    script.sleep(31 * SECOND);
    while script.try_sent().is_some() {}
    assert_eq!(script.deadline(), Some((SECOND, Timer::ReinviteTimeout)));
    script.pass(SECOND);
    let cancel = script.sent_request(Method::CANCEL);
    assert_eq!(cancel.headers.top_via(), invite.headers.top_via());
    script.receive(reply(&cancel, 200, "OK"));
    script.receive(reply(&invite, 487, "Request Terminated"));
    script.sent_request(Method::ACK);
    rolled_back(&mut script);
    assert_eq!(script.event(), failed(call, 487));
    script.quiet();
}

#[test]
fn a_far_end_that_ignores_cancel_too_ends_the_call_and_leaves_nothing_behind() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    let invite = reinvite(&mut script, HELD);
    script.receive(reply(&invite, 100, "Trying"));
    script.sleep(32 * SECOND);
    script.sleep(32 * SECOND);
    assert_eq!(script.ended(call).reason, EndReason::ConnectionLost);
    script.sleep(32 * SECOND);
    script.sleep(32 * SECOND);
    script.idle();
}

#[test]
fn wishes_during_a_reinvite_wait_and_the_last_one_counts() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    script.command(Command::Resume(call));
    let invite = reinvite(&mut script, HELD);
    for wish in [Command::Hold(call), Command::Resume(call), Command::Restart(call)] {
        script.command(wish);
    }
    script.quiet();
    accept(&mut script, &invite, &sdp("recvonly"), Ok(String::new()));
    assert_eq!(script.event(), held(call, true, false));
    let invite = reinvite(&mut script, Terms { hold: false, restart: true });
    accept(&mut script, &invite, &sdp("sendrecv"), Ok(String::new()));
    assert_eq!(script.event(), held(call, false, false));
    script.quiet();
}

#[test]
fn a_wish_that_was_not_part_of_what_was_refused_is_tried_still() {
    let (mut script, _, call) = established();
    script.command(Command::Restart(call));
    let invite = reinvite(&mut script, Terms { hold: false, restart: true });
    script.command(Command::Hold(call));
    script.receive(reply(&invite, 488, "Not Acceptable Here"));
    script.sent_request(Method::ACK);
    rolled_back(&mut script);
    assert_eq!(script.event(), failed(call, 488));
    reinvite(&mut script, HELD);
}

#[test]
fn a_hold_waits_for_the_ack_of_the_call() {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    script.receive(peer.invite(Some(OFFER)));
    peer.learn(&script.sent_response(180));
    let Event::Incoming { call, .. } = script.event() else { panic!("a call") };
    script.command(Command::Answer(call));
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.event();
    script.command(Command::Hold(call));
    script.quiet();
    script.receive(peer.ack());
    reinvite(&mut script, HELD);
}

#[test]
fn a_hold_waits_for_the_far_ends_reinvite() {
    let (mut script, mut peer, call) = established();
    script.receive(peer.invite(Some("offer")));
    script.command(Command::Hold(call));
    let offer = "offer".to_owned();
    let terms = Terms::default();
    assert_eq!(script.asked_media(), MediaRequest::CreateAnswer { offer, terms });
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.quiet();
    script.receive(peer.ack());
    let invite = reinvite(&mut script, HELD);
    accept(&mut script, &invite, &sdp("recvonly"), Ok(String::new()));
    assert_eq!(script.event(), held(call, true, false));
}

#[test]
fn the_far_ends_hold_is_told_when_it_changes() {
    let (mut script, mut peer, call) = established();
    let nowhere = sdp("sendrecv").replace("192.0.2.1", "0.0.0.0");
    for (offer, remote) in [
        (sdp("sendonly"), Some(true)),
        (sdp("inactive"), None),
        (sdp("sendrecv"), Some(false)),
        (sdp("recvonly"), None),
        (nowhere, Some(true)),
        ("no audio".to_owned(), None),
        (sdp("sendrecv"), Some(false)),
    ] {
        script.receive(peer.invite(Some(&offer)));
        script.media_done(Ok(ANSWER.into()));
        script.sent_response(200);
        script.receive(peer.ack());
        if let Some(remote) = remote {
            assert_eq!(script.event(), held(call, false, remote), "{offer}");
        }
        script.quiet();
    }
    script.receive(peer.request(Method::UPDATE).with_sdp(&sdp("sendonly")));
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    assert_eq!(script.event(), held(call, false, true));
}

#[test]
fn a_far_end_that_holds_in_its_answers_is_told_too() {
    let (mut script, mut peer, call) = established();
    script.command(Command::Restart(call));
    let invite = reinvite(&mut script, Terms { hold: false, restart: true });
    accept(&mut script, &invite, &sdp("inactive"), Ok(String::new()));
    assert_eq!(script.event(), held(call, false, true));

    script.receive(peer.invite(None));
    assert_eq!(script.asked_media(), MediaRequest::CreateOffer(Terms::default()));
    script.media_done(Ok(OFFER.into()));
    script.sent_response(200);
    script.receive(peer.ack().with_sdp(&sdp("sendrecv")));
    script.media_done(Ok(String::new()));
    assert_eq!(script.event(), held(call, false, false));
    script.quiet();
}

#[test]
fn inactive_in_answer_to_our_hold_says_nothing_of_the_far_end() {
    let (mut script, mut peer, call) = established();
    script.command(Command::Hold(call));
    let invite = reinvite(&mut script, HELD);
    accept(&mut script, &invite, &sdp("inactive"), Ok(String::new()));
    assert_eq!(script.event(), held(call, true, false));

    script.receive(peer.invite(Some(&sdp("sendonly"))));
    let offer = sdp("sendonly");
    assert_eq!(script.asked_media(), MediaRequest::CreateAnswer { offer, terms: HELD });
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    assert_eq!(script.event(), held(call, true, true));
    script.receive(peer.ack());
    script.quiet();
}

#[test]
fn a_refused_offer_of_the_far_end_changes_no_hold() {
    let (mut script, mut peer, _) = established();
    let invite = peer.invite(Some(&sdp("sendonly")));
    script.receive(invite.clone());
    script.media_done(Err(MediaFailed));
    script.sent_response(488);
    script.receive(peer.same_branch(Method::ACK, &invite));
    script.quiet();
}

#[test]
fn hangup_during_our_reinvite_ends_the_call_and_leaves_nothing_behind() {
    for (status, phrase) in [(487, "Request Terminated"), (200, "OK")] {
        let (mut script, _, call) = established();
        script.command(Command::Hold(call));
        let invite = reinvite(&mut script, HELD);
        script.receive(reply(&invite, 100, "Trying"));
        script.command(Command::Hangup(call));
        let bye = script.sent_request(Method::BYE);
        assert_eq!(script.ended(call).reason, EndReason::LocalHangup);
        script.receive(reply(&invite, status, phrase));
        script.sent_request(Method::ACK);
        script.receive(reply(&bye, 200, "OK"));
        script.quiet();
        script.sleep(32 * SECOND);
        script.idle();
    }
}

#[test]
fn bye_during_our_reinvite_ends_the_call_and_leaves_nothing_behind() {
    for answered in [true, false] {
        let (mut script, mut peer, call) = established();
        script.command(Command::Hold(call));
        let invite = reinvite(&mut script, HELD);
        script.receive(reply(&invite, 100, "Trying"));
        script.receive(peer.request(Method::BYE));
        script.sent_response(200);
        assert_eq!(script.ended(call).reason, EndReason::RemoteHangup);
        if answered {
            script.receive(reply(&invite, 487, "Request Terminated"));
            script.sent_request(Method::ACK);
        }
        script.sleep(32 * SECOND);
        script.idle();
    }
}

#[test]
fn a_hangup_while_the_offer_is_made_sends_no_reinvite() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    script.command(Command::Hangup(call));
    script.sent_request(Method::BYE);
    script.ended(call);
    script.media_done(Ok(OFFER.into()));
    script.quiet();
}

#[test]
fn holding_what_is_not_answered_is_ignored() {
    let mut script = Script::connected();
    let (call, _) = script.dial("600");
    for wish in [Command::Hold(call), Command::Resume(call), Command::Restart(CallId(99))] {
        script.command(wish);
    }
    script.quiet();
}

#[test]
fn a_call_that_begins_on_hold_is_told_so() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 200, "OK").with_sdp(&sdp("sendonly")));
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(call));
    assert_eq!(script.event(), held(call, false, true));

    let mut script = Script::connected();
    script.receive(Peer::caller("in").invite(Some(&sdp("inactive"))));
    let Event::Incoming { call, .. } = script.event() else { panic!("a call") };
    script.command(Command::Answer(call));
    script.media_done(Ok(ANSWER.into()));
    assert_eq!(script.event(), Event::Answered(call));
    assert_eq!(script.event(), held(call, false, true));
}
