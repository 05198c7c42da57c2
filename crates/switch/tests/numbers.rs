//! The test numbers and the switch's own calls, as far as SIP shows them.

mod support;

use std::time::{Duration, Instant};

use ringlet_switch::{Config, Error, Switch};
use str0m::change::SdpAnswer;
use support::{Client, Leg, ack, cancel, start};

/// What Chromium offers for a microphone, shortened to the lines that matter.
const OFFER: &str = "v=0\r\n\
    o=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n\
    a=group:BUNDLE 0\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS stream\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 0.0.0.0\r\n\
    a=rtcp:9 IN IP4 0.0.0.0\r\n\
    a=candidate:1 1 udp 2122260223 0a6fe2b2-5b3a-4a4e-9d5c-0c6a4f6c2a11.local 50000 typ host generation 0\r\n\
    a=ice-ufrag:Ufr4\r\na=ice-pwd:passwordpasswordpassword\r\na=ice-options:trickle\r\n\
    a=fingerprint:sha-256 11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00\r\n\
    a=setup:actpass\r\na=mid:0\r\na=sendrecv\r\na=msid:stream track\r\na=rtcp-mux\r\n\
    a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n\
    a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:9 G722/8000\r\n\
    a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:13 CN/8000\r\n\
    a=rtpmap:110 telephone-event/48000\r\na=rtpmap:126 telephone-event/8000\r\n\
    a=ssrc:1234 cname:c\r\n";

fn codecs(sdp: &str) -> Vec<&str> {
    let names = sdp.lines().filter_map(|line| line.strip_prefix("a=rtpmap:"));
    names.filter_map(|line| line.split([' ', '/']).nth(1)).collect()
}

#[tokio::test]
async fn echo_rings_and_answers_at_once_with_the_callers_best_codec() {
    let switch = start().await;
    let mut client = Client::registered(&switch, 1).await;
    client.invite("600", OFFER).await;
    let ringing = client.receive_code(180).await;
    let answer = client.receive_code(200).await;
    assert_eq!(ringing.header("To"), answer.header("To"));
    let sdp = answer.body();
    assert_eq!(codecs(sdp), ["opus", "PCMU"], "{sdp}");
    for line in ["a=ice-lite", "a=setup:passive", "a=sendrecv", "a=rtcp-mux", "a=mid:0"] {
        assert!(sdp.lines().any(|l| l == line), "no {line} in {sdp}");
    }
    assert!(sdp.contains(" 127.0.0.1 "), "{sdp}");
    SdpAnswer::from_sdp_string(sdp).unwrap();

    let mut leg = Leg::of_caller(&answer);
    client.in_dialog(&mut leg, "ACK").await;
    for (method, code) in [("OPTIONS", 200), ("INFO", 200), ("REFER", 405), ("BYE", 200)] {
        client.in_dialog(&mut leg, method).await;
        client.receive_code(code).await;
    }
    client.in_dialog(&mut leg, "INFO").await;
    client.receive_code(481).await;
    switch.shutdown().await;
}

#[tokio::test]
async fn the_tone_is_answered_with_pcmu_alone_and_an_offer_of_hold_is_answered() {
    let switch = start().await;
    let mut client = Client::registered(&switch, 1).await;
    client.invite("601", OFFER).await;
    client.receive_code(180).await;
    let answer = client.receive_code(200).await;
    assert_eq!(codecs(answer.body()), ["PCMU"]);
    let leg = Leg::of_caller(&answer);
    let held = OFFER.replace("a=sendrecv", "a=sendonly");
    let text = client.invite_text("601", &leg.dialog.call_id, 3, "", &held);
    client
        .send(
            text.0.replace(
                &format!("To: {}", text.header("To")),
                &format!("To: {}", leg.dialog.remote),
            ),
        )
        .await;
    let answer = client.receive_code(200).await;
    assert!(answer.body().contains("a=recvonly"), "{}", answer.body());
    switch.shutdown().await;
}

#[tokio::test]
async fn busy_declined_and_unknown_numbers_say_so() {
    let switch = start().await;
    let mut client = Client::registered(&switch, 1).await;
    let cases = [
        ("602", "486 Busy Here"),
        ("604", "603 Decline"),
        ("699", "404 Not Found"),
        ("nobody", "404 Not Found"),
        ("agent9", "480 Temporarily Unavailable"),
    ];
    for (number, status) in cases {
        let invite = client.invite(number, OFFER).await;
        let answer = client.receive().await;
        assert_eq!(answer.start_line(), format!("SIP/2.0 {status}"), "{number}");
        client.send(ack(&invite, &answer)).await;
    }
    client.assert_silence().await;
    switch.shutdown().await;
}

#[tokio::test]
async fn a_number_is_found_with_separators_and_not_in_another_domain() {
    let switch = start().await;
    let mut client = Client::registered(&switch, 1).await;
    client.invite("6-0-2", "").await;
    client.receive_code(486).await;

    let call_id = client.unique();
    let first = client.invite_text("602", &call_id, 1, "", "");
    client.send(first.0.clone()).await;
    let challenge = client.receive_code(407).await;
    let uri = "sip:602@elsewhere.example";
    let answer = client.credentials(&challenge, "Proxy-Authenticate", "MD5", "INVITE", uri);
    let header = format!("Proxy-Authorization: {answer}\r\nContent-Length");
    let moved = first.0.replacen("sip:602@ringlet.demo", uri, 1).replace("Content-Length", &header);
    client.send(moved).await;
    client.receive_code(404).await;
    switch.shutdown().await;
}

