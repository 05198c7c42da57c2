use crate::confirmed::{established, joined};
use ringlet_sip::message::{Method, Request};
use ringlet_sip::{
    CallId, Command, EndReason, Event, Input, MediaFailed, MediaRequest, Terms, Timer,
};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const RESTART: Terms = Terms { hold: false, restart: true };
const SECOND: Duration = Duration::from_secs(1);

fn lose_socket(script: &mut Script) {
    script.input(Input::Disconnected);
    script.pass(5 * SECOND);
    script.input(Input::Connected);
}

/// The media side has made the offer; gives the re-INVITE.
fn reinvite(script: &mut Script, terms: Terms) -> Request {
    assert_eq!(script.asked_media(), MediaRequest::CreateOffer(terms));
    script.media_done(Ok(OFFER.into()));
    script.sent_request(Method::INVITE)
}

fn agree(script: &mut Script, invite: &Request) {
    script.receive(reply(invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.media_done(Ok(String::new()));
}

fn rolled_back(script: &mut Script) {
    assert_eq!(script.asked_media(), MediaRequest::Rollback);
    script.media_done(Ok(String::new()));
}

fn works(mut script: Script, call: CallId) {
    let invite = reinvite(&mut script, RESTART);
    agree(&mut script, &invite);
    assert_eq!(script.event(), Event::Recovered(call));
    script.quiet();
}

// JsSIP #738, SIP.js #1095, #1024
#[test]
fn after_a_reconnect_the_call_is_negotiated_anew_once_the_registration_is_accepted() {
    let mut script = Script::registered();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    lose_socket(&mut script);
    script.registration();
    script.registration();
    let register = script.sent_request(Method::REGISTER);
    script.quiet();
    script.receive(reply(&register, 200, "OK").with("Expires", "600"));
    script.registration();
    let invite = reinvite(&mut script, RESTART);
    assert_eq!(invite.headers.get("To"), Some("<sip:600@example.com>;tag=far"));
    assert!(invite.headers.get("Contact").unwrap().ends_with(";ob>"));
    script.quiet();
    agree(&mut script, &invite);
    assert_eq!(script.event(), Event::Recovered(call));
    script.quiet();
    script.pass(20 * SECOND);
    script.quiet();
}

#[test]
fn a_registration_that_is_retried_is_waited_for_and_one_that_is_refused_is_not() {
    for (status, waits) in [(503, true), (403, false)] {
        let mut script = Script::registered();
        let (_, invite) = script.dial("600");
        script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
        script.sent_request(Method::ACK);
        script.media_done(Ok(String::new()));
        lose_socket(&mut script);
        let register = script.sent_request(Method::REGISTER);
        script.receive(reply(&register, status, "No"));
        match waits {
            true => while !matches!(script.event(), Event::Registration(_)) {},
            false => assert_eq!(script.asked_media(), MediaRequest::CreateOffer(RESTART)),
        }
    }
}

#[test]
fn without_a_registration_the_call_is_negotiated_anew_at_once() {
    for (mut script, _, call) in [established(), joined()] {
        lose_socket(&mut script);
        works(script, call);
    }
}

#[test]
fn a_call_that_never_lost_its_socket_is_left_alone() {
    let (mut script, _, _) = established();
    script.command(Command::Register);
    let register = script.sent_request(Method::REGISTER);
    script.registration();
    script.receive(reply(&register, 200, "OK").with("Expires", "600"));
    script.registration();
    script.quiet();
}

#[test]
fn a_held_call_is_recovered_as_held() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    let invite = reinvite(&mut script, Terms { hold: true, restart: false });
    agree(&mut script, &invite);
    script.event();
    lose_socket(&mut script);
    let invite = reinvite(&mut script, Terms { hold: true, restart: true });
    agree(&mut script, &invite);
    assert_eq!(script.event(), Event::Recovered(call));
    script.quiet();
}

#[test]
fn a_hold_wished_without_a_socket_is_part_of_the_recovery() {
    let (mut script, _, call) = established();
    script.input(Input::Disconnected);
    script.command(Command::Hold(call));
    script.command(Command::Restart(call));
    script.quiet();
    script.input(Input::Connected);
    let invite = reinvite(&mut script, Terms { hold: true, restart: true });
    agree(&mut script, &invite);
    assert_eq!(script.event(), Event::Hold { call, local: true, remote: false });
    assert_eq!(script.event(), Event::Recovered(call));
    script.quiet();
}

#[test]
fn a_far_end_that_has_given_up_ends_the_call() {
    for status in [408, 481] {
        let (mut script, _, call) = established();
        lose_socket(&mut script);
        let invite = reinvite(&mut script, RESTART);
        script.receive(reply(&invite, status, "Gone"));
        script.sent_request(Method::ACK);
        script.sent_request(Method::BYE);
        assert_eq!(script.ended(call).status, Some(status));
        script.quiet();
    }
}

#[test]
fn a_far_end_that_never_reacts_to_the_recovery_ends_the_call() {
    let (mut script, _, call) = established();
    lose_socket(&mut script);
    reinvite(&mut script, RESTART);
    script.sleep(32 * SECOND);
    assert_eq!(script.ended(call).reason, EndReason::ConnectionLost);
}

#[test]
fn a_far_end_that_refuses_is_asked_once_more_and_keeps_the_call() {
    let (mut script, _, call) = established();
    lose_socket(&mut script);
    for again in [true, false] {
        let invite = reinvite(&mut script, RESTART);
        script.receive(reply(&invite, 488, "Not Acceptable Here"));
        script.sent_request(Method::ACK);
        rolled_back(&mut script);
        let failed = Event::ChangeFailed { call, status: Some(488), will_retry: again };
        assert_eq!(script.event(), failed);
        script.quiet();
        if again {
            assert_eq!(script.deadline(), Some((5 * SECOND, Timer::ReinviteAgain)));
            script.pass(5 * SECOND);
        }
    }
    script.pass(20 * SECOND);
    script.quiet();
    script.command(Command::Restart(call));
    let invite = reinvite(&mut script, RESTART);
    script.receive(reply(&invite, 488, "Not Acceptable Here"));
    script.sent_request(Method::ACK);
    rolled_back(&mut script);
    let failed = Event::ChangeFailed { call, status: Some(488), will_retry: false };
    assert_eq!(script.event(), failed);
}

#[test]
fn an_offer_that_cannot_be_made_is_tried_once_more() {
    let (mut script, _, call) = established();
    lose_socket(&mut script);
    script.media_done(Err(MediaFailed));
    let failed = Event::ChangeFailed { call, status: None, will_retry: true };
    assert_eq!(script.event(), failed);
    script.pass(5 * SECOND);
    works(script, call);
}

#[test]
fn a_glare_during_the_recovery_is_settled_like_any_other() {
    let (mut script, mut peer, call) = established();
    lose_socket(&mut script);
    let invite = reinvite(&mut script, RESTART);
    script.receive(reply(&invite, 491, "Request Pending"));
    script.sent_request(Method::ACK);
    rolled_back(&mut script);
    script.receive(peer.invite(Some(OFFER)));
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.receive(peer.ack());
    script.quiet();
    script.pass(4 * SECOND);
    works(script, call);
}

#[test]
fn a_socket_that_is_lost_again_begins_the_recovery_anew() {
    let (mut script, _, call) = established();
    lose_socket(&mut script);
    reinvite(&mut script, RESTART);
    lose_socket(&mut script);
    rolled_back(&mut script);
    script.sent_request(Method::ACK);
    let invite = reinvite(&mut script, RESTART);
    assert_eq!(invite.headers.cseq().unwrap().number, 3);
    agree(&mut script, &invite);
    assert_eq!(script.event(), Event::Recovered(call));
    script.quiet();
}

#[test]
fn a_reinvite_that_the_socket_took_with_it_is_acknowledged_unseen_and_made_again() {
    let (mut script, _, call) = established();
    script.command(Command::Hold(call));
    let lost = reinvite(&mut script, Terms { hold: true, restart: false });
    script.input(Input::Disconnected);
    rolled_back(&mut script);
    script.input(Input::Connected);
    let ack = script.sent_request(Method::ACK);
    assert_eq!(ack.headers.cseq().unwrap().number, lost.headers.cseq().unwrap().number);
    script.receive(reply(&lost, 200, "OK").with_sdp("too late"));
    let invite = reinvite(&mut script, Terms { hold: true, restart: true });
    agree(&mut script, &invite);
    assert_eq!(script.event(), Event::Hold { call, local: true, remote: false });
    assert_eq!(script.event(), Event::Recovered(call));
    script.quiet();
}

#[test]
fn an_offer_that_was_being_made_is_taken_back_and_made_again() {
    let (mut script, mut peer, call) = established();
    script.command(Command::Hold(call));
    lose_socket(&mut script);
    script.receive(peer.invite(Some("offer")));
    script.sent_response(491);
    script.media_done(Ok(OFFER.into()));
    rolled_back(&mut script);
    let invite = reinvite(&mut script, Terms { hold: true, restart: true });
    agree(&mut script, &invite);
    assert_eq!(script.event(), Event::Hold { call, local: true, remote: false });
    assert_eq!(script.event(), Event::Recovered(call));
    script.quiet();
}

#[test]
fn a_reinvite_of_the_far_end_that_was_under_way_is_forgotten() {
    for late_offer in [false, true] {
        let (mut script, mut peer, call) = established();
        let offer = (!late_offer).then_some("offer");
        script.receive(peer.invite(offer));
        lose_socket(&mut script);
        script.media_done(Ok(ANSWER.into()));
        if late_offer {
            rolled_back(&mut script);
        }
        works(script, call);
    }
}

#[test]
fn the_far_end_may_negotiate_first() {
    let (mut script, mut peer, call) = established();
    let Event::Registration(_) = ({
        script.command(Command::Register);
        let register = script.sent_request(Method::REGISTER);
        script.receive(reply(&register, 200, "OK").with("Expires", "600"));
        script.event()
    }) else {
        panic!("registering")
    };
    script.event();
    lose_socket(&mut script);
    let register = script.sent_request(Method::REGISTER);
    script.receive(peer.invite(Some(OFFER)));
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.receive(reply(&register, 200, "OK").with("Expires", "600"));
    for _ in 0..3 {
        script.registration();
    }
    script.quiet();
    script.receive(peer.ack());
    works(script, call);
}

/// A call that the agent has answered, and whose ACK has not come.
fn unacknowledged() -> (Script, Peer, CallId) {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    script.receive(peer.invite(Some(OFFER)));
    peer.learn(&script.sent_response(180));
    let Event::Incoming { call, .. } = script.event() else { panic!("a call") };
    script.command(Command::Answer(call));
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.event();
    (script, peer, call)
}

#[test]
fn a_2xx_without_ack_is_repeated_on_the_next_socket_at_once() {
    let (mut script, peer, call) = unacknowledged();
    lose_socket(&mut script);
    script.sent_response(200);
    script.quiet();
    script.pass(Duration::from_millis(500));
    script.sent_response(200);
    script.receive({ peer }.ack());
    works(script, call);
}

#[test]
fn whether_an_ack_was_lost_with_the_socket_is_for_the_far_end_to_say() {
    let (mut script, _, call) = unacknowledged();
    script.input(Input::Disconnected);
    script.pass(60 * SECOND);
    script.quiet();
    script.input(Input::Connected);
    works(script, call);

    let (mut script, _, call) = unacknowledged();
    lose_socket(&mut script);
    script.sleep(32 * SECOND);
    while script.try_sent().is_some() {}
    let invite = reinvite(&mut script, RESTART);
    script.receive(reply(&invite, 481, "Call/Transaction Does Not Exist"));
    assert_eq!(script.ended(call).status, Some(481));
}

#[test]
fn a_call_whose_answer_was_to_come_with_the_lost_ack_ends() {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    script.receive(peer.invite(None));
    script.sent_response(180);
    let Event::Incoming { call, .. } = script.event() else { panic!("a call") };
    script.command(Command::Answer(call));
    script.media_done(Ok(OFFER.into()));
    script.event();
    script.input(Input::Disconnected);
    script.pass(32 * SECOND);
    assert_eq!(script.ended(call).reason, EndReason::ConnectionLost);
}

#[test]
fn a_user_who_left_before_the_ack_is_repeated_on_the_next_socket() {
    let (mut script, mut peer, call) = unacknowledged();
    script.command(Command::Hangup(call));
    script.ended(call);
    lose_socket(&mut script);
    script.sent_response(200);
    script.receive(peer.ack());
    script.sent_request(Method::BYE);
    script.quiet();
}

#[test]
fn an_answer_that_is_being_applied_when_the_socket_goes_is_applied_first() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.event();
    lose_socket(&mut script);
    let answer = MediaRequest::SetAnswer { answer: ANSWER.into(), provisional: false };
    assert_eq!(script.asked_media(), answer);
    script.media_done(Ok(String::new()));
    works(script, call);
}

