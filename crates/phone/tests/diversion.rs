//! Calls that are taken, sent away or sent on without a person.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::server::Message;
use common::*;
use ringlet_contract::config::{AutoAnswer, HostMode};
use ringlet_contract::event::{EndCause, MicPermissionState};
use ringlet_phone::{
    AudioEffect, AudioInput, CallPhase, DiversionError, Input, Intent, LineStatus, Page, Tone,
};

const BOB: &str = "Bob <sip:+49301234@example.com>";

fn registered(auto_answer: AutoAnswer, max_sessions: u32) -> Scene {
    let mut scene = Scene::new();
    let mut runtime = runtime();
    runtime.behavior.incoming.auto_answer = auto_answer;
    runtime.max_sessions = max_sessions;
    scene.init(runtime, host(HostMode::Autologin));
    scene.input(Input::Stored(None));
    scene.open_socket();
    scene.accept_register();
    scene.input(Input::Audio(AudioInput::Permission(MicPermissionState::Granted)));
    assert_eq!(scene.phone.view().line.status, LineStatus::Registered);
    scene.forget();
    scene
}

fn forward(scene: &mut Scene, busy: &str, no_answer: &str) {
    scene.intent(Intent::Forward { busy: busy.into(), no_answer: no_answer.into() });
}

/// An INVITE that asks to be answered after so many seconds.
fn invite_to_be_answered(scene: &mut Scene, seconds: &str) -> Message {
    let call_info = format!("<sip:example.com>;answer-after={seconds}");
    scene.invite_with(BOB, &[("Call-Info", &call_info)])
}

fn phase(scene: &Scene) -> CallPhase {
    scene.call_view().phase
}

#[test]
fn do_not_disturb_rings_for_nobody_and_keeps_the_call_to_be_returned() {
    let mut scene = registered(AutoAnswer::Always, 4);
    scene.intent(Intent::SetDoNotDisturb(true));
    scene.invite_from(BOB);
    scene.expect("SIP/2.0 180");
    scene.expect("SIP/2.0 480");
    assert!(scene.phone.view().calls.is_empty());
    assert_eq!(scene.event_names(), [""; 0], "the host is not told of a call");
    let view = scene.phone.view();
    let [entry] = &view.history.entries[..] else { panic!("one entry") };
    assert!(entry.is_missed() && entry.cause == EndCause::Unavailable);
    scene.intent(Intent::SetDoNotDisturb(false));
    scene.invite_from(BOB);
    assert_eq!(scene.phone.view().calls.len(), 1);
}

#[test]
fn a_call_that_was_ringing_goes_on_when_do_not_disturb_begins() {
    let mut scene = registered(AutoAnswer::Off, 4);
    scene.invite_from(BOB);
    scene.intent(Intent::SetDoNotDisturb(true));
    assert_eq!(phase(&scene), CallPhase::Incoming);
}

#[test]
fn a_busy_phone_sends_callers_on_and_so_does_one_that_is_not_to_be_disturbed() {
    let mut scene = registered(AutoAnswer::Off, 1);
    forward(&mut scene, "602", "");
    scene.invite_from(BOB);
    scene.forget();
    scene.invite_from("Carol <sip:carol@example.com>");
    scene.expect("SIP/2.0 180");
    let moved = scene.expect("SIP/2.0 302");
    assert_eq!(moved.header("Contact"), "<sip:602@example.com>");
    assert_eq!(scene.phone.view().calls.len(), 1, "the first rings on");
    let view = scene.phone.view();
    assert_eq!(view.history.entries[0].cause, EndCause::Forwarded);
    assert!(!view.history.entries[0].is_missed(), "somebody else has it");

    let mut scene = registered(AutoAnswer::Off, 4);
    forward(&mut scene, "bob@elsewhere.example", "");
    scene.intent(Intent::SetDoNotDisturb(true));
    scene.invite_from(BOB);
    scene.expect("SIP/2.0 180");
    assert_eq!(scene.expect("SIP/2.0 302").header("Contact"), "<sip:bob@elsewhere.example>");
}

#[test]
fn a_call_that_nobody_answers_is_sent_on_after_twenty_seconds() {
    let mut scene = registered(AutoAnswer::Off, 4);
    forward(&mut scene, "", "602");
    scene.invite_from(BOB);
    scene.expect("SIP/2.0 180");
    scene.pass(seconds(19));
    assert_eq!(phase(&scene), CallPhase::Incoming);
    scene.pass(seconds(1));
    assert_eq!(scene.expect("SIP/2.0 302").header("Contact"), "<sip:602@example.com>");
    let ended = scene.call_ended();
    assert_eq!((ended.cause, ended.sip_code), (EndCause::Forwarded, 302));
    assert_eq!(scene.phone.view().ended.map(|ended| ended.cause), Some(EndCause::Forwarded));
    scene.pass(seconds(5));
    assert_eq!(scene.phone.view().ended, None, "nothing is left to decide");
}

