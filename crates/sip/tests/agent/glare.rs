use crate::confirmed::{established, joined};
use ringlet_sip::message::{Method, Request};
use ringlet_sip::{CallId, Command, Event, MediaRequest, Terms, Timer};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const HELD: Terms = Terms { hold: true, restart: false };

fn offered(script: &mut Script, terms: Terms) -> Request {
    assert_eq!(script.asked_media(), MediaRequest::CreateOffer(terms));
    script.media_done(Ok(OFFER.into()));
    script.sent_request(Method::INVITE)
}

/// The far end's re-INVITE is under way too, and it says so.
fn pending(script: &mut Script, invite: &Request) {
    script.receive(reply(invite, 491, "Request Pending"));
    script.sent_request(Method::ACK);
    assert_eq!(script.asked_media(), MediaRequest::Rollback);
    script.media_done(Ok(String::new()));
    script.quiet();
}

fn agreed(script: &mut Script, invite: &Request, call: CallId) {
    script.receive(reply(invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.media_done(Ok(String::new()));
    assert_eq!(script.event(), Event::Hold { call, local: true, remote: false });
    script.quiet();
}

fn pause(script: &Script) -> Duration {
    let (pause, timer) = script.deadline().expect("a retry");
    assert_eq!(timer, Timer::ReinviteAgain);
    pause
}

#[test]
fn whoever_called_waits_longer_after_a_glare() {
    let callers: fn() -> (Script, Peer, CallId) = established;
    for (call, low, high) in [(callers, 2100, 4000), (joined, 0, 2000)] {
        let (mut script, _, call) = call();
        script.command(Command::Hold(call));
        for number in [1, 2, 3] {
            let invite = offered(&mut script, HELD);
            pending(&mut script, &invite);
            let pause = pause(&script);
            let bounds = Duration::from_millis(low)..=Duration::from_millis(high);
            assert!(bounds.contains(&pause), "{number}: {pause:?}");
            assert_eq!(pause.as_millis() % 10, 0);
            script.pass(pause);
        }
        let invite = offered(&mut script, HELD);
        agreed(&mut script, &invite, call);
    }
}

// JsSIP #771
#[test]
fn after_a_glare_the_far_ends_reinvite_is_taken_and_ours_is_sent_again() {
    let (mut script, mut peer, call) = established();
    script.command(Command::Hold(call));
    let ours = offered(&mut script, HELD);
    let theirs = peer.invite(Some("their offer"));
    script.receive(theirs.clone());
    script.sent_response(491);
    script.receive(peer.same_branch(Method::ACK, &theirs));
    pending(&mut script, &ours);

    script.receive(peer.invite(Some("their offer")));
    let (offer, terms) = ("their offer".to_owned(), Terms::default());
    assert_eq!(script.asked_media(), MediaRequest::CreateAnswer { offer, terms });
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.receive(peer.ack());
    script.quiet();
    script.pass(pause(&script));
    let again = offered(&mut script, HELD);
    agreed(&mut script, &again, call);
}

// JsSIP #771
#[test]
fn what_is_sent_after_a_glare_is_what_is_wanted_then() {
    let (mut script, _, call) = established();
    script.command(Command::Restart(call));
    let invite = offered(&mut script, Terms { hold: false, restart: true });
    pending(&mut script, &invite);
    script.command(Command::Hold(call));
    script.quiet();
    script.pass(pause(&script));
    let again = offered(&mut script, Terms { hold: true, restart: true });
    agreed(&mut script, &again, call);
}

#[test]
fn a_wish_taken_back_after_a_glare_needs_no_reinvite() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    let invite = offered(&mut script, HELD);
    pending(&mut script, &invite);
    script.command(Command::Resume(call));
    script.pass(Duration::from_secs(4));
    script.quiet();
}

#[test]
fn a_retry_whose_time_comes_during_the_far_ends_reinvite_waits_for_its_end() {
    let (mut script, mut peer, call) = established();
    script.command(Command::Hold(call));
    let invite = offered(&mut script, HELD);
    pending(&mut script, &invite);
    script.receive(peer.invite(Some("their offer")));
    script.pass(Duration::from_secs(5));
    script.sent_response(100);
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.quiet();
    script.receive(peer.ack());
    let again = offered(&mut script, HELD);
    agreed(&mut script, &again, call);
}

#[test]
fn a_far_end_that_is_never_ready_has_refused() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    for _ in 0..10 {
        let invite = offered(&mut script, HELD);
        pending(&mut script, &invite);
        script.sleep(Duration::from_secs(4));
        while script.try_sent().is_some_and(|sent| sent == b"\r\n\r\n") {}
    }
    let invite = offered(&mut script, HELD);
    script.receive(reply(&invite, 491, "Request Pending"));
    script.sent_request(Method::ACK);
    script.forget_media();
    assert_eq!(script.event(), Event::ChangeFailed { call, status: Some(491), will_retry: false });
    script.quiet();
}

#[test]
fn offers_that_cross_ours_are_491_and_refreshes_are_not() {
    let (mut script, mut peer, call) = established();
    script.command(Command::Hold(call));
    for under_way in ["being made", "sent"] {
        script.receive(peer.invite(Some("their offer")));
        script.sent_response(491);
        script.receive(peer.invite(None));
        script.sent_response(491);
        script.receive(peer.request(Method::UPDATE).with_sdp("their offer"));
        script.sent_response(491);
        script.receive(peer.request(Method::UPDATE));
        script.sent_response(200);
        if under_way == "being made" {
            offered(&mut script, HELD);
        }
    }
    script.quiet();
}
