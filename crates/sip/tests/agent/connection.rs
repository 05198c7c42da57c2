use ringlet_sip::message::Method;
use ringlet_sip::{
    Command, EndReason, Event, Input, Reconnect, RegistrationError, RegistrationState, Timer,
};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, config, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const PING: &[u8] = b"\r\n\r\n";
const PONG: &[u8] = b"\r\n";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn disconnected() -> RegistrationState {
    RegistrationState::Failed { error: RegistrationError::Disconnected, retry_in: None }
}

#[test]
fn a_lost_socket_is_told_and_the_next_one_registers_by_itself() {
    let mut script = Script::registered();
    script.input(Input::Disconnected);
    assert_eq!(script.registration(), disconnected());
    assert_eq!(script.deadline(), None);
    script.input(Input::Disconnected);
    script.quiet();
    script.input(Input::Connected);
    assert_eq!(script.registration(), RegistrationState::Registering);
    let register = script.sent_request(Method::REGISTER);
    assert_eq!(register.headers.cseq().unwrap().number, 2);
    script.quiet();
}

#[test]
fn registering_without_a_socket_waits_for_one() {
    let mut script = Script::new(config());
    script.command(Command::Register);
    script.quiet();
    script.input(Input::Connected);
    script.sent_request(Method::REGISTER);
    assert_eq!(script.registration(), RegistrationState::Registering);
    script.quiet();
}

#[test]
fn a_given_up_registration_does_not_come_back() {
    let mut script = Script::registered();
    script.input(Input::Disconnected);
    script.registration();
    script.command(Command::Unregister);
    assert_eq!(script.registration(), RegistrationState::Unregistered);
    script.input(Input::Connected);
    script.quiet();
}

#[test]
fn unregistering_on_a_socket_that_dies_is_done() {
    let mut script = Script::registered();
    script.command(Command::Unregister);
    script.sent_request(Method::REGISTER);
    script.input(Input::Disconnected);
    assert_eq!(script.registration(), RegistrationState::Unregistered);
    script.input(Input::Connected);
    script.quiet();
}

#[test]
fn a_second_socket_without_the_end_of_the_first_counts_as_both() {
    let mut script = Script::registered();
    script.input(Input::Connected);
    assert_eq!(script.registration(), disconnected());
    assert_eq!(script.registration(), RegistrationState::Registering);
    script.sent_request(Method::REGISTER);
    script.quiet();
}

#[test]
fn calls_in_setup_end_with_their_socket() {
    let mut script = Script::connected();
    let (ringing_out, invite) = script.dial("600");
    script.receive(reply(&invite, 180, "Ringing"));
    script.event();
    let offering = script.new_call();
    script.command(Command::Invite { call: offering, target: "601".into(), caller_id: None });
    script.forget_media();
    script.receive(Peer::caller("in").invite(Some(OFFER)));
    script.sent_response(180);
    let Event::Incoming { call: ringing_in, .. } = script.event() else { panic!("a call") };
    script.input(Input::Disconnected);
    for call in [ringing_out, offering, ringing_in] {
        assert_eq!(script.ended(call).reason, EndReason::ConnectionLost);
    }
    script.quiet();
    // The far end may ring for a call that its user has given up with the socket.
    script.input(Input::Connected);
    let cancel = script.sent_request(Method::CANCEL);
    assert_eq!(cancel.headers.top_via(), invite.headers.top_via());
    script.receive(reply(&cancel, 200, "OK"));
    script.receive(reply(&invite, 487, "Request Terminated"));
    script.sent_request(Method::ACK);
    script.quiet();
    script.idle();
}

#[test]
fn a_call_lost_with_its_socket_is_given_up_when_no_other_comes() {
    let mut script = Script::connected();
    let (call, _) = script.dial("600");
    script.input(Input::Disconnected);
    assert_eq!(script.ended(call).reason, EndReason::ConnectionLost);
    let deadline = (Duration::from_secs(32), Timer::CancelTimeout);
    assert_eq!(script.deadline(), Some(deadline));
    script.pass(Duration::from_secs(32));
    script.idle();
    script.input(Input::Connected);
    script.quiet();
}

