use ringlet_sip::message::{Method, NameAddr, Request};
use ringlet_sip::{
    CallId, Command, EndReason, Ended, Event, MediaFailed, MediaRequest, Party, Refusal, Terms,
    Timer,
};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn ringing(offer: Option<&str>) -> (Script, Peer, Request, CallId) {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    let invite = peer.invite(offer);
    script.receive(invite.clone());
    peer.learn(&script.sent_response(180));
    let Event::Incoming { call, .. } = script.event() else { panic!("an incoming call") };
    script.quiet();
    (script, peer, invite, call)
}

fn ended(reason: EndReason, status: u16) -> Ended {
    Ended { reason, status: Some(status), phrase: None }
}

#[test]
fn an_invite_rings_and_says_who_calls() {
    let mut script = Script::connected();
    let invite = Peer::caller("in").invite(Some(OFFER));
    script.receive(invite.clone());
    let ringing = script.sent_response(180);
    assert!(ringing.to_tag().is_some());
    let vias: Vec<_> = ringing.headers.all("Via").collect();
    assert_eq!(vias, invite.headers.all("Via").collect::<Vec<_>>());
    assert_eq!(ringing.headers.get("Record-Route"), invite.headers.get("Record-Route"));
    assert!(NameAddr::parse(ringing.headers.get("Contact").unwrap()).unwrap().uri.ends_with(";ob"));
    let Event::Incoming { from, .. } = script.event() else { panic!("an incoming call") };
    assert_eq!(from, Party { number: "bob".into(), display_name: Some("Bob".into()) });
    script.quiet();
}

#[test]
fn an_answered_call_goes_from_invite_to_bye() {
    let (mut script, mut peer, invite, call) = ringing(Some(OFFER));
    script.command(Command::Answer(call));
    assert_eq!(
        script.asked_media(),
        MediaRequest::CreateAnswer { offer: OFFER.into(), terms: Terms::default() }
    );
    script.media_done(Ok(ANSWER.into()));
    let ok = script.sent_response(200);
    assert_eq!(ok.sdp().as_deref(), Some(ANSWER));
    assert_eq!(ok.headers.get("CSeq"), invite.headers.get("CSeq"));
    assert_eq!(script.event(), Event::Answered(call));
    script.receive(peer.ack());
    script.quiet();
    script.receive(peer.request(Method::BYE));
    script.sent_response(200);
    let end = Ended { reason: EndReason::RemoteHangup, status: None, phrase: None };
    assert_eq!(script.ended(call), end);
    script.pass(Duration::from_secs(23));
    script.quiet();
    script.sleep(Duration::from_secs(600));
    script.idle();
}

#[test]
fn a_repeated_invite_gets_the_same_response() {
    let (mut script, _, invite, call) = ringing(Some(OFFER));
    script.receive(invite.clone());
    script.sent_response(180);
    script.command(Command::Reject(call, Refusal::Busy));
    script.sent_response(486);
    script.ended(call);
    script.receive(invite.clone());
    script.sent_response(486);
    script.receive(Peer::caller("in").same_branch(Method::ACK, &invite));
    script.quiet();
    script.idle();
}

#[test]
fn each_refusal_has_its_status() {
    for (refusal, status) in
        [(Refusal::Busy, 486), (Refusal::Decline, 603), (Refusal::Unavailable, 480)]
    {
        let (mut script, _, _, call) = ringing(Some(OFFER));
        script.command(Command::Reject(call, refusal));
        script.sent_response(status);
        assert_eq!(script.ended(call), ended(EndReason::Rejected, status));
        script.command(Command::Hangup(call));
        script.command(Command::Answer(call));
        script.quiet();
    }
}

#[test]
fn a_call_is_sent_on_to_another_address() {
    let (mut script, _, _, call) = ringing(Some(OFFER));
    script.command(Command::Redirect { call, target: "+49 30 602".into() });
    let moved = script.sent_response(302);
    assert_eq!(moved.headers.get("Contact"), Some("<sip:+4930602@example.com>"));
    assert_eq!(script.ended(call), ended(EndReason::Rejected, 302));
    script.command(Command::Redirect { call, target: "603".into() });
    script.quiet();
}

