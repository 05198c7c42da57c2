//! Calls this side makes.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::server::Message;
use common::*;
use ringlet_contract::config::HostMode;
use ringlet_contract::error::ErrorCode;
use ringlet_contract::event::{Direction, EndCause, HostEvent, MicPermissionState};
use ringlet_contract::message::{
    CallCommand, CallRef, CallState, CommandResult, DialCommand, ToPhone,
};
use ringlet_phone::{
    AudioEffect, AudioInput, CallPhase, Effect, HostEffect, Input, Intent, MediaError, Microphone,
    PeerEffect, PeerInput, Tone,
};
use std::collections::HashSet;
use std::time::Duration;

/// A phone whose INVITE is on the wire.
fn dialing() -> (Scene, Message) {
    let mut scene = Scene::registered();
    scene.command(call("600"));
    scene.offer();
    let invite = scene.expect("INVITE");
    (scene, invite)
}

#[test]
fn a_call_from_the_host_page_is_dialled_rings_is_answered_and_ends() {
    let mut scene = Scene::registered();
    let id = scene.command(ToPhone::Call(CallCommand {
        number: "+49 (30) 123-456".into(),
        caller_id: Some("+49 30 99".into()),
        correlation_id: Some("ticket 7".into()),
    }));
    assert_eq!(scene.call_view().phase, CallPhase::Preparing);
    assert_eq!(scene.event_names(), [""; 0], "no call exists before its offer does");
    scene.offer();

    let invite = scene.expect("INVITE sip:+4930123456@example.com");
    assert!(invite.header("P-Preferred-Identity").contains("sip:+493099@example.com"));
    let HostEvent::CallStarted(started) = &scene.events[0] else { panic!("{:?}", scene.events) };
    assert_eq!(started.number, "+4930123456");
    assert_eq!(started.direction, Direction::Outbound);
    assert_eq!(started.requested_caller_id.as_deref(), Some("+493099"));
    assert_eq!(started.correlation_id.as_deref(), Some("ticket 7"));
    let Some(CommandResult::Done(value)) = scene.result(&id) else { panic!("answered") };
    assert_eq!(value.call_id.as_ref(), Some(&started.call_id));
    assert_eq!(scene.call_view().phase, CallPhase::Dialing);

    scene.receive(invite.respond(180, "Ringing"));
    scene.receive(invite.respond(180, "Ringing"));
    assert_eq!(scene.call_view().phase, CallPhase::Ringing);
    assert_eq!(scene.tone(), Some(Tone::RingBack));

    scene.receive(invite.respond(200, "OK").sdp());
    scene.apply_answer();
    scene.expect("ACK");
    assert_eq!(scene.tone(), None);
    let call = scene.call_id();
    let active = |elapsed, media| CallPhase::Active { elapsed: seconds(elapsed), media };
    assert_eq!(scene.call_view().phase, active(0, false));
    scene.input(Input::Peer(PeerInput::Connected(call)));
    scene.pass(Duration::from_millis(5_400));
    assert_eq!(scene.call_view().phase, active(5, true));

    scene.receive(Message::bye_from_callee(&invite));
    scene.expect("SIP/2.0 200");
    assert_eq!(scene.event_names(), ["callStarted", "callRinging", "callAnswered", "callEnded"]);
    let ended = scene.call_ended();
    assert_eq!((ended.cause, ended.duration), (EndCause::RemoteHangup, 5));
    assert_eq!(ended.requested_caller_id.as_deref(), Some("+493099"));
    assert_eq!(scene.media.pop_back(), Some(PeerEffect::Close(call)));
    assert!(!scene.snapshot.as_ref().unwrap().in_call);
}

#[test]
fn the_state_is_told_before_the_event_that_goes_with_it() {
    let (scene, _) = dialing();
    let mut told = None;
    for effect in &scene.effects {
        match effect {
            Effect::Host(HostEffect::Snapshot(snapshot)) => told = Some(snapshot),
            Effect::Host(HostEffect::Event { event: HostEvent::CallStarted(started), .. }) => {
                let call = &told.expect("a snapshot came first").calls[0];
                assert_eq!(call.call_id, started.call_id);
                assert_eq!(call.state, CallState::Dialing);
                return;
            }
            _ => {}
        }
    }
    panic!("callStarted was not told");
}

