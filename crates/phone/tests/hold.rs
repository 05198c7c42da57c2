//! Hold, by this side and by the far end.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::server::Message;
use common::*;
use ringlet_contract::error::ErrorCode;
use ringlet_contract::event::{CallUpdated, EndCause, HostEvent};
use ringlet_contract::message::{CallRef, ToPhone};
use ringlet_phone::{
    CallId, Input, Intent, MediaError, PeerEffect, PeerInput, Route, Routes, Sink, Source,
};

fn hold() -> ToPhone {
    ToPhone::Hold(CallRef::default())
}

fn unhold() -> ToPhone {
    ToPhone::Unhold(CallRef::default())
}

/// Makes the offer that the phone asks for, and returns the re-INVITE.
fn described(scene: &mut Scene, hold: bool) -> Message {
    let Some(PeerEffect::CreateOffer(op, _, terms)) = scene.media.pop_front() else {
        panic!("an offer is to be made")
    };
    assert_eq!(terms.hold, hold);
    scene.input(Input::Peer(PeerInput::Done(op, Ok("new offer".into()))));
    scene.expect("INVITE")
}

fn agreed(scene: &mut Scene, invite: &Message, direction: &str) {
    scene.receive(invite.respond(200, "OK").sdp_with(direction));
    scene.expect("ACK");
    let Some(PeerEffect::SetAnswer { op, .. }) = scene.media.pop_front() else {
        panic!("the answer is to be applied")
    };
    scene.input(Input::Peer(PeerInput::Done(op, Ok(String::new()))));
}

/// A call that this side holds.
fn held() -> Scene {
    let (mut scene, _) = Scene::in_call();
    scene.media.clear();
    scene.command(hold());
    let invite = described(&mut scene, true);
    agreed(&mut scene, &invite, "recvonly");
    scene
}

fn updates(scene: &Scene) -> Vec<(bool, bool)> {
    let update = |event: &HostEvent| match event {
        HostEvent::CallUpdated(CallUpdated { held, remote_held, .. }) => {
            Some((*held, *remote_held))
        }
        _ => None,
    };
    scene.events.iter().filter_map(update).collect()
}

fn talking(call: CallId) -> Routes {
    let speaking = Route { source: Source::Microphone, sink: Sink::Peer(call) };
    let hearing = Route { source: Source::Remote(call), sink: Sink::Speaker };
    [speaking, hearing].into_iter().collect()
}

fn music(call: CallId) -> Routes {
    [Route { source: Source::Music, sink: Sink::Peer(call) }].into_iter().collect()
}

#[test]
fn a_held_far_end_hears_music_and_the_host_is_answered_when_it_has_agreed() {
    let (mut scene, _) = Scene::in_call();
    scene.media.clear();
    let call = scene.call_id();
    let id = scene.command(hold());
    assert_eq!(scene.routes, music(call), "nothing that is said now is heard there");
    assert!(scene.call_view().held);
    let invite = described(&mut scene, true);
    assert!(!scene.is_done(&id) && updates(&scene).is_empty());
    agreed(&mut scene, &invite, "recvonly");
    assert!(scene.is_done(&id));
    assert_eq!(updates(&scene), [(true, false)]);
    let summary = scene.snapshot.as_ref().unwrap().calls[0].clone();
    assert!(summary.held && !summary.remote_held);
    let again = scene.command(hold());
    assert!(scene.is_done(&again), "it is so already");
}

#[test]
fn a_call_taken_back_is_heard_again_once_the_offer_is_under_way() {
    let mut scene = held();
    let call = scene.call_id();
    let id = scene.command(unhold());
    let invite = described(&mut scene, false);
    assert_eq!(scene.routes, talking(call));
    agreed(&mut scene, &invite, "sendrecv");
    assert!(scene.is_done(&id) && !scene.call_view().held);
    assert_eq!(updates(&scene), [(true, false), (false, false)]);
}

#[test]
fn a_mute_outlives_the_hold() {
    let (mut scene, _) = Scene::in_call();
    scene.media.clear();
    let call = scene.call_id();
    scene.intent(Intent::SetMuted(call, true));
    scene.intent(Intent::SetHeld(call, true));
    let invite = described(&mut scene, true);
    agreed(&mut scene, &invite, "recvonly");
    assert_eq!(scene.routes, music(call));
    scene.intent(Intent::SetHeld(call, false));
    let invite = described(&mut scene, false);
    agreed(&mut scene, &invite, "sendrecv");
    assert!(scene.call_view().muted && !scene.sends_microphone(call));
}

