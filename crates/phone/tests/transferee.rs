//! Transfers that the far end asks for.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::server::Message;
use common::*;
use ringlet_contract::config::TransferPolicy;
use ringlet_phone::{Intent, TransferRequest};

/// A phone in a call whose far end asks to call `target`, with the INVITE of that call.
fn asked(policy: TransferPolicy, target: &str) -> (Scene, Message) {
    let mut runtime = runtime();
    runtime.behavior.transfer.incoming = policy;
    let (mut scene, invite) = Scene::in_call_for(runtime);
    let refer = Message::from_callee(&invite, 1, "REFER")
        .with("Contact", "<sip:server@192.0.2.9:5060>")
        .with("Refer-To", target);
    scene.receive(refer);
    scene.expect("SIP/2.0 202");
    expect_notify(&mut scene, "100");
    (scene, invite)
}

/// The next NOTIFY about the transfer says this status.
fn expect_notify(scene: &mut Scene, status: &str) {
    let notify = scene.expect("NOTIFY");
    scene.receive(notify.respond(200, "OK"));
    let bytes = notify.into_bytes();
    let body = String::from_utf8_lossy(&bytes);
    assert!(body.contains(&format!("\r\n\r\nSIP/2.0 {status} ")), "{body}");
}

const CAROL: &str = "\"Carol\" <sip:5551@example.com>";

#[test]
fn the_person_is_asked_first_and_nobody_is_called_meanwhile() {
    let (scene, _) = asked(TransferPolicy::default(), CAROL);
    let request = TransferRequest { number: "5551".into(), name: Some("Carol".into()) };
    assert_eq!(scene.call_view().transfer_request, Some(request));
    assert_eq!(scene.shown, Some(true), "the widget opens for the question");
    assert_eq!(scene.phone.view().calls.len(), 1);
    assert!(scene.media.is_empty() && scene.sent.is_empty());
}

#[test]
fn a_person_who_agrees_talks_to_the_next_one() {
    let (mut scene, invite) = asked(TransferPolicy::Ask, CAROL);
    let call = scene.call_id();
    scene.intent(Intent::AcceptTransfer(call));
    assert_eq!(scene.call_view().transfer_request, None);
    expect_notify(&mut scene, "100");
    scene.offer();
    let next = scene.expect("INVITE sip:5551@example.com");
    scene.receive(next.respond(200, "OK").sdp());
    scene.expect("ACK");
    expect_notify(&mut scene, "200");
    scene.receive(Message::from_callee(&invite, 2, "BYE"));
    assert_eq!(scene.event_names(), ["callStarted", "callAnswered", "callEnded"]);
    assert_eq!(scene.snapshot.as_ref().unwrap().active_number.as_deref(), Some("5551"));
    scene.intent(Intent::AcceptTransfer(call));
    assert_eq!(scene.phone.view().calls.len(), 1, "an answer counts once");
}

#[test]
fn a_person_who_declines_stays_in_the_call() {
    let (mut scene, _) = asked(TransferPolicy::Ask, CAROL);
    let call = scene.call_id();
    scene.intent(Intent::DeclineTransfer(call));
    expect_notify(&mut scene, "603");
    assert_eq!(scene.call_view().transfer_request, None);
    assert_eq!(scene.phone.view().calls.len(), 1);
    scene.intent(Intent::DeclineTransfer(call));
    scene.intent(Intent::AcceptTransfer(call));
    assert!(scene.sent.is_empty() && scene.media.is_empty());
}

#[test]
fn a_question_that_nobody_answers_is_declined_after_half_a_minute() {
    let (mut scene, _) = asked(TransferPolicy::Ask, CAROL);
    scene.pass(seconds(29));
    assert!(scene.call_view().transfer_request.is_some());
    scene.pass(seconds(1));
    expect_notify(&mut scene, "603");
    assert_eq!(scene.call_view().transfer_request, None);
}

#[test]
fn a_question_goes_away_with_its_call() {
    let (mut scene, invite) = asked(TransferPolicy::Ask, CAROL);
    let call = scene.call_id();
    scene.receive(Message::from_callee(&invite, 2, "BYE"));
    scene.intent(Intent::AcceptTransfer(call));
    assert!(scene.phone.view().calls.is_empty());
}

#[test]
fn a_tenant_may_put_people_through_without_a_question() {
    let (mut scene, _) = asked(TransferPolicy::Allow, CAROL);
    expect_notify(&mut scene, "100");
    scene.offer();
    scene.expect("INVITE sip:5551@example.com");
}

#[test]
fn a_tenant_may_refuse_every_transfer() {
    let (mut scene, _) = asked(TransferPolicy::Refuse, CAROL);
    expect_notify(&mut scene, "603");
    assert_eq!(scene.call_view().transfer_request, None);
    assert_eq!(scene.phone.view().calls.len(), 1);
}

#[test]
fn a_target_that_nobody_could_dial_is_refused_under_every_policy() {
    let long = format!("<sip:{}@example.com>", "1".repeat(129));
    for policy in [TransferPolicy::Allow, TransferPolicy::Ask] {
        let withheld = "<sip:anonymous@anonymous.invalid>";
        for target in ["<sip:%20@example.com>", "<sip:a%20b@example.com>", withheld, &long] {
            let (mut scene, _) = asked(policy, target);
            expect_notify(&mut scene, "603");
            assert_eq!(scene.call_view().transfer_request, None, "{target}");
            assert_eq!(scene.phone.view().calls.len(), 1, "{target}");
        }
    }
}

#[test]
fn an_attended_transfer_to_a_server_is_asked_about_by_its_host() {
    let to = "<sip:192.0.2.7:5060?Replaces=1%40a%3Bto-tag%3Dx%3Bfrom-tag%3Dy>";
    let (scene, _) = asked(TransferPolicy::Ask, to);
    let request = scene.call_view().transfer_request.unwrap();
    assert_eq!((request.number.as_str(), request.name), ("192.0.2.7", None));
}

#[test]
fn a_second_transfer_before_the_first_has_ended_its_call_is_over_the_limit() {
    let (mut scene, first) = asked(TransferPolicy::Allow, CAROL);
    expect_notify(&mut scene, "100");
    scene.offer();
    let second = scene.expect("INVITE sip:5551@example.com");
    scene.receive(second.respond(200, "OK").sdp());
    scene.expect("ACK");
    expect_notify(&mut scene, "200");
    scene.media.clear();
    scene.sent.clear();
    let refer = Message::from_callee(&first, 2, "REFER")
        .with("Contact", "<sip:server@192.0.2.9:5060>")
        .with("Refer-To", "<sip:5552@example.com>");
    scene.receive(refer);
    scene.expect("SIP/2.0 202");
    expect_notify(&mut scene, "100");
    expect_notify(&mut scene, "603");
    assert_eq!(scene.phone.view().calls.len(), 2);
}
