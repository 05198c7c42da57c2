//! Reliable provisional responses (RFC 3262).

use ringlet_sip::message::{Method, Request, Response};
use ringlet_sip::{CallId, Command, EndReason, Ended, Event, MediaRequest, Timer};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn reliable(invite: &Request, status: u16, rseq: &str) -> Response {
    reply(invite, status, "Reliably").with("Require", "100rel").with("RSeq", rseq)
}

fn early(sdp: &str) -> MediaRequest {
    MediaRequest::SetAnswer { answer: sdp.into(), provisional: true }
}

fn insistent(offer: Option<&str>) -> (Script, Peer, CallId, Option<Response>) {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    script.receive(peer.invite(offer).with("Require", "100rel"));
    let ringing = offer.map(|_| script.sent_response(180));
    if let Some(ringing) = &ringing {
        peer.learn(ringing);
    }
    let Event::Incoming { call, .. } = script.event() else { panic!("an incoming call") };
    script.quiet();
    (script, peer, call, ringing)
}

fn rack(ringing: &Response) -> String {
    format!("{} 101 INVITE", ringing.headers.get("RSeq").expect("RSeq"))
}

#[test]
fn our_invite_offers_reliability() {
    let (_, invite) = Script::connected().dial("600");
    assert!(invite.headers.lists("Supported", "100rel"));
    assert!(invite.headers.lists("Allow", "PRACK"));
}

#[test]
fn reliable_ringing_is_acknowledged_at_once_in_its_dialog() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let ringing = reliable(&invite, 180, "776").with("Record-Route", "<sip:edge;lr>");
    script.receive(ringing.clone());
    let prack = script.sent_request(Method::PRACK);
    assert_eq!(prack.uri, "sip:far@203.0.113.9:5062");
    assert_eq!(prack.headers.get("RAck"), Some("776 1 INVITE"));
    assert_eq!(prack.headers.get("CSeq"), Some("2 PRACK"));
    assert_eq!(prack.headers.get("Route"), Some("<sip:edge;lr>"));
    assert_eq!(prack.headers.get("To"), ringing.headers.get("To"));
    assert_eq!(prack.headers.get("From"), invite.headers.get("From"));
    assert_eq!(script.event(), Event::Progress { call, status: 180, early_media: false });
    script.receive(reply(&prack, 200, "OK"));
    script.quiet();
}

#[test]
fn what_is_repeated_or_out_of_order_is_not_acknowledged_nor_looked_at() {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    script.receive(reliable(&invite, 180, "5"));
    script.sent_request(Method::PRACK);
    script.event();
    script.receive(reliable(&invite, 180, "5"));
    script.receive(reliable(&invite, 183, "7").with_sdp("from the future"));
    script.receive(reliable(&invite, 183, "4").with_sdp("from the past"));
    script.quiet();
    script.receive(reliable(&invite, 183, "6").with_sdp("one"));
    let prack = script.sent_request(Method::PRACK);
    assert_eq!(prack.headers.get("RAck"), Some("6 1 INVITE"));
    assert_eq!(prack.headers.cseq().unwrap().number, 3);
    assert_eq!(script.asked_media(), early("one"));
}

#[test]
fn a_response_that_only_looks_reliable_is_taken_without_prack() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 180, "Ringing").with("RSeq", "1"));
    script.receive(reply(&invite, 182, "Queued").with("Require", "100rel"));
    script.receive(reliable(&invite, 181, "0"));
    for status in [180, 182, 181] {
        assert_eq!(script.event(), Event::Progress { call, status, early_media: false });
    }
    script.quiet();
}

// SIP.js #193, #211: without 100rel it ignored media in a 183.
#[test]
fn early_media_plays_with_and_without_reliability() {
    for is_reliable in [false, true] {
        let mut script = Script::connected();
        let (call, invite) = script.dial("606");
        let response = if is_reliable {
            reliable(&invite, 183, "1")
        } else {
            reply(&invite, 183, "Session Progress")
        };
        script.receive(response.with_sdp(ANSWER));
        if is_reliable {
            script.sent_request(Method::PRACK);
        }
        assert_eq!(script.asked_media(), early(ANSWER));
        script.media_done(Ok(String::new()));
        assert_eq!(script.event(), Event::Progress { call, status: 183, early_media: true });
        script.quiet();
    }
}

