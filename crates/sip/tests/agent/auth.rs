use super::registration::{failed, next_register, registered, started};
use ringlet_sip::message::{Method, Request};
use ringlet_sip::{Command, Credentials, Input, RegistrationError, Secret};
use ringlet_testkit::{Build, Script, config, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const CHALLENGE: &str = r#"Digest realm="example.com", nonce="n1", qop="auth", algorithm=MD5"#;

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
fn a_challenge_is_answered_with_the_digest_of_rfc_2617() {
    let (mut script, register) = started();
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE));
    let second = script.sent_request(Method::REGISTER);
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
    let second = script.sent_request(Method::REGISTER);
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
    let register = script.sent_request(Method::REGISTER);
    let strong = r#"Digest realm="example.com", nonce="n2", qop="auth", algorithm=SHA-256"#;
    let both = reply(&register, 401, "Unauthorized").with("WWW-Authenticate", strong);
    script.receive(both.with("WWW-Authenticate", CHALLENGE));
    let second = script.sent_request(Method::REGISTER);
    assert_eq!(param(&second, "algorithm").as_deref(), Some("MD5"));
}

#[test]
fn a_second_plain_rejection_ends_with_credentials_and_does_not_loop() {
    let (mut script, register) = started();
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE));
    let second = script.sent_request(Method::REGISTER);
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
        register = script.sent_request(Method::REGISTER);
        let stale = format!("{}, stale=true", CHALLENGE.replace("n1", &format!("n{round}")));
        script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", &stale));
    }
    register = script.sent_request(Method::REGISTER);
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
    let second = script.sent_request(Method::REGISTER);
    assert!(second.headers.get("Proxy-Authorization").is_some());
    script.receive(reply(&second, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE));
    let third = script.sent_request(Method::REGISTER);
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

#[test]
fn a_nonce_that_aged_between_requests_is_no_refusal() {
    let (mut script, register) = started();
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE));
    let second = script.sent_request(Method::REGISTER);
    script.receive(reply(&second, 200, "OK"));
    assert_eq!(script.registration(), registered(600));
    script.pass(Duration::from_secs(510));
    let refresh = next_register(&mut script);
    // Asterisk and others forget to say stale.
    let again = CHALLENGE.replace("n1", "n2");
    script.receive(reply(&refresh, 401, "Unauthorized").with("WWW-Authenticate", &again));
    let answered = script.sent_request(Method::REGISTER);
    assert_eq!(param(&answered, "nonce").as_deref(), Some("n2"));
    script.receive(reply(&answered, 200, "OK"));
    script.quiet();
}

#[test]
fn both_challenges_of_one_response_are_answered() {
    let (mut script, register) = started();
    let proxy = r#"Digest realm="proxy", nonce="p1", qop="auth""#;
    let asked = reply(&register, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE);
    script.receive(asked.with("Proxy-Authenticate", proxy));
    let second = script.sent_request(Method::REGISTER);
    assert!(second.headers.get("Authorization").unwrap().contains("nonce=\"n1\""));
    assert!(second.headers.get("Proxy-Authorization").unwrap().contains("nonce=\"p1\""));
    script.receive(reply(&second, 200, "OK"));
    script.registration();
}

// JsSIP #94: only one of several proxy challenges was answered.
#[test]
fn every_proxy_of_one_response_is_answered() {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    let edge = r#"Digest realm="edge", nonce="e1", qop="auth""#;
    let core = r#"Digest realm="core", nonce="c1", algorithm=SHA-256"#;
    let asked = reply(&invite, 407, "Proxy Authentication Required");
    script.receive(asked.with("Proxy-Authenticate", edge).with("Proxy-Authenticate", core));
    script.sent_request(Method::ACK);
    let second = script.sent_request(Method::INVITE);
    let answers: Vec<_> = second.headers.all("Proxy-Authorization").collect();
    assert_eq!(answers.len(), 2);
    assert!(answers[0].contains("realm=\"edge\"") && answers[0].contains("nonce=\"e1\""));
    assert!(answers[1].contains("realm=\"core\"") && answers[1].contains("nonce=\"c1\""));
}

