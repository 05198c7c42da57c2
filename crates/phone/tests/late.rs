//! A phone without what it can ring without.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::*;
use ringlet_contract::config::HostMode;
use ringlet_contract::error::ErrorCode;
use ringlet_contract::message::{DtmfCommand, Nothing, ToPhone};
use ringlet_phone::{
    AudioEffect, AudioInput, Device, DeviceKind, DevicesInUse, Effect, Input, Intent, Late,
    PeerEffect, PeerInput, Record, RecordsInput,
};

/// In an answered call, while nothing has been loaded.
fn in_call() -> Scene {
    let mut scene = Scene::new();
    scene.loads_late = None;
    scene.init(runtime(), host(HostMode::Autologin));
    scene.input(Input::Stored(None));
    scene.open_socket();
    scene.accept_register();
    scene.forget();
    scene.command(call("600"));
    scene.offer();
    let invite = scene.expect("INVITE");
    scene.receive(invite.respond(200, "OK").sdp());
    scene.apply_answer();
    scene.expect("ACK");
    let call = scene.call_id();
    scene.input(Input::Peer(PeerInput::Connected(call)));
    scene.media.clear();
    scene
}

fn tones(tones: &str) -> ToPhone {
    ToPhone::SendDtmf(DtmfCommand { tones: tones.into(), call_id: None })
}

fn sent(scene: &Scene) -> usize {
    scene.media.iter().filter(|effect| matches!(effect, PeerEffect::SendTone(..))).count()
}

#[test]
fn it_calls_talks_and_hangs_up_all_the_same() {
    let mut scene = in_call();
    scene.pass(seconds(5));
    assert_eq!((scene.sampled.len(), scene.call_view().quality), (0, None));
    scene.command(hangup());
    assert_eq!(scene.call_ended().quality, None);
}

#[test]
fn what_is_asked_for_meanwhile_is_done_in_its_order_once_it_can_be() {
    let mut scene = in_call();
    let one = scene.command(tones("1"));
    let call = scene.call_id();
    scene.intent(Intent::SendDtmf(call, "2".into()));
    let diagnostics = scene.command(ToPhone::Diagnostics(Nothing {}));
    assert_eq!((scene.result(&one), scene.result(&diagnostics), sent(&scene)), (None, None, 0));
    let asked = scene.effects.iter().filter(|effect| **effect == Effect::LoadLate).count();
    assert_eq!(asked, 0, "it has been under way since the sign-in");
    scene.input(Input::Late(Some(Late::load())));
    assert!(scene.is_done(&diagnostics));
    scene.pass(seconds(1));
    assert!(scene.is_done(&one));
    assert_eq!(sent(&scene), 2);
}

#[test]
fn what_cannot_be_loaded_fails_and_is_tried_again_with_the_next() {
    let mut scene = in_call();
    let one = scene.command(tones("1"));
    scene.input(Input::Late(None));
    assert_eq!(scene.error(&one), Some(ErrorCode::NetworkError));
    let two = scene.command(tones("2"));
    let asked = |scene: &Scene| scene.effects.iter().filter(|it| **it == Effect::LoadLate).count();
    assert_eq!(asked(&scene), 1);
    scene.command(tones("3"));
    assert_eq!(asked(&scene), 1, "once for all that wait");
    scene.input(Input::Late(Some(Late::load())));
    scene.pass(seconds(1));
    assert!(scene.is_done(&two));
    assert_eq!(sent(&scene), 2);
}

#[test]
fn the_devices_that_were_chosen_are_used_once_they_can_be() {
    let mut scene = Scene::new();
    scene.loads_late = None;
    scene.init(runtime(), host(HostMode::Autologin));
    scene.input(Input::Stored(None));
    let id = || "m1".to_owned();
    let device = Device { kind: DeviceKind::Input, id: id(), label: "Headset".into() };
    let record = Record { key: "device.microphone".into(), text: "1\tm1\tHeadset".into() };
    scene.input(Input::Records(RecordsInput::Loaded(vec![record])));
    scene.input(Input::Audio(AudioInput::Devices(vec![device])));
    scene.input(Input::Late(None));
    assert!(scene.phone.view().devices.present.is_empty());
    scene.input(Input::Late(Some(Late::load())));
    let in_use = DevicesInUse { microphone: Some(id()), ..DevicesInUse::default() };
    assert!(scene.audio.contains(&AudioEffect::UseDevices(in_use)));
}