#[test]
fn the_answer_in_a_reliable_response_stands_when_the_2xx_has_none() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reliable(&invite, 183, "1").with_sdp(ANSWER));
    let prack = script.sent_request(Method::PRACK);
    script.media_done(Ok(String::new()));
    script.event();
    script.receive(reply(&prack, 200, "OK"));
    script.receive(reply(&invite, 200, "OK"));
    script.sent_request(Method::ACK);
    let last = MediaRequest::SetAnswer { answer: ANSWER.into(), provisional: false };
    assert_eq!(script.asked_media(), last);
    assert_eq!(script.event(), Event::Answered(call));
    script.media_done(Ok(String::new()));
    // The dialog goes on counting from the PRACK.
    script.command(Command::Hangup(call));
    assert_eq!(script.sent_request(Method::BYE).headers.get("CSeq"), Some("3 BYE"));
}

#[test]
fn a_challenged_prack_is_answered_and_the_dialog_counts_on() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reliable(&invite, 180, "9"));
    let prack = script.sent_request(Method::PRACK);
    script.event();
    let asked = reply(&prack, 407, "Proxy Authentication Required");
    script.receive(asked.with("Proxy-Authenticate", r#"Digest realm="h", nonce="n""#));
    let again = script.sent_request(Method::PRACK);
    assert_eq!(again.headers.get("RAck"), Some("9 1 INVITE"));
    assert_eq!(again.headers.get("CSeq"), Some("3 PRACK"));
    assert!(again.headers.get("Proxy-Authorization").is_some());
    script.receive(reply(&again, 200, "OK"));
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    script.command(Command::Hangup(call));
    assert_eq!(script.sent_request(Method::BYE).headers.get("CSeq"), Some("4 BYE"));
}

#[test]
fn an_answer_that_nobody_waits_for_is_ended_under_a_new_number() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    for tag in ["one", "two"] {
        script.receive(reliable(&invite, 180, "1").tagged(tag));
        script.sent_request(Method::PRACK);
    }
    script.event();
    script.command(Command::Hangup(call));
    script.sent_request(Method::CANCEL);
    script.ended(call);
    for tag in ["one", "two"] {
        script.receive(reply(&invite, 200, "OK").tagged(tag).with_sdp(ANSWER));
        script.sent_request(Method::ACK);
        assert_eq!(script.sent_request(Method::BYE).headers.get("CSeq"), Some("3 BYE"));
    }
}

#[test]
fn a_refused_or_unanswered_prack_leaves_the_call_to_its_invite() {
    for status in [Some(481), Some(500), None] {
        let mut script = Script::connected();
        let (call, invite) = script.dial("600");
        script.receive(reliable(&invite, 180, "1"));
        let prack = script.sent_request(Method::PRACK);
        script.event();
        match status {
            Some(status) => script.receive(reply(&prack, status, "No")),
            None => script.sleep(Duration::from_secs(32)),
        }
        while script.try_sent().is_some() {}
        script.quiet();
        script.receive(reply(&invite, 504, "Server Time-out"));
        script.sent_request(Method::ACK);
        assert_eq!(script.ended(call).status, Some(504));
        script.idle();
    }
}