#[test]
fn proxies_that_ask_one_after_the_other_are_all_answered() {
    let mut script = Script::connected();
    let (_, mut invite) = script.dial("600");
    for (proxies, realm) in ["one", "two", "three"].into_iter().enumerate() {
        assert_eq!(invite.headers.all("Proxy-Authorization").count(), proxies);
        let challenge = format!(r#"Digest realm="{realm}", nonce="{realm}", qop="auth""#);
        let asked = reply(&invite, 407, "Proxy Authentication Required");
        script.receive(asked.with("Proxy-Authenticate", &challenge));
        script.sent_request(Method::ACK);
        invite = script.sent_request(Method::INVITE);
    }
    let answers: Vec<_> = invite.headers.all("Proxy-Authorization").collect();
    assert_eq!(answers.len(), 3);
    assert!(answers[0].contains("nc=00000003") && answers[2].contains("nc=00000001"));
}

#[test]
fn the_next_nonce_of_a_success_is_used() {
    let (mut script, register) = started();
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE));
    let second = script.sent_request(Method::REGISTER);
    let ok = reply(&second, 200, "OK");
    let info = r#"qop=auth, rspauth="0123", nextnonce="n, 2", cnonce="c""#;
    script.receive(ok.with("Authentication-Info", info));
    assert_eq!(script.registration(), registered(600));
    script.pass(Duration::from_secs(510));
    let refresh = next_register(&mut script);
    assert!(refresh.headers.get("Authorization").unwrap().contains("nonce=\"n, 2\""));
    assert_eq!(param(&refresh, "nc").as_deref(), Some("00000001"));
    assert_ne!(param(&refresh, "cnonce"), param(&second, "cnonce"));
}

#[test]
fn a_session_keeps_its_client_nonce() {
    let (mut script, register) = started();
    let session = CHALLENGE.replace("MD5", "MD5-sess");
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", &session));
    let second = script.sent_request(Method::REGISTER);
    assert_eq!(param(&second, "algorithm").as_deref(), Some("MD5-sess"));
    script.receive(reply(&second, 200, "OK"));
    script.pass(Duration::from_secs(510));
    let refresh = next_register(&mut script);
    assert_eq!(param(&refresh, "nc").as_deref(), Some("00000002"));
    assert_eq!(param(&refresh, "cnonce"), param(&second, "cnonce"));
    assert_ne!(param(&refresh, "response"), param(&second, "response"));
}

#[test]
fn the_body_is_protected_where_nothing_less_is_offered() {
    for (qop, chosen) in [("auth-int", "auth-int"), ("auth-int, auth", "auth"), ("x,auth", "auth")]
    {
        let (mut script, register) = started();
        let challenge = CHALLENGE.replace("\"auth\"", &format!("\"{qop}\""));
        script.receive(reply(&register, 401, "No").with("WWW-Authenticate", &challenge));
        let second = script.sent_request(Method::REGISTER);
        assert_eq!(param(&second, "qop").as_deref(), Some(chosen));
    }
}

#[test]
fn a_registrars_digest_is_shown_to_the_registrar_only() {
    let (mut script, register) = started();
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE));
    let second = script.sent_request(Method::REGISTER);
    script.receive(reply(&second, 200, "OK"));
    let (_, invite) = script.dial("600");
    assert_eq!(invite.headers.get("Authorization"), None);
    let asked = reply(&invite, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE);
    script.receive(asked);
    script.sent_request(Method::ACK);
    assert!(script.sent_request(Method::INVITE).headers.get("Authorization").is_some());
}

#[test]
fn askers_without_end_do_not_make_requests_without_end() {
    let mut script = Script::connected();
    for call in 0..5 {
        let (_, mut invite) = script.dial("600");
        for round in 0..6 {
            let mut asked = reply(&invite, 407, "Proxy Authentication Required");
            for realm in 0..30 {
                let challenge = format!(r#"Digest realm="{call}-{round}-{realm}", nonce="n""#);
                asked = asked.with("Proxy-Authenticate", &challenge);
            }
            script.receive(asked);
            script.sent_request(Method::ACK);
            invite = script.sent_request(Method::INVITE);
            assert_eq!(invite.headers.all("Proxy-Authorization").count(), 8);
        }
        script.receive(reply(&invite, 404, "Not Found"));
        script.sent_request(Method::ACK);
    }
}
