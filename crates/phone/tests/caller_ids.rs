//! Calling as somebody else, on the wire.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::server::Message;
use common::*;
use ringlet_contract::config::{CallerIdHeader, HostMode, RuntimeConfig};
use ringlet_contract::error::ErrorCode;
use ringlet_contract::event::{EndCause, HostEvent};
use ringlet_contract::message::{CallCommand, ToPhone};
use ringlet_phone::{CallerIdError, Input, Intent, Page, PeerEffect, Record, RecordsInput};

/// A tenant with two numbers, whose server is told in these headers.
fn tenant(headers: &[CallerIdHeader]) -> RuntimeConfig {
    let mut runtime = runtime();
    runtime.behavior.caller_id.numbers = vec!["+4930100".into(), "+4930200".into()];
    runtime.behavior.caller_id.headers = headers.to_vec();
    runtime
}

fn registered(headers: &[CallerIdHeader]) -> Scene {
    let mut scene = Scene::new();
    scene.init(tenant(headers), host(HostMode::Autologin));
    scene.input(Input::Stored(None));
    scene.open_socket();
    scene.accept_register();
    scene.forget();
    scene
}

const ORDER: [CallerIdHeader; 4] = [
    CallerIdHeader::RemotePartyId,
    CallerIdHeader::PPreferredIdentity,
    CallerIdHeader::From,
    CallerIdHeader::None,
];

fn calls_as(number: &str, caller_id: &str) -> ToPhone {
    ToPhone::Call(CallCommand {
        number: number.into(),
        caller_id: Some(caller_id.into()),
        correlation_id: None,
    })
}

fn dial(scene: &mut Scene, number: &str) -> Message {
    scene.intent(Intent::Call(number.into()));
    scene.offer();
    scene.expect("INVITE")
}

