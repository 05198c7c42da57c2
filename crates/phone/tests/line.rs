//! The line: lost, found again, and given back.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::*;
use ringlet_contract::config::HostMode;
use ringlet_contract::error::ErrorCode;
use ringlet_contract::event::{EndCause, HostEvent, UnregisteredReason};
use ringlet_phone::{
    Effect, HostEffect, Input, Intent, LineStatus, Slice, SocketEffect, SocketInput, StoreEffect,
};
use std::time::Duration;

fn reason(scene: &Scene) -> UnregisteredReason {
    scene
        .events
        .iter()
        .find_map(|event| match event {
            HostEvent::Unregistered(event) => Some(event.reason),
            _ => None,
        })
        .expect("unregistered was told")
}

#[test]
fn one_register_goes_out_for_each_socket() {
    let mut scene = Scene::set_up(HostMode::Autologin);
    assert!(scene.sent.is_empty(), "nothing is sent before the socket is open");
    scene.open_socket();
    scene.open_socket();
    assert_eq!(scene.sent.len(), 1);
}

#[test]
fn a_lost_connection_is_told_once_and_mended() {
    let mut scene = Scene::registered();
    scene.close_socket();
    scene.close_socket();
    assert_eq!(scene.event_names(), ["unregistered"]);
    assert_eq!(reason(&scene), UnregisteredReason::ConnectionLost);
    assert!(!scene.snapshot.as_ref().unwrap().registered);
    assert_eq!(scene.phone.view().line.status, LineStatus::Reconnecting { retry_in: seconds(1) });
    assert_eq!(scene.opened, 0);

    scene.pass(seconds(1));
    assert_eq!(scene.opened, 1);
    assert_eq!(
        scene.phone.view().line.status,
        LineStatus::Reconnecting { retry_in: Duration::ZERO }
    );
    scene.open_socket();
    assert_eq!(scene.sent.len(), 1, "one REGISTER for the new socket");
    scene.accept_register();
    assert_eq!(scene.event_names(), ["unregistered", "registered"]);
}

#[test]
fn attempts_grow_rarer_and_never_stop() {
    let mut scene = Scene::registered();
    scene.close_socket();
    let mut gaps = Vec::new();
    let mut waited = 0;
    for _ in 0..400 {
        scene.pass(Duration::from_millis(500));
        waited += 500;
        if scene.opened > 0 {
            gaps.push(waited);
            (scene.opened, waited) = (0, 0);
            scene.close_socket();
        }
    }
    assert!(gaps[0] <= 1_000, "{gaps:?}");
    assert!(gaps.iter().all(|gap| *gap <= 30_500), "{gaps:?}");
    assert!(*gaps.last().unwrap() >= 15_000, "{gaps:?}");
    assert_eq!(scene.event_names(), ["unregistered"]);
}

#[test]
fn a_socket_that_never_opens_is_given_up() {
    let mut scene = Scene::set_up(HostMode::Autologin);
    scene.pass(seconds(12));
    assert_eq!(scene.closed, 1);
    assert_eq!(scene.opened, 2);
}

#[test]
fn news_of_an_older_socket_is_ignored() {
    let mut scene = Scene::registered();
    let old = scene.socket;
    scene.close_socket();
    scene.pass(seconds(1));
    scene.input(Input::Socket(SocketInput::Opened { generation: old }));
    assert!(scene.sent.is_empty());
    scene.open_socket();
    scene.accept_register();
    scene.input(Input::Socket(SocketInput::Closed { generation: old }));
    let data = b"SIP/2.0 200 OK\r\n\r\n".to_vec();
    scene.input(Input::Socket(SocketInput::Received { generation: old, data }));
    assert_eq!(scene.phone.view().line.status, LineStatus::Registered);
}

#[test]
fn garbage_on_the_socket_changes_nothing() {
    let mut scene = Scene::registered();
    let before = scene.phone.view();
    for data in [b"".to_vec(), b"\r\n\r\n".to_vec(), vec![0xff; 5000], b"hello".to_vec()] {
        let generation = scene.socket;
        scene.input(Input::Socket(SocketInput::Received { generation, data }));
    }
    assert_eq!(scene.phone.view(), before);
    assert_eq!(scene.event_names(), [""; 0]);
}

#[test]
fn off_line_no_attempt_is_made_and_on_line_one_is_made_at_once() {
    let mut scene = Scene::registered();
    scene.input(Input::Online(false));
    assert!(!scene.phone.view().line.online);
    scene.close_socket();
    scene.pass(seconds(120));
    assert_eq!(scene.opened, 0);
    scene.input(Input::Online(true));
    assert_eq!(scene.opened, 1);
}

#[test]
fn the_person_need_not_wait_for_the_back_off() {
    let mut scene = Scene::registered();
    scene.close_socket();
    scene.intent(Intent::RetryConnection);
    assert_eq!(scene.opened, 1);
    scene.intent(Intent::RetryConnection);
    assert_eq!(scene.opened, 1, "one attempt at a time");
}