#[test]
fn numbers_that_cannot_be_dialled_are_refused() {
    let mut scene = Scene::registered();
    for number in ["", "  ", &"1".repeat(300), "1\u{7}2", "a b"] {
        let id = scene.command(call(number));
        assert_eq!(scene.error(&id), Some(ErrorCode::InvalidNumber));
        let id = scene.command(ToPhone::Dial(DialCommand { number: number.into() }));
        assert_eq!(scene.error(&id), Some(ErrorCode::InvalidNumber));
    }
    let id = scene.command(ToPhone::Call(CallCommand {
        number: "600".into(),
        caller_id: Some("x\r\nVia: y".into()),
        correlation_id: None,
    }));
    assert_eq!(scene.error(&id), Some(ErrorCode::InvalidNumber));
    assert!(scene.media.is_empty() && scene.phone.view().calls.is_empty());
}

#[test]
fn a_second_call_is_over_the_limit() {
    let (mut scene, _) = dialing();
    let id = scene.command(call("601"));
    assert_eq!(scene.error(&id), Some(ErrorCode::CallLimit));
    assert!(!scene.phone.view().keypad.can_call);
    scene.intent(Intent::Call("601".into()));
    assert_eq!(scene.phone.view().calls.len(), 1);
}

#[test]
fn signed_out_the_number_waits_on_the_keypad_and_the_widget_opens() {
    let mut scene = Scene::set_up(HostMode::Confirm);
    let id = scene.command(call("+49 30 1"));
    assert_eq!(scene.error(&id), Some(ErrorCode::NotRegistered));
    assert_eq!(scene.phone.view().keypad.number, "+49301");
    assert_eq!(scene.shown, Some(true));
}

#[test]
fn dial_only_fills_the_keypad() {
    let mut scene = Scene::registered();
    let id = scene.command(ToPhone::Dial(DialCommand { number: "tel:+49-30-1;ext=2".into() }));
    assert!(scene.is_done(&id));
    assert_eq!(scene.phone.view().keypad.number, "+49301;ext=2");
    assert!(scene.phone.view().calls.is_empty());
}

#[test]
fn a_call_from_the_keypad_clears_it_once_there_is_a_call() {
    let mut scene = Scene::registered();
    scene.intent(Intent::EditNumber("6 0 0".into()));
    scene.intent(Intent::Call("6 0 0".into()));
    assert_eq!(scene.phone.view().keypad.number, "6 0 0");
    scene.offer();
    scene.expect("INVITE sip:600@example.com");
    assert_eq!(scene.phone.view().keypad.number, "");
}

#[test]
fn a_refused_microphone_rejects_the_call_and_nothing_is_sent() {
    for (error, code, shown) in [
        (MediaError::MicrophoneDenied, ErrorCode::MicrophoneDenied, Microphone::Denied),
        (MediaError::MicrophoneBlocked, ErrorCode::MicrophoneBlocked, Microphone::Blocked),
        (
            MediaError::MicrophoneUnavailable,
            ErrorCode::MicrophoneUnavailable,
            Microphone::Unavailable,
        ),
    ] {
        let mut scene = Scene::registered();
        let id = scene.command(call("600"));
        scene.refuse_microphone(error);
        assert_eq!(scene.error(&id), Some(code));
        assert_eq!(scene.event_names(), ["error"], "no callStarted, no callEnded");
        let HostEvent::Error(event) = &scene.events[0] else { panic!() };
        assert_eq!((event.code, event.recoverable), (code, true));
        assert!(scene.sent.is_empty(), "no INVITE");
        let view = scene.phone.view();
        assert_eq!(view.audio.microphone, shown);
        assert!(view.calls.is_empty() && view.ended.is_none());
        assert!(view.keypad.can_call);
    }
}

