//! Calls that come in.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::server::Message;
use common::*;
use ringlet_contract::error::ErrorCode;
use ringlet_contract::event::{Direction, EndCause, HostEvent, MicPermissionState};
use ringlet_contract::message::{CallRef, CallState, ToPhone};
use ringlet_phone::{
    AudioInput, CallPhase, Input, Intent, MediaError, Microphone, PeerEffect, Tone,
};

#[test]
fn an_incoming_call_rings_shows_the_widget_and_is_told() {
    let (mut scene, _) = Scene::ringing();
    scene.expect("SIP/2.0 180");
    assert_eq!(scene.tone(), Some(Tone::Ring));
    assert_eq!(scene.shown, Some(true));
    let HostEvent::CallIncoming(incoming) = &scene.events[0] else { panic!("{:?}", scene.events) };
    assert_eq!(incoming.number, "+49301234");
    assert_eq!(incoming.display_name.as_deref(), Some("Bob"));
    assert_eq!(incoming.direction, Direction::Inbound);
    assert_eq!(scene.call_view().phase, CallPhase::Incoming);
    assert_eq!(scene.snapshot.as_ref().unwrap().calls[0].state, CallState::Ringing);
    assert_eq!(scene.snapshot.as_ref().unwrap().active_number.as_deref(), Some("+49301234"));
}

#[test]
fn an_answered_call_is_active_until_the_caller_hangs_up() {
    let (mut scene, invite) = Scene::ringing();
    scene.expect("SIP/2.0 180");
    let id = scene.command(answer());
    assert_eq!(scene.tone(), None, "the ringing stops at once");
    assert_eq!(scene.call_view().phase, CallPhase::Answering);
    scene.allow_microphone();
    assert_eq!(scene.result(&id), None);
    scene.make_answer();
    let ok = scene.expect("SIP/2.0 200");
    assert!(scene.is_done(&id));
    let to = ok.header("To").to_owned();
    scene.receive(Message::from_caller(&invite, "ACK", &to));
    scene.pass(seconds(7));
    scene.receive(Message::from_caller(&invite, "BYE", &to));
    scene.expect("SIP/2.0 200");
    assert_eq!(scene.event_names(), ["callIncoming", "callAnswered", "callEnded"]);
    assert_eq!(
        (scene.call_ended().cause, scene.call_ended().duration),
        (EndCause::RemoteHangup, 7)
    );
}

#[test]
fn a_microphone_known_to_work_is_not_asked_for_twice() {
    let (mut scene, _) = Scene::in_call();
    scene.command(hangup());
    let bye = scene.expect("BYE");
    scene.receive(bye.respond(200, "OK"));
    scene.forget();
    scene.invite_from("<sip:bob@example.com>");
    scene.command(answer());
    scene.make_answer();
    scene.sent.pop_front();
    scene.expect("SIP/2.0 200");
}

#[test]
fn a_refused_microphone_does_not_cost_the_call() {
    let (mut scene, _) = Scene::ringing();
    scene.expect("SIP/2.0 180");
    let id = scene.command(answer());
    scene.refuse_microphone(MediaError::MicrophoneDenied);
    assert_eq!(scene.error(&id), Some(ErrorCode::MicrophoneDenied));
    assert_eq!(scene.event_names(), ["callIncoming", "error"]);
    assert_eq!(scene.call_view().phase, CallPhase::Incoming);
    assert_eq!(scene.tone(), Some(Tone::Ring), "it rings on");
    assert_eq!(scene.phone.view().audio.microphone, Microphone::Denied);
    assert!(scene.sent.is_empty());

    let id = scene.command(answer());
    scene.allow_microphone();
    scene.make_answer();
    scene.expect("SIP/2.0 200");
    assert!(scene.is_done(&id));
    assert_eq!(scene.phone.view().audio.microphone, Microphone::Fine);
}

#[test]
fn pressing_answer_twice_answers_once() {
    let (mut scene, _) = Scene::ringing();
    scene.expect("SIP/2.0 180");
    let call = scene.call_id();
    scene.intent(Intent::Answer(call));
    let id = scene.command(answer());
    scene.allow_microphone();
    scene.make_answer();
    scene.expect("SIP/2.0 200");
    assert!(scene.is_done(&id));
    assert!(!scene.media.iter().any(|m| matches!(m, PeerEffect::CreateAnswer(..))));
}

#[test]
fn a_rejected_call_is_declined() {
    for command in [reject(), hangup()] {
        let (mut scene, _) = Scene::ringing();
        scene.expect("SIP/2.0 180");
        let id = scene.command(command);
        scene.expect("SIP/2.0 603");
        assert!(scene.is_done(&id));
        assert_eq!(scene.call_ended().cause, EndCause::Rejected);
        assert_eq!(scene.tone(), None);
    }
}

#[test]
fn a_caller_who_gives_up_is_a_missed_call() {
    let (mut scene, invite) = Scene::ringing();
    scene.expect("SIP/2.0 180");
    scene.receive(Message::from_caller(&invite, "CANCEL", invite.header("To")));
    assert_eq!(scene.call_ended().cause, EndCause::Missed);
    assert_eq!(scene.tone(), None);
    scene.pass(seconds(60));
    assert_eq!(scene.phone.view().ended.unwrap().cause, EndCause::Missed, "stays to be seen");
}

#[test]
fn a_call_taken_on_another_device_is_told_as_such() {
    let (mut scene, invite) = Scene::ringing();
    let cancel = Message::from_caller(&invite, "CANCEL", invite.header("To"));
    scene.receive(cancel.with("Reason", "SIP;cause=200;text=\"Call completed elsewhere\""));
    assert_eq!(scene.call_ended().cause, EndCause::AnsweredElsewhere);
}

