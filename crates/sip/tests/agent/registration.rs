use ringlet_sip::message::{Message, NameAddr, Request};
use ringlet_sip::{
    Command, Credentials, Input, RegistrationError, RegistrationState, Secret, Timer,
};
use ringlet_testkit::{Build, Script, config, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const CHALLENGE: &str = r#"Digest realm="example.com", nonce="n1", qop="auth", algorithm=MD5"#;

fn started() -> (Script, Request) {
    let mut script = Script::connected();
    script.command(Command::Register);
    assert_eq!(script.registration(), RegistrationState::Registering);
    let register = script.sent_request("REGISTER");
    (script, register)
}

fn registered(seconds: u64) -> RegistrationState {
    RegistrationState::Registered { expires: Duration::from_secs(seconds) }
}

fn failed(error: RegistrationError) -> RegistrationState {
    RegistrationState::Failed { error, retry_in: None }
}

fn credentials(request: &Request) -> ringlet_sip::message::Params<'_> {
    let value = request.headers.get("Authorization").expect("credentials");
    ringlet_sip::message::Params::new(value.strip_prefix("Digest").expect("a digest"))
}

fn param(request: &Request, name: &str) -> Option<String> {
    let value = request.headers.get("Authorization")?.strip_prefix("Digest ")?;
    ringlet_sip::message::split_list(value)
        .filter_map(|p| p.split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v.trim_matches('"').to_owned())
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
fn a_challenge_is_answered_with_the_digest_of_rfc_2617() {
    let (mut script, register) = started();
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE));
    let second = script.sent_request("REGISTER");
    assert_eq!(second.headers.cseq().unwrap().number, register.headers.cseq().unwrap().number + 1);
    assert_eq!(second.headers.get("Call-ID"), register.headers.get("Call-ID"));
    assert_ne!(second.headers.top_via(), register.headers.top_via());
    assert!(credentials(&second).iter().next().is_some());
    for (name, value) in
        [("realm", "example.com"), ("nonce", "n1"), ("uri", "sip:example.com"), ("nc", "00000001")]
    {
        assert_eq!(param(&second, name).as_deref(), Some(value), "{name}");
    }
    script.receive(reply(&second, 200, "OK").with("Expires", "600"));
    assert_eq!(script.registration(), registered(600));
    script.quiet();
}

#[test]
fn the_strongest_digest_is_chosen() {
    let (mut script, register) = started();
    let strong = r#"Digest realm="example.com", nonce="n2", qop="auth", algorithm=SHA-256"#;
    let stranger = r#"Digest realm="example.com", nonce="n3", qop="auth", algorithm=SHA3"#;
    let reply = reply(&register, 401, "Unauthorized")
        .with("WWW-Authenticate", stranger)
        .with("WWW-Authenticate", strong)
        .with("WWW-Authenticate", CHALLENGE);
    script.receive(reply);
    let second = script.sent_request("REGISTER");
    assert_eq!(param(&second, "algorithm").as_deref(), Some("SHA-256"));
    assert_eq!(param(&second, "response").map(|r| r.len()), Some(64));
}

#[test]
fn a_stored_md5_hash_does_not_try_sha_256() {
    let secret = Secret::Ha1("0123456789abcdef0123456789abcdef".into());
    let credentials = Credentials { username: "alice".into(), secret };
    let mut script = Script::new(ringlet_sip::Config { credentials, ..config() });
    script.input(Input::Connected);
    script.command(Command::Register);
    let register = script.sent_request("REGISTER");
    let strong = r#"Digest realm="example.com", nonce="n2", qop="auth", algorithm=SHA-256"#;
    let both = reply(&register, 401, "Unauthorized").with("WWW-Authenticate", strong);
    script.receive(both.with("WWW-Authenticate", CHALLENGE));
    let second = script.sent_request("REGISTER");
    assert_eq!(param(&second, "algorithm").as_deref(), Some("MD5"));
}

#[test]
fn a_second_plain_rejection_ends_with_credentials_and_does_not_loop() {
    let (mut script, register) = started();
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE));
    let second = script.sent_request("REGISTER");
    let again = CHALLENGE.replace("n1", "n2");
    script.receive(reply(&second, 401, "Unauthorized").with("WWW-Authenticate", &again));
    assert_eq!(script.registration(), failed(RegistrationError::Credentials));
    script.pass(Duration::from_secs(20));
    script.quiet();
    script.idle();
}