#[test]
fn a_call_that_cannot_be_sent_on_is_refused_as_unavailable() {
    let (mut script, _, _, call) = ringing(Some(OFFER));
    script.command(Command::Redirect { call, target: "a b".into() });
    script.sent_response(480);
    assert_eq!(script.ended(call), ended(EndReason::Rejected, 480));
}

#[test]
fn a_call_that_is_being_answered_is_sent_on_and_one_that_was_is_not() {
    let (mut script, _, _, call) = ringing(Some(OFFER));
    script.command(Command::Answer(call));
    script.command(Command::Redirect { call, target: "602".into() });
    script.sent_response(302);
    assert_eq!(script.ended(call), ended(EndReason::Rejected, 302));
    script.media_done(Ok(ANSWER.into()));
    script.quiet();

    let (mut script, _, _, call) = ringing(Some(OFFER));
    script.command(Command::Answer(call));
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.event();
    script.command(Command::Redirect { call, target: "602".into() });
    script.quiet();
}

#[test]
fn hangup_of_a_ringing_call_refuses_it() {
    let (mut script, _, _, call) = ringing(Some(OFFER));
    script.command(Command::Hangup(call));
    script.sent_response(480);
    assert_eq!(script.ended(call), ended(EndReason::Rejected, 480));
}

#[test]
fn hangup_while_the_answer_is_made_refuses_and_the_late_answer_is_ignored() {
    let (mut script, _, _, call) = ringing(Some(OFFER));
    script.command(Command::Answer(call));
    let op = script.forget_media();
    script.command(Command::Hangup(call));
    script.sent_response(480);
    script.ended(call);
    script.input(ringlet_sip::Input::Media(op, Ok(ANSWER.into())));
    script.quiet();
}

#[test]
fn a_cancelled_call_is_terminated() {
    let (mut script, peer, invite, call) = ringing(Some(OFFER));
    script.receive(peer.same_branch(Method::CANCEL, &invite));
    let ok = script.sent_response(200);
    let gone = script.sent_response(487);
    assert_eq!(ok.headers.get("CSeq"), Some("101 CANCEL"));
    assert_eq!(ok.to_tag(), gone.to_tag());
    assert_eq!(script.ended(call), ended(EndReason::RemoteCancelled, 487));
    script.receive(peer.same_branch(Method::ACK, &invite));
    script.quiet();
    script.idle();
}

#[test]
fn a_call_taken_elsewhere_says_so() {
    for (why, reason, status) in [
        ("SIP;cause=200;text=\"Call completed elsewhere\"", EndReason::AnsweredElsewhere, 200),
        ("Q.850;cause=26", EndReason::AnsweredElsewhere, 487),
        ("SIP ;cause=603", EndReason::Declined, 603),
        ("Q.850;cause=16", EndReason::RemoteCancelled, 487),
        ("SIP", EndReason::RemoteCancelled, 487),
    ] {
        let (mut script, peer, invite, call) = ringing(Some(OFFER));
        script.receive(peer.same_branch(Method::CANCEL, &invite).with("Reason", why));
        let end = script.ended(call);
        assert_eq!((end.reason, end.status), (reason, Some(status)), "{why}");
    }
}

#[test]
fn cancel_while_the_answer_is_made_wins() {
    let (mut script, peer, invite, call) = ringing(Some(OFFER));
    script.command(Command::Answer(call));
    script.receive(peer.same_branch(Method::CANCEL, &invite));
    script.sent_response(200);
    script.sent_response(487);
    assert_eq!(script.ended(call).reason, EndReason::RemoteCancelled);
    script.media_done(Ok(ANSWER.into()));
    script.quiet();
}

#[test]
fn cancel_after_the_answer_changes_nothing() {
    let (mut script, mut peer, invite, call) = ringing(Some(OFFER));
    script.command(Command::Answer(call));
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.event();
    script.receive(peer.same_branch(Method::CANCEL, &invite));
    assert_eq!(script.sent_response(200).headers.get("CSeq"), Some("101 CANCEL"));
    script.receive(peer.ack());
    script.quiet();
}

#[test]
fn cancel_of_nothing_is_481() {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    let invite = peer.invite(None);
    script.receive(peer.same_branch(Method::CANCEL, &invite));
    script.sent_response(481);
    script.quiet();
}

