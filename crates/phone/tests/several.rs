//! Several calls: one is talked in, the others are held.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::server::{Message, SDP};
use common::*;
use ringlet_contract::error::ErrorCode;
use ringlet_contract::event::{EndCause, HostEvent};
use ringlet_contract::message::{CallRef, CallState, ToPhone};
use ringlet_phone::{
    CallId, CallPhase, CallView, Input, Intent, PeerEffect, PeerInput, Route, Routes, Sink, Source,
    Tone,
};

const BOB: &str = "Bob <sip:+49301234@example.com>";

/// In a call to 600, on a phone that may have this many.
fn in_call_of(max_sessions: u32) -> (Scene, Message) {
    let mut runtime = runtime();
    runtime.max_sessions = max_sessions;
    Scene::in_call_for(runtime)
}

/// In a call, while Bob calls; his INVITE.
fn called_in_a_call() -> (Scene, Message, Message) {
    let (mut scene, ours) = in_call_of(2);
    scene.media.clear();
    let theirs = scene.invite_from(BOB);
    (scene, ours, theirs)
}

fn calls(scene: &Scene) -> Vec<CallView> {
    scene.phone.view().calls
}

fn ids(scene: &Scene) -> [CallId; 2] {
    let calls = calls(scene);
    assert_eq!(calls.len(), 2, "{calls:?}");
    [calls[0].id, calls[1].id]
}

fn talking(call: CallId) -> [Route; 2] {
    let speaking = Route { source: Source::Microphone, sink: Sink::Peer(call) };
    [speaking, Route { source: Source::Remote(call), sink: Sink::Speaker }]
}

fn music(call: CallId) -> Route {
    Route { source: Source::Music, sink: Sink::Peer(call) }
}

/// Lets all media work succeed, and the far ends agree to every change.
fn let_it_happen(scene: &mut Scene) {
    for _ in 0..20 {
        while let Some(effect) = scene.media.pop_front() {
            let done = match effect {
                PeerEffect::CreateOffer(op, ..) | PeerEffect::CreateAnswer(op, ..) => {
                    (op, Ok(SDP.to_owned()))
                }
                PeerEffect::SetAnswer { op, .. } | PeerEffect::Rollback(op, _) => {
                    (op, Ok(String::new()))
                }
                PeerEffect::Configure(_)
                | PeerEffect::Prepare
                | PeerEffect::SendTone(..)
                | PeerEffect::Sample(_)
                | PeerEffect::Close(_) => continue,
            };
            scene.input(Input::Peer(PeerInput::Done(done.0, done.1)));
        }
        let Some(at) = scene.sent.iter().position(|sent| sent.text().starts_with("INVITE ")) else {
            return;
        };
        let invite = scene.sent.remove(at).expect("it was found");
        scene.receive(invite.respond(200, "OK").sdp());
    }
    panic!("it does not come to an end");
}

/// In a call that is held, and in one with Bob; the calls in this order.
fn held_and_talking() -> (Scene, [CallId; 2]) {
    let (mut scene, _, theirs) = called_in_a_call();
    let [_, bob] = ids(&scene);
    scene.intent(Intent::Answer(bob));
    let_it_happen(&mut scene);
    let ok = scene.sent.iter().find(|sent| sent.text().starts_with("SIP/2.0 200")).expect("200");
    let ack = Message::from_caller(&theirs, "ACK", ok.header("To"));
    scene.receive(ack);
    let_it_happen(&mut scene);
    let ids = ids(&scene);
    (scene, ids)
}

#[test]
fn a_call_that_comes_in_a_call_is_shown_told_and_heard_softly() {
    let (mut scene, ..) = called_in_a_call();
    let [first, bob] = ids(&scene);
    assert_eq!(calls(&scene)[1].phase, CallPhase::Incoming);
    assert!(scene.event_names().contains(&"callIncoming"));
    assert_eq!(scene.tone(), Some(Tone::Waiting));
    assert!(scene.routes.contains(Source::Tone(Tone::Waiting), Sink::Speaker));
    assert!(talking(first).iter().all(|route| scene.routes.contains(route.source, route.sink)));
    scene.intent(Intent::Reject(bob));
    assert!(scene.sent.iter().any(|sent| sent.text().starts_with("SIP/2.0 603")));
    assert_eq!(calls(&scene).len(), 1);
    assert_eq!(scene.routes, talking(first).into_iter().collect(), "nothing else has changed");
}