#[test]
fn the_next_call_is_prepared_once_the_line_is_registered() {
    let mut scene = Scene::set_up(HostMode::Autologin);
    scene.open_socket();
    let prepare = Effect::Peer(PeerEffect::Prepare);
    assert!(!scene.effects.contains(&prepare), "registering comes first");
    scene.accept_register();
    assert!(scene.effects.contains(&prepare));
}

#[test]
fn a_microphone_that_fails_after_the_invite_cancels_the_call_and_says_why() {
    let (mut scene, invite) = dialing();
    scene.receive(invite.respond(180, "Ringing"));
    let call = scene.call_id();
    let failed = PeerInput::MicrophoneFailed(call, MediaError::MicrophoneUnavailable);
    scene.input(Input::Peer(failed.clone()));
    let cancel = scene.expect("CANCEL");
    scene.receive(cancel.respond(200, "OK"));
    scene.receive(invite.respond(487, "Request Terminated"));
    assert_eq!(scene.call_ended().cause, EndCause::MediaFailed);
    assert_eq!(scene.event_names(), ["callStarted", "callRinging", "error", "callEnded"]);
    let view = scene.phone.view();
    assert_eq!(view.audio.microphone, Microphone::Unavailable);
    assert_eq!(view.ended.expect("the person sees it").cause, EndCause::MediaFailed);
    scene.forget();
    scene.input(Input::Peer(failed));
    assert_eq!(scene.effects, [], "the call is over");
}

#[test]
fn a_microphone_that_fails_before_the_invite_rejects_the_call_and_nothing_is_sent() {
    let mut scene = Scene::registered();
    let id = scene.command(call("600"));
    let failed = PeerInput::MicrophoneFailed(scene.call_id(), MediaError::MicrophoneDenied);
    scene.input(Input::Peer(failed));
    assert_eq!(scene.error(&id), Some(ErrorCode::MicrophoneDenied));
    assert_eq!(scene.event_names(), ["error"], "no callStarted, no callEnded");
    assert!(scene.sent.is_empty(), "no INVITE");
    assert!(scene.phone.view().calls.is_empty() && scene.phone.view().ended.is_none());
}

#[test]
fn a_permission_is_told_on_every_change_and_ends_the_notice_of_a_refusal() {
    let mut scene = Scene::registered();
    scene.command(call("600"));
    scene.refuse_microphone(MediaError::MicrophoneDenied);
    assert_eq!(scene.phone.view().audio.microphone, Microphone::Denied);
    scene.forget();
    for state in [
        MicPermissionState::Denied,
        MicPermissionState::Denied,
        MicPermissionState::Granted,
        MicPermissionState::BlockedByPolicy,
    ] {
        scene.input(Input::Audio(AudioInput::Permission(state)));
    }
    let told = |event: &HostEvent| match event {
        HostEvent::MicPermission(permission) => permission.state,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        scene.events.iter().map(told).collect::<Vec<_>>(),
        [
            MicPermissionState::Denied,
            MicPermissionState::Granted,
            MicPermissionState::BlockedByPolicy
        ]
    );
    assert_eq!(scene.phone.view().audio.microphone, Microphone::Fine);
}

#[test]
fn a_microphone_that_is_allowed_later_puts_the_notice_away() {
    let mut scene = Scene::registered();
    scene.command(call("600"));
    scene.refuse_microphone(MediaError::MicrophoneDenied);
    scene.media.clear();
    scene.intent(Intent::RetryMicrophone);
    scene.allow_microphone();
    assert_eq!(scene.phone.view().audio.microphone, Microphone::Fine);
}

#[test]
fn an_offer_the_browser_cannot_make_rejects_the_call_and_shows_why() {
    let mut scene = Scene::registered();
    let id = scene.command(call("600"));
    scene.refuse_microphone(MediaError::Other("InvalidStateError".into()));
    assert_eq!(scene.error(&id), Some(ErrorCode::CallFailed));
    assert_eq!(scene.phone.view().ended.unwrap().cause, EndCause::MediaFailed);
    assert_eq!(scene.event_names(), [""; 0]);
}

