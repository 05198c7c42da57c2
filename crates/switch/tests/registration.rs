//! REGISTER against a running switch.

mod support;

use std::time::Duration;

use ringlet_switch::{Config, Switch};
use support::{Client, start};

#[tokio::test]
async fn a_user_registers_with_md5_and_with_sha_256() {
    let switch = start().await;
    for algorithm in ["MD5", "SHA-256"] {
        let mut client = Client::connect(&switch, 1).await;
        let answer = client.register(algorithm, 120).await;
        assert_eq!(answer.code(), 200, "{algorithm}: {}", answer.0);
        assert_eq!(answer.header("Contact"), format!("{};expires=120", client.contact()));
    }
    switch.shutdown().await;
}

#[tokio::test]
async fn the_wrong_password_is_challenged_once_more_and_then_forbidden() {
    let switch = start().await;
    let mut client = Client::connect(&switch, 1).await;
    client.password = "guess".into();
    assert_eq!(client.register("MD5", 120).await.code(), 401);
    assert_eq!(client.register("SHA-256", 120).await.code(), 403);
    client.password = "ringlet-1".into();
    assert_eq!(client.register("MD5", 120).await.code(), 200);
    switch.shutdown().await;
}

#[tokio::test]
async fn an_unknown_user_is_not_told_apart_from_a_wrong_password() {
    let switch = start().await;
    let mut client = Client::connect(&switch, 77).await;
    assert_eq!(client.register("MD5", 120).await.code(), 401);
    assert_eq!(client.register("MD5", 120).await.code(), 403);
    switch.shutdown().await;
}

#[tokio::test]
async fn nobody_registers_for_somebody_else() {
    let switch = start().await;
    let mut client = Client::connect(&switch, 1).await;
    let plain = client.register_text(1, "").replace("To: <sip:agent1@", "To: <sip:agent2@");
    client.send(plain.clone()).await;
    let challenge = client.receive_code(401).await;
    let answer =
        client.credentials(&challenge, "WWW-Authenticate", "MD5", "REGISTER", "sip:ringlet.demo");
    let authorised =
        plain.replace("Content-Length", &format!("Authorization: {answer}\r\nContent-Length"));
    client.send(authorised).await;
    client.receive_code(403).await;
    switch.shutdown().await;
}

#[tokio::test]
async fn a_nonce_that_is_used_up_or_too_old_is_stale() {
    let config = Config { nonce_lifetime: Duration::from_millis(300), ..Config::demo() };
    let switch = Switch::start(config).await.unwrap();
    let mut client = Client::connect(&switch, 1).await;
    let first = client.register_text(1, "");
    client.send(first).await;
    let challenge = client.receive_code(401).await;
    assert!(!challenge.0.contains("stale"));
    let good =
        client.credentials(&challenge, "WWW-Authenticate", "MD5", "REGISTER", "sip:ringlet.demo");
    for (wait, code) in [(0, 200), (0, 401), (400, 401)] {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let again = client.register_text(2, &format!("Authorization: {good}\r\n"));
        client.send(again).await;
        let answer = client.receive_code(code).await;
        assert_eq!(answer.0.contains("stale=true"), code == 401, "{}", answer.0);
    }
    // One nonce may be used many times as long as its count grows.
    let challenge = client.register_text(3, "");
    client.send(challenge).await;
    let challenge = client.receive_code(401).await;
    let nonce = challenge.0.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for count in [1, 9, 10, 300] {
        let answer = client.answer(&nonce, count, "SHA-256", "REGISTER", "sip:ringlet.demo");
        let again = client.register_text(3 + count, &format!("Authorization: {answer}\r\n"));
        client.send(again).await;
        client.receive_code(200).await;
    }
    switch.shutdown().await;
}

#[tokio::test]
async fn too_short_a_registration_is_refused_and_too_long_a_one_shortened() {
    let switch = start().await;
    let mut client = Client::connect(&switch, 1).await;
    let short = client.register("MD5", 5).await;
    assert_eq!((short.code(), short.header("Min-Expires")), (423, "10"));
    let long = client.register("MD5", 99_999).await;
    assert!(long.header("Contact").ends_with(";expires=3600"), "{}", long.0);
    switch.shutdown().await;
}

#[tokio::test]
async fn an_unregistered_or_disconnected_user_cannot_be_called() {
    let switch = start().await;
    let mut caller = Client::registered(&switch, 1).await;
    let mut callee = Client::registered(&switch, 2).await;
    let gone = callee.register("MD5", 0).await;
    assert_eq!((gone.code(), gone.headers("Contact").len()), (200, 0));
    caller.invite("agent2", "").await;
    caller.receive_code(480).await;

    assert_eq!(callee.register("MD5", 60).await.code(), 200);
    drop(callee);
    // The closed socket and the INVITE race; either way the answer is the same.
    caller.invite("agent2", "").await;
    let mut answer = caller.receive().await;
    if answer.code() == 100 {
        answer = caller.receive().await;
    }
    assert_eq!(answer.code(), 480);
    switch.shutdown().await;
}

#[tokio::test]
async fn outbound_is_confirmed_and_the_instance_is_shown() {
    let switch = start().await;
    let mut client = Client::connect(&switch, 1).await;
    let instance = ";+sip.instance=\"<urn:uuid:00000000-0000-4000-8000-000000000001>\";reg-id=1";
    let text = client.register_text(1, "Supported: path, outbound\r\n");
    let text = text.replace("transport=ws>", &format!("transport=ws>{instance}"));
    client.send(text.clone()).await;
    let challenge = client.receive_code(401).await;
    let answer =
        client.credentials(&challenge, "WWW-Authenticate", "MD5", "REGISTER", "sip:ringlet.demo");
    client.send(text.replace("Supported", &format!("Authorization: {answer}\r\nSupported"))).await;
    let accepted = client.receive_code(200).await;
    assert_eq!(accepted.header("Require"), "outbound");
    assert!(accepted.header("Contact").contains(instance), "{}", accepted.0);
    switch.shutdown().await;
}