#[test]
fn bye_before_the_answer_ends_the_invite_too() {
    let (mut script, mut peer, _, call) = ringing(Some(OFFER));
    script.receive(peer.request(Method::BYE));
    script.sent_response(200);
    script.sent_response(487);
    assert_eq!(script.ended(call).reason, EndReason::RemoteCancelled);
}

#[test]
fn media_that_fails_refuses_the_call() {
    let (mut script, _, _, call) = ringing(Some(OFFER));
    script.command(Command::Answer(call));
    script.media_done(Err(MediaFailed));
    script.sent_response(480);
    assert_eq!(script.ended(call), ended(EndReason::MediaFailed, 480));
}

#[test]
fn a_late_offer_is_made_on_answering_and_answered_in_the_ack() {
    let (mut script, mut peer, _, call) = ringing(None);
    script.command(Command::Answer(call));
    assert_eq!(script.asked_media(), MediaRequest::CreateOffer(Terms::default()));
    script.media_done(Ok(OFFER.into()));
    assert_eq!(script.sent_response(200).sdp().as_deref(), Some(OFFER));
    assert_eq!(script.event(), Event::Answered(call));
    script.receive(peer.ack().with_sdp(ANSWER));
    let answer = MediaRequest::SetAnswer { answer: ANSWER.into(), provisional: false };
    assert_eq!(script.asked_media(), answer);
    script.media_done(Ok(String::new()));
    script.quiet();
}

#[test]
fn a_late_offer_without_an_answer_ends_politely() {
    let (mut script, mut peer, _, call) = ringing(None);
    script.command(Command::Answer(call));
    script.media_done(Ok(OFFER.into()));
    script.sent_response(200);
    script.event();
    script.receive(peer.ack());
    script.sent_request(Method::BYE);
    assert_eq!(script.ended(call).reason, EndReason::Incompatible);
}

#[test]
fn the_answer_is_repeated_until_the_ack_comes() {
    let (mut script, mut peer, _, call) = ringing(Some(OFFER));
    script.command(Command::Answer(call));
    script.media_done(Ok(ANSWER.into()));
    let ok = script.sent_response(200);
    script.event();
    for pause in [500, 1000, 2000, 4000, 4000] {
        script.pass(Duration::from_millis(pause - 1));
        script.quiet();
        script.pass(Duration::from_millis(1));
        assert_eq!(script.sent_response(200), ok);
    }
    script.receive(peer.ack());
    script.pass(Duration::from_secs(10));
    script.quiet();
}

#[test]
fn an_answer_that_nobody_acknowledges_ends_with_bye() {
    let (mut script, _, _, call) = ringing(Some(OFFER));
    script.command(Command::Answer(call));
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.event();
    script.sleep(Duration::from_secs(600));
    assert_eq!(script.ended(call).reason, EndReason::ConnectionLost);
    assert_eq!(script.sent_bytes(), b"\r\n\r\n");
    script.sent_request(Method::BYE);
}

#[test]
fn hangup_before_the_ack_waits_for_it() {
    let (mut script, mut peer, _, call) = ringing(Some(OFFER));
    script.command(Command::Answer(call));
    script.media_done(Ok(ANSWER.into()));
    let ok = script.sent_response(200);
    script.event();
    script.command(Command::Hangup(call));
    assert_eq!(script.ended(call).reason, EndReason::LocalHangup);
    script.quiet();
    script.pass(Duration::from_millis(500));
    assert_eq!(script.sent_response(200), ok);
    script.receive(peer.ack());
    let bye = script.sent_request(Method::BYE);
    assert_eq!(bye.uri, "sip:bob@203.0.113.9:5062");
    let route = Some("<sip:proxy.example.com;transport=ws;lr>");
    assert_eq!(bye.headers.get("Route"), route);
    script.receive(ringlet_testkit::reply(&bye, 200, "OK"));
    script.quiet();
}

#[test]
fn leaving_waits_for_no_ack() {
    let (mut script, _, _, call) = ringing(Some(OFFER));
    script.command(Command::Answer(call));
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.event();
    script.command(Command::Leave);
    assert_eq!(script.ended(call).reason, EndReason::LocalHangup);
    script.sent_request(Method::BYE);
    script.quiet();
}