#[test]
fn an_offer_that_comes_after_the_hang_up_is_ignored() {
    let mut scene = Scene::registered();
    let id = scene.command(call("600"));
    let Some(PeerEffect::CreateOffer(op, ..)) = scene.media.pop_front() else { panic!() };
    let hung_up = scene.command(hangup());
    assert!(scene.is_done(&hung_up));
    assert_eq!(scene.error(&id), Some(ErrorCode::CallFailed));
    assert!(scene.phone.view().calls.is_empty());
    scene.input(Input::Peer(PeerInput::Done(op, Ok("v=0".into()))));
    scene.input(Input::Peer(PeerInput::Done(op, Ok("v=0".into()))));
    assert!(scene.sent.is_empty());
    assert_eq!(scene.event_names(), [""; 0]);
}

#[test]
fn a_call_that_waits_for_the_microphone_counts_and_can_be_hung_up() {
    for names_it in [false, true] {
        let mut scene = Scene::registered();
        let id = scene.command(call("600"));
        let snapshot = scene.snapshot.clone().unwrap();
        assert!(snapshot.in_call);
        assert_eq!((snapshot.call_count, snapshot.active_number.as_deref()), (1, Some("600")));
        assert_eq!(snapshot.calls[0].state, CallState::Dialing);
        let call_id = names_it.then(|| snapshot.calls[0].call_id.clone());
        let hung_up = scene.command(ToPhone::Hangup(CallRef { call_id }));
        assert!(scene.is_done(&hung_up));
        assert_eq!(scene.error(&id), Some(ErrorCode::CallFailed), "call() is answered");
        assert!(!scene.snapshot.as_ref().unwrap().in_call);
        let call = match scene.media.front() {
            Some(PeerEffect::CreateOffer(_, call, _)) => *call,
            other => panic!("CreateOffer expected, not {other:?}"),
        };
        let closed = Some(&PeerEffect::Close(call));
        assert_eq!(scene.media.back(), closed, "the microphone is not waited for");
        assert_eq!(scene.event_names(), [""; 0], "what has not started does not end");
        assert!(scene.sent.is_empty());
    }
}

#[test]
fn early_media_is_heard_instead_of_our_own_ring_back() {
    let (mut scene, invite) = dialing();
    scene.receive(invite.respond(180, "Ringing"));
    assert_eq!(scene.tone(), Some(Tone::RingBack));
    scene.receive(invite.respond(183, "Session Progress").sdp());
    assert_eq!(scene.call_view().phase, CallPhase::EarlyMedia);
    assert_eq!(scene.tone(), None);
}

#[test]
fn callee_busy_ends_the_call_with_busy() {
    let (mut scene, invite) = dialing();
    scene.receive(invite.respond(486, "Busy Here"));
    scene.expect("ACK");
    let end = scene.call_ended();
    assert_eq!((end.cause, end.sip_code, end.duration), (EndCause::Busy, 486, 0));
    assert_eq!(scene.tone(), Some(Tone::Busy));
    scene.pass(seconds(2));
    assert_eq!(scene.tone(), None);
    assert!(scene.phone.view().ended.is_some(), "an unexpected end stays to be read");
    scene.intent(Intent::DismissEnded);
    assert_eq!(scene.phone.view().ended, None);
}

#[test]
fn every_refusal_has_its_cause() {
    for (status, cause) in [
        (600, EndCause::Busy),
        (603, EndCause::Declined),
        (404, EndCause::NotFound),
        (403, EndCause::Forbidden),
        (408, EndCause::NoAnswer),
        (488, EndCause::Incompatible),
        (503, EndCause::Unavailable),
    ] {
        let (mut scene, invite) = dialing();
        scene.receive(invite.respond(status, "No"));
        let end = scene.call_ended();
        assert_eq!((end.cause, end.sip_code), (cause, status));
    }
}

