//! The calls of the past, from the wire to the record.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::server::Message;
use common::*;
use ringlet_contract::config::HostMode;
use ringlet_contract::error::ErrorCode;
use ringlet_contract::event::{Direction, EndCause, HostEvent};
use ringlet_contract::message::{DialCommand, ToPhone};
use ringlet_phone::{
    Effect, Form, HistoryEntry, Input, Intent, MediaError, Page, Record, RecordEffect,
    RecordsInput, Slice,
};
use std::time::Duration;

fn entries(scene: &Scene) -> Vec<HistoryEntry> {
    scene.phone.view().history.entries.to_vec()
}

fn puts(scene: &Scene) -> Vec<Record> {
    let put = |effect: &RecordEffect| match effect {
        RecordEffect::Put(record) => Some(record.clone()),
        RecordEffect::Load { .. } | RecordEffect::Remove(_) | RecordEffect::Rename { .. } => None,
    };
    scene.records.iter().filter_map(put).collect()
}

fn loaded(scene: &mut Scene, records: Vec<Record>) {
    scene.input(Input::Records(RecordsInput::Loaded(records)));
}

#[test]
fn an_answered_call_is_remembered_and_found_after_a_reload() {
    let (mut scene, invite) = Scene::in_call();
    let began = EPOCH_MS + scene.now_ms();
    scene.pass(Duration::from_millis(5_400));
    scene.receive(Message::bye_from_callee(&invite));
    let [entry] = &entries(&scene)[..] else { panic!("one entry") };
    assert_eq!((entry.direction, entry.cause), (Direction::Outbound, EndCause::RemoteHangup));
    assert_eq!((entry.number.as_str(), entry.duration), ("600", Some(seconds(5))));
    assert_eq!(entry.began_ms, began);

    let stored = puts(&scene);
    let mut reloaded = Scene::registered();
    assert_eq!(entries(&reloaded), []);
    loaded(&mut reloaded, stored);
    assert_eq!(entries(&reloaded), entries(&scene));
}

#[test]
fn records_are_the_tenants_and_the_users() {
    let mut scene = Scene::new();
    scene.init(runtime(), host(HostMode::Autologin));
    assert_eq!(scene.records, [], "nobody signs in yet");
    scene.input(Input::Stored(None));
    let place = "ringlet.t1.agent1@example.com".to_owned();
    assert_eq!(scene.records, [RecordEffect::Load { place }]);

    scene.open_socket();
    scene.accept_register();
    scene.forget();
    scene.close_socket();
    scene.intent(Intent::RetryConnection);
    scene.open_socket();
    scene.accept_register();
    assert_eq!(scene.records, [], "what was read is not read again");
}

#[test]
fn the_next_user_does_not_see_the_calls_of_the_one_before() {
    let (mut scene, invite) = Scene::in_call();
    scene.receive(Message::bye_from_callee(&invite));
    scene.expect("SIP/2.0 200");
    assert_eq!(entries(&scene).len(), 1);
    scene.intent(Intent::SignOut);
    let unregister = scene.expect("REGISTER");
    scene.receive(unregister.respond(200, "OK"));
    let form = Form { username: "agent2".into(), password: "secret".into(), ..Form::default() };
    scene.intent(Intent::SignIn(form));
    scene.open_socket();
    scene.accept_register();
    assert_eq!(entries(&scene), []);
    let place = "ringlet.t1.agent2@example.com".to_owned();
    assert_eq!(scene.records.last(), Some(&RecordEffect::Load { place }));
}

#[test]
fn a_call_that_ends_because_its_user_signs_out_is_remembered_as_theirs() {
    let (mut scene, _) = Scene::in_call();
    scene.close_socket();
    scene.intent(Intent::SignOut);
    assert_eq!(puts(&scene).len(), 1);
}

#[test]
fn a_caller_who_gives_up_is_missed_until_the_list_was_open() {
    let (mut scene, invite) = Scene::ringing();
    let ringing = scene.expect("SIP/2.0 180");
    scene.receive(Message::from_caller(&invite, "CANCEL", ringing.header("To")));
    let view = scene.phone.view();
    let entry = &view.history.entries[0];
    assert!(entry.is_missed());
    assert_eq!((entry.number.as_str(), entry.name.as_deref()), ("+49301234", Some("Bob")));
    assert_eq!(entry.uri.as_deref(), Some("sip:+49301234@example.com"));
    assert_eq!(view.history.unseen, 1);

    scene.intent(Intent::ShowPage(Page::Recents));
    assert_eq!(scene.phone.view().page, Page::Recents);
    assert_eq!(scene.phone.view().history.unseen, 0);
}

#[test]
fn a_caller_who_heard_busy_is_missed() {
    let (mut scene, _) = Scene::in_call();
    scene.invite_from("Eve <sip:700@example.com>");
    assert!(scene.sent.iter().any(|m| m.text().starts_with("SIP/2.0 486")));
    let [entry] = &entries(&scene)[..] else { panic!("one entry") };
    assert!(entry.is_missed());
    assert_eq!((entry.number.as_str(), entry.cause), ("700", EndCause::Busy));
}

