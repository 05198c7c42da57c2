//! Who gets in, how, and what happens when they do not.

mod common;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use common::*;
use ringlet_contract::config::{HostInit, HostMode};
use ringlet_contract::error::ErrorCode;
use ringlet_contract::event::{HostEvent, Registered, UnregisteredReason};
use ringlet_phone::{
    Form, Input, Intent, LineStatus, SignInError, SignInView, StoreEffect, StoredSession,
};
use ringlet_sip::Secret;

fn form(username: &str, password: &str) -> Form {
    Form { username: username.into(), domain: "example.com".into(), password: password.into() }
}

fn remembered(username: &str, secret: &str) -> StoredSession {
    StoredSession {
        username: username.into(),
        domain: "example.com".into(),
        secret: Secret::Password(secret.into()),
    }
}

fn sign_in_view(scene: &Scene) -> SignInView {
    scene.phone.view().sign_in.expect("the sign-in screen is shown")
}

#[test]
fn complete_credentials_in_confirm_mode_wait_for_one_press() {
    let mut scene = Scene::set_up(HostMode::Confirm);
    let view = sign_in_view(&scene);
    assert!(view.complete && view.has_secret && !view.busy);
    assert_eq!(view.form.username, "agent1");
    assert_eq!(view.form.password, "", "the secret never reaches the screen");
    assert_eq!(scene.opened, 0);

    scene.intent(Intent::Connect);
    assert!(sign_in_view(&scene).busy);
    assert_eq!(scene.phone.view().line.status, LineStatus::Connecting);
    scene.open_socket();
    scene.accept_register();
    assert_eq!(scene.phone.view().sign_in, None);
    assert_eq!(scene.phone.view().line.account.as_deref(), Some("agent1@example.com"));
}

#[test]
fn partial_credentials_ask_for_what_is_missing_in_every_mode() {
    for mode in [HostMode::Confirm, HostMode::Autologin, HostMode::Prefilled] {
        let mut host = host(mode);
        host.sip.password = None;
        let mut scene = Scene::new();
        scene.init(runtime(), host);
        scene.input(Input::Stored(None));
        let view = sign_in_view(&scene);
        assert!(!view.complete && !view.has_secret);
        assert_eq!(view.form.username, "agent1");
        scene.intent(Intent::Connect);
        assert_eq!(scene.opened, 0, "there is nothing to connect with");
    }
}

#[test]
fn autologin_connects_untouched_and_shows_no_form() {
    let mut scene = Scene::set_up(HostMode::Autologin);
    assert_eq!(scene.phone.view().sign_in, None);
    scene.open_socket();
    scene.accept_register();
    assert_eq!(
        scene.events.last(),
        Some(&HostEvent::Registered(Registered {
            username: "agent1".into(),
            domain: "example.com".into(),
            user_key: "agent1@example.com".into(),
        }))
    );
    assert!(scene.snapshot.as_ref().unwrap().registered);
}

#[test]
fn prefilled_credentials_fill_the_form_and_its_empty_password_means_the_hosts() {
    let mut scene = Scene::set_up(HostMode::Prefilled);
    assert_eq!(sign_in_view(&scene).form.username, "agent1");
    scene.intent(Intent::SignIn(form("agent1", "")));
    scene.open_socket();
    scene.accept_register();
    assert_eq!(scene.phone.view().line.status, LineStatus::Registered);
}

#[test]
fn the_hosts_secret_is_not_used_for_another_user() {
    let mut scene = Scene::set_up(HostMode::Prefilled);
    scene.intent(Intent::SignIn(form("agent2", "")));
    assert_eq!(sign_in_view(&scene).error, Some(SignInError::Incomplete));
    assert_eq!(scene.opened, 0);
}

#[test]
fn an_incomplete_form_is_answered_at_once_and_keeps_what_was_typed() {
    let mut scene = Scene::new();
    scene.init(runtime(), HostInit::default());
    scene.input(Input::Stored(None));
    scene.intent(Intent::SignIn(form("bob", "")));
    let view = sign_in_view(&scene);
    assert_eq!(view.error, Some(SignInError::Incomplete));
    assert_eq!(view.form.username, "bob");
}

#[test]
fn a_digest_challenge_is_answered_and_the_session_remembered() {
    let mut scene = Scene::set_up(HostMode::Autologin);
    scene.open_socket();
    let register = scene.expect("REGISTER sip:example.com SIP/2.0");
    scene.receive(register.challenge());
    let again = scene.sent.front().expect("a second REGISTER").clone();
    assert!(again.header("Authorization").contains("username=\"agent1\""));
    scene.accept_register();
    assert_eq!(scene.phone.view().line.status, LineStatus::Registered);
    assert_eq!(scene.stored.last(), Some(&StoreEffect::Save(remembered("agent1", "secret"))));
}

#[test]
fn a_remembered_session_comes_before_every_mode_and_is_not_stored_again() {
    let mut scene = Scene::new();
    scene.init(runtime(), host(HostMode::Confirm));
    scene.input(Input::Stored(Some(remembered("agent1", "older"))));
    assert_eq!(scene.phone.view().sign_in, None);
    scene.open_socket();
    scene.accept_register();
    assert_eq!(scene.event_names(), ["ready", "registered"]);
    assert!(!scene.stored.iter().any(|s| matches!(s, StoreEffect::Save(_))));
}

#[test]
fn a_remembered_session_of_another_user_or_domain_is_not_taken_up() {
    let mut elsewhere = remembered("agent1", "older");
    elsewhere.domain = "old.example".into();
    for session in [remembered("agent2", "older"), elsewhere] {
        let mut scene = Scene::new();
        scene.init(runtime(), host(HostMode::Confirm));
        scene.input(Input::Stored(Some(session)));
        assert!(sign_in_view(&scene).complete);
        assert_eq!(scene.opened, 0);
    }
}