#[test]
fn the_caller_gives_up_while_the_microphone_is_asked_for() {
    let (mut scene, invite) = Scene::ringing();
    let id = scene.command(answer());
    scene.receive(Message::from_caller(&invite, "CANCEL", invite.header("To")));
    assert_eq!(scene.error(&id), Some(ErrorCode::CallFailed));
    assert_eq!(scene.call_ended().cause, EndCause::Missed);
    scene.allow_microphone();
    assert!(scene.phone.view().calls.is_empty());
}

#[test]
fn a_second_caller_hears_busy_and_nobody_here_is_disturbed() {
    let (mut scene, _) = Scene::in_call();
    scene.receive(Message::invite(&scene.contact.clone(), "<sip:carol@example.com>", 9));
    assert!(scene.sent.iter().any(|m| m.text().starts_with("SIP/2.0 486")));
    assert_eq!(scene.event_names(), [""; 0]);
    assert_eq!(scene.phone.view().calls.len(), 1);
    assert_eq!(scene.tone(), None);
    assert_eq!(scene.shown, None);
}

#[test]
fn a_ringing_call_cannot_be_muted() {
    let (mut scene, _) = Scene::ringing();
    let id = scene.command(ToPhone::Mute(CallRef::default()));
    assert_eq!(scene.error(&id), Some(ErrorCode::InvalidState));
}

#[test]
fn an_answer_the_browser_cannot_make_ends_the_call_with_media_failed() {
    let (mut scene, _) = Scene::ringing();
    let id = scene.command(answer());
    scene.allow_microphone();
    scene.refuse_microphone(MediaError::Other("bad SDP".into()));
    assert_eq!(scene.error(&id), Some(ErrorCode::CallFailed));
    assert_eq!(scene.call_ended().cause, EndCause::MediaFailed);
}

#[test]
fn a_withheld_number_is_empty() {
    let mut scene = Scene::registered();
    scene.invite_from("\"Anonymous\" <sip:anonymous@anonymous.invalid>");
    assert_eq!(scene.call_view().number, "");
}

#[test]
fn a_call_nobody_takes_before_it_expires_is_missed() {
    let mut scene = Scene::registered();
    let invite = Message::invite(&scene.contact.clone(), "<sip:bob@example.com>", 9);
    scene.receive(invite.with("Expires", "20"));
    scene.pass(seconds(20));
    assert_eq!(scene.call_ended().cause, EndCause::Missed);
    assert_eq!(scene.tone(), None);
}

#[test]
fn hanging_up_while_the_answer_is_being_made_refuses_the_call() {
    let (mut scene, _) = Scene::ringing();
    scene.expect("SIP/2.0 180");
    let answering = scene.command(answer());
    scene.allow_microphone();
    scene.command(hangup());
    scene.expect("SIP/2.0 603");
    assert_eq!(scene.error(&answering), Some(ErrorCode::CallFailed));
    scene.make_answer();
    assert!(scene.sent.is_empty(), "the answer comes too late");
    assert_eq!(scene.call_ended().cause, EndCause::Rejected);
}

#[test]
fn a_call_whose_answer_waits_for_the_microphone_can_be_hung_up() {
    for names_it in [false, true] {
        let (mut scene, _) = Scene::ringing();
        scene.expect("SIP/2.0 180");
        let answering = scene.command(answer());
        let snapshot = scene.snapshot.clone().unwrap();
        assert!(snapshot.in_call);
        assert_eq!(snapshot.calls[0].state, CallState::Answering);
        let call_id = names_it.then(|| snapshot.calls[0].call_id.clone());
        let hung_up = scene.command(ToPhone::Hangup(CallRef { call_id }));
        scene.expect("SIP/2.0 603");
        assert!(scene.is_done(&hung_up));
        assert_eq!(scene.error(&answering), Some(ErrorCode::CallFailed));
        assert_eq!(scene.call_ended().cause, EndCause::Rejected);
        scene.allow_microphone();
        assert!(scene.phone.view().calls.is_empty() && scene.media.len() == 1, "only closed");
    }
}

#[test]
fn a_microphone_that_fails_for_any_reason_is_shown() {
    let (mut scene, _) = Scene::ringing();
    let id = scene.command(answer());
    scene.refuse_microphone(MediaError::Other("AbortError".into()));
    assert_eq!(scene.error(&id), Some(ErrorCode::MicrophoneUnavailable));
    assert_eq!(scene.phone.view().audio.microphone, Microphone::Unavailable);
    assert_eq!(scene.call_view().phase, CallPhase::Incoming);
}

#[test]
fn a_microphone_that_may_be_used_anyway_is_not_probed_first() {
    let (mut scene, _) = Scene::ringing();
    scene.expect("SIP/2.0 180");
    scene.input(Input::Audio(AudioInput::Permission(MicPermissionState::Granted)));
    scene.command(answer());
    assert!(scene.audio.is_empty(), "no probe: {:?}", scene.audio);
    scene.make_answer();
    scene.expect("SIP/2.0 200");
}

#[test]
fn a_permission_that_was_taken_back_is_probed_for() {
    let (mut scene, _) = Scene::ringing();
    scene.expect("SIP/2.0 180");
    scene.input(Input::Audio(AudioInput::Permission(MicPermissionState::Granted)));
    scene.input(Input::Audio(AudioInput::Permission(MicPermissionState::Prompt)));
    scene.command(answer());
    scene.allow_microphone();
    scene.make_answer();
    scene.expect("SIP/2.0 200");
}
