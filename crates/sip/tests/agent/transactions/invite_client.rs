use super::*;
use ringlet_sip::message::Method;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn calling_ends_by_timer_b_and_not_before() {
    let mut script = Script::connected();
    let (call, _) = script.dial("600");
    script.pass(T1_64 - MOMENT);
    script.sent_bytes();
    script.quiet();
    script.pass(MOMENT);
    assert_eq!(script.ended(call).reason, EndReason::ConnectionLost);
    script.idle();
}

#[test]
fn proceeding_has_no_timer() {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    script.receive(reply(&invite, 100, "Trying"));
    assert_eq!(script.deadline().map(|(_, timer)| timer), Some(Timer::Ping));
}

#[test]
fn a_refusal_is_acknowledged_on_the_same_branch_and_once() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let busy = reply(&invite, 486, "Busy Here");
    script.receive(busy.clone());
    let ack = script.sent_request(Method::ACK);
    assert_eq!(ack.headers.top_via(), invite.headers.top_via());
    assert_eq!(ack.uri, invite.uri);
    assert_eq!(ack.headers.get("To"), busy.headers.get("To"));
    assert_eq!(ack.headers.get("From"), invite.headers.get("From"));
    assert_eq!(ack.headers.cseq().unwrap().number, invite.headers.cseq().unwrap().number);
    assert_eq!(script.ended(call).reason, EndReason::Busy);
    // Timer D is zero: what comes again on a reliable transport is stray.
    script.idle();
    script.receive(busy);
    script.receive(reply(&invite, 180, "Ringing"));
    script.quiet();
    assert_eq!(unmatched(&script), 2);
}

#[test]
fn an_accepted_invite_takes_further_2xx_until_timer_m() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let ok = reply(&invite, 200, "OK").with_sdp(ANSWER);
    script.receive(ok.clone());
    let ack = script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(call));
    script.media_done(Ok(String::new()));
    script.pass(T1_64 - MOMENT);
    script.sent_bytes();
    script.receive(ok.clone());
    assert_eq!(script.sent_request(Method::ACK).headers.cseq(), ack.headers.cseq());
    script.pass(MOMENT);
    script.receive(ok);
    script.quiet();
    assert_eq!(unmatched(&script), 1);
}

#[test]
fn after_a_2xx_nothing_else_counts() {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    for status in [100, 180, 302, 408, 486, 503, 603] {
        script.receive(reply(&invite, status, "Late"));
    }
    script.quiet();
    assert_eq!(unmatched(&script), 7);
}

#[test]
fn what_is_not_for_this_transaction_changes_nothing() {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    let via = invite.headers.get("Via").unwrap();
    let branch = invite.headers.top_via().unwrap().branch().unwrap();
    let ok = reply(&invite, 200, "OK").with_sdp(ANSWER);
    for (name, value) in [
        // RFC 3261 section 17.1.3: branch and method.
        ("Via", via.replace(branch, "z9hG4bKsomebody")),
        ("Via", via.replace(branch, "")),
        ("CSeq", "1 BYE".into()),
        ("CSeq", "1 invite".into()),
        // Section 18.1.2: sent-by.
        ("Via", format!("SIP/2.0/WSS elsewhere.invalid;branch={branch}")),
        ("Via", via.replace(".invalid", ".invalid:5061")),
    ] {
        script.receive(ok.clone().replacing(name, &value));
        script.quiet();
    }
    assert_eq!(unmatched(&script), 6);
    script.receive(ok.replacing("Via", &via.replace(".invalid", ".INVALID")));
    script.sent_request(Method::ACK);
}

#[test]
fn the_answer_to_cancel_is_not_that_to_invite() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 180, "Ringing"));
    script.event();
    script.command(Command::Hangup(call));
    let cancel = script.sent_request(Method::CANCEL);
    assert_eq!(cancel.headers.top_via(), invite.headers.top_via());
    assert_eq!(cancel.headers.get("To"), invite.headers.get("To"));
    script.receive(reply(&cancel, 200, "OK"));
    assert_eq!(script.try_sent(), None);
    script.receive(reply(&invite, 487, "Request Terminated"));
    script.sent_request(Method::ACK);
    assert_eq!(script.ended(call).reason, EndReason::Cancelled);
    script.idle();
}

// JsSIP #836, #597: an answer that crosses the CANCEL leaves a call hanging.
#[test]
fn a_2xx_that_crosses_the_cancel_is_acknowledged_and_ended() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 180, "Ringing"));
    script.event();
    script.command(Command::Hangup(call));
    let cancel = script.sent_request(Method::CANCEL);
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    let bye = script.sent_request(Method::BYE);
    assert_eq!(script.ended(call).reason, EndReason::Cancelled);
    script.receive(reply(&cancel, 481, "Too Late"));
    script.receive(reply(&bye, 200, "OK"));
    script.pass(T1_64);
    script.idle();
}