#[test]
fn the_countdown_to_the_next_attempt_is_shown_in_whole_seconds() {
    let mut scene = Scene::registered();
    for _ in 0..4 {
        scene.close_socket();
        scene.intent(Intent::RetryConnection);
    }
    scene.close_socket();
    let LineStatus::Reconnecting { retry_in } = scene.phone.view().line.status else { panic!() };
    assert!(retry_in >= seconds(8), "{retry_in:?}");
    scene.effects.clear();
    scene.pass(seconds(3));
    let renders =
        scene.effects.iter().filter(|e| matches!(e, Effect::Render(Slice::Line(_)))).count();
    assert_eq!(renders, 3);
    assert_eq!(
        scene.phone.view().line.status,
        LineStatus::Reconnecting { retry_in: retry_in - seconds(3) }
    );
}

#[test]
fn a_registration_the_server_drops_later_is_a_server_error() {
    let mut scene = Scene::registered();
    scene.pass(seconds(515));
    let register = scene.expect("REGISTER");
    scene.receive(register.respond(500, "Server Internal Error"));
    assert_eq!(reason(&scene), UnregisteredReason::ServerError);
    assert_eq!(scene.phone.view().line.status, LineStatus::Refused { status: 500 });
    assert_eq!(scene.phone.view().sign_in, None, "no other password would help");
    scene.intent(Intent::RetryConnection);
    scene.open_socket();
    scene.accept_register();
    assert_eq!(scene.event_names(), ["unregistered", "registered"]);
}

#[test]
fn a_refresh_nobody_answers_means_the_connection_is_dead() {
    let mut scene = Scene::registered();
    scene.pass(seconds(515));
    scene.expect("REGISTER");
    assert_eq!(scene.event_names(), [""; 0], "a refresh does not take the line down");
    scene.pass(seconds(32));
    assert_eq!(reason(&scene), UnregisteredReason::ConnectionLost);
    assert_eq!((scene.closed, scene.opened), (1, 1));
}

#[test]
fn a_server_that_stops_answering_keep_alives_is_left_for_a_new_socket() {
    let mut scene = Scene::registered();
    scene.pass(seconds(120));
    assert_eq!(scene.event_names(), [""; 0]);
    scene.silent = true;
    scene.pass(seconds(120));
    assert_eq!(reason(&scene), UnregisteredReason::ConnectionLost);
    assert!(scene.opened >= 1);
}

#[test]
fn calls_asked_for_while_connecting_wait_for_the_line() {
    let mut scene = Scene::set_up(HostMode::Autologin);
    let id = scene.command(call("600"));
    assert_eq!(scene.result(&id), None);
    scene.open_socket();
    scene.accept_register();
    scene.media.retain(|m| !matches!(m, ringlet_phone::PeerEffect::Configure(_)));
    scene.offer();
    scene.expect("INVITE sip:600@example.com");
    assert!(scene.is_done(&id));
}

#[test]
fn a_ninth_waiting_call_is_refused_and_a_waiting_one_gives_up_after_half_a_minute() {
    let mut scene = Scene::set_up(HostMode::Autologin);
    let ids: Vec<String> = (0..9).map(|_| scene.command(call("600"))).collect();
    assert_eq!(scene.error(&ids[8]), Some(ErrorCode::CallLimit));
    scene.pass(seconds(29));
    assert_eq!(scene.results.len(), 2, "init and the ninth");
    scene.pass(seconds(1));
    for id in &ids[..8] {
        assert_eq!(scene.error(id), Some(ErrorCode::NotRegistered));
    }
}

#[test]
fn signing_out_gives_the_registration_back_and_forgets_the_session() {
    let mut scene = Scene::registered();
    scene.intent(Intent::SignOut);
    assert_eq!(scene.stored, [StoreEffect::Clear]);
    assert_eq!(scene.closed, 0, "the server's answer is waited for");
    let register = scene.expect("REGISTER");
    let gone =
        register.find("Expires") == Some("0") || register.header("Contact").contains("expires=0");
    assert!(gone, "{}", register.text());
    scene.receive(register.respond(200, "OK"));
    assert_eq!(scene.closed, 1);
    assert_eq!(reason(&scene), UnregisteredReason::SignedOut);
    assert_eq!(scene.phone.view().line.status, LineStatus::SignedOut);
    assert_eq!(scene.phone.view().line.account, None);
    scene.pass(seconds(60));
    assert_eq!(scene.opened, 0, "autologin does not undo it");
}

#[test]
fn signing_out_rejects_what_waits_for_the_line() {
    let mut scene = Scene::registered();
    scene.close_socket();
    let waiting = scene.command(call("600"));
    scene.intent(Intent::SignOut);
    assert_eq!(scene.error(&waiting), Some(ErrorCode::NotRegistered));
    assert_eq!(scene.phone.view().line.status, LineStatus::SignedOut);
}

#[test]
fn signing_out_does_not_wait_for_a_silent_server() {
    let mut scene = Scene::registered();
    scene.intent(Intent::SignOut);
    scene.pass(seconds(2));
    assert_eq!(scene.closed, 1);
    assert_eq!(scene.event_names(), ["unregistered"]);
    scene.close_socket();
    assert_eq!(scene.event_names(), ["unregistered"]);
}