#[test]
fn a_long_ring_is_refreshed_and_its_expiry_obeyed() {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    script.receive(peer.invite(Some(OFFER)).with("Expires", "70"));
    script.sent_response(180);
    let Event::Incoming { call, .. } = script.event() else { panic!("an incoming call") };
    assert!(matches!(script.deadline(), Some((_, Timer::Ping))));
    script.sleep(Duration::from_secs(60));
    assert_eq!(script.sent_bytes(), b"\r\n\r\n");
    script.sent_response(180);
    script.sleep(Duration::from_secs(9));
    script.quiet();
    script.sleep(Duration::from_secs(1));
    script.sent_response(487);
    assert_eq!(script.ended(call), ended(EndReason::NoAnswer, 487));
}

#[test]
fn the_same_invite_by_another_way_is_a_loop() {
    let (mut script, _, invite, _) = ringing(Some(OFFER));
    let merged = invite.replacing("Via", "SIP/2.0/WSS proxy.example.com;branch=z9hG4bKother");
    script.receive(merged);
    script.sent_response(482);
    script.quiet();
}

#[test]
fn what_is_not_understood_is_refused_by_rule() {
    let sent = |request: Request, status: u16| {
        let mut script = Script::connected();
        script.receive(request);
        let response = script.sent_response(status);
        script.quiet();
        response
    };
    let invite = || Peer::caller("in").invite(Some(OFFER));
    let refused = sent(invite().with("Require", "precondition, 100rel, x"), 420);
    assert_eq!(refused.headers.get("Unsupported"), Some("precondition, x"));
    let refused = sent(invite().replacing("Content-Type", "multipart/mixed;boundary=x"), 415);
    assert_eq!(refused.headers.get("Accept"), Some("application/sdp"));
    sent(invite().without("Contact"), 400);
    sent(Request { uri: "mailto:x@example.com".into(), ..invite() }, 416);
    sent(Peer::caller("in").request(Method::BYE), 481);
    sent(Peer::caller("in").request(Method::UPDATE), 481);
    sent(Peer::caller("in").request(Method::INFO), 481);
    sent(Peer::caller("in").request(Method::REFER), 603);
    let refused = sent(Peer::caller("in").request(Method::SUBSCRIBE), 405);
    assert!(refused.headers.lists("Allow", "INVITE"));
    sent(Peer::caller("in").request(Method::from_token("FLY")), 501);
    sent(Peer::caller("in").request(Method::BYE).tagged("unknown"), 481);
}

#[test]
fn a_call_on_its_last_hop_rings() {
    // Only who forwards minds Max-Forwards (RFC 3261 section 16.3).
    let mut script = Script::connected();
    let invite = Peer::caller("in").invite(Some(OFFER));
    script.receive(invite.replacing("Max-Forwards", "0"));
    script.sent_response(180);
}

#[test]
fn options_are_answered() {
    let mut script = Script::connected();
    script.receive(Peer::caller("ping").request(Method::OPTIONS));
    let ok = script.sent_response(200);
    assert!(ok.headers.lists("Allow", "INVITE"));
    assert_eq!(ok.headers.get("Accept"), Some("application/sdp"));
    assert!(ok.headers.lists("Allow-Events", "refer"));
    assert_eq!(
        ok.headers.get("Supported"),
        Some("outbound, gruu, 100rel, timer, replaces, norefersub, from-change, 199")
    );
    script.idle();
}

#[test]
fn too_many_calls_are_busy() {
    let mut script = Script::connected();
    for n in 0..=ringlet_sip::MAX_CALLS {
        script.receive(Peer::caller(&format!("in{n}")).invite(Some(OFFER)));
        script.sent_response(if n < ringlet_sip::MAX_CALLS { 180 } else { 486 });
    }
}

#[test]
fn a_flood_of_invites_is_bounded() {
    let mut script = Script::connected();
    let mut last = None;
    for n in 0..400 {
        script.receive(Peer::caller(&format!("in{n}")).invite(Some(OFFER)));
        last = Some(script.sent());
    }
    let Some(ringlet_sip::message::Message::Response(last)) = last else { panic!("a response") };
    assert_eq!(last.status, 503);
}
