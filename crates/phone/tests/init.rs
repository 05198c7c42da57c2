//! From `init` to a phone that takes commands.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::*;
use ringlet_contract::config::{
    HostInit, HostMode, IceServer, MediaBehavior, SessionRestore, SipCredentials, Theme,
};
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::HostEvent;
use ringlet_contract::message::ToPhone;
use ringlet_phone::{
    Effect, HostEffect, HostInput, Input, LineStatus, PeerConfig, PeerEffect, SignInError,
    SocketEffect, StoreEffect,
};

#[test]
fn a_phone_waits_for_init_and_shows_nothing_of_a_tenant() {
    let scene = Scene::new();
    let view = scene.phone.view();
    assert_eq!(view.line.status, LineStatus::Starting);
    assert_eq!(view.sign_in, None);
    assert_eq!(view.settings.brand_name, "");
    assert_eq!(scene.phone.poll_timeout(), None);
}

#[test]
fn init_is_answered_then_the_state_is_told_then_ready() {
    let mut scene = Scene::new();
    let id = scene.init(runtime(), host(HostMode::Confirm));
    assert!(scene.is_done(&id));
    let result = scene.position(|e| matches!(e, Effect::Host(HostEffect::Result { .. })));
    let snapshot = scene.position(|e| matches!(e, Effect::Host(HostEffect::Snapshot(_))));
    let event = scene.position(|e| matches!(e, Effect::Host(HostEffect::Event { .. })));
    assert!(result < snapshot && snapshot < event);
    let HostEvent::Ready(ready) = &scene.events[0] else { panic!("{:?}", scene.events) };
    assert_eq!(ready.version, "1.2.3");
    assert_eq!(scene.stored, [StoreEffect::Load { namespace: "ringlet.t1".into() }]);
}

#[test]
fn init_is_answered_and_the_form_is_shown_although_storage_stays_silent() {
    let mut scene = Scene::new();
    let id = scene.init(runtime(), host(HostMode::Confirm));
    assert!(scene.is_done(&id));
    scene.pass(seconds(3));
    assert!(scene.phone.view().sign_in.is_some());
}

#[test]
fn no_screen_is_rendered_before_the_first_socket_is_opened() {
    let mut scene = Scene::set_up(HostMode::Autologin);
    let open = scene.position(|e| matches!(e, Effect::Socket(SocketEffect::Open { .. })));
    let render = scene.position(|e| matches!(e, Effect::Render(_)));
    assert!(open < render);
    scene.effects.clear();
    scene.open_socket();
    assert!(!scene.effects.iter().any(|e| matches!(e, Effect::Render(_))), "nothing changed");
}

#[test]
fn a_command_before_init_is_refused() {
    let mut scene = Scene::new();
    let id = scene.command(call("600"));
    assert_eq!(scene.error(&id), Some(ErrorCode::NotInitialized));
}

#[test]
fn a_second_init_is_refused_and_changes_nothing() {
    let mut scene = Scene::set_up(HostMode::Confirm);
    let before = scene.phone.view();
    let id = scene.init(runtime(), HostInit::default());
    assert_eq!(scene.error(&id), Some(ErrorCode::InvalidState));
    assert_eq!(scene.phone.view(), before);
}

#[test]
fn a_configuration_that_cannot_be_used_is_refused_and_another_may_follow() {
    let mut both = host(HostMode::Confirm);
    both.sip.ha1_password = Some("0123456789abcdef0123456789abcdef".into());
    let mut bad_ha1 = host(HostMode::Confirm);
    bad_ha1.sip = SipCredentials { ha1_password: Some("xyz".into()), ..SipCredentials::default() };
    let mut bad_user = host(HostMode::Confirm);
    bad_user.sip.username = Some("a b\r\nc".into());
    let mut bad_socket = runtime();
    bad_socket.wss_url = "https://sip.example".into();
    let mut bad_ice = runtime();
    bad_ice.ice_servers =
        vec![IceServer { urls: vec!["http://x".into()], username: None, credential: None }];
    let mut bad_color = runtime();
    bad_color.branding.theme_color = "red;}".into();
    let mut no_calls = runtime();
    no_calls.max_sessions = 0;
    let mut too_many_calls = runtime();
    too_many_calls.max_sessions = 9;

    let mut scene = Scene::new();
    for (runtime, host) in [
        (runtime(), both),
        (runtime(), bad_ha1),
        (runtime(), bad_user),
        (bad_socket, host(HostMode::Confirm)),
        (bad_ice, host(HostMode::Confirm)),
        (bad_color, host(HostMode::Confirm)),
        (no_calls, host(HostMode::Confirm)),
        (too_many_calls, host(HostMode::Confirm)),
    ] {
        let id = scene.init(runtime, host);
        assert_eq!(scene.error(&id), Some(ErrorCode::InvalidConfig));
        assert_eq!(scene.phone.view().line.status, LineStatus::Starting);
    }
    let id = scene.init(runtime(), host(HostMode::Confirm));
    assert!(scene.is_done(&id));
}