#[test]
fn one_can_sign_in_again_after_signing_out() {
    let mut scene = Scene::registered();
    scene.intent(Intent::SignOut);
    scene.pass(seconds(2));
    scene.sent.clear();
    scene.intent(Intent::Connect);
    scene.open_socket();
    scene.accept_register();
    assert_eq!(scene.event_names(), ["unregistered", "registered"]);
}

#[test]
fn shutdown_in_a_call_hangs_up_unregisters_and_answers_when_the_server_has() {
    let (mut scene, _) = Scene::in_call();
    let id = scene.command(shutdown());
    let bye = scene.expect("BYE");
    let register = scene.expect("REGISTER");
    assert_eq!(scene.result(&id), None);
    scene.receive(bye.respond(200, "OK"));
    scene.receive(register.respond(200, "OK"));
    assert!(scene.is_done(&id));
    assert_eq!(scene.event_names(), ["callEnded", "unregistered"]);
    let HostEvent::CallEnded(ended) = &scene.events[0] else { panic!() };
    assert_eq!(ended.cause, EndCause::LocalHangup);
    let event = scene.position(|e| matches!(e, Effect::Host(HostEffect::Event { .. })));
    let result = scene.position(|e| matches!(e, Effect::Host(HostEffect::Result { .. })));
    assert!(event < result);
    assert_eq!(scene.stored, [], "a reload takes the session up again");
}

#[test]
fn shutdown_is_answered_after_two_seconds_at_the_latest() {
    let (mut scene, _) = Scene::in_call();
    let first = scene.command(shutdown());
    let second = scene.command(shutdown());
    scene.pass(seconds(2));
    assert!(scene.is_done(&first) && scene.is_done(&second));
    assert_eq!(scene.event_names(), ["callEnded", "unregistered"]);
    scene.pass(seconds(4));
    assert_eq!(scene.phone.poll_timeout(), None, "nothing is left to wait for");
}

#[test]
fn shutdown_without_a_line_is_answered_at_once() {
    for mut scene in
        [Scene::new(), Scene::set_up(HostMode::Confirm), Scene::set_up(HostMode::Autologin)]
    {
        let id = scene.command(shutdown());
        assert!(scene.is_done(&id));
    }
}

#[test]
fn a_page_that_goes_away_in_a_call_says_goodbye_at_once_and_keeps_the_session() {
    let (mut scene, _) = Scene::in_call();
    scene.input(Input::PageHide);
    scene.expect("BYE");
    scene.expect("REGISTER");
    let last =
        scene.effects.iter().rposition(|e| matches!(e, Effect::Socket(SocketEffect::Send(_))));
    let close = scene.position(|e| matches!(e, Effect::Socket(SocketEffect::Close)));
    assert!(last.unwrap() < close);
    assert_eq!(scene.event_names(), ["callEnded", "unregistered"]);
    assert_eq!(scene.stored, []);
}

#[test]
fn a_page_that_goes_away_while_ringing_out_cancels() {
    let mut scene = Scene::registered();
    scene.command(call("603"));
    scene.offer();
    let invite = scene.expect("INVITE");
    scene.receive(invite.respond(180, "Ringing"));
    scene.input(Input::PageHide);
    scene.expect("CANCEL");
    scene.expect("REGISTER");
}

#[test]
fn a_page_that_goes_away_before_anybody_reacted_cancels_nonetheless() {
    let mut scene = Scene::registered();
    scene.command(call("603"));
    scene.offer();
    scene.expect("INVITE");
    scene.input(Input::PageHide);
    scene.expect("REGISTER");
    scene.expect("CANCEL");
    assert_eq!(scene.closed, 1);
}

#[test]
fn a_shutdown_that_the_server_answers_first_cancels_before_it_closes() {
    let mut scene = Scene::registered();
    scene.command(call("603"));
    scene.offer();
    scene.expect("INVITE");
    let id = scene.command(shutdown());
    let register = scene.expect("REGISTER");
    assert_eq!(scene.sent.len(), 0, "a server that will react is waited for");
    scene.receive(register.respond(200, "OK"));
    scene.expect("CANCEL");
    assert_eq!(scene.closed, 1);
    assert!(scene.is_done(&id));
}

#[test]
fn a_page_that_goes_away_during_a_shutdown_does_not_wait_for_it() {
    let mut scene = Scene::registered();
    scene.command(call("603"));
    scene.offer();
    scene.expect("INVITE");
    scene.command(shutdown());
    scene.expect("REGISTER");
    scene.input(Input::PageHide);
    scene.expect("CANCEL");
    assert_eq!(scene.closed, 1);
}

#[test]
fn a_laptop_that_slept_for_an_hour_finds_back() {
    let mut scene = Scene::registered();
    scene.sleep(seconds(3600));
    scene.input(Input::Timeout);
    scene.close_socket();
    scene.sent.clear();
    scene.pass(seconds(1));
    scene.open_socket();
    scene.accept_register();
    assert_eq!(scene.phone.view().line.status, LineStatus::Registered);
}
