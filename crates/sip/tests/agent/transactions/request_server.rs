use super::*;
use ringlet_sip::message::Method;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A call whose far end has sent UPDATE with an offer, which the media side thinks about.
fn updated() -> (Script, ringlet_sip::message::Request) {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    let ok = reply(&invite, 200, "OK").with_sdp(ANSWER);
    script.receive(ok.clone());
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    script.pass(T1_64);
    script.sent_bytes();
    let update = Peer::callee(&invite, &ok).request(Method::UPDATE).with_sdp(OFFER);
    script.receive(update.clone());
    script.asked_media();
    assert_eq!(script.agent().load(), 2);
    (script, update)
}

#[test]
fn a_repeated_request_is_not_a_second_one() {
    let (mut script, update) = updated();
    script.receive(update.clone());
    script.receive(update);
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.quiet();
    assert_eq!(script.agent().counters().repeated, 2);
}

// RFC 4320 section 4.2: no 408, and no late answer.
#[test]
fn what_is_not_answered_in_time_is_not_answered() {
    let (mut script, _) = updated();
    script.pass(T1_64 - MOMENT);
    assert_eq!(script.agent().load(), 2);
    script.pass(MOMENT);
    assert_eq!(script.agent().load(), 1);
    while let Some(bytes) = script.try_sent() {
        assert_eq!(bytes, b"\r\n\r\n");
    }
    script.media_done(Ok(ANSWER.into()));
    assert_eq!(script.try_sent(), None);
}
