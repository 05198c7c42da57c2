//! How well calls are heard: what is asked for, warned of, shown and reported.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::*;
use ringlet_contract::event::{HostEvent, QualityMetric, QualityWarning};
use ringlet_contract::message::{CallRef, ToPhone};
use ringlet_phone::{Input, PeerInput, Sample};

fn connected() -> Scene {
    let (mut scene, _) = Scene::in_call();
    let call = scene.call_id();
    scene.input(Input::Peer(PeerInput::Connected(call)));
    scene
}

/// Seconds in each of which so many packets arrive.
fn hear(scene: &mut Scene, count: usize, total: &mut u64, received: u64) {
    for _ in 0..count {
        scene.sampled.clear();
        scene.pass(seconds(1));
        let [call] = scene.sampled[..] else { panic!("{:?}", scene.sampled) };
        *total += received;
        let sample = Sample { received: Some(*total), lost: Some(0), ..Sample::default() };
        scene.input(Input::Peer(PeerInput::Sampled(call, sample)));
    }
}

fn warnings(scene: &Scene) -> Vec<(QualityMetric, bool)> {
    let warning = |event: &HostEvent| match event {
        HostEvent::QualityWarning(QualityWarning { metric, cleared, .. }) => {
            Some((*metric, *cleared))
        }
        _ => None,
    };
    scene.events.iter().filter_map(warning).collect()
}

#[test]
fn a_call_is_measured_once_a_second_from_the_answer_on() {
    let mut scene = connected();
    let mut total = 0;
    assert_eq!(scene.call_view().quality, None);
    hear(&mut scene, 3, &mut total, 50);
    let quality = scene.call_view().quality.unwrap();
    assert_eq!((quality.scores.len(), quality.warning), (2, None));
    assert_eq!(warnings(&scene), []);
}

#[test]
fn nothing_is_asked_before_the_answer() {
    let mut scene = Scene::ringing();
    scene.0.pass(seconds(5));
    assert_eq!(scene.0.sampled, []);
}

#[test]
fn silence_from_the_network_is_shown_told_and_taken_back() {
    let mut scene = connected();
    let mut total = 0;
    hear(&mut scene, 3, &mut total, 50);
    hear(&mut scene, 7, &mut total, 0);
    assert!(warnings(&scene).contains(&(QualityMetric::NoMedia, false)));
    assert_eq!(scene.call_view().quality.unwrap().warning, Some(QualityMetric::NoMedia));
    hear(&mut scene, 6, &mut total, 50);
    assert!(warnings(&scene).contains(&(QualityMetric::NoMedia, true)));
    assert_eq!(scene.call_view().quality.unwrap().warning, None);
}

#[test]
fn a_held_call_is_not_measured() {
    let mut scene = connected();
    let mut total = 0;
    hear(&mut scene, 3, &mut total, 50);
    scene.command(ToPhone::Hold(CallRef::default()));
    hear(&mut scene, 10, &mut total, 0);
    assert_eq!(warnings(&scene), []);
    assert_eq!(scene.call_view().quality, None);
}

#[test]
fn the_report_is_in_the_event_and_in_the_history() {
    let mut scene = connected();
    let mut total = 0;
    hear(&mut scene, 5, &mut total, 50);
    let late = scene.call_id();
    scene.command(hangup());
    let ended = scene.call_ended().quality.clone().unwrap();
    assert_eq!((ended.loss, ended.seconds, ended.round_trip), (0.0, 4, None));
    let [entry] = &scene.phone.view().history.entries[..] else { panic!() };
    assert_eq!(entry.mos_hundredths.map(f64::from), Some((ended.mos * 100.0).round()));
    // The browser may answer after the end.
    scene.input(Input::Peer(PeerInput::Sampled(late, Sample::default())));
    assert_eq!(scene.events.iter().filter(|event| event_name(event) == "callEnded").count(), 1);
}

#[test]
fn a_call_that_was_never_answered_has_no_report() {
    let (mut scene, _) = Scene::ringing();
    scene.command(hangup());
    assert_eq!(scene.call_ended().quality, None);
}