#[test]
fn a_confirmed_call_survives_its_socket() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let ok = reply(&invite, 200, "OK").with_sdp(ANSWER);
    script.receive(ok.clone());
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    script.input(Input::Disconnected);
    script.pass(Duration::from_secs(20));
    script.quiet();
    script.input(Input::Connected);
    // It negotiates anew, of which recovery.rs tells more.
    script.forget_media();
    script.quiet();

    let mut peer = Peer::callee(&invite, &ok);
    script.receive(peer.request(Method::UPDATE));
    script.sent_response(200);
    script.command(Command::Hangup(call));
    let bye = script.sent_request(Method::BYE);
    assert_eq!(script.ended(call).reason, EndReason::LocalHangup);
    script.receive(reply(&bye, 200, "OK"));
    script.quiet();
    script.idle();
}

#[test]
fn a_bye_without_a_socket_is_sent_on_the_next() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    script.input(Input::Disconnected);
    script.command(Command::Hangup(call));
    assert_eq!(script.ended(call).reason, EndReason::LocalHangup);
    assert_eq!(script.deadline().map(|(_, timer)| timer), Some(Timer::ByeTimeout));
    script.quiet();
    script.input(Input::Connected);
    let bye = script.sent_request(Method::BYE);
    script.receive(reply(&bye, 200, "OK"));
    script.idle();
}

#[test]
fn a_bye_that_never_finds_a_socket_is_given_up() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.input(Input::Disconnected);
    script.command(Command::Hangup(call));
    script.pass(Duration::from_secs(32));
    script.idle();
    script.input(Input::Connected);
    script.sent_request(Method::ACK);
    assert_eq!(script.try_sent(), None);
}

#[test]
fn nothing_is_sent_without_a_socket_nor_taken() {
    let mut script = Script::new(config());
    script.receive(Peer::caller("in").invite(Some(OFFER)));
    script.input(Input::Timeout);
    script.quiet();
}

#[test]
fn a_ping_is_answered_and_a_pong_is_not() {
    let mut script = Script::connected();
    script.receive(PING);
    assert_eq!(script.sent_bytes(), PONG);
    script.receive(PONG);
    script.receive(" \r\n\r\n ");
    script.receive("");
    script.quiet();
}

#[test]
fn the_agent_pings_every_half_minute_at_most() {
    let mut script = Script::connected();
    for _ in 0..4 {
        let (pause, timer) = script.deadline().unwrap();
        assert_eq!(timer, Timer::Ping);
        assert!((Duration::from_secs(24)..=Duration::from_secs(30)).contains(&pause));
        script.pass(pause);
        assert_eq!(script.sent_bytes(), PING);
        script.receive(PONG);
        script.quiet();
    }
}

#[test]
fn a_server_that_answered_pings_and_stops_is_gone() {
    let mut script = Script::connected().without_pongs();
    script.pass(seconds(30));
    assert_eq!(script.sent_bytes(), PING);
    script.receive(PONG);
    script.pass(seconds(30));
    assert_eq!(script.sent_bytes(), PING);
    script.pass(seconds(10));
    assert_eq!(script.reconnect(), Reconnect::DeadFlow);
    assert_eq!(script.deadline(), None);
    script.quiet();
}

#[test]
fn a_pong_that_was_slept_through_is_asked_for_again() {
    let mut script = Script::connected().without_pongs();
    script.receive(PONG);
    script.pass(seconds(30));
    assert_eq!(script.sent_bytes(), PING);
    script.sleep(seconds(600));
    assert_eq!(script.sent_bytes(), PING);
    script.receive(PONG);
    script.quiet();
}

/// An agent whose server has answered a ping by OPTIONS, but none by CRLF.
fn pinging_by_options(mut script: Script) -> Script {
    script = script.without_pongs();
    script.pass(seconds(30));
    assert_eq!(script.sent_bytes(), PING);
    script.pass(seconds(10));
    let options = script.sent_request(Method::OPTIONS);
    assert_eq!(options.uri, "sip:example.com");
    assert_eq!(options.headers.get("To"), Some("<sip:example.com>"));
    script.idle();
    // Whatever it says, it has come both ways.
    script.receive(reply(&options, 404, "Not Found"));
    script.quiet();
    script
}

