use ringlet_sip::message::{Method, Response};
use ringlet_sip::{
    CallId, Command, EndReason, Ended, Event, MediaFailed, MediaRequest, Party, Terms,
};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A call that the agent has made, with nothing left to look at.
pub(crate) fn established() -> (Script, Peer, CallId) {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let ok: Response = reply(&invite, 200, "OK").with_sdp(ANSWER);
    script.receive(ok.clone());
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(call));
    script.media_done(Ok(String::new()));
    script.quiet();
    (script, Peer::callee(&invite, &ok), call)
}

/// A call that the agent has taken, with nothing left to look at.
pub(crate) fn joined() -> (Script, Peer, CallId) {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    script.receive(peer.invite(Some(OFFER)));
    peer.learn(&script.sent_response(180));
    let Event::Incoming { call, .. } = script.event() else { panic!("a call") };
    script.command(Command::Answer(call));
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    assert_eq!(script.event(), Event::Answered(call));
    script.receive(peer.ack());
    script.quiet();
    (script, peer, call)
}

#[test]
fn bye_from_the_far_end_ends_the_call() {
    let (mut script, mut peer, call) = established();
    let why = "SIP;cause=480;text=\"gone, really\"";
    let bye = peer.request(Method::BYE).with("Reason", why);
    script.receive(bye.clone());
    script.sent_response(200);
    let phrase = Some("gone, really".into());
    let end = Ended { reason: EndReason::RemoteHangup, status: Some(480), phrase };
    assert_eq!(script.ended(call), end);
    script.receive(bye);
    script.sent_response(481);
    script.command(Command::Hangup(call));
    script.quiet();
}

#[test]
fn crossing_byes_end_the_call_once() {
    let (mut script, mut peer, call) = established();
    script.command(Command::Hangup(call));
    let bye = script.sent_request(Method::BYE);
    assert_eq!(script.ended(call).reason, EndReason::LocalHangup);
    script.receive(peer.request(Method::BYE));
    script.sent_response(200);
    script.receive(reply(&bye, 481, "Call/Transaction Does Not Exist"));
    script.quiet();
}

#[test]
fn a_challenged_bye_is_repeated_with_credentials() {
    let (mut script, _, call) = established();
    script.command(Command::Hangup(call));
    let bye = script.sent_request(Method::BYE);
    let challenge = r#"Digest realm="example.com", nonce="n1""#;
    let asked = reply(&bye, 407, "Proxy Authentication Required");
    script.receive(asked.with("Proxy-Authenticate", challenge));
    let second = script.sent_request(Method::BYE);
    assert!(second.headers.get("Proxy-Authorization").is_some());
    assert_eq!(second.headers.cseq().unwrap().number, 3);
    script.receive(reply(&second, 200, "OK"));
    script.ended(call);
    script.quiet();
}

#[test]
fn a_bye_that_nobody_answers_leaves_nothing_behind() {
    let (mut script, _, call) = established();
    script.command(Command::Hangup(call));
    script.sent_request(Method::BYE);
    assert_eq!(script.ended(call).reason, EndReason::LocalHangup);
    script.sleep(Duration::from_secs(600));
    script.idle();
}

#[test]
fn a_reinvite_is_answered_with_a_new_answer() {
    let (mut script, mut peer, _) = established();
    let moved = "<sip:moved@203.0.113.10>";
    script.receive(peer.invite(Some("hold")).replacing("Contact", moved));
    assert_eq!(
        script.asked_media(),
        MediaRequest::CreateAnswer { offer: "hold".into(), terms: Terms::default() }
    );
    script.media_done(Ok("held".into()));
    let ok = script.sent_response(200);
    assert_eq!(ok.sdp().as_deref(), Some("held"));
    assert!(ok.headers.get("Contact").is_some());
    script.pass(Duration::from_millis(500));
    assert_eq!(script.sent_response(200), ok);
    script.receive(peer.ack());
    script.pass(Duration::from_secs(10));
    script.quiet();

    script.command(Command::Hangup(CallId(1)));
    assert_eq!(script.sent_request(Method::BYE).uri, "sip:moved@203.0.113.10");
}

#[test]
fn a_reinvite_without_an_offer_gets_one() {
    let (mut script, mut peer, _) = established();
    script.receive(peer.invite(None));
    assert_eq!(script.asked_media(), MediaRequest::CreateOffer(Terms::default()));
    script.media_done(Ok("fresh offer".into()));
    assert_eq!(script.sent_response(200).sdp().as_deref(), Some("fresh offer"));
    script.receive(peer.ack().with_sdp("fresh answer"));
    let answer = MediaRequest::SetAnswer { answer: "fresh answer".into(), provisional: false };
    assert_eq!(script.asked_media(), answer);
    script.media_done(Ok(String::new()));
    script.quiet();
}

#[test]
fn a_reinvite_that_cannot_be_answered_leaves_the_call_as_it_was() {
    let (mut script, mut peer, call) = established();
    let invite = peer.invite(Some("video"));
    script.receive(invite.clone());
    script.media_done(Err(MediaFailed));
    script.sent_response(488);
    script.receive(peer.same_branch(Method::ACK, &invite));
    script.quiet();
    script.command(Command::Hangup(call));
    script.sent_request(Method::BYE);
}

#[test]
fn a_slow_reinvite_says_trying() {
    let (mut script, mut peer, _) = established();
    script.receive(peer.invite(Some("hold")));
    script.pass(Duration::from_millis(200));
    let trying = script.sent_response(100);
    assert_eq!(trying.headers.get("CSeq"), Some("7001 INVITE"));
}

