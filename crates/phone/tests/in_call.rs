//! What happens in an answered call.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::server::Message;
use common::*;
use ringlet_contract::error::ErrorCode;
use ringlet_contract::event::EndCause;
use ringlet_contract::message::{CallRef, ToPhone};
use ringlet_phone::{
    AudioEffect, AudioInput, Effect, HostEffect, Input, Intent, MediaError, PeerEffect, PeerInput,
    Sink, Slice, Source, Terms, Tone,
};

#[test]
fn hanging_up_says_bye_and_the_screen_goes_away_by_itself() {
    let (mut scene, _) = Scene::in_call();
    scene.pass(seconds(3));
    let id = scene.command(hangup());
    let bye = scene.expect("BYE");
    assert!(scene.is_done(&id));
    scene.receive(bye.respond(200, "OK"));
    assert_eq!((scene.call_ended().cause, scene.call_ended().duration), (EndCause::LocalHangup, 3));
    assert_eq!(scene.phone.view().ended.unwrap().duration, seconds(3));
    scene.pass(seconds(4));
    assert_eq!(scene.phone.view().ended, None);
}

#[test]
fn whoever_awaits_the_hang_up_finds_no_call() {
    let (mut scene, _) = Scene::in_call();
    let id = scene.command(hangup());
    assert!(scene.is_done(&id));
    assert!(!scene.snapshot.as_ref().unwrap().in_call);
    let snapshot =
        scene.effects.iter().rposition(|e| matches!(e, Effect::Host(HostEffect::Snapshot(_))));
    let result = scene.position(|e| matches!(e, Effect::Host(HostEffect::Result { .. })));
    assert!(snapshot.unwrap() < result);
}

#[test]
fn commands_for_no_call_or_an_unknown_one_are_refused() {
    let mut scene = Scene::registered();
    for command in [hangup(), answer(), reject(), ToPhone::Mute(CallRef::default())] {
        let id = scene.command(command);
        assert_eq!(scene.error(&id), Some(ErrorCode::NoSuchCall));
    }
    let (mut scene, _) = Scene::in_call();
    let id = scene.command(ToPhone::Hangup(CallRef { call_id: Some("c-none".into()) }));
    assert_eq!(scene.error(&id), Some(ErrorCode::NoSuchCall));
    let call_id = scene.snapshot.as_ref().unwrap().calls[0].call_id.clone();
    for command in [ToPhone::Answer, ToPhone::Reject] {
        let id = scene.command(command(CallRef { call_id: Some(call_id.clone()) }));
        assert_eq!(scene.error(&id), Some(ErrorCode::InvalidState));
    }
    let id = scene.command(ToPhone::Hangup(CallRef { call_id: Some(call_id) }));
    assert!(scene.is_done(&id));
}

#[test]
fn muting_is_told_to_the_media_side_and_shown() {
    let (mut scene, _) = Scene::in_call();
    let call = scene.call_id();
    assert!(scene.sends_microphone(call));
    scene.command(ToPhone::Mute(CallRef::default()));
    scene.command(ToPhone::Mute(CallRef::default()));
    assert!(!scene.sends_microphone(call));
    assert!(scene.call_view().muted);
    assert!(scene.snapshot.as_ref().unwrap().calls[0].muted);
    scene.intent(Intent::SetMuted(call, false));
    assert!(!scene.call_view().muted);
    assert!(scene.sends_microphone(call));
    assert_eq!(scene.results.len(), 2);
}

#[test]
fn a_microphone_that_fails_after_the_answer_ends_the_call() {
    let (mut scene, _) = Scene::in_call();
    let failed = PeerInput::MicrophoneFailed(scene.call_id(), MediaError::MicrophoneUnavailable);
    scene.input(Input::Peer(failed));
    let bye = scene.expect("BYE");
    scene.receive(bye.respond(200, "OK"));
    assert_eq!(scene.call_ended().cause, EndCause::MediaFailed);
}

#[test]
fn media_that_does_not_mend_in_time_ends_the_call() {
    let (mut scene, _) = Scene::in_call();
    let call = scene.call_id();
    scene.input(Input::Peer(PeerInput::Connected(call)));
    scene.input(Input::Peer(PeerInput::Failed(call)));
    scene.pass(seconds(44));
    assert!(scene.snapshot.as_ref().unwrap().in_call);
    scene.input(Input::Peer(PeerInput::Failed(call)));
    scene.pass(seconds(1));
    assert_eq!(scene.call_ended().cause, EndCause::MediaFailed);
    scene.input(Input::Peer(PeerInput::Failed(call)));
    assert_eq!(scene.call_ended().cause, EndCause::MediaFailed);
}