#[test]
fn a_wrong_password_leads_back_to_the_form() {
    let mut scene = Scene::new();
    scene.init(runtime(), HostInit::default());
    scene.input(Input::Stored(None));
    scene.intent(Intent::SignIn(form("bob", "wrong")));
    scene.open_socket();
    let waiting = scene.command(call("600"));
    let register = scene.expect("REGISTER");
    scene.receive(register.challenge());
    let register = scene.expect("REGISTER");
    scene.receive(register.challenge());

    let view = sign_in_view(&scene);
    assert_eq!(view.error, Some(SignInError::Credentials));
    assert!(!view.busy);
    assert_eq!(view.form.username, "bob");
    assert_eq!(scene.phone.view().line.status, LineStatus::SignedOut);
    assert_eq!(scene.event_names(), ["ready", "error"]);
    let HostEvent::Error(error) = &scene.events[1] else { panic!() };
    assert_eq!(error.code, ErrorCode::SignInFailed);
    assert_eq!(scene.error(&waiting), Some(ErrorCode::NotRegistered));
    assert_eq!(scene.stored.last(), Some(&StoreEffect::Clear));
    assert_eq!(scene.closed, 1);
    assert!(scene.sent.is_empty(), "no third REGISTER");
}

#[test]
fn forbidden_counts_as_a_wrong_password_and_the_hosts_secret_is_not_offered_again() {
    let mut scene = Scene::set_up(HostMode::Confirm);
    scene.intent(Intent::Connect);
    scene.open_socket();
    let register = scene.expect("REGISTER");
    scene.receive(register.respond(403, "Forbidden"));
    let view = sign_in_view(&scene);
    assert_eq!(view.error, Some(SignInError::Credentials));
    assert!(!view.complete && !view.has_secret, "the form must let the person type another");
}

#[test]
fn after_a_wrong_password_the_right_one_gets_in() {
    let mut scene = Scene::set_up(HostMode::Confirm);
    scene.intent(Intent::Connect);
    scene.open_socket();
    let register = scene.expect("REGISTER");
    scene.receive(register.respond(403, "Forbidden"));
    scene.intent(Intent::SignIn(form("agent1", "right")));
    scene.open_socket();
    scene.accept_register();
    assert_eq!(scene.phone.view().line.status, LineStatus::Registered);
    assert_eq!(scene.event_names(), ["ready", "error", "registered"]);
}

#[test]
fn a_remembered_session_that_is_refused_gives_way_to_the_hosts_credentials() {
    let mut scene = Scene::new();
    scene.init(runtime(), host(HostMode::Autologin));
    scene.input(Input::Stored(Some(remembered("agent1", "older"))));
    scene.open_socket();
    let register = scene.expect("REGISTER");
    scene.receive(register.respond(403, "Forbidden"));
    assert_eq!(scene.stored.last(), Some(&StoreEffect::Clear));
    assert_eq!(scene.opened, 2);
    scene.open_socket();
    scene.accept_register();
    assert_eq!(scene.phone.view().line.status, LineStatus::Registered);
}

#[test]
fn a_registration_refused_later_is_told_as_rejected_and_asks_for_another_password() {
    let mut scene = Scene::registered();
    scene.pass(seconds(515));
    let register = scene.expect("REGISTER");
    scene.receive(register.challenge());
    let register = scene.expect("REGISTER");
    scene.receive(register.challenge());
    let HostEvent::Unregistered(event) = &scene.events[0] else { panic!("{:?}", scene.events) };
    assert_eq!(event.reason, UnregisteredReason::Rejected);
    assert_eq!(sign_in_view(&scene).error, Some(SignInError::Credentials));
    let id = scene.command(call("600"));
    assert_eq!(scene.error(&id), Some(ErrorCode::NotRegistered));

    scene.intent(Intent::SignIn(form("agent1", "newer")));
    scene.open_socket();
    scene.accept_register();
    assert_eq!(scene.event_names(), ["unregistered", "registered"]);
}

#[test]
fn a_server_that_cannot_be_reached_leaves_the_form_usable_and_is_tried_again() {
    let mut scene = Scene::set_up(HostMode::Confirm);
    scene.intent(Intent::Connect);
    scene.close_socket();
    let view = sign_in_view(&scene);
    assert_eq!(view.error, Some(SignInError::Unreachable));
    assert!(!view.busy);
    assert!(matches!(scene.phone.view().line.status, LineStatus::Reconnecting { .. }));
    assert_eq!(scene.event_names(), ["ready", "error"]);
    scene.pass(seconds(1));
    assert_eq!(scene.opened, 2);
    scene.close_socket();
    assert_eq!(scene.event_names(), ["ready", "error"], "told once");

    scene.pass(seconds(2));
    scene.open_socket();
    scene.accept_register();
    assert_eq!(scene.phone.view().sign_in, None);
    assert_eq!(scene.phone.view().line.status, LineStatus::Registered);
}

#[test]
fn a_server_error_at_sign_in_is_shown_with_its_status() {
    let mut scene = Scene::set_up(HostMode::Confirm);
    scene.intent(Intent::Connect);
    scene.open_socket();
    let register = scene.expect("REGISTER");
    scene.receive(register.respond(500, "Server Internal Error"));
    assert_eq!(sign_in_view(&scene).error, Some(SignInError::Server { status: 500 }));
    assert_eq!(scene.phone.view().line.status, LineStatus::Refused { status: 500 });
    assert!(!sign_in_view(&scene).busy);
}