#[test]
fn a_session_that_ran_out_without_a_socket_is_over() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let ok = reply(&invite, 200, "OK").with("Session-Expires", "120;refresher=uac");
    script.receive(ok.with("Allow", "UPDATE").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    script.input(Input::Disconnected);
    script.pass(119 * SECOND);
    script.quiet();
    script.pass(SECOND);
    assert_eq!(script.ended(call).reason, EndReason::SessionExpired);
    script.input(Input::Connected);
    script.sent_request(Method::BYE);
    script.quiet();
}

#[test]
fn a_refresh_that_the_socket_took_with_it_is_the_recoverys_business() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let ok = reply(&invite, 200, "OK").with("Session-Expires", "120;refresher=uac");
    script.receive(ok.with("Allow", "UPDATE").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    script.sleep(60 * SECOND);
    while script.try_sent().is_some() {}
    lose_socket(&mut script);
    let invite = reinvite(&mut script, RESTART);
    assert_eq!(invite.headers.get("Session-Expires"), Some("120;refresher=uac"));
    let ok = reply(&invite, 200, "OK").with("Session-Expires", "120;refresher=uac");
    script.receive(ok.with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.media_done(Ok(String::new()));
    assert_eq!(script.event(), Event::Recovered(call));
    script.pass(20 * SECOND);
    script.quiet();
}