#[test]
fn broken_media_is_negotiated_anew_over_the_same_dialog() {
    let (mut scene, invite) = Scene::in_call();
    let call = scene.call_id();
    scene.media.clear();
    scene.input(Input::Peer(PeerInput::Failed(call)));
    let Some(PeerEffect::CreateOffer(op, _, terms)) = scene.media.pop_front() else { panic!() };
    assert_eq!(terms, Terms { restart: true, ..Terms::default() });
    scene.input(Input::Peer(PeerInput::Done(op, Ok("new offer".into()))));
    let again = scene.expect("INVITE");
    assert_eq!(again.header("Call-ID"), invite.header("Call-ID"));
    assert!(again.into_bytes().ends_with(b"\r\n\r\nnew offer"));
    scene.input(Input::Peer(PeerInput::Failed(call)));
    assert_eq!(scene.media, []);
}

#[test]
fn media_that_the_far_end_will_not_mend_ends_the_call() {
    let (mut scene, _) = Scene::in_call();
    let call = scene.call_id();
    scene.media.clear();
    scene.input(Input::Peer(PeerInput::Failed(call)));
    let Some(PeerEffect::CreateOffer(op, ..)) = scene.media.pop_front() else { panic!() };
    scene.input(Input::Peer(PeerInput::Done(op, Ok("new offer".into()))));
    let again = scene.expect("INVITE");
    scene.receive(again.respond(488, "Not Acceptable Here"));
    assert_eq!(scene.media.pop_front().map(|m| matches!(m, PeerEffect::Rollback(..))), Some(true));
    assert_eq!(scene.call_ended().cause, EndCause::MediaFailed);
}

#[test]
fn a_recovery_that_is_refused_twice_ends_the_wait_for_broken_media() {
    let (mut scene, _) = Scene::in_call();
    let call = scene.call_id();
    scene.close_socket();
    scene.input(Input::Peer(PeerInput::Failed(call)));
    scene.pass(seconds(1));
    scene.media.clear();
    scene.open_socket();
    scene.accept_register();
    for refusals in 1..=2 {
        let Some(PeerEffect::CreateOffer(op, ..)) = scene.media.pop_front() else { panic!() };
        scene.input(Input::Peer(PeerInput::Done(op, Ok("new offer".into()))));
        let again = scene.expect("INVITE");
        scene.receive(again.respond(488, "Not Acceptable Here"));
        scene.expect("ACK");
        assert!(matches!(scene.media.pop_front(), Some(PeerEffect::Rollback(..))));
        if refusals == 1 {
            assert!(scene.snapshot.as_ref().unwrap().in_call, "the agent asks once more");
            scene.pass(seconds(5));
        }
    }
    assert_eq!(scene.call_ended().cause, EndCause::MediaFailed);
    scene.expect("BYE");
}

#[test]
fn media_that_mends_in_time_keeps_the_call() {
    let (mut scene, _) = Scene::in_call();
    let call = scene.call_id();
    scene.input(Input::Peer(PeerInput::Failed(call)));
    scene.pass(seconds(44));
    scene.input(Input::Peer(PeerInput::Connected(call)));
    scene.pass(seconds(60));
    assert!(scene.snapshot.as_ref().unwrap().in_call);
}

#[test]
fn a_call_that_is_answered_survives_a_lost_connection() {
    let (mut scene, invite) = Scene::in_call();
    scene.close_socket();
    assert_eq!(scene.event_names(), ["unregistered"]);
    scene.pass(seconds(1));
    scene.open_socket();
    scene.accept_register();
    scene.receive(Message::bye_from_callee(&invite));
    assert_eq!(scene.call_ended().cause, EndCause::RemoteHangup);
}

#[test]
fn a_call_that_takes_the_place_of_another_does_not_ring() {
    let (mut scene, invite) = Scene::in_call();
    scene.media.clear();
    let tag = invite.header("From").split_once(";tag=").unwrap().1;
    let replaces = format!("{};to-tag={tag};from-tag=server", invite.header("Call-ID"));
    let taking = Message::invite(&scene.contact, "<sip:5551@example.com>", 9).sdp();
    scene.receive(taking.with("Replaces", &replaces));
    scene.make_answer();
    assert_eq!(scene.event_names(), ["callIncoming", "callAnswered", "callEnded"]);
    assert!(!scene.effects.iter().any(rings));
    let snapshot = scene.snapshot.as_ref().unwrap();
    assert_eq!((snapshot.active_number.as_deref(), snapshot.call_count), (Some("5551"), 1));
    let call = scene.call_id();
    assert!(!scene.call_view().held);
    assert!(
        scene.routes.contains(Source::Remote(call), Sink::Speaker) && scene.sends_microphone(call)
    );
}

#[test]
fn an_unchanged_view_is_not_drawn_again() {
    let (mut scene, _) = Scene::in_call();
    scene.effects.clear();
    scene.input(Input::Audio(AudioInput::Unlocked));
    scene.intent(Intent::DismissEnded);
    assert!(!scene.effects.iter().any(|e| matches!(e, Effect::Render(_))));
    scene.input(Input::Audio(AudioInput::Locked));
    assert!(scene.effects.iter().any(|e| matches!(e, Effect::Render(Slice::Audio(_)))));
    assert!(scene.phone.view().audio.locked);
}

fn rings(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Audio(AudioEffect::Route(routes)) if routes.tone() == Some(Tone::Ring)
    )
}