#[test]
fn a_call_that_never_left_the_phone_is_no_call() {
    let mut scene = Scene::registered();
    scene.command(call("600"));
    scene.refuse_microphone(MediaError::MicrophoneDenied);
    assert_eq!(entries(&scene), []);
}

#[test]
fn calling_an_empty_number_brings_back_the_last_one_and_the_second_press_calls_it() {
    let (mut scene, invite) = Scene::in_call();
    assert!(!scene.phone.view().keypad.can_recall);
    scene.receive(Message::bye_from_callee(&invite));
    scene.intent(Intent::DismissEnded);
    scene.forget();
    assert!(scene.phone.view().keypad.can_recall);
    scene.intent(Intent::Call("  ".into()));
    assert_eq!(scene.phone.view().keypad.number, "600");
    assert!(scene.phone.view().calls.is_empty() && scene.media.is_empty(), "nobody is called yet");
    scene.intent(Intent::Call(scene.phone.view().keypad.number));
    scene.offer();
    scene.expect("INVITE sip:600@example.com");
}

#[test]
fn without_a_last_number_an_empty_one_calls_nobody() {
    let mut scene = Scene::registered();
    scene.intent(Intent::Call(String::new()));
    assert_eq!(scene.phone.view().keypad.number, "");
    assert!(scene.media.is_empty());
}

#[test]
fn entries_are_deleted_one_by_one_and_all_at_once() {
    let mut scene = Scene::registered();
    let record = |id: &str| Record {
        key: format!("history.{id}"),
        text: format!("2\tin\tmissed\t{id}\t\t700\t\t\t"),
    };
    loaded(&mut scene, ["1", "2", "3"].map(record).to_vec());
    assert_eq!(entries(&scene).len(), 3);
    scene.forget();
    let id = entries(&scene)[1].id.clone();
    scene.intent(Intent::DeleteFromHistory("no such id".into()));
    scene.intent(Intent::DeleteFromHistory(id.clone()));
    assert_eq!(scene.records, [RecordEffect::Remove(format!("history.{id}"))]);
    scene.intent(Intent::DeleteHistory);
    assert_eq!(entries(&scene), []);
    assert_eq!(scene.records.len(), 3);
}

#[test]
fn a_browser_that_keeps_nothing_is_shown_and_the_history_lives_in_memory() {
    let (mut scene, invite) = Scene::in_call();
    scene.input(Input::Records(RecordsInput::Blocked));
    scene.receive(Message::bye_from_callee(&invite));
    let view = scene.phone.view();
    assert_eq!((view.history.entries.len(), view.history.not_kept), (1, true));
    assert!(!scene.event_names().contains(&"error"), "{:?}", scene.events);
}

#[test]
fn a_full_storage_is_told_of_once_and_the_history_lives_in_memory() {
    let (mut scene, invite) = Scene::in_call();
    scene.invite_from("Eve <sip:700@example.com>");
    scene.receive(Message::bye_from_callee(&invite));
    for record in puts(&scene) {
        scene.input(Input::Records(RecordsInput::Refused(record.key)));
    }
    let view = scene.phone.view();
    assert_eq!((view.history.entries.len(), view.history.not_kept), (2, true));
    let blocked = |event: &&HostEvent| matches!(event, HostEvent::Error(error) if error.code == ErrorCode::StorageBlocked);
    assert_eq!(scene.events.iter().filter(blocked).count(), 1);
}

#[test]
fn blocked_storage_that_was_told_of_is_not_told_again() {
    let mut scene = Scene::new();
    scene.init(runtime(), host(HostMode::Autologin));
    scene.input(Input::StorageBlocked);
    scene.open_socket();
    scene.accept_register();
    scene.input(Input::Records(RecordsInput::Blocked));
    assert_eq!(scene.event_names().iter().filter(|name| **name == "error").count(), 1);
    assert!(scene.phone.view().history.not_kept);
}

#[test]
fn a_number_from_the_host_brings_the_keypad_back() {
    let mut scene = Scene::registered();
    scene.intent(Intent::ShowPage(Page::Recents));
    scene.command(ToPhone::Dial(DialCommand { number: "600".into() }));
    assert_eq!(scene.phone.view().page, Page::Keypad);
}

#[test]
fn an_input_that_does_not_touch_the_history_does_not_render_it() {
    let (mut scene, invite) = Scene::in_call();
    scene.receive(Message::bye_from_callee(&invite));
    scene.forget();
    scene.intent(Intent::EditNumber("6".into()));
    let rendered = |effect: &Effect| matches!(effect, Effect::Render(Slice::History(_)));
    assert!(!scene.effects.iter().any(rendered));
}