#[test]
fn a_server_that_does_not_answer_pings_is_asked_by_options() {
    let mut script = pinging_by_options(Script::connected());
    for status in [200, 100, 401, 503] {
        script.pass(seconds(30));
        let options = script.sent_request(Method::OPTIONS);
        script.receive(reply(&options, status, "Whatever"));
        script.quiet();
        let (pause, timer) = script.deadline().unwrap();
        assert_eq!(timer, Timer::Ping);
        assert!(pause >= seconds(24));
    }
}

// JsSIP #744; SIP.js #1061, #1020: the socket still receives, but what is sent goes nowhere.
#[test]
fn what_comes_in_does_not_hide_that_nothing_goes_out() {
    let mut script = pinging_by_options(Script::connected());
    script.pass(seconds(30));
    script.sent_request(Method::OPTIONS);
    script.receive(Peer::caller("lost").request(Method::MESSAGE).with_body("hello?"));
    script.receive(PING);
    script.pass(seconds(10));
    script.receive(Peer::caller("lost").request(Method::OPTIONS));
    script.pass(seconds(10));
    assert_eq!(script.reconnect(), Reconnect::DeadFlow);
    assert_eq!(script.deadline(), None);
    assert_eq!(script.agent().counters().reconnects, 1);
}

#[test]
fn one_lost_answer_to_options_is_not_the_end() {
    let mut script = pinging_by_options(Script::connected());
    for _ in 0..3 {
        script.pass(seconds(30));
        let first = script.sent_request(Method::OPTIONS);
        script.pass(seconds(10));
        let second = script.sent_request(Method::OPTIONS);
        // The first is forgotten by now, so that its answer proves nothing.
        script.receive(reply(&first, 200, "OK"));
        assert_eq!(script.deadline().map(|(_, timer)| timer), Some(Timer::PongTimeout));
        script.receive(reply(&second, 200, "OK"));
        script.quiet();
    }
}

#[test]
fn options_that_were_slept_through_are_asked_again() {
    let mut script = pinging_by_options(Script::connected());
    for _ in 0..3 {
        script.pass(seconds(30));
        script.sent_request(Method::OPTIONS);
        script.sleep(seconds(600));
        let again = script.sent_request(Method::OPTIONS);
        script.receive(reply(&again, 200, "OK"));
        script.quiet();
    }
}

#[test]
fn a_server_known_to_answer_options_need_not_do_so_first_on_every_socket() {
    let mut script = pinging_by_options(Script::connected());
    script.input(Input::Disconnected);
    script.input(Input::Connected);
    script.pass(seconds(60));
    assert_eq!(script.sent_bytes(), PING);
    script.sent_request(Method::OPTIONS);
    script.sent_request(Method::OPTIONS);
    assert_eq!(script.reconnect(), Reconnect::DeadFlow);
    script.quiet();
}

#[test]
fn a_server_that_answers_no_pings_at_all_has_to_answer_register() {
    let mut script = Script::registered().without_pongs();
    script.pass(seconds(60));
    assert_eq!(script.sent_bytes(), PING);
    script.sent_request(Method::OPTIONS);
    script.sent_request(Method::OPTIONS);
    let register = script.sent_request(Method::REGISTER);
    script.receive(reply(&register, 200, "OK"));
    // From then on it is left in peace.
    script.pass(seconds(300));
    while let Some(bytes) = script.try_sent() {
        assert_eq!(bytes, PING);
    }
    script.quiet();
}

#[test]
fn a_server_that_answers_nothing_at_all_is_gone() {
    let mut script = Script::registered().without_pongs();
    script.pass(seconds(60 + 32 + 4 + 32));
    assert_eq!(script.reconnect(), Reconnect::DeadFlow);
}

#[test]
fn the_flow_timer_shortens_the_pause() {
    let mut script = Script::connected();
    script.command(Command::Register);
    let register = script.sent_request(Method::REGISTER);
    script.receive(reply(&register, 200, "OK").with("Flow-Timer", "15"));
    let (pause, timer) = script.deadline().unwrap();
    assert_eq!(timer, Timer::Ping);
    assert!((Duration::from_secs(12)..=Duration::from_secs(15)).contains(&pause));
}