#[test]
fn the_tenants_domain_wins_over_the_hosts() {
    let mut host = host(HostMode::Prefilled);
    host.sip.domain = Some("elsewhere.example".into());
    let mut scene = Scene::new();
    scene.init(runtime(), host);
    scene.input(Input::Stored(None));
    let form = scene.phone.view().sign_in.unwrap();
    assert_eq!(form.form.domain, "example.com");
    assert!(form.domain_fixed);
}

#[test]
fn without_a_tenants_domain_the_hosts_counts() {
    let mut host = host(HostMode::Prefilled);
    host.sip.domain = Some("elsewhere.example".into());
    let mut scene = Scene::new();
    scene.init(ringlet_contract::config::RuntimeConfig { sip_domain: None, ..runtime() }, host);
    scene.input(Input::Stored(None));
    let form = scene.phone.view().sign_in.unwrap();
    assert_eq!(form.form.domain, "elsewhere.example");
    assert!(!form.domain_fixed);
}

#[test]
fn the_host_chooses_the_theme_unless_the_tenant_locked_it() {
    for (lock, expected) in [(false, Theme::Dark), (true, Theme::Light)] {
        let mut runtime = runtime();
        runtime.behavior.theme.start = Theme::Light;
        runtime.behavior.theme.lock = lock;
        let mut scene = Scene::new();
        scene.init(runtime, HostInit { theme: Some(Theme::Dark), ..HostInit::default() });
        assert_eq!(scene.phone.view().settings.theme, expected);
        scene.intent(ringlet_phone::Intent::SetTheme(Theme::System));
        assert_eq!(
            scene.phone.view().settings.theme,
            if lock { Theme::Light } else { Theme::System }
        );
    }
}

#[test]
fn ice_servers_and_codecs_reach_the_media_side_before_any_call() {
    let server =
        IceServer { urls: vec!["stun:192.0.2.1".into()], username: None, credential: None };
    let media = MediaBehavior { codec_delete: "PCM.".into(), ..MediaBehavior::default() };
    let mut scene = Scene::new();
    let mut runtime = runtime();
    runtime.ice_servers = vec![server.clone()];
    runtime.behavior.media = media.clone();
    scene.init(runtime, host(HostMode::Confirm));
    let config = PeerConfig { ice_servers: vec![server], media };
    assert_eq!(scene.media.front(), Some(&PeerEffect::Configure(Box::new(config))));
}

#[test]
fn blocked_storage_is_told_once_and_the_phone_carries_on() {
    let mut scene = Scene::new();
    scene.init(runtime(), host(HostMode::Autologin));
    scene.input(Input::StorageBlocked);
    scene.open_socket();
    scene.accept_register();
    scene.input(Input::StorageBlocked);
    assert_eq!(scene.event_names(), ["ready", "error", "registered"]);
    let HostEvent::Error(error) = &scene.events[1] else { panic!() };
    assert_eq!(error.code, ErrorCode::StorageBlocked);
    assert!(!error.fatal && error.recoverable);
    assert!(!scene.stored.iter().any(|s| matches!(s, StoreEffect::Save(_))));
}

#[test]
fn without_session_restore_storage_is_neither_read_nor_written() {
    let mut host = host(HostMode::Autologin);
    host.session_restore = Some(SessionRestore::Off);
    let mut scene = Scene::new();
    scene.init(runtime(), host);
    scene.open_socket();
    scene.accept_register();
    assert_eq!(scene.event_names(), ["ready", "registered"]);
    assert_eq!(scene.stored, []);
}

#[test]
fn a_message_that_is_no_command_is_answered_or_told() {
    let mut scene = Scene::set_up(HostMode::Confirm);
    scene.forget();
    let error = ErrorBody::new(ErrorCode::UnknownType, "What is this?");
    scene.input(Input::Host(HostInput::Malformed { id: Some("x".into()), error: error.clone() }));
    assert_eq!(scene.error("x"), Some(ErrorCode::UnknownType));
    assert_eq!(scene.event_names(), [""; 0]);
    scene.input(Input::Host(HostInput::Malformed { id: None, error }));
    assert_eq!(scene.event_names(), ["error"]);
}

#[test]
fn a_second_answer_of_the_storage_is_ignored() {
    let mut scene = Scene::set_up(HostMode::Confirm);
    let before = scene.phone.view();
    scene.input(Input::Stored(None));
    assert_eq!(scene.phone.view(), before);
    assert_eq!(before.sign_in.unwrap().error, None::<SignInError>);
}

#[test]
fn secrets_never_show_in_debug_output() {
    let mut init = host(HostMode::Autologin);
    init.sip.password = Some("hunter2".into());
    let init = ringlet_contract::config::PhoneInit { runtime: runtime(), host: init };
    let input =
        Input::Host(HostInput::Command { id: "1".into(), command: ToPhone::Init(Box::new(init)) });
    assert!(!format!("{input:?}").contains("hunter2"));
    let form = ringlet_phone::Form { password: "hunter2".into(), ..Default::default() };
    assert!(!format!("{:?}", ringlet_phone::Intent::SignIn(form)).contains("hunter2"));
}