#[test]
fn a_challenge_to_a_prack_that_the_answer_overtook_is_answered_too() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reliable(&invite, 180, "9"));
    let prack = script.sent_request(Method::PRACK);
    script.event();
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    let asked = reply(&prack, 407, "Proxy Authentication Required");
    script.receive(asked.with("Proxy-Authenticate", r#"Digest realm="h", nonce="n""#));
    let again = script.sent_request(Method::PRACK);
    script.receive(reply(&again, 200, "OK"));
    script.command(Command::Hangup(call));
    let (last, bye) = (again.headers.cseq().unwrap(), script.sent_request(Method::BYE));
    assert!(bye.headers.cseq().unwrap().number > last.number);
}

#[test]
fn ringing_is_plain_for_callers_who_do_not_insist() {
    let mut script = Script::connected();
    script.receive(Peer::caller("in").invite(Some(OFFER)).with("Supported", "100rel"));
    let ringing = script.sent_response(180);
    assert_eq!((ringing.headers.get("RSeq"), ringing.headers.get("Require")), (None, None));
    script.event();
    script.quiet();
}

#[test]
fn ringing_is_repeated_with_growing_pauses_until_its_prack_comes() {
    let (mut script, mut peer, _, ringing) = insistent(Some(OFFER));
    let ringing = ringing.unwrap();
    assert_eq!(ringing.headers.get("Require"), Some("100rel"));
    assert!(ringing.headers.get("Contact").is_some());
    assert_eq!(script.deadline(), Some((Duration::from_millis(500), Timer::RepeatRinging)));
    for pause in [500, 1000, 2000, 4000, 8000] {
        script.pass(Duration::from_millis(pause - 1));
        script.quiet();
        script.pass(Duration::from_millis(1));
        assert_eq!(script.sent_response(180), ringing);
    }
    script.receive(peer.request(Method::PRACK).with("RAck", &rack(&ringing)));
    script.sent_response(200);
    script.pass(Duration::from_secs(8));
    script.quiet();
}

#[test]
fn ringing_that_nobody_acknowledges_ends_with_504() {
    let (mut script, _, call, _) = insistent(Some(OFFER));
    script.sleep(Duration::from_secs(32));
    assert_eq!(script.sent_bytes(), b"\r\n\r\n");
    script.sent_response(504);
    let end = Ended { reason: EndReason::ConnectionLost, status: Some(504), phrase: None };
    assert_eq!(script.ended(call), end);
}

#[test]
fn a_prack_for_nothing_is_481() {
    let (mut script, mut peer, _, ringing) = insistent(Some(OFFER));
    let ringing = ringing.unwrap();
    let rseq: u32 = ringing.headers.get("RSeq").unwrap().parse().unwrap();
    for wrong in [format!("{} 101 INVITE", rseq + 1), format!("{rseq} 100 INVITE"), "x".into()] {
        script.receive(peer.request(Method::PRACK).with("RAck", &wrong));
        script.sent_response(481);
    }
    script.receive(peer.request(Method::PRACK));
    script.sent_response(481);
    script.receive(peer.request(Method::PRACK).with("RAck", &rack(&ringing)));
    script.sent_response(200);
    script.receive(peer.request(Method::PRACK).with("RAck", &rack(&ringing)));
    script.sent_response(481);
    script.receive(Peer::caller("other").request(Method::PRACK).with("RAck", &rack(&ringing)));
    script.sent_response(481);
    script.quiet();
}

#[test]
fn an_offer_in_a_prack_comes_too_early() {
    let (mut script, mut peer, _, ringing) = insistent(Some(OFFER));
    let prack = peer.request(Method::PRACK).with("RAck", &rack(&ringing.unwrap()));
    script.receive(prack.with_sdp("another"));
    script.sent_response(488);
    script.pass(Duration::from_secs(1));
    script.quiet();
}

#[test]
fn each_further_ringing_has_the_next_number() {
    let (mut script, mut peer, _, ringing) = insistent(Some(OFFER));
    let first = ringing.unwrap();
    script.receive(peer.request(Method::PRACK).with("RAck", &rack(&first)));
    script.sent_response(200);
    script.sleep(Duration::from_secs(60));
    assert_eq!(script.sent_bytes(), b"\r\n\r\n");
    let second = script.sent_response(180);
    let number = |r: &Response| r.headers.get("RSeq").unwrap().parse::<u32>().unwrap();
    assert_eq!(number(&second), number(&first) + 1);
    script.receive(peer.request(Method::PRACK).with("RAck", &rack(&second)));
    script.sent_response(200);
    script.quiet();
}

#[test]
fn an_answer_does_not_wait_for_the_prack_which_may_come_late() {
    let (mut script, mut peer, call, ringing) = insistent(Some(OFFER));
    let prack = peer.request(Method::PRACK).with("RAck", &rack(&ringing.unwrap()));
    script.command(Command::Answer(call));
    script.media_done(Ok(ANSWER.into()));
    let ok = script.sent_response(200);
    assert_eq!(ok.sdp().as_deref(), Some(ANSWER));
    script.event();
    script.receive(prack);
    assert_eq!(script.sent_response(200).headers.get("CSeq"), Some("102 PRACK"));
    // Only the 2xx is repeated now.
    script.pass(Duration::from_millis(600));
    assert_eq!(script.sent_response(200), ok);
    script.quiet();
}

#[test]
fn a_caller_who_insists_without_an_offer_hears_no_ringing() {
    let (mut script, _, call, _) = insistent(None);
    script.pass(Duration::from_millis(200));
    script.sent_response(100);
    script.sleep(Duration::from_secs(60));
    assert_eq!(script.sent_bytes(), b"\r\n\r\n");
    script.quiet();
    script.command(Command::Answer(call));
    script.media_done(Ok(OFFER.into()));
    assert_eq!(script.sent_response(200).sdp().as_deref(), Some(OFFER));
}

#[test]
fn a_cancel_ends_the_repeating() {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    let invite = peer.invite(Some(OFFER)).with("Require", "100rel");
    script.receive(invite.clone());
    script.sent_response(180);
    script.event();
    script.receive(peer.same_branch(Method::CANCEL, &invite));
    script.sent_response(200);
    script.sent_response(487);
    script.receive(peer.same_branch(Method::ACK, &invite));
    script.idle();
}
