use ringlet_sip::message::{Message, Method, NameAddr, Request};
use ringlet_sip::{Command, Input, Reconnect, RegistrationError, RegistrationState, Timer};
use ringlet_testkit::{Build, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// An agent whose first REGISTER is under way.
pub(super) fn started() -> (Script, Request) {
    let mut script = Script::connected();
    script.command(Command::Register);
    assert_eq!(script.registration(), RegistrationState::Registering);
    let register = script.sent_request(Method::REGISTER);
    (script, register)
}

pub(super) fn registered(seconds: u64) -> RegistrationState {
    RegistrationState::Registered { expires: Duration::from_secs(seconds) }
}

pub(super) fn failed(error: RegistrationError) -> RegistrationState {
    RegistrationState::Failed { error, retry_in: None }
}

#[test]
fn nothing_is_sent_before_it_is_wanted() {
    let mut script = Script::connected();
    script.quiet();
    assert_eq!(script.deadline().map(|(_, timer)| timer), Some(Timer::Ping));
}

#[test]
fn the_request_is_what_rfc_7118_and_rfc_5626_want() {
    let (_, register) = started();
    assert_eq!(register.uri, "sip:example.com");
    let via = register.headers.top_via().unwrap();
    assert_eq!(via.transport, "WSS");
    assert!(via.sent_by.ends_with(".invalid"));
    assert!(via.branch().unwrap().starts_with("z9hG4bK"));
    let contact = NameAddr::parse(register.headers.get("Contact").unwrap()).unwrap();
    assert!(contact.uri.ends_with(".invalid;transport=ws"));
    let instance = "<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>";
    assert_eq!(contact.params.get("+sip.instance"), Some(instance));
    assert_eq!(contact.params.get("reg-id"), Some("1"));
    assert_eq!(register.headers.get("Expires"), Some("600"));
    assert_eq!(register.headers.get("Max-Forwards"), Some("70"));
    assert!(register.headers.lists("Supported", "outbound"));
    assert!(register.headers.lists("Supported", "path"));
    assert!(register.headers.lists("Allow", "INVITE"));
}

#[test]
fn the_server_may_shorten_the_registration() {
    let (mut script, register) = started();
    let contact = register.headers.get("Contact").unwrap().split(";expires").next().unwrap();
    let granted = reply(&register, 200, "OK")
        .without("Contact")
        .with("Contact", "<sip:other@device.invalid>;expires=3600")
        .with("Contact", &format!("{contact};expires=60"))
        .with("Expires", "600");
    script.receive(granted);
    assert_eq!(script.registration(), registered(60));
    script.pass(Duration::from_secs(50));
    pings_only(&mut script);
    script.pass(Duration::from_secs(1));
    next_register(&mut script);
}

pub(super) fn pings_only(script: &mut Script) {
    while let Some(bytes) = script.try_sent() {
        assert_eq!(bytes, b"\r\n\r\n");
    }
}

#[test]
fn an_interval_that_is_too_brief_is_raised() {
    let (mut script, register) = started();
    script.receive(reply(&register, 423, "Interval Too Brief").with("Min-Expires", "1800"));
    let second = script.sent_request(Method::REGISTER);
    assert_eq!(second.headers.get("Expires"), Some("1800"));
    script.receive(reply(&second, 423, "Interval Too Brief").with("Min-Expires", "1800"));
    let error = RegistrationError::Status(423, "Interval Too Brief".into());
    assert_eq!(script.registration(), failed(error));
    script.quiet();
}

#[test]
fn a_first_hop_without_outbound_is_asked_without() {
    let (mut script, register) = started();
    script.receive(reply(&register, 439, "First Hop Lacks Outbound Support"));
    let second = script.sent_request(Method::REGISTER);
    assert!(!second.headers.get("Contact").unwrap().contains("reg-id"));
    assert!(!second.headers.lists("Supported", "outbound"));
}

#[test]
fn a_busy_server_is_tried_again_with_growing_pauses() {
    let (mut script, mut register) = started();
    for longest in [4, 8, 16, 32] {
        script.receive(reply(&register, 500, "Server Internal Error"));
        let RegistrationState::Failed { retry_in: Some(pause), .. } = script.registration() else {
            panic!("a failure with a retry");
        };
        let range = Duration::from_secs(longest) / 2..=Duration::from_secs(longest);
        assert!(range.contains(&pause), "{pause:?}");
        script.pass(pause);
        assert_eq!(script.registration(), RegistrationState::Registering);
        register = next_register(&mut script);
    }
}

#[test]
fn retry_after_is_obeyed() {
    let (mut script, register) = started();
    let busy = reply(&register, 503, "Service Unavailable").with("Retry-After", "90");
    script.receive(busy);
    let RegistrationState::Failed { retry_in, .. } = script.registration() else {
        panic!("a failure");
    };
    assert_eq!(retry_in, Some(Duration::from_secs(90)));
}

#[test]
fn a_refusal_is_not_repeated() {
    let (mut script, register) = started();
    script.receive(reply(&register, 403, "Forbidden"));
    let error = RegistrationError::Status(403, "Forbidden".into());
    assert_eq!(script.registration(), failed(error));
    script.quiet();
    script.command(Command::Register);
    script.sent_request(Method::REGISTER);
}

#[test]
fn silence_ends_in_a_timeout_and_twice_in_another_socket() {
    let (mut script, _) = started();
    script.pass(Duration::from_secs(32));
    let RegistrationState::Failed { error, retry_in: Some(pause) } = script.registration() else {
        panic!("a failure with a retry");
    };
    assert_eq!(error, RegistrationError::Timeout);
    assert_eq!(script.take_reconnects(), 0);
    script.pass(pause + Duration::from_secs(32));
    assert_eq!(script.take_reconnects(), 1);
}

#[test]
fn a_redirection_is_followed_once() {
    let (mut script, register) = started();
    let moved = reply(&register, 302, "Moved Temporarily")
        .with("Contact", "<mailto:a@example.com>, <sip:alice@two.example.com:5080;transport=ws>");
    script.receive(moved);
    let second = script.sent_request(Method::REGISTER);
    assert_eq!(second.uri, "sip:two.example.com:5080");
    assert_eq!(second.headers.get("To"), register.headers.get("To"));
    assert_eq!(second.headers.cseq().unwrap().number, 2);
    script.receive(reply(&second, 200, "OK"));
    assert_eq!(script.registration(), registered(600));
    script.pass(Duration::from_secs(510));
    let refresh = next_register(&mut script);
    assert_eq!(refresh.uri, "sip:two.example.com:5080");

    let elsewhere = reply(&refresh, 301, "Moved").with("Contact", "<sip:three.example.com>");
    script.receive(elsewhere);
    let error = RegistrationError::Status(301, "Moved".into());
    let RegistrationState::Failed { error: told, retry_in: Some(pause) } = script.registration()
    else {
        panic!("a failure with a retry");
    };
    assert_eq!(told, error);
    assert_eq!(script.reconnect(), Reconnect::ServerUnavailable { retry_after: None });
    script.pass(pause);
    assert_eq!(next_register(&mut script).uri, "sip:example.com");
}

#[test]
fn a_redirection_to_nowhere_is_a_failure() {
    for contact in ["*", "<tel:600>", "<sip:>", "", "<mailto:a@b>"] {
        let (mut script, register) = started();
        script.receive(reply(&register, 302, "Moved").replacing("Contact", contact));
        assert!(matches!(
            script.registration(),
            RegistrationState::Failed {
                error: RegistrationError::Status(302, _),
                retry_in: Some(_)
            }
        ));
        assert_eq!(script.reconnect(), Reconnect::ServerUnavailable { retry_after: None });
        script.quiet();
    }
}

#[test]
fn another_socket_begins_with_the_first_registrar_again() {
    let (mut script, register) = started();
    let moved = reply(&register, 302, "Moved").with("Contact", "<sips:two.example.com>");
    script.receive(moved.without("Contact").with("Contact", "<sips:two.example.com>"));
    assert_eq!(script.sent_request(Method::REGISTER).uri, "sips:two.example.com");
    script.input(Input::Disconnected);
    script.input(Input::Connected);
    assert_eq!(script.sent_request(Method::REGISTER).uri, "sip:example.com");
}

#[test]
fn a_server_that_cannot_serve_is_told_to_the_driver() {
    for (retry_after, pause) in [("90", 90), ("99999999999", 3600)] {
        let (mut script, register) = started();
        let busy = reply(&register, 503, "Busy").with("Retry-After", retry_after);
        script.receive(busy);
        let RegistrationState::Failed { retry_in, .. } = script.registration() else {
            panic!("a failure");
        };
        let pause = Some(Duration::from_secs(pause));
        assert_eq!(retry_in, pause);
        assert_eq!(script.reconnect(), Reconnect::ServerUnavailable { retry_after: pause });
        script.quiet();
    }
}

#[test]
fn an_error_that_passes_is_tried_again_and_one_that_does_not_is_not() {
    for (status, passes) in [
        (400, false),
        (403, false),
        (404, false),
        (405, false),
        (408, true),
        (429, true),
        (480, true),
        (500, true),
        (502, true),
        (504, true),
        (580, true),
        (600, false),
        (603, false),
    ] {
        for retry_after in [None, Some("30")] {
            let (mut script, register) = started();
            let refused = reply(&register, status, "No");
            script.receive(match retry_after {
                Some(seconds) => refused.with("Retry-After", seconds),
                None => refused,
            });
            let RegistrationState::Failed { error, retry_in } = script.registration() else {
                panic!("a failure");
            };
            assert_eq!(error, RegistrationError::Status(status, "No".into()));
            assert_eq!(retry_in.is_some(), passes || retry_after.is_some(), "{status}");
            if retry_after.is_some() {
                assert_eq!(retry_in, Some(Duration::from_secs(30)), "{status}");
            }
            script.quiet();
        }
    }
}

#[test]
fn an_interval_too_brief_that_says_nothing_new_is_final() {
    for least in [None, Some("0"), Some("600"), Some("soon")] {
        let (mut script, register) = started();
        let brief = reply(&register, 423, "Interval Too Brief");
        script.receive(match least {
            Some(least) => brief.with("Min-Expires", least),
            None => brief,
        });
        let error = RegistrationError::Status(423, "Interval Too Brief".into());
        assert_eq!(script.registration(), failed(error));
        script.quiet();
    }
}

#[test]
fn without_outbound_the_device_is_still_named_and_a_second_439_is_final() {
    let (mut script, register) = started();
    script.receive(reply(&register, 439, "First Hop Lacks Outbound Support"));
    let second = script.sent_request(Method::REGISTER);
    assert!(second.headers.get("Contact").unwrap().contains("+sip.instance"));
    script.receive(reply(&second, 439, "Again"));
    assert_eq!(script.registration(), failed(RegistrationError::Status(439, "Again".into())));
    script.quiet();
}

// JsSIP #894, #337: a second REGISTER while the first is under way.
#[test]
fn there_is_one_attempt_on_each_socket_until_it_is_answered() {
    let mut script = Script::new(ringlet_testkit::config());
    script.command(Command::Register);
    script.command(Command::Register);
    for _ in 0..3 {
        script.input(Input::Connected);
        script.command(Command::Register);
        script.sent_request(Method::REGISTER);
        script.command(Command::Register);
        script.input(Input::Timeout);
        assert_eq!(script.try_sent(), None);
        script.input(Input::Disconnected);
        script.command(Command::Register);
        assert_eq!(script.try_sent(), None);
    }
    script.input(Input::Connected);
    let register = script.sent_request(Method::REGISTER);
    script.receive(reply(&register, 200, "OK"));
    script.command(Command::Register);
    assert_eq!(script.try_sent(), None);
}

// JsSIP #894: the state after a reconnect.
#[test]
fn a_response_that_comes_too_late_is_not_the_registration() {
    let (mut script, first) = started();
    script.input(Input::Disconnected);
    script.receive(reply(&first, 200, "OK"));
    assert!(matches!(
        script.registration(),
        RegistrationState::Failed { error: RegistrationError::Disconnected, .. }
    ));
    script.quiet();
    script.input(Input::Connected);
    assert_eq!(script.registration(), RegistrationState::Registering);
    let second = script.sent_request(Method::REGISTER);
    // Of the first socket, by some detour.
    script.receive(reply(&first, 200, "OK"));
    script.receive(reply(&first, 403, "Forbidden"));
    script.quiet();
    script.pass(Duration::from_secs(32));
    assert!(matches!(
        script.registration(),
        RegistrationState::Failed { error: RegistrationError::Timeout, .. }
    ));
    script.receive(reply(&second, 200, "OK"));
    pings_only(&mut script);
    script.quiet();
    assert_eq!(script.agent().counters().unmatched, 3);
}

#[test]
fn a_refresh_that_fails_is_told_and_tried_again() {
    let mut script = Script::registered();
    script.pass(Duration::from_secs(510));
    let refresh = next_register(&mut script);
    script.receive(reply(&refresh, 500, "Oops"));
    let RegistrationState::Failed { retry_in: Some(pause), .. } = script.registration() else {
        panic!("a failure with a retry");
    };
    script.pass(pause);
    assert_eq!(script.registration(), RegistrationState::Registering);
    let again = next_register(&mut script);
    script.receive(reply(&again, 200, "OK"));
    assert_eq!(script.registration(), registered(600));
    script.quiet();
}

#[test]
fn unregistering_asks_for_no_time_at_all() {
    let mut script = Script::registered();
    script.command(Command::Unregister);
    let request = script.sent_request(Method::REGISTER);
    assert_eq!(request.headers.get("Expires"), Some("0"));
    script.receive(reply(&request, 200, "OK"));
    assert_eq!(script.registration(), RegistrationState::Unregistered);
    script.quiet();
    script.idle();
}

#[test]
fn a_change_of_mind_waits_for_the_response() {
    let (mut script, register) = started();
    script.command(Command::Unregister);
    script.quiet();
    script.receive(reply(&register, 200, "OK"));
    let second = script.sent_request(Method::REGISTER);
    assert_eq!(second.headers.get("Expires"), Some("0"));
    script.command(Command::Register);
    script.quiet();
    script.receive(reply(&second, 200, "OK"));
    let third = script.sent_request(Method::REGISTER);
    assert_eq!(third.headers.get("Expires"), Some("600"));
}

#[test]
fn the_service_route_leads_later_calls() {
    let (mut script, register) = started();
    let route = "<sip:edge.example.com;lr>, <sip:core.example.com;lr>";
    script.receive(reply(&register, 200, "OK").with("Service-Route", route));
    assert_eq!(script.registration(), registered(600));
    let (_, invite) = script.dial("600");
    let routes: Vec<_> = invite.headers.list("Route").collect();
    assert_eq!(routes, ["<sip:edge.example.com;lr>", "<sip:core.example.com;lr>"]);
}

#[test]
fn a_refresh_that_was_slept_through_is_made_up_for() {
    let mut script = Script::registered();
    script.sleep(Duration::from_secs(1200));
    assert_eq!(script.registration(), RegistrationState::Registering);
    let refresh = script.sent_request(Method::REGISTER);
    script.receive(reply(&refresh, 200, "OK"));
    assert_eq!(script.registration(), registered(600));
}

#[test]
fn duplicate_and_stray_responses_change_nothing() {
    let (mut script, register) = started();
    let ok = reply(&register, 200, "OK");
    script.receive(ok.clone());
    assert_eq!(script.registration(), registered(600));
    script.receive(ok);
    script.receive(reply(&register, 403, "Forbidden"));
    script.quiet();
}

#[test]
fn leaving_unregisters_before_the_server_has_answered() {
    let (mut script, register) = started();
    script.command(Command::Leave);
    let unregister = script.sent_request(Method::REGISTER);
    assert_eq!(unregister.headers.get("Expires"), Some("0"));
    // The answer to the first one would otherwise be taken for that to the second.
    script.receive(reply(&register, 200, "OK").with("Expires", "600"));
    script.quiet();
    script.receive(reply(&unregister, 200, "OK"));
    assert_eq!(script.registration(), RegistrationState::Unregistered);
    script.quiet();
}

/// The next REGISTER, whatever pings were sent before it.
pub(super) fn next_register(script: &mut Script) -> Request {
    loop {
        let bytes = script.sent_bytes();
        if bytes == b"\r\n\r\n" {
            continue;
        }
        match ringlet_sip::message::parse(&bytes) {
            Ok(Message::Request(request)) => return request,
            other => panic!("expected REGISTER, not {other:?}"),
        }
    }
}