#[test]
fn a_call_that_was_taken_is_not_sent_on() {
    let mut scene = registered(AutoAnswer::Off, 4);
    forward(&mut scene, "", "602");
    scene.invite_from(BOB);
    scene.pass(seconds(19));
    scene.command(answer());
    scene.pass(seconds(5));
    assert_eq!(phase(&scene), CallPhase::Answering);
}

#[test]
fn a_call_that_asks_for_it_is_answered_with_a_tone_and_a_sign() {
    let mut scene = registered(AutoAnswer::Asked, 4);
    invite_to_be_answered(&mut scene, "2");
    assert_eq!((phase(&scene), scene.tone()), (CallPhase::Incoming, Some(Tone::Ring)));
    scene.pass(seconds(2));
    assert_eq!((phase(&scene), scene.tone()), (CallPhase::Answering, Some(Tone::Answered)));
    scene.answer_offer();
    scene.pass(seconds(1));
    assert!(matches!(phase(&scene), CallPhase::Active { .. }));
    assert_eq!(scene.tone(), None);
    assert!(scene.call_view().unattended, "it is seen as long as the call lasts");
}

#[test]
fn a_header_alone_answers_nothing_unless_the_tenant_trusts_it() {
    let mut scene = registered(AutoAnswer::Off, 4);
    invite_to_be_answered(&mut scene, "0");
    scene.pass(seconds(5));
    assert_eq!(phase(&scene), CallPhase::Incoming);
    let mut scene = registered(AutoAnswer::Asked, 4);
    scene.invite_from(BOB);
    scene.pass(seconds(5));
    assert_eq!(phase(&scene), CallPhase::Incoming, "this one did not ask");
}

#[test]
fn every_call_is_answered_at_once_where_the_tenant_says_so_but_not_in_another_call() {
    let mut scene = registered(AutoAnswer::Always, 4);
    scene.invite_from(BOB);
    scene.pass(seconds(0));
    assert_eq!(phase(&scene), CallPhase::Answering);
    scene.invite_from("Carol <sip:carol@example.com>");
    scene.pass(seconds(5));
    let calls = scene.phone.view().calls;
    assert_eq!(calls.len(), 2, "{:?}", scene.events);
    assert_eq!(calls[1].phase, CallPhase::Incoming, "a person decides");
}

#[test]
fn a_call_that_a_person_took_before_bears_no_sign() {
    let mut scene = registered(AutoAnswer::Asked, 4);
    invite_to_be_answered(&mut scene, "5");
    scene.command(answer());
    scene.answer_offer();
    scene.pass(seconds(6));
    assert!(!scene.call_view().unattended);
    assert_eq!(scene.tone(), None);
}

#[test]
fn without_leave_to_use_the_microphone_it_is_asked_for_and_the_call_rings_on_if_refused() {
    let mut scene = registered(AutoAnswer::Always, 4);
    scene.input(Input::Audio(AudioInput::Permission(MicPermissionState::Prompt)));
    scene.forget();
    scene.invite_from(BOB);
    scene.pass(seconds(0));
    assert!(scene.audio.contains(&AudioEffect::ProbeMicrophone));
    scene.input(Input::Audio(AudioInput::Microphone(Err(
        ringlet_phone::MediaError::MicrophoneDenied,
    ))));
    scene.pass(seconds(30));
    assert_eq!(phase(&scene), CallPhase::Incoming);
    assert!(!scene.call_view().unattended, "whoever answers now is a person");
    assert_eq!(scene.tone(), Some(Tone::Ring));
}

#[test]
fn a_call_that_asks_for_it_waits_for_a_person_who_has_begun_another_call() {
    let mut scene = registered(AutoAnswer::Asked, 4);
    invite_to_be_answered(&mut scene, "5");
    scene.command(call("600"));
    scene.pass(seconds(10));
    assert_eq!(phase(&scene), CallPhase::Incoming);
}

#[test]
fn an_unusable_number_is_refused_and_the_error_goes_with_the_form() {
    let mut scene = registered(AutoAnswer::Off, 4);
    scene.intent(Intent::ShowPage(Page::Diversion));
    forward(&mut scene, "602", "agent1");
    let view = scene.phone.view().diversion;
    assert_eq!((view.busy.as_str(), view.error), ("", Some(DiversionError::NoAnswer)));
    scene.intent(Intent::ShowPage(Page::Keypad));
    assert_eq!(scene.phone.view().diversion.error, None);
}