#[tokio::test]
async fn the_number_that_rings_for_ever_ends_when_cancelled() {
    let switch = start().await;
    let mut client = Client::registered(&switch, 1).await;
    let invite = client.invite("603", OFFER).await;
    let ringing = client.receive_code(180).await;
    client.assert_silence().await;
    client.send(cancel(&invite)).await;
    client.receive_code(200).await;
    let ended = client.receive_code(487).await;
    assert_eq!(ended.header("To"), ringing.header("To"));
    client.send(ack(&invite, &ended)).await;
    client.send(cancel(&invite)).await;
    client.receive_code(200).await;
    client.assert_silence().await;
    switch.shutdown().await;
}

#[tokio::test]
async fn an_offer_without_a_usable_codec_or_without_sdp_is_not_acceptable() {
    let switch = start().await;
    let mut client = Client::registered(&switch, 1).await;
    let only_g722: String = OFFER
        .replace("111 63 9 0 8 13 110 126", "9")
        .split_inclusive("\r\n")
        .filter(|line| !line.starts_with("a=fmtp") && !line.starts_with("a=rtpmap"))
        .collect();
    let only_g722 = format!("{only_g722}a=rtpmap:9 G722/8000\r\n");
    let rtp = OFFER.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP").replace("a=fingerprint", "a=x");
    for body in ["", "rubbish", &only_g722, &rtp] {
        client.invite("600", body).await;
        client.receive_code(488).await;
    }
    switch.shutdown().await;
}

#[tokio::test]
async fn a_switch_without_a_media_address_says_that_the_fault_is_its_own() {
    let config = Config { media_ips: vec!["203.0.113.77".parse().unwrap()], ..Config::demo() };
    let switch = Switch::start(config).await.unwrap();
    let mut client = Client::registered(&switch, 1).await;
    client.invite("601", OFFER).await;
    client.receive_code(500).await;
    assert!(matches!(switch.call("agent1", "1", "").await, Err(Error::Media(_))));
    switch.shutdown().await;
}

#[tokio::test]
async fn a_number_answers_late_and_hangs_up_by_itself() {
    let config = Config {
        answer_delay: Duration::from_millis(300),
        hang_up_delay: Duration::from_millis(400),
        ..Config::demo()
    };
    let switch = Switch::start(config).await.unwrap();
    let mut client = Client::registered(&switch, 1).await;
    client.invite("605", OFFER).await;
    client.receive_code(180).await;
    let ringing_since = Instant::now();
    let answer = client.receive_code(200).await;
    assert!(ringing_since.elapsed() > Duration::from_millis(250));
    let mut leg = Leg::of_caller(&answer);
    client.in_dialog(&mut leg, "ACK").await;
    let bye = client.receive_request("BYE").await;
    assert!(ringing_since.elapsed() > Duration::from_millis(650));
    assert_eq!(
        (bye.header("From"), bye.header("To")),
        (leg.dialog.remote.as_str(), leg.dialog.local.as_str())
    );
    client.respond(&bye, "200 OK", "", "").await;
    client.assert_silence().await;
    switch.shutdown().await;
}

#[tokio::test]
async fn early_media_comes_with_183_and_the_answer_repeats_it() {
    let config = Config { early_media: Duration::from_millis(300), ..Config::demo() };
    let switch = Switch::start(config).await.unwrap();
    let mut client = Client::registered(&switch, 1).await;
    client.invite("606", OFFER).await;
    let early = client.receive_code(183).await;
    let answer = client.receive_code(200).await;
    assert_eq!(early.body(), answer.body());
    assert_eq!(codecs(early.body()), ["PCMU"]);
    switch.shutdown().await;
}

#[tokio::test]
async fn the_switch_calls_a_user_who_may_answer_or_decline() {
    let switch = start().await;
    assert!(matches!(switch.call("nobody", "1", "").await, Err(Error::UnknownUser(_))));
    assert!(matches!(switch.call("agent1", "1", "").await, Err(Error::NotRegistered(_))));
    let mut client = Client::registered(&switch, 1).await;

    switch.call("agent1", "+493012345", "Ada \"L\"\r\nX: y").await.unwrap();
    let invite = client.receive_request("INVITE").await;
    let from = "\"Ada \\\"L\\\"X: y\" <sip:+493012345@ringlet.demo>;tag=";
    assert!(invite.header("From").starts_with(from), "{}", invite.0);
    assert_eq!(codecs(invite.body()), ["PCMU"]);
    client.respond(&invite, "486 Busy Here", ";tag=c", "").await;
    client.receive_request("ACK").await;

    switch.call("agent1", "+493012345", "").await.unwrap();
    let invite = client.receive_request("INVITE").await;
    client.respond(&invite, "200 OK", ";tag=c", "no SDP").await;
    // An answer without media is acknowledged and the call ended.
    client.receive_request("ACK").await;
    let bye = client.receive_request("BYE").await;
    assert_eq!(bye.header("CSeq"), "2 BYE");
    switch.shutdown().await;
}
