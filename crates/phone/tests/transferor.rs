//! Transfers that this side asks for.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::server::Message;
use common::*;
use ringlet_contract::error::ErrorCode;
use ringlet_contract::event::{EndCause, HostEvent, TransferState, TransferStatus};
use ringlet_contract::message::{ToPhone, TransferCommand, TransferToCommand};
use ringlet_phone::{Intent, TransferView};
use std::time::Duration;

fn transfer(target: &str) -> ToPhone {
    ToPhone::Transfer(TransferCommand { target: target.into(), call_id: None })
}

fn states(scene: &Scene) -> Vec<(TransferStatus, Option<EndCause>)> {
    let state = |event: &HostEvent| match event {
        HostEvent::TransferState(TransferState { status, reason, .. }) => Some((*status, *reason)),
        _ => None,
    };
    scene.events.iter().filter_map(state).collect()
}

/// A call whose far end has agreed to call 5551, with its INVITE.
fn accepted() -> (Scene, Message) {
    let (mut scene, invite) = Scene::in_call();
    let id = scene.command(transfer("5551"));
    assert!(scene.is_done(&id));
    let refer = scene.expect("REFER");
    assert!(refer.header("Refer-To").contains("sip:5551@example.com"));
    assert_eq!(states(&scene), [(TransferStatus::Started, None)]);
    scene.receive(refer.respond(202, "Accepted"));
    scene.receive(Message::notify_refer(&invite, 1, "100 Trying", false));
    scene.expect("SIP/2.0 200");
    (scene, invite)
}

#[test]
fn a_transfer_that_works_ends_the_call_as_transferred() {
    let (mut scene, invite) = accepted();
    let shown = TransferView { target: "5551".into(), failed: None };
    assert_eq!(scene.call_view().transfer, Some(shown));
    scene.receive(Message::notify_refer(&invite, 2, "180 Ringing", false));
    scene.expect("SIP/2.0 200");
    scene.receive(Message::notify_refer(&invite, 3, "200 OK", true));
    scene.expect("SIP/2.0 200");
    let bye = scene.expect("BYE");
    scene.receive(bye.respond(200, "OK"));
    let told: Vec<_> = states(&scene).into_iter().map(|(status, _)| status).collect();
    let all = [TransferStatus::Started, TransferStatus::Accepted, TransferStatus::Completed];
    assert_eq!(told, all, "each is told once");
    assert_eq!(scene.call_ended().cause, EndCause::Transferred);
    assert_eq!(scene.phone.view().ended.unwrap().cause, EndCause::Transferred);
}

#[test]
fn a_far_end_that_hangs_up_first_was_transferred_too_if_it_said_so() {
    let (mut scene, invite) = accepted();
    scene.receive(Message::notify_refer(&invite, 2, "200 OK", true));
    scene.receive(Message::from_callee(&invite, 3, "BYE"));
    assert_eq!(scene.call_ended().cause, EndCause::Transferred);
}

#[test]
fn a_transfer_that_fails_leaves_the_call_as_it_was_and_says_why() {
    let (mut scene, invite) = accepted();
    scene.receive(Message::notify_refer(&invite, 2, "486 Busy Here", true));
    assert_eq!(states(&scene).last(), Some(&(TransferStatus::Failed, Some(EndCause::Busy))));
    let shown = TransferView { target: "5551".into(), failed: Some(EndCause::Busy) };
    assert_eq!(scene.call_view().transfer, Some(shown));
    let call = scene.call_id();
    assert!(scene.sends_microphone(call), "the two go on talking");
    scene.pass(Duration::from_secs(8));
    assert_eq!(scene.call_view().transfer, None, "the message goes by itself");
    let again = scene.command(transfer("5552"));
    assert!(scene.is_done(&again));
}

#[test]
fn a_far_end_that_knows_no_transfer_is_told_at_once() {
    let (mut scene, _) = Scene::in_call();
    scene.command(transfer("5551"));
    let refer = scene.expect("REFER");
    scene.receive(refer.respond(501, "Not Implemented"));
    assert_eq!(states(&scene).last(), Some(&(TransferStatus::Failed, Some(EndCause::Failed))));
    let message = scene.events.iter().rev().find_map(|event| match event {
        HostEvent::TransferState(state) => state.message.clone(),
        _ => None,
    });
    assert!(message.unwrap().contains("501"));
}

#[test]
fn a_target_that_cannot_be_dialled_or_is_this_phone_is_refused() {
    let (mut scene, _) = Scene::in_call();
    for wrong in ["", "   ", "a b", &"1".repeat(300), "agent1", "sip:agent1@example.com"] {
        let id = scene.command(transfer(wrong));
        assert_eq!(scene.error(&id), Some(ErrorCode::InvalidNumber), "{wrong:?}");
    }
    assert!(scene.sent.is_empty() && states(&scene).is_empty());
}

#[test]
fn only_an_answered_call_is_transferred_and_only_once_at_a_time() {
    let mut scene = Scene::registered();
    let id = scene.command(transfer("5551"));
    assert_eq!(scene.error(&id), Some(ErrorCode::NoSuchCall));
    let (mut scene, _) = Scene::ringing();
    let id = scene.command(transfer("5551"));
    assert_eq!(scene.error(&id), Some(ErrorCode::InvalidState));
    let (mut scene, _) = accepted();
    let id = scene.command(transfer("5552"));
    assert_eq!(scene.error(&id), Some(ErrorCode::InvalidState));
    assert!(scene.sent.is_empty());
}

#[test]
fn a_hang_up_while_a_transfer_is_under_way_is_a_hang_up() {
    let (mut scene, _) = accepted();
    let call = scene.call_id();
    scene.intent(Intent::Hangup(call));
    let bye = scene.expect("BYE");
    scene.receive(bye.respond(200, "OK"));
    assert_eq!(scene.call_ended().cause, EndCause::LocalHangup);
}

#[test]
fn news_of_a_transfer_after_the_end_are_ignored() {
    let (mut scene, invite) = accepted();
    let call = scene.call_id();
    scene.intent(Intent::Hangup(call));
    let bye = scene.expect("BYE");
    scene.receive(bye.respond(200, "OK"));
    scene.receive(Message::notify_refer(&invite, 2, "200 OK", true));
    assert_eq!(states(&scene).last(), Some(&(TransferStatus::Accepted, None)));
    scene.call_ended();
}

#[test]
fn a_call_cannot_be_connected_with_itself_or_with_one_that_is_not_there() {
    let (mut scene, _) = Scene::in_call();
    let name = scene.snapshot.as_ref().unwrap().calls[0].call_id.clone();
    let to = |other: &str| {
        let (call_id, other_call_id) = (name.clone(), other.to_owned());
        ToPhone::TransferTo(TransferToCommand { call_id, other_call_id })
    };
    let id = scene.command(to(&name));
    assert_eq!(scene.error(&id), Some(ErrorCode::InvalidState));
    let id = scene.command(to("nobody"));
    assert_eq!(scene.error(&id), Some(ErrorCode::NoSuchCall));
    assert!(scene.sent.is_empty());
}
