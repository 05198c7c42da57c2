//! What helps to find a fault.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::*;
use ringlet_contract::config::HostMode;
use ringlet_contract::diagnostics::{Connection, Diagnostics, MicrophoneState, TraceKind};
use ringlet_contract::message::{CommandResult, Nothing, ToPhone};
use ringlet_phone::{Intent, MediaError};

fn diagnostics(scene: &mut Scene) -> Diagnostics {
    let id = scene.command(ToPhone::Diagnostics(Nothing {}));
    match scene.result(&id) {
        Some(CommandResult::Done(value)) => value.diagnostics.clone().expect("diagnostics"),
        other => panic!("diagnostics expected, not {other:?}"),
    }
}

#[test]
fn diagnostics_hold_the_trace_and_no_secret() {
    let mut scene = Scene::registered();
    scene.pass(seconds(2));
    let told = diagnostics(&mut scene);
    assert_eq!(
        (told.connection, told.microphone),
        (Connection::Registered, MicrophoneState::Unknown)
    );
    assert!(told.counters.sent >= 1 && told.counters.received >= 1);
    let register = told.trace.iter().find(|line| line.text.starts_with("REGISTER ")).unwrap();
    assert_eq!(register.kind, TraceKind::Sent);
    assert!(register.age_ms >= 2_000);
    let accepted = told.trace.iter().position(|line| line.text.starts_with("SIP/2.0 200")).unwrap();
    assert_eq!(told.trace[accepted].kind, TraceKind::Received);
    assert!(told.trace[accepted..].iter().any(|line| line.kind == TraceKind::State));
    assert!(!told.trace.iter().any(|line| line.text.contains("secret")));
}

#[test]
fn a_long_trace_still_fits_into_a_message() {
    let mut scene = Scene::registered();
    for n in 0..200 {
        let noise = "\u{1}".repeat(300);
        scene.invite_from(&format!("\"{noise}{n}\" <sip:{n}@example.com>"));
    }
    let told = diagnostics(&mut scene);
    let text = serde_json::to_string(&told).unwrap();
    let room = ringlet_contract::MAX_MESSAGE_CHARS as usize - 300;
    assert!(text.encode_utf16().count() < room, "{}", text.len());
    assert!(told.trace.len() > 3);
}

#[test]
fn what_the_browser_says_of_failed_media_is_logged_and_reported() {
    let mut scene = Scene::registered();
    assert_eq!(diagnostics(&mut scene).media_error, None);
    scene.command(call("600"));
    scene.refuse_microphone(MediaError::Other("InvalidStateError: closed".into()));
    assert_eq!(scene.logged, ["Media work failed: InvalidStateError: closed"]);
    let told = diagnostics(&mut scene).media_error;
    assert_eq!(told.as_deref(), Some("InvalidStateError: closed"));
}

#[test]
fn nobody_is_registered_before_anybody_signs_in() {
    let mut scene = Scene::set_up(HostMode::Confirm);
    let told = diagnostics(&mut scene);
    assert_eq!((told.connection, told.trace.len()), (Connection::SignedOut, 0));
}

#[test]
fn a_code_on_the_keypad_turns_the_console_trace_on_and_off() {
    let mut scene = Scene::registered();
    assert_eq!(scene.logged, [""; 0]);
    scene.intent(Intent::EditNumber("*#0*".into()));
    scene.intent(Intent::EditNumber("*#0*#".into()));
    assert_eq!(scene.phone.view().keypad.number, "");
    assert_eq!(scene.logged[0], "SIP tracing is on");
    assert!(scene.logged.iter().any(|line| line.contains(" s sent\nREGISTER ")), "what was before");
    scene.logged.clear();
    scene.invite_from("<sip:5550100@example.com>");
    assert!(scene.logged.iter().any(|line| line.contains(" s received\nINVITE ")));
    assert!(scene.logged.iter().any(|line| line.contains(" s sent\nSIP/2.0 180")));
    let said = scene.logged.iter().filter(|line| line.contains("REGISTER ")).count();
    assert_eq!(said, 0, "nothing is logged twice");
    scene.intent(Intent::EditNumber("*#0*#".into()));
    assert_eq!(scene.logged.last().map(String::as_str), Some("SIP tracing is off"));
    scene.logged.clear();
    scene.invite_from("<sip:5550101@example.com>");
    assert_eq!(scene.logged, ["A call was turned away: busy"]);
}
