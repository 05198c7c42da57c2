//! DTMF: in the media, by INFO, and what is heard of it here.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::*;
use ringlet_contract::MAX_TONES;
use ringlet_contract::config::DtmfMode;
use ringlet_contract::error::ErrorCode;
use ringlet_contract::message::{CallRef, DtmfCommand, ToPhone};
use ringlet_phone::{Input, Intent, PeerEffect, PeerInput, Route, Sink, Source, Tone};
use std::time::Duration;

fn in_call(mode: DtmfMode) -> Scene {
    let mut runtime = runtime();
    runtime.behavior.dtmf.mode = mode;
    let (mut scene, _) = Scene::in_call_for(runtime);
    scene.media.clear();
    scene
}

fn tones(tones: &str) -> ToPhone {
    ToPhone::SendDtmf(DtmfCommand { tones: tones.into(), call_id: None })
}

/// The tones that the peer connection was asked for.
fn in_media(scene: &mut Scene) -> String {
    let tone = |effect| match effect {
        PeerEffect::SendTone(_, tone) => Some(tone),
        _ => None,
    };
    scene.media.drain(..).filter_map(tone).collect()
}

/// The signals that went by INFO, each of which the far end accepts.
fn by_info(scene: &mut Scene) -> String {
    let mut signals = String::new();
    while !scene.sent.is_empty() {
        let info = scene.expect("INFO");
        assert_eq!(info.header("Content-Type"), "application/dtmf-relay");
        let text = info.text();
        let signal = text.split("Signal=").nth(1).and_then(|rest| rest.chars().next());
        signals.extend(signal);
        scene.receive(info.respond(200, "OK"));
    }
    signals
}

fn is_heard_here(scene: &Scene, tone: char) -> bool {
    let route = Route { source: Source::Tone(Tone::Dtmf(tone)), sink: Sink::Speaker };
    scene.routes.iter().any(|each| each == route)
}

#[test]
fn tones_go_out_one_after_the_other_and_are_heard_here() {
    let mut scene = in_call(DtmfMode::Auto);
    let id = scene.command(tones("1d"));
    assert_eq!(in_media(&mut scene), "1");
    assert!(is_heard_here(&scene, '1'));
    scene.pass(Duration::from_millis(100));
    assert_eq!(scene.tone(), None, "two tones are two");
    scene.pass(Duration::from_millis(69));
    assert_eq!(in_media(&mut scene), "");
    scene.pass(Duration::from_millis(1));
    assert_eq!(in_media(&mut scene), "D");
    assert!(is_heard_here(&scene, 'D') && !scene.is_done(&id));
    scene.pass(Duration::from_millis(170));
    assert!(scene.is_done(&id));
    assert_eq!(scene.call_view().tones_sent, "1D");
    assert!(scene.sent.is_empty());
}

#[test]
fn a_comma_is_a_pause_of_two_seconds() {
    let mut scene = in_call(DtmfMode::Auto);
    let id = scene.command(tones(",5"));
    scene.pass(Duration::from_millis(1_999));
    assert_eq!(in_media(&mut scene), "");
    scene.pass(Duration::from_millis(1));
    assert_eq!(in_media(&mut scene), "5");
    scene.pass(Duration::from_millis(170));
    assert!(scene.is_done(&id));
    assert_eq!(scene.call_view().tones_sent, "5", "a pause is not shown");
}

#[test]
fn a_far_end_that_takes_none_in_the_media_gets_them_by_info() {
    let mut scene = in_call(DtmfMode::Auto);
    let call = scene.call_id();
    let id = scene.command(tones("12"));
    scene.input(Input::Peer(PeerInput::ToneRefused(call)));
    assert_eq!(in_media(&mut scene), "1");
    assert_eq!(by_info(&mut scene), "1", "the one that was refused is not lost");
    scene.pass(Duration::from_millis(340));
    assert_eq!(in_media(&mut scene), "", "it is not tried again");
    assert_eq!(by_info(&mut scene), "2");
    assert!(scene.is_done(&id));
}

#[test]
fn a_tenant_can_have_all_by_info() {
    let mut scene = in_call(DtmfMode::Info);
    scene.command(tones("*"));
    assert_eq!(in_media(&mut scene), "");
    assert_eq!(by_info(&mut scene), "*");
}

#[test]
fn a_tenant_without_info_is_told_that_the_far_end_takes_none() {
    let mut scene = in_call(DtmfMode::Rfc4733);
    let call = scene.call_id();
    let id = scene.command(tones("123"));
    scene.input(Input::Peer(PeerInput::ToneRefused(call)));
    assert_eq!(scene.error(&id), Some(ErrorCode::CallFailed));
    scene.pass(Duration::from_secs(1));
    assert_eq!((in_media(&mut scene).as_str(), scene.sent.len()), ("1", 0));
}

#[test]
fn what_is_no_tone_is_refused_and_nothing_of_it_is_sent() {
    let mut scene = in_call(DtmfMode::Auto);
    for wrong in ["", " ", "12x", "1 2", "E", "\u{661}"] {
        let id = scene.command(tones(wrong));
        assert_eq!(scene.error(&id), Some(ErrorCode::InvalidTones), "{wrong:?}");
    }
    let id = scene.command(tones(&"1".repeat(MAX_TONES + 1)));
    assert_eq!(scene.error(&id), Some(ErrorCode::InvalidTones));
    assert_eq!(in_media(&mut scene), "");
    let id = scene.command(tones(&"1".repeat(MAX_TONES)));
    scene.pass(Duration::from_secs(60));
    assert!(scene.is_done(&id));
    assert_eq!(in_media(&mut scene).len(), MAX_TONES);
}

#[test]
fn what_a_person_pastes_is_cleaned() {
    let mut scene = in_call(DtmfMode::Auto);
    let call = scene.call_id();
    scene.intent(Intent::SendDtmf(call, " 1-2 (3)\n#".into()));
    scene.pass(Duration::from_secs(2));
    assert_eq!(in_media(&mut scene), "123#");
}

#[test]
fn a_call_that_does_not_exist_or_is_not_answered_takes_none() {
    let mut scene = Scene::registered();
    let id = scene.command(tones("1"));
    assert_eq!(scene.error(&id), Some(ErrorCode::NoSuchCall));
    let (mut scene, _) = Scene::ringing();
    let id = scene.command(tones("1"));
    assert_eq!(scene.error(&id), Some(ErrorCode::InvalidState));
    assert!(!scene.call_view().takes_dtmf);
}

#[test]
fn a_hold_ends_what_is_being_sent() {
    let mut scene = in_call(DtmfMode::Auto);
    let id = scene.command(tones("12"));
    scene.command(ToPhone::Hold(CallRef::default()));
    scene.pass(Duration::from_secs(1));
    assert_eq!(scene.error(&id), Some(ErrorCode::CallFailed));
    assert_eq!(in_media(&mut scene), "1");
    let id = scene.command(tones("3"));
    assert_eq!(scene.error(&id), Some(ErrorCode::InvalidState));
}

#[test]
fn the_end_of_the_call_ends_its_tones() {
    let mut scene = in_call(DtmfMode::Auto);
    let call = scene.call_id();
    let id = scene.command(tones("12"));
    scene.intent(Intent::Hangup(call));
    scene.pass(Duration::from_secs(2));
    assert_eq!(scene.error(&id), Some(ErrorCode::CallFailed));
    assert_eq!(in_media(&mut scene), "1");
    scene.input(Input::Peer(PeerInput::ToneRefused(call)));
}