/// What the four headers say about who calls.
fn identity(invite: &Message) -> [Option<String>; 4] {
    let user = |name| {
        let header = invite.find(name)?;
        let address = header.split('<').nth(1)?.split(['@', '>']).next()?;
        Some(address.trim_start_matches("sip:").to_owned())
    };
    ["P-Preferred-Identity", "P-Asserted-Identity", "Remote-Party-ID", "From"].map(user)
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn refuse(scene: &mut Scene, invite: &Message, status: u16) {
    scene.receive(invite.respond(status, "No"));
    scene.expect("ACK");
}

fn hang_up(scene: &mut Scene, invite: &Message) {
    scene.receive(invite.respond(486, "Busy Here"));
    scene.expect("ACK");
    scene.intent(Intent::DismissEnded);
    scene.media.clear();
}

#[test]
fn calls_go_out_under_the_account_until_a_number_is_chosen() {
    let mut scene = registered(&ORDER);
    let ids = scene.phone.view().caller_ids;
    let list: Vec<_> = ids.list.iter().map(|id| (id.number.as_str(), id.is_own)).collect();
    assert_eq!(list, [("+4930100", false), ("+4930200", false)]);
    let invite = dial(&mut scene, "600");
    assert_eq!(identity(&invite), [None, None, None, some("agent1")]);
    hang_up(&mut scene, &invite);

    scene.intent(Intent::ChooseCallerId(Some("+4930200".into())));
    let invite = dial(&mut scene, "600");
    assert_eq!(identity(&invite), [None, None, some("+4930200"), some("agent1")]);
    let HostEvent::CallStarted(started) = &scene.events.last().unwrap() else { panic!() };
    assert_eq!(started.requested_caller_id.as_deref(), Some("+4930200"));
    hang_up(&mut scene, &invite);

    scene.intent(Intent::ChooseCallerId(None));
    assert_eq!(identity(&dial(&mut scene, "600"))[2], None);
}

#[test]
fn the_host_calls_once_as_another_number_and_otherwise_as_the_chosen_one() {
    let mut scene = registered(&ORDER);
    scene.intent(Intent::AddCallerId("+49 30 300".into()));
    assert_eq!(scene.phone.view().caller_ids.chosen.as_deref(), Some("+4930300"));
    scene.command(calls_as("600", "+49 (30) 999"));
    scene.offer();
    let invite = scene.expect("INVITE");
    assert_eq!(identity(&invite)[2], some("+4930999"));
    hang_up(&mut scene, &invite);
    scene.command(call("600"));
    scene.offer();
    assert_eq!(identity(&scene.expect("INVITE"))[2], some("+4930300"));
}

#[test]
fn a_call_that_waited_for_the_line_goes_out_as_the_number_that_was_chosen_before() {
    let mut scene = Scene::new();
    scene.init(tenant(&ORDER), host(HostMode::Autologin));
    scene.input(Input::Stored(None));
    let record = Record { key: "caller-id-chosen".into(), text: "1\t+4930200".into() };
    scene.input(Input::Records(RecordsInput::Loaded(vec![record])));
    scene.command(call("600"));
    scene.open_socket();
    scene.accept_register();
    scene.media.retain(|effect| matches!(effect, PeerEffect::CreateOffer(..)));
    scene.offer();
    assert_eq!(identity(&scene.expect("INVITE"))[2], some("+4930200"));
}

#[test]
fn a_caller_id_that_is_none_is_refused_and_nothing_is_sent() {
    let mut scene = registered(&ORDER);
    for caller_id in
        ["x\r\nVia: y", "a b", "bob@example.com", "sip:bob@example.com", &"1".repeat(300)]
    {
        let id = scene.command(calls_as("600", caller_id));
        assert_eq!(scene.error(&id), Some(ErrorCode::InvalidNumber), "{caller_id:?}");
        scene.intent(Intent::AddCallerId(caller_id.into()));
        assert_eq!(scene.phone.view().caller_ids.error, Some(CallerIdError::Invalid));
    }
    assert!(scene.media.is_empty() && scene.records.is_empty());
    scene.intent(Intent::ShowPage(Page::Keypad));
    assert_eq!(scene.phone.view().caller_ids.error, None);
}

#[test]
fn a_header_that_the_server_refuses_gives_way_to_the_next_and_the_call_goes_on() {
    let mut scene = registered(&ORDER);
    scene.command(calls_as("600", "+4930999"));
    scene.offer();
    let first = scene.expect("INVITE");
    assert_eq!(identity(&first), [None, None, some("+4930999"), some("agent1")]);
    refuse(&mut scene, &first, 403);
    let second = scene.expect("INVITE");
    assert_eq!(identity(&second), [some("+4930999"), None, None, some("agent1")]);
    refuse(&mut scene, &second, 428);
    let third = scene.expect("INVITE");
    assert_eq!(identity(&third), [None, None, None, some("+4930999")]);
    scene.receive(third.respond(180, "Ringing"));
    scene.receive(third.respond(200, "OK").sdp());
    scene.apply_answer();
    scene.expect("ACK");
    assert_eq!(scene.event_names(), ["callStarted", "callRinging", "callAnswered"]);
    scene.receive(Message::bye_from_callee(&third));
    scene.expect("SIP/2.0 200");
    scene.media.clear();

    scene.command(calls_as("601", "+4930999"));
    scene.offer();
    let next = scene.expect("INVITE");
    assert_eq!(identity(&next)[3], some("+4930999"), "remembered for the session");
}

#[test]
fn a_server_that_refuses_every_header_ends_the_call_once() {
    let mut scene = registered(&ORDER);
    scene.command(calls_as("600", "+4930999"));
    scene.offer();
    for _ in ORDER {
        let invite = scene.expect("INVITE");
        refuse(&mut scene, &invite, 403);
    }
    assert!(scene.sent.is_empty(), "it is not tried for ever");
    assert_eq!(scene.call_ended().cause, EndCause::Forbidden);
    assert_eq!(scene.event_names(), ["callStarted", "callEnded"]);
}

#[test]
fn a_refusal_for_another_reason_is_not_the_caller_ids_fault() {
    for status in [404, 480, 486, 503, 603] {
        let mut scene = registered(&ORDER);
        scene.command(calls_as("600", "+4930999"));
        scene.offer();
        let invite = scene.expect("INVITE");
        refuse(&mut scene, &invite, status);
        assert!(scene.sent.is_empty(), "{status}");
        scene.call_ended();
    }
}

#[test]
fn a_tenant_whose_caller_ids_are_none_is_refused() {
    for number in ["", "a b", "sip:bob@h", "+49;ext=1"] {
        let mut scene = Scene::new();
        let mut runtime = tenant(&ORDER);
        runtime.behavior.caller_id.numbers.push(number.into());
        let id = scene.init(runtime, host(HostMode::Autologin));
        assert_eq!(scene.error(&id), Some(ErrorCode::InvalidConfig), "{number:?}");
    }
}