#[test]
fn a_challenge_that_cannot_be_answered_ends_with_credentials() {
    let (mut script, register) = started();
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", "Basic realm=x"));
    assert_eq!(script.registration(), failed(RegistrationError::Credentials));
    script.quiet();
}

#[test]
fn a_stale_nonce_is_replaced_but_not_for_ever() {
    let (mut script, mut register) = started();
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE));
    for round in 2..=6 {
        register = script.sent_request("REGISTER");
        let stale = format!("{}, stale=true", CHALLENGE.replace("n1", &format!("n{round}")));
        script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", &stale));
    }
    register = script.sent_request("REGISTER");
    assert_eq!(param(&register, "nonce").as_deref(), Some("n6"));
    let stale = format!("{CHALLENGE}, stale=true");
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", &stale));
    assert_eq!(script.registration(), failed(RegistrationError::Credentials));
    script.quiet();
}

#[test]
fn a_proxy_and_the_registrar_may_both_ask() {
    let (mut script, register) = started();
    let proxy = r#"Digest realm="proxy", nonce="p1", qop="auth""#;
    let asked = reply(&register, 407, "Proxy Authentication Required");
    script.receive(asked.with("Proxy-Authenticate", proxy));
    let second = script.sent_request("REGISTER");
    assert!(second.headers.get("Proxy-Authorization").is_some());
    script.receive(reply(&second, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE));
    let third = script.sent_request("REGISTER");
    assert!(third.headers.get("Proxy-Authorization").is_some());
    assert!(third.headers.get("Authorization").is_some());
    script.receive(reply(&third, 200, "OK"));
    assert_eq!(script.registration(), registered(600));
}

#[test]
fn the_refresh_answers_unasked_and_counts_the_nonce_beyond_nine() {
    let (mut script, register) = started();
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE));
    for count in 1..=17 {
        let request = next_register(&mut script);
        assert_eq!(param(&request, "nc"), Some(format!("{count:08x}")));
        script.receive(reply(&request, 200, "OK").with("Expires", "600"));
        script.pass(Duration::from_secs(510));
    }
    assert_eq!(script.registration(), registered(600));
}

/// The next REGISTER, whatever pings were sent before it.
fn next_register(script: &mut Script) -> Request {
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

#[test]
fn a_nonce_that_aged_between_requests_is_no_refusal() {
    let (mut script, register) = started();
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE));
    let second = script.sent_request("REGISTER");
    script.receive(reply(&second, 200, "OK"));
    assert_eq!(script.registration(), registered(600));
    script.pass(Duration::from_secs(510));
    let refresh = next_register(&mut script);
    // Asterisk and others forget to say stale.
    let again = CHALLENGE.replace("n1", "n2");
    script.receive(reply(&refresh, 401, "Unauthorized").with("WWW-Authenticate", &again));
    let answered = script.sent_request("REGISTER");
    assert_eq!(param(&answered, "nonce").as_deref(), Some("n2"));
    script.receive(reply(&answered, 200, "OK"));
    script.quiet();
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
    next_register_is_none(&mut script);
    script.pass(Duration::from_secs(1));
    next_register(&mut script);
}

fn next_register_is_none(script: &mut Script) {
    while let Some(bytes) = script.try_sent() {
        assert_eq!(bytes, b"\r\n\r\n");
    }
}

#[test]
fn an_interval_that_is_too_brief_is_raised() {
    let (mut script, register) = started();
    script.receive(reply(&register, 423, "Interval Too Brief").with("Min-Expires", "1800"));
    let second = script.sent_request("REGISTER");
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
    let second = script.sent_request("REGISTER");
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
    script.sent_request("REGISTER");
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
fn unregistering_asks_for_no_time_at_all() {
    let mut script = Script::registered();
    script.command(Command::Unregister);
    let request = script.sent_request("REGISTER");
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
    let second = script.sent_request("REGISTER");
    assert_eq!(second.headers.get("Expires"), Some("0"));
    script.command(Command::Register);
    script.quiet();
    script.receive(reply(&second, 200, "OK"));
    let third = script.sent_request("REGISTER");
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
    let refresh = script.sent_request("REGISTER");
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
    let unregister = script.sent_request("REGISTER");
    assert_eq!(unregister.headers.get("Expires"), Some("0"));
    // The answer to the first one would otherwise be taken for that to the second.
    script.receive(reply(&register, 200, "OK").with("Expires", "600"));
    script.quiet();
    script.receive(reply(&unregister, 200, "OK"));
    assert_eq!(script.registration(), RegistrationState::Unregistered);
    script.quiet();
}