#[test]
fn hanging_up_before_the_answer_cancels() {
    let (mut scene, invite) = dialing();
    scene.receive(invite.respond(180, "Ringing"));
    let id = scene.command(hangup());
    let cancel = scene.expect("CANCEL");
    assert!(scene.is_done(&id));
    scene.receive(cancel.respond(200, "OK"));
    scene.receive(invite.respond(487, "Request Terminated"));
    assert_eq!(scene.call_ended().cause, EndCause::Cancelled);
    assert_eq!(scene.tone(), None);
    assert!(scene.phone.view().calls.is_empty());
}

#[test]
fn a_call_muted_while_dialling_is_muted_when_answered() {
    let (mut scene, invite) = dialing();
    let call = scene.call_id();
    scene.intent(Intent::SetMuted(call, true));
    scene.media.clear();
    scene.receive(invite.respond(200, "OK").sdp());
    assert!(!scene.sends_microphone(call));
    assert!(scene.call_view().muted);
}

#[test]
fn redial_calls_the_same_number() {
    let (mut scene, invite) = dialing();
    scene.receive(invite.respond(486, "Busy Here"));
    scene.forget();
    scene.intent(Intent::Redial);
    assert_eq!(scene.tone(), None);
    scene.offer();
    scene.expect("INVITE sip:600@example.com");
    assert_eq!(scene.phone.view().ended, None);
}

#[test]
fn a_connection_lost_while_dialling_ends_the_call_once() {
    let (mut scene, _) = dialing();
    scene.close_socket();
    assert_eq!(scene.call_ended().cause, EndCause::ConnectionLost);
    assert!(scene.phone.view().calls.is_empty());
}

#[test]
fn a_connection_lost_before_the_offer_rejects_the_command() {
    let mut scene = Scene::registered();
    let id = scene.command(call("600"));
    scene.close_socket();
    assert_eq!(scene.event_names(), ["unregistered"]);
    let refused = scene.error(&id);
    assert_eq!(refused, Some(ErrorCode::ConnectionLost));
    assert!(scene.phone.view().calls.is_empty());
}

#[test]
fn call_ids_are_opaque_and_never_the_same() {
    let mut scene = Scene::registered();
    let mut ids = HashSet::new();
    for _ in 0..3 {
        scene.command(call("600"));
        ids.insert(scene.snapshot.as_ref().unwrap().calls[0].call_id.clone());
        scene.command(hangup());
    }
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|id| id.starts_with("c-") && id.len() > 12));
}

#[test]
fn late_media_of_an_earlier_sign_in_does_not_touch_a_new_call() {
    let mut scene = Scene::registered();
    scene.command(call("600"));
    let Some(PeerEffect::CreateOffer(old_op, old_call, _)) = scene.media.pop_front() else {
        panic!()
    };
    scene.intent(Intent::SignOut);
    scene.pass(seconds(2));
    scene.forget();
    scene.intent(Intent::Connect);
    scene.open_socket();
    scene.accept_register();
    scene.command(call("601"));
    scene.input(Input::Peer(PeerInput::Done(old_op, Ok("v=0\r\nold".into()))));
    scene.input(Input::Peer(PeerInput::Failed(old_call)));
    assert_eq!(scene.call_view().phase, CallPhase::Preparing);
    scene.offer();
    scene.expect("INVITE sip:601@example.com");
}

#[test]
fn a_press_unlocks_the_sound() {
    let mut scene = Scene::registered();
    scene.input(Input::Audio(AudioInput::Locked));
    scene.intent(Intent::Call("600".into()));
    assert_eq!(scene.audio.front(), Some(&AudioEffect::Unlock));
}

#[test]
fn a_microphone_refused_after_the_hang_up_is_nobodys_concern() {
    let mut scene = Scene::registered();
    scene.command(call("600"));
    let Some(PeerEffect::CreateOffer(op, ..)) = scene.media.pop_front() else { panic!() };
    scene.command(hangup());
    scene.input(Input::Peer(PeerInput::Done(op, Err(MediaError::MicrophoneDenied))));
    assert_eq!(scene.event_names(), [""; 0]);
    assert_eq!(scene.phone.view().audio.microphone, Microphone::Fine);
}