#[test]
fn answering_holds_the_call_that_was_talked_in() {
    let (scene, [first, bob]) = held_and_talking();
    let expected: Routes = talking(bob).into_iter().chain([music(first)]).collect();
    assert_eq!(scene.routes, expected);
    let view = calls(&scene);
    assert_eq!([view[0].held, view[1].held], [true, false]);
    let summary = &scene.snapshot.as_ref().unwrap();
    assert_eq!(summary.calls.iter().map(|call| call.held).collect::<Vec<_>>(), [true, false]);
    assert!(summary.calls.iter().all(|call| call.state == CallState::Active));
    assert_eq!(summary.active_number.as_deref(), Some("+49301234"));
}

#[test]
fn a_swap_holds_one_and_takes_the_other_back() {
    let (mut scene, [first, bob]) = held_and_talking();
    scene.intent(Intent::SetHeld(first, false));
    let_it_happen(&mut scene);
    let expected: Routes = talking(first).into_iter().chain([music(bob)]).collect();
    assert_eq!(scene.routes, expected);
    scene.command(ToPhone::Unhold(CallRef::default()));
    let_it_happen(&mut scene);
    let expected: Routes = talking(bob).into_iter().chain([music(first)]).collect();
    assert_eq!(scene.routes, expected, "the one that is held is meant");
}

#[test]
fn ending_and_answering_leaves_one_call() {
    let (mut scene, ..) = called_in_a_call();
    let [_, bob] = ids(&scene);
    scene.intent(Intent::EndAndAnswer(bob));
    let at = scene.sent.iter().position(|sent| sent.text().starts_with("BYE ")).expect("a BYE");
    let bye = scene.sent.remove(at).unwrap();
    scene.receive(bye.respond(200, "OK"));
    let_it_happen(&mut scene);
    assert_eq!(scene.call_ended().cause, EndCause::LocalHangup);
    assert_eq!(calls(&scene).iter().map(|call| call.id).collect::<Vec<_>>(), [bob]);
    assert_eq!(scene.routes, talking(bob).into_iter().collect());
}

#[test]
fn the_end_of_the_call_that_is_talked_in_leaves_the_other_held() {
    let (mut scene, [first, bob]) = held_and_talking();
    scene.intent(Intent::Hangup(bob));
    let at = scene.sent.iter().position(|sent| sent.text().starts_with("BYE ")).expect("a BYE");
    let bye = scene.sent.remove(at).unwrap();
    scene.receive(bye.respond(200, "OK"));
    assert_eq!(scene.routes, [music(first)].into_iter().collect());
    let id = scene.command(ToPhone::Unhold(CallRef::default()));
    let_it_happen(&mut scene);
    assert!(scene.is_done(&id));
    assert_eq!(scene.routes, talking(first).into_iter().collect());
}

#[test]
fn a_call_placed_in_a_call_holds_it() {
    let (mut scene, _) = in_call_of(2);
    scene.media.clear();
    let id = scene.command(call("601"));
    let_it_happen(&mut scene);
    assert!(scene.error(&id).is_none());
    let [first, second] = ids(&scene);
    let expected: Routes = talking(second).into_iter().chain([music(first)]).collect();
    assert_eq!(scene.routes, expected);
    let id = scene.command(call("602"));
    assert_eq!(scene.error(&id), Some(ErrorCode::CallLimit));
    assert_eq!(calls(&scene).len(), 2);
}

#[test]
fn of_two_calls_that_ring_out_the_first_to_be_answered_is_held_by_the_other() {
    let mut runtime = runtime();
    runtime.max_sessions = 2;
    let (mut scene, _) = Scene::in_call_for(runtime);
    let first = scene.call_id();
    scene.intent(Intent::Hangup(first));
    let bye = scene.expect("BYE");
    scene.receive(bye.respond(200, "OK"));
    scene.forget();
    scene.command(call("601"));
    scene.offer();
    let one = scene.expect("INVITE");
    scene.command(call("602"));
    scene.offer();
    let two = scene.expect("INVITE");
    scene.receive(one.respond(200, "OK").sdp());
    let_it_happen(&mut scene);
    let [first, second] = ids(&scene);
    assert_eq!(scene.routes, talking(first).into_iter().collect());
    scene.receive(two.respond(200, "OK").sdp());
    let_it_happen(&mut scene);
    let expected: Routes = talking(second).into_iter().chain([music(first)]).collect();
    assert_eq!(scene.routes, expected);
}

#[test]
fn a_call_over_the_limit_is_refused_as_busy_and_logged() {
    let (mut scene, _) = in_call_of(1);
    scene.invite_from(BOB);
    assert!(scene.sent.iter().any(|sent| sent.text().starts_with("SIP/2.0 486")));
    assert!(!scene.events.iter().any(|event| matches!(event, HostEvent::CallIncoming(_))));
    assert!(scene.logged.iter().any(|line| line.contains("busy")), "{:?}", scene.logged);
    assert_eq!(calls(&scene).len(), 1);
}
