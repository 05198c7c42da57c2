//! UPDATE before the answer (RFC 3311).

use ringlet_sip::message::{Method, Request};
use ringlet_sip::{CallId, Command, EndReason, Event, MediaFailed, MediaRequest, Terms};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, reply};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A call whose offer was answered in a reliable 183.
fn answered_early() -> (Script, Peer, CallId, Request) {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let progress = reply(&invite, 183, "Session Progress").with_sdp(ANSWER);
    let progress = progress.with("Require", "100rel").with("RSeq", "1");
    script.receive(progress.clone());
    let prack = script.sent_request(Method::PRACK);
    script.media_done(Ok(String::new()));
    script.event();
    script.receive(reply(&prack, 200, "OK"));
    script.quiet();
    let peer = Peer::callee(&invite, &progress);
    (script, peer, call, invite)
}

fn settle() -> MediaRequest {
    MediaRequest::SetAnswer { answer: ANSWER.into(), provisional: false }
}

fn describe(offer: &str) -> MediaRequest {
    MediaRequest::CreateAnswer { offer: offer.into(), terms: Terms::default() }
}

fn update(script: &mut Script, peer: &mut Peer, offer: &str, answer: &str) {
    script.receive(peer.request(Method::UPDATE).with_sdp(offer));
    if script.asked_media() == settle() {
        script.media_done(Ok(String::new()));
    }
    assert_eq!(script.asked_media(), describe(offer));
    script.media_done(Ok(answer.into()));
    assert_eq!(script.sent_response(200).sdp().as_deref(), Some(answer));
    script.quiet();
}

#[test]
fn an_offer_after_a_reliable_answer_is_answered() {
    let (mut script, mut peer, call, invite) = answered_early();
    script.receive(peer.request(Method::UPDATE).with_sdp("second"));
    assert_eq!(script.asked_media(), settle());
    script.media_done(Ok(String::new()));
    assert_eq!(script.asked_media(), describe("second"));
    script.media_done(Ok("our second".into()));
    let ok = script.sent_response(200);
    assert_eq!(ok.sdp().as_deref(), Some("our second"));
    assert!(ok.headers.get("Contact").is_some());
    update(&mut script, &mut peer, "third", "our third");

    // The first answer comes again in the 2xx, and means nothing any more.
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(call));
    script.quiet();
    update(&mut script, &mut peer, "fourth", "our fourth");
}

#[test]
fn an_offer_after_an_unreliable_answer_meets_ours() {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    let progress = reply(&invite, 183, "Session Progress").with_sdp(ANSWER);
    script.receive(progress.clone());
    script.media_done(Ok(String::new()));
    script.event();
    let mut peer = Peer::callee(&invite, &progress);
    script.receive(peer.request(Method::UPDATE).with_sdp("second"));
    script.sent_response(491);
    script.quiet();
}

#[test]
fn one_update_waits_for_the_other() {
    let (mut script, mut peer, ..) = answered_early();
    script.receive(peer.request(Method::UPDATE).with_sdp("second"));
    script.receive(peer.request(Method::UPDATE).with_sdp("third"));
    assert_eq!(script.sent_response(500).headers.get("Retry-After"), Some("1"));
    script.media_done(Ok(String::new()));
    script.media_done(Ok("our second".into()));
    script.sent_response(200);
    script.quiet();
}

#[test]
fn an_update_that_the_media_side_cannot_use_is_refused_and_the_call_goes_on() {
    let (mut script, mut peer, call, invite) = answered_early();
    script.receive(peer.request(Method::UPDATE).with_sdp("second"));
    script.media_done(Err(MediaFailed));
    script.sent_response(488);
    script.receive(peer.request(Method::UPDATE).with_sdp("third"));
    assert_eq!(script.asked_media(), settle());
    script.media_done(Ok(String::new()));
    script.media_done(Err(MediaFailed));
    script.sent_response(488);
    script.receive(reply(&invite, 200, "OK"));
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(call));
    script.quiet();
}

#[test]
fn an_update_without_sdp_only_refreshes_and_with_another_body_is_refused() {
    let (mut script, mut peer, ..) = answered_early();
    script.receive(peer.request(Method::UPDATE));
    script.sent_response(200);
    script.receive(
        peer.request(Method::UPDATE).with("Content-Type", "text/plain").with_body("hello"),
    );
    script.sent_response(415);
    script.receive(peer.request(Method::INVITE).with_sdp("second"));
    script.sent_response(491);
    script.quiet();
}

#[test]
fn what_a_request_within_a_dialog_requires_must_be_supported() {
    let (mut script, mut peer, call, _) = answered_early();
    script.receive(peer.request(Method::UPDATE).with("Require", "timer, precondition"));
    assert_eq!(script.sent_response(420).headers.get("Unsupported"), Some("precondition"));
    script.receive(peer.request(Method::UPDATE).with("Require", "timer"));
    script.sent_response(200);
    script.receive(peer.request(Method::BYE).with("Require", "precondition"));
    script.sent_response(200);
    script.quiet();
    script.command(Command::Hangup(call));
    script.sent_request(Method::CANCEL);
}

#[test]
fn an_answered_call_goes_on_with_the_update_under_way() {
    let (mut script, mut peer, call, invite) = answered_early();
    script.receive(peer.request(Method::UPDATE).with_sdp("second"));
    script.media_done(Ok(String::new()));
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(call));
    assert_eq!(script.asked_media(), describe("second"));
    script.media_done(Ok("our second".into()));
    assert_eq!(script.sent_response(200).sdp().as_deref(), Some("our second"));
    script.quiet();
}

#[test]
fn an_answer_before_the_update_is_begun_puts_it_off() {
    let (mut script, mut peer, call, invite) = answered_early();
    script.receive(peer.request(Method::UPDATE).with_sdp("second"));
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    assert_eq!(script.sent_response(500).headers.get("Retry-After"), Some("1"));
    assert_eq!(script.event(), Event::Answered(call));
    assert_eq!(script.asked_media(), settle());
    script.media_done(Ok(String::new()));
    script.quiet();
    update(&mut script, &mut peer, "third", "our third");
}

#[test]
fn an_update_that_the_end_of_the_call_overtakes_is_refused() {
    let (mut script, mut peer, call, invite) = answered_early();
    script.receive(peer.request(Method::UPDATE).with_sdp("second"));
    script.command(Command::Hangup(call));
    script.sent_response(481);
    let cancel = script.sent_request(Method::CANCEL);
    assert_eq!(script.ended(call).reason, EndReason::Cancelled);
    script.media_done(Ok(String::new()));
    script.receive(reply(&cancel, 200, "OK"));
    script.receive(reply(&invite, 487, "Request Terminated"));
    script.sent_request(Method::ACK);
    script.quiet();
    script.idle();

    let (mut script, mut peer, call, invite) = answered_early();
    script.receive(peer.request(Method::UPDATE).with_sdp("second"));
    script.receive(reply(&invite, 486, "Busy Here"));
    script.sent_request(Method::ACK);
    script.sent_response(481);
    assert_eq!(script.ended(call).reason, EndReason::Busy);
    script.idle();
}

#[test]
fn an_update_meets_the_callers_own_open_offer() {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    script.receive(peer.invite(Some(OFFER)));
    peer.learn(&script.sent_response(180));
    script.event();
    script.receive(peer.request(Method::UPDATE).with_sdp("second"));
    assert_eq!(script.sent_response(500).headers.get("Retry-After"), Some("5"));
    script.receive(peer.request(Method::UPDATE));
    script.sent_response(200);
    script.quiet();
}