#[test]
fn a_hold_that_the_far_end_refuses_leaves_the_call_as_it_was() {
    let (mut scene, _) = Scene::in_call();
    scene.media.clear();
    let call = scene.call_id();
    let id = scene.command(hold());
    let invite = described(&mut scene, true);
    scene.receive(invite.respond(488, "Not Acceptable Here"));
    assert_eq!(scene.error(&id), Some(ErrorCode::CallFailed));
    assert_eq!(scene.routes, talking(call));
    assert!(!scene.call_view().held && updates(&scene).is_empty());
}

#[test]
fn a_hold_that_the_browser_cannot_describe_leaves_the_call_as_it_was() {
    let (mut scene, _) = Scene::in_call();
    scene.media.clear();
    let call = scene.call_id();
    let id = scene.command(hold());
    let Some(PeerEffect::CreateOffer(op, ..)) = scene.media.pop_front() else { panic!() };
    let failed = Err(MediaError::Other("InvalidStateError".into()));
    scene.input(Input::Peer(PeerInput::Done(op, failed)));
    assert_eq!(scene.error(&id), Some(ErrorCode::CallFailed));
    assert_eq!(scene.routes, talking(call));
}

#[test]
fn a_hold_that_meets_the_far_ends_change_is_asked_for_again() {
    let (mut scene, _) = Scene::in_call();
    scene.media.clear();
    let id = scene.command(hold());
    let invite = described(&mut scene, true);
    scene.receive(invite.respond(491, "Request Pending"));
    scene.expect("ACK");
    assert!(matches!(scene.media.pop_front(), Some(PeerEffect::Rollback(..))));
    assert!(scene.error(&id).is_none() && scene.call_view().held);
    scene.pass(seconds(5));
    let again = described(&mut scene, true);
    agreed(&mut scene, &again, "recvonly");
    assert!(scene.is_done(&id));
}

#[test]
fn of_two_wishes_the_last_one_counts_and_the_other_is_told() {
    let (mut scene, _) = Scene::in_call();
    scene.media.clear();
    let call = scene.call_id();
    let first = scene.command(hold());
    let last = scene.command(unhold());
    assert_eq!(scene.error(&first), Some(ErrorCode::InvalidState));
    let invite = described(&mut scene, true);
    agreed(&mut scene, &invite, "recvonly");
    assert!(!scene.is_done(&last));
    let invite = described(&mut scene, false);
    agreed(&mut scene, &invite, "sendrecv");
    assert!(scene.is_done(&last));
    assert_eq!(scene.routes, talking(call));
}

#[test]
fn a_far_end_that_holds_is_shown_and_told_apart_from_this_side() {
    let (mut scene, invite) = Scene::in_call();
    scene.media.clear();
    scene.receive(Message::from_callee(&invite, 1, "INVITE").sdp_with("sendonly"));
    scene.answer_offer();
    scene.expect("SIP/2.0 200");
    let view = scene.call_view();
    assert!(view.remote_held && !view.held);
    assert_eq!(updates(&scene), [(false, true)]);
    let call = scene.call_id();
    assert_eq!(scene.routes, talking(call), "its music is heard");

    let id = scene.command(hold());
    scene.receive(Message::from_callee(&invite, 1, "ACK"));
    let ours = described(&mut scene, true);
    agreed(&mut scene, &ours, "inactive");
    assert!(scene.is_done(&id));
    assert_eq!(updates(&scene), [(false, true), (true, true)]);
}

#[test]
fn a_call_that_was_not_answered_cannot_be_held() {
    let (mut scene, _) = Scene::ringing();
    let id = scene.command(hold());
    assert_eq!(scene.error(&id), Some(ErrorCode::InvalidState));
    scene.intent(Intent::SetHeld(scene.call_id(), true));
    assert!(!scene.call_view().held);

    let mut scene = Scene::registered();
    let id = scene.command(hold());
    assert_eq!(scene.error(&id), Some(ErrorCode::NoSuchCall));
}

#[test]
fn hanging_up_while_a_hold_is_under_way_ends_both_once() {
    let (mut scene, invite) = Scene::in_call();
    scene.media.clear();
    let id = scene.command(hold());
    let ours = described(&mut scene, true);
    scene.receive(Message::bye_from_callee(&invite));
    assert_eq!(scene.error(&id), Some(ErrorCode::CallFailed));
    assert_eq!(scene.call_ended().cause, EndCause::RemoteHangup);
    let told = scene.events.len();
    scene.receive(ours.respond(200, "OK").sdp_with("recvonly"));
    assert_eq!(scene.events.len(), told, "an answer after the end is nobody's concern");
    assert_eq!(scene.routes, Routes::default());
}