#[test]
fn a_second_reinvite_must_wait() {
    let (mut script, mut peer, _) = established();
    script.receive(peer.invite(Some("one")));
    script.receive(peer.invite(Some("two")));
    let refused = script.sent_response(500);
    assert!(refused.headers.get("Retry-After").is_some());
    script.media_done(Ok("answer".into()));
    script.sent_response(200);
    script.receive(peer.invite(Some("three")));
    script.sent_response(491);
}

#[test]
fn hangup_during_a_reinvite_ends_both() {
    let (mut script, mut peer, call) = established();
    script.receive(peer.invite(Some("one")));
    script.command(Command::Hangup(call));
    script.sent_response(487);
    script.sent_request(Method::BYE);
    assert_eq!(script.ended(call).reason, EndReason::LocalHangup);
    script.media_done(Ok("late".into()));
    script.quiet();
}

#[test]
fn a_reinvite_may_be_taken_back() {
    let (mut script, mut peer, _) = established();
    let reinvite = peer.invite(Some(OFFER));
    script.receive(reinvite.clone());
    script.receive(peer.same_branch(Method::CANCEL, &reinvite));
    script.sent_response(200);
    let refusal = script.sent_response(487);
    assert_eq!(refusal.headers.cseq(), reinvite.headers.cseq());
    script.receive(peer.same_branch(Method::ACK, &reinvite));
    // The answer comes too late, and the next one is as good as the first.
    script.media_done(Ok(ANSWER.into()));
    script.quiet();
    script.receive(peer.invite(Some(OFFER)));
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.receive(peer.ack());
    script.quiet();
}

#[test]
fn hangup_after_a_reinvite_need_not_wait_for_its_ack() {
    let (mut script, mut peer, call) = established();
    script.receive(peer.invite(Some("one")));
    script.media_done(Ok("answer".into()));
    script.sent_response(200);
    script.command(Command::Hangup(call));
    script.sent_request(Method::BYE);
    script.ended(call);
}

#[test]
fn updates_are_answered_with_and_without_sdp() {
    let (mut script, mut peer, _) = established();
    script.receive(peer.request(Method::UPDATE));
    let ok = script.sent_response(200);
    assert!(ok.body.is_empty() && ok.headers.get("Contact").is_some());
    script.receive(peer.request(Method::UPDATE).with_sdp("hold"));
    script.media_done(Ok("held".into()));
    assert_eq!(script.sent_response(200).sdp().as_deref(), Some("held"));
    script.quiet();
    script.pass(Duration::from_secs(20));
    script.quiet();
}

#[test]
fn other_requests_are_answered_by_rule_and_the_call_stays() {
    let (mut script, mut peer, call) = established();
    for (method, status) in [
        (Method::OPTIONS, 200),
        (Method::SUBSCRIBE, 405),
        (Method::REFER, 400),
        (Method::NOTIFY, 489),
        (Method::from_token("FLY"), 501),
    ] {
        script.receive(peer.request(method));
        script.sent_response(status);
    }
    script.receive(peer.request(Method::INVITE).with("Content-Type", "text/plain").with_body("x"));
    script.sent_response(415);
    script.command(Command::Hangup(call));
    script.sent_request(Method::BYE);
}

#[test]
fn a_request_out_of_order_is_refused() {
    let (mut script, mut peer, _) = established();
    let old = peer.request(Method::UPDATE);
    script.receive(peer.request(Method::UPDATE));
    script.sent_response(200);
    script.receive(old);
    script.sent_response(500);
    script.quiet();
}

#[test]
fn an_ack_for_nothing_is_ignored() {
    let (mut script, mut peer, _) = established();
    script.receive(peer.ack().with_sdp("stray"));
    script.receive(Peer::caller("stray").ack());
    script.quiet();
}

// RFC 4916, RFC 3325
#[test]
fn a_far_end_that_becomes_somebody_else_is_told_once() {
    let (mut script, mut peer, call) = established();
    let is_now = |number: &str, name: Option<&str>| {
        let party = Party { number: number.into(), display_name: name.map(str::to_owned) };
        Event::Identity { call, party }
    };
    let asserted = "\"Jo\" <sip:601@example.com>";
    for news in [true, false] {
        script.receive(peer.request(Method::UPDATE).with("P-Asserted-Identity", asserted));
        script.sent_response(200);
        if news {
            assert_eq!(script.event(), is_now("601", Some("Jo")));
        }
        script.quiet();
    }
    let older = "<sip:602@example.com>;party=calling;screen=yes";
    script.receive(peer.invite(Some(OFFER)).with("Remote-Party-ID", older));
    assert_eq!(script.event(), is_now("602", None));
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.receive(peer.ack());

    let from = "\"Zoe\" <sip:603@example.com>;tag=far";
    for news in [true, false] {
        script.receive(peer.request(Method::UPDATE).replacing("From", from));
        script.sent_response(200);
        if news {
            assert_eq!(script.event(), is_now("603", Some("Zoe")));
        }
        script.quiet();
    }
    script.command(Command::Hangup(call));
    assert_eq!(script.sent_request(Method::BYE).headers.get("To"), Some(from));
}

#[test]
fn a_request_that_says_nothing_new_of_the_far_end_is_no_news() {
    for (mut script, mut peer, _) in [established(), joined()] {
        script.receive(peer.request(Method::UPDATE));
        script.sent_response(200);
        script.quiet();
    }
}
