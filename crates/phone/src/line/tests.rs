use super::*;
use crate::core::tests::core;
use crate::effect::{Effect, SocketEffect, StoreEffect};
use crate::input::SocketInput;
use crate::notice::Notice;
use ringlet_contract::config::{HostMode, SessionRestore};
use ringlet_contract::diagnostics::Connection;
use ringlet_sip::{RegistrationError, RegistrationState, Secret};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A line that opens its first socket with the host's credentials.
fn opening() -> (Line, Core) {
    let mut core = core();
    core.settings.mode = HostMode::Autologin;
    core.settings.restore = SessionRestore::Off;
    core.settings.socket_url = "wss://sip.example.com".into();
    core.settings.username = Some("me".into());
    core.settings.domain = Some("example.com".into());
    core.settings.secret = Some(Secret::Password("secret".into()));
    let mut line = Line::new();
    line.start(&mut core);
    (line, core)
}

fn registered() -> (Line, Core) {
    let (mut line, mut core) = opening();
    line.on_socket(&mut core, SocketInput::Opened { generation: 1 });
    let expires = Duration::from_secs(600);
    line.on_registration(&mut core, RegistrationState::Registered { expires });
    (line, core)
}

fn lose(line: &mut Line, core: &mut Core) {
    line.on_socket(core, SocketInput::Closed { generation: line.generation });
}

#[test]
fn the_first_socket_is_opened_before_anything_else_is_done() {
    let (_, mut core) = opening();
    let first = core.effects().into_iter().next();
    assert!(matches!(first, Some(Effect::Socket(SocketEffect::Open { generation: 1, .. }))));
}

#[test]
fn the_status_follows_the_flow_and_the_diagnostics_follow_the_status() {
    let mut line = Line::new();
    let mut core = core();
    assert_eq!(line.status(core.now), LineStatus::Starting);
    core.settings.restore = SessionRestore::Auto;
    line.start(&mut core);
    assert_eq!(line.status(core.now), LineStatus::Connecting, "storage is asked first");
    line.on_stored(&mut core, None);
    assert_eq!(line.status(core.now), LineStatus::SignedOut);

    let (mut line, mut core) = opening();
    assert_eq!(line.status(core.now), LineStatus::Connecting);
    lose(&mut line, &mut core);
    let status = line.status(core.now);
    assert!(matches!(status, LineStatus::Reconnecting { retry_in } if !retry_in.is_zero()));
    assert!(status.is_connecting() && !status.is_registered());
    assert_eq!(Connection::from(status), Connection::Reconnecting);

    let (line, core) = registered();
    assert_eq!(line.status(core.now), LineStatus::Registered);
    assert_eq!(line.account().as_deref(), Some("me@example.com"));
}

#[test]
fn a_registration_is_noticed_and_stored_nowhere_unless_wanted() {
    let (_, mut core) = registered();
    assert!(core.notices().iter().any(|notice| matches!(notice, Notice::Registered)));
    assert!(!core.effects().iter().any(|effect| matches!(effect, Effect::Store(_))));
}

#[test]
fn storage_that_stays_silent_is_not_waited_for() {
    let mut core = core();
    let mut line = Line::new();
    line.start(&mut core);
    assert!(matches!(core.effects()[..], [Effect::Store(StoreEffect::Load { .. })]));
    core.now = line.deadline(core.now).unwrap();
    line.timeout(&mut core);
    assert_eq!(line.status(core.now), LineStatus::SignedOut);
    assert_eq!(line.deadline(core.now), None);
}

#[test]
fn a_countdown_wakes_the_line_at_every_second_and_ends_in_an_attempt() {
    let (mut line, mut core) = opening();
    lose(&mut line, &mut core);
    lose(&mut line, &mut core);
    core.effects();
    let mut shown = Vec::new();
    while !matches!(core.effects().last(), Some(Effect::Socket(SocketEffect::Open { .. }))) {
        let LineStatus::Reconnecting { retry_in } = line.status(core.now) else { panic!() };
        shown.push(retry_in.as_secs());
        core.now = line.deadline(core.now).unwrap();
        line.timeout(&mut core);
    }
    assert_eq!(shown.last(), Some(&1));
    assert!(shown.is_sorted_by(|a, b| *a == b + 1), "{shown:?}");
}

#[test]
fn a_refusal_that_may_pass_leaves_waiting_calls_alone() {
    for (retry_in, refused) in [(Some(Duration::from_secs(30)), false), (None, true)] {
        let (mut line, mut core) = registered();
        core.notices();
        let error = RegistrationError::Status(500, String::new());
        line.on_registration(&mut core, RegistrationState::Failed { error, retry_in });
        assert_eq!(line.status(core.now), LineStatus::Refused { status: 500 });
        let noticed = core.notices().iter().any(|n| matches!(n, Notice::Unavailable(_)));
        assert_eq!(noticed, refused);
    }
}

#[test]
fn leaving_hangs_up_first_then_unregisters_and_ends_when_the_agent_is_drained() {
    let (mut line, mut core) = registered();
    core.notices();
    line.shut_down(&mut core, "1".into());
    assert!(matches!(core.notices()[..], [Notice::Leaving]));
    line.unregister(&mut core);
    assert!(!line.on_drained(&mut core), "the server's answer is waited for");
    line.on_registration(&mut core, RegistrationState::Unregistered);
    while core.agent.next(core.now).is_some() {}
    assert!(line.on_drained(&mut core));
    assert!(matches!(core.notices()[..], [Notice::SessionEnded]));
    assert_eq!(core.effects().last(), Some(&Effect::Socket(SocketEffect::Close)));
    assert_eq!(core.outbox.take_results().len(), 1);
    assert!(!line.on_drained(&mut core), "once");
}

#[test]
fn a_page_that_goes_away_and_a_line_without_a_socket_wait_for_nobody() {
    let (mut line, mut core) = registered();
    line.on_page_hide(&mut core);
    line.unregister(&mut core);
    assert!(line.on_drained(&mut core));

    let (mut line, mut core) = opening();
    line.sign_out(&mut core);
    line.unregister(&mut core);
    assert!(line.on_drained(&mut core));
    assert_eq!(line.status(core.now), LineStatus::SignedOut);
}
