use ringlet_sip::message::Method;
use ringlet_sip::{Command, Config, Counters, Input, TraceEntry, TraceKind};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, config, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const CHALLENGE: &str = r#"Digest realm="example.com", nonce="n1secret", qop="auth""#;

fn traced(bytes: usize) -> Script {
    let mut script = Script::new(Config { trace_bytes: bytes, ..config() });
    script.input(Input::Connected);
    script
}

fn entries(script: &Script) -> Vec<TraceEntry> {
    script.agent().trace().collect()
}

/// Each entry in a line.
fn lines(script: &Script) -> Vec<String> {
    let line = |entry: TraceEntry| {
        let first = entry.text.lines().next().unwrap_or_default();
        match entry.kind {
            TraceKind::Sent => format!("> {first}"),
            TraceKind::Received => format!("< {first}"),
            TraceKind::State(subject) => format!("{subject} {first}"),
            TraceKind::Dropped => format!("dropped: {first}"),
        }
    };
    script.agent().trace().map(line).collect()
}

#[test]
fn nothing_is_kept_unless_it_is_wanted() {
    let mut script = Script::registered();
    script.dial("600");
    assert_eq!(entries(&script), [] as [TraceEntry; 0]);
}

#[test]
fn a_registration_and_a_call_can_be_read_from_the_trace() {
    let mut script = traced(32_768);
    script.command(Command::Register);
    let register = script.sent_request(Method::REGISTER);
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE));
    let register = script.sent_request(Method::REGISTER);
    script.receive(reply(&register, 200, "OK"));
    script.pass(Duration::from_secs(1));
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 180, "Ringing"));
    let ok = reply(&invite, 200, "OK").with_sdp(ANSWER);
    script.receive(ok.clone());
    script.media_done(Ok(String::new()));
    script.command(Command::Hangup(call));
    script.input(Input::Disconnected);
    assert_eq!(
        lines(&script),
        [
            "socket is open",
            "> REGISTER sip:example.com SIP/2.0",
            "registration is asked for",
            "< SIP/2.0 401 Unauthorized",
            "> REGISTER sip:example.com SIP/2.0",
            "< SIP/2.0 200 OK",
            "registration holds 600 s",
            "> INVITE sip:600@example.com SIP/2.0",
            "< SIP/2.0 180 Ringing",
            "call 1 progresses (180)",
            "< SIP/2.0 200 OK",
            "> ACK sip:far@203.0.113.9:5062 SIP/2.0",
            "call 1 is answered",
            "> BYE sip:far@203.0.113.9:5062 SIP/2.0",
            "call 1 ended: hung up here",
            "socket is gone",
            "registration failed: no socket",
        ]
    );
    let entries = entries(&script);
    assert!(entries.windows(2).all(|pair| pair[0].at <= pair[1].at));
    assert_eq!(entries[7].at.since(entries[0].at), Duration::from_secs(1));
}

#[test]
fn no_secret_is_in_it() {
    let mut script = traced(100_000);
    script.command(Command::Register);
    let register = script.sent_request(Method::REGISTER);
    script.receive(reply(&register, 401, "Unauthorized").with("WWW-Authenticate", CHALLENGE));
    let register = script.sent_request(Method::REGISTER);
    let credentials = register.headers.get("Authorization").unwrap();
    let digest = credentials.split("response=\"").nth(1).unwrap().split('"').next().unwrap();
    script
        .receive(reply(&register, 200, "OK").with("Authentication-Info", "nextnonce=\"n2secret\""));
    let sdp = "v=0\r\ns=x\r\na=ice-ufrag:seen\r\na=ice-pwd:icesecret\r\na=crypto:1 A sdessecret\r\n\
        a=fingerprint:sha-256 AB:CD\r\n";
    script.receive(Peer::caller("in").invite(Some(OFFER)).with_sdp(sdp));
    let message = Peer::caller("text").request(Method::MESSAGE).with("Content-Type", "text/plain");
    script.receive(message.with_body("mysecret"));

    let all: String = script.agent().trace().map(|entry| entry.text).collect();
    for hidden in ["wonderland", digest, "secret"] {
        assert!(!all.contains(hidden), "{hidden} in {all}");
    }
    for shown in ["a=ice-ufrag:seen", "a=fingerprint:sha-256 AB:CD", "username=\"alice\"", "nc="] {
        assert!(all.contains(shown), "{shown} not in {all}");
    }
}

#[test]
fn it_is_bounded_whatever_comes() {
    let mut script = traced(4_000);
    for n in 0..50 {
        script.receive("x".repeat(n * 1000).as_str());
        script.receive(Peer::caller("in").request(Method::OPTIONS).with("X", &"y".repeat(n * 100)));
        let size: usize = script.agent().trace().map(|entry| entry.text.len()).sum();
        assert!(size <= 4_000, "{size}");
    }
    assert!(!entries(&script).is_empty());
}

#[test]
fn what_is_not_acted_upon_is_told_and_counted() {
    let mut script = traced(100_000);
    script.receive("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    let (_, invite) = script.dial("600");
    let stray = reply(&invite, 200, "OK");
    let other_branch = "SIP/2.0/WSS device.invalid;branch=z9hG4bKother";
    script.receive(stray.clone().replacing("Via", other_branch));
    script.receive(stray.with("Via", other_branch));
    let ringing = Peer::caller("in").invite(Some(OFFER));
    script.receive(ringing.clone());
    script.receive(ringing);
    script.pass(Duration::from_secs(32));

    let lines = lines(&script);
    for line in [
        "< GET / HTTP/1.1",
        "dropped: the first line is malformed",
        "transaction there is none for this response",
        "dropped: a response to somebody else",
        "transaction INVITE is not answered",
    ] {
        assert!(lines.iter().any(|l| l == line), "{line} not in {lines:#?}");
    }
    let counters = script.agent().counters();
    let (sent, received) = (counters.sent, counters.received);
    assert_eq!(
        counters,
        Counters {
            sent,
            received,
            rejected: 2,
            unmatched: 1,
            repeated: 1,
            unanswered: 1,
            ..Counters::default()
        }
    );
    assert_eq!(received, 6);
}
