use super::registration::{registered, started};
use ringlet_sip::message::Method;
use ringlet_sip::{Input, Instant, Pauses, Reconnect, RegistrationState, Servers};
use ringlet_testkit::{Build, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const NOW: Instant = Instant::from_millis(0);

/// What a driver with two servers does.
#[test]
fn a_server_that_cannot_serve_is_left_for_another() {
    let list = [("wss://one.example.com", 1), ("wss://two.example.com", 2)];
    let mut servers = Servers::new(list, Pauses::default(), [1; 32]);
    assert_eq!(servers.next(NOW).url, "wss://one.example.com");

    let (mut script, register) = started();
    script.receive(reply(&register, 503, "Service Unavailable").with("Retry-After", "120"));
    assert!(matches!(script.registration(), RegistrationState::Failed { .. }));
    let Reconnect::ServerUnavailable { retry_after } = script.reconnect() else {
        panic!("the server answers");
    };
    servers.failed(NOW, retry_after);
    let attempt = servers.next(NOW);
    assert_eq!((attempt.url, attempt.at), ("wss://two.example.com", NOW));

    script.input(Input::Disconnected);
    assert!(matches!(script.registration(), RegistrationState::Failed { .. }));
    script.input(Input::Connected);
    assert_eq!(script.registration(), RegistrationState::Registering);
    let register = script.sent_request(Method::REGISTER);
    script.receive(reply(&register, 200, "OK"));
    assert_eq!(script.registration(), registered(600));
    servers.succeeded();
    // The pause that the first server asked for is not taken over to the second.
    script.pass(Duration::from_secs(20));
    script.quiet();

    servers.failed(NOW, None);
    let two = servers.next(NOW);
    assert_eq!(two.url, "wss://two.example.com");
    assert!(two.at.since(NOW) <= Duration::from_secs(1));
}
