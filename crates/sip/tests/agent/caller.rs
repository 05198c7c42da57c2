use ringlet_sip::message::Method;
use ringlet_sip::{Command, EndReason, Ended, Event, Input, MediaFailed, MediaRequest, OpId};
use ringlet_testkit::{ANSWER, Build, OFFER, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn ended(reason: EndReason, status: u16, phrase: &str) -> Ended {
    Ended { reason, status: Some(status), phrase: Some(phrase.into()) }
}

#[test]
fn the_invite_carries_the_offer_and_who_we_are() {
    let mut script = Script::connected();
    let call = script.new_call();
    let caller_id = Some("+4930123456".to_owned());
    script.command(Command::Invite { call, target: "600".into(), caller_id });
    script.media_done(Ok(OFFER.into()));
    let invite = script.sent_request(Method::INVITE);
    assert_eq!(invite.uri, "sip:600@example.com");
    assert_eq!(invite.sdp().as_deref(), Some(OFFER));
    assert_eq!(invite.headers.get("To"), Some("<sip:600@example.com>"));
    let from = invite.headers.get("From").unwrap();
    assert!(from.starts_with("\"Alice\" <sip:alice@example.com>;tag="));
    let identity = Some("<sip:+4930123456@example.com>");
    assert_eq!(invite.headers.get("P-Preferred-Identity"), identity);
    assert!(invite.headers.get("Contact").unwrap().ends_with(";transport=ws;ob>"));
    assert_eq!(invite.headers.get("User-Agent"), Some("Ringlet/test"));
    script.quiet();
}

#[test]
fn an_answered_call_is_acknowledged_and_ended_by_bye() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 100, "Trying"));
    script.quiet();
    script.receive(reply(&invite, 180, "Ringing"));
    let progress = Event::Progress { call, status: 180, early_media: false };
    assert_eq!(script.event(), progress);

    let route = "<sip:inner;lr>, <sip:outer;lr>";
    let ok = reply(&invite, 200, "OK").with("Record-Route", route).with_sdp(ANSWER);
    script.receive(ok);
    let ack = script.sent_request(Method::ACK);
    assert_eq!(ack.uri, "sip:far@203.0.113.9:5062");
    assert_eq!(ack.headers.list("Route").collect::<Vec<_>>(), ["<sip:outer;lr>", "<sip:inner;lr>"]);
    assert_eq!(ack.headers.cseq().unwrap().number, invite.headers.cseq().unwrap().number);
    assert_ne!(ack.headers.top_via(), invite.headers.top_via());
    assert_eq!(script.event(), Event::Answered(call));
    let answer = MediaRequest::SetAnswer { answer: ANSWER.into(), provisional: false };
    assert_eq!(script.asked_media(), answer);
    script.media_done(Ok(String::new()));

    script.command(Command::Hangup(call));
    let end = Ended { reason: EndReason::LocalHangup, status: None, phrase: None };
    assert_eq!(script.ended(call), end);
    let bye = script.sent_request(Method::BYE);
    assert_eq!(bye.headers.cseq().unwrap().number, 2);
    assert_eq!(bye.headers.get("To"), ack.headers.get("To"));
    script.receive(reply(&bye, 200, "OK"));
    script.quiet();
    // Only late answers of other branches are still waited for.
    script.sleep(Duration::from_secs(32));
    script.idle();
}

#[test]
fn callee_busy_ends_the_call_with_busy() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("602");
    script.receive(reply(&invite, 486, "Busy Here"));
    let ack = script.sent_request(Method::ACK);
    assert_eq!(ack.headers.top_via(), invite.headers.top_via());
    assert_eq!(ack.headers.get("To"), Some("<sip:602@example.com>;tag=far"));
    assert_eq!(script.ended(call), ended(EndReason::Busy, 486, "Busy Here"));
    script.quiet();
    script.idle();
}

#[test]
fn each_refusal_has_its_reason() {
    for (status, reason) in [
        (300, EndReason::Failed),
        (302, EndReason::Failed),
        (400, EndReason::Failed),
        (403, EndReason::Forbidden),
        (404, EndReason::NotFound),
        (408, EndReason::NoAnswer),
        (410, EndReason::NotFound),
        (415, EndReason::Incompatible),
        (480, EndReason::Unavailable),
        (484, EndReason::NotFound),
        (486, EndReason::Busy),
        (487, EndReason::NoAnswer),
        (488, EndReason::Incompatible),
        (500, EndReason::Failed),
        (503, EndReason::Unavailable),
        (600, EndReason::Busy),
        (603, EndReason::Declined),
        (604, EndReason::NotFound),
        (606, EndReason::Incompatible),
        (607, EndReason::Declined),
        (608, EndReason::Declined),
        (699, EndReason::Failed),
    ] {
        let mut script = Script::connected();
        let (call, invite) = script.dial("600");
        script.receive(reply(&invite, status, "No"));
        script.sent_request(Method::ACK);
        assert_eq!(script.ended(call), ended(reason, status, "No"), "{status}");
        script.quiet();
        script.idle();
    }
}

#[test]
fn nobody_at_home_after_ringing_is_no_answer() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 180, "Ringing"));
    script.event();
    script.receive(reply(&invite, 480, "Temporarily Unavailable"));
    assert_eq!(script.ended(call).reason, EndReason::NoAnswer);
}

#[test]
fn a_server_error_with_retry_after_is_unavailable() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 500, "Overload").with("Retry-After", "5"));
    assert_eq!(script.ended(call).reason, EndReason::Unavailable);
}

#[test]
fn a_gateway_says_why_where_its_status_does_not() {
    for (status, why, reason) in [
        (500, "Q.850;cause=17;text=\"User busy\"", EndReason::Busy),
        (480, "Q.850;cause=19", EndReason::NoAnswer),
        (503, "Q.850;cause=1", EndReason::NotFound),
        (400, "Q.850;cause=21", EndReason::Declined),
        (500, "Q.850;cause=88", EndReason::Incompatible),
        (500, "SIP;cause=486, Q.850;cause=19", EndReason::Busy),
        (500, "SIP;cause=500, Q.850;cause=19", EndReason::NoAnswer),
        (503, "Q.850;cause=16", EndReason::Unavailable),
        (486, "Q.850;cause=1", EndReason::Busy),
        (500, "nonsense", EndReason::Failed),
    ] {
        let mut script = Script::connected();
        let (call, invite) = script.dial("600");
        script.receive(reply(&invite, status, "No").with("Reason", why));
        assert_eq!(script.ended(call), ended(reason, status, "No"), "{status} {why}");
    }
}

// JsSIP #94: of several proxies' challenges only one was answered.
#[test]
fn every_challenge_of_one_response_is_answered() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let challenge = |realm: &str| format!(r#"Digest realm="{realm}", nonce="n {realm}""#);
    let asked = reply(&invite, 407, "Proxy Authentication Required")
        .with("Proxy-Authenticate", &challenge("inner"))
        .with("Proxy-Authenticate", &challenge("outer"));
    script.receive(asked);
    script.sent_request(Method::ACK);
    let second = script.sent_request(Method::INVITE);
    let realms = |invite: &ringlet_sip::message::Request| -> Vec<String> {
        let answers = invite.headers.all("Proxy-Authorization");
        answers.map(|a| a.split("realm=\"").nth(1).unwrap()[..5].to_owned()).collect()
    };
    assert_eq!(realms(&second), ["inner", "outer"]);
    let asked = reply(&second, 407, "Proxy Authentication Required");
    script.receive(asked.with("Proxy-Authenticate", &challenge("third")));
    script.sent_request(Method::ACK);
    let third = script.sent_request(Method::INVITE);
    assert_eq!(realms(&third), ["inner", "outer", "third"]);
    script.receive(reply(&third, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(call));
}

#[test]
fn a_proxy_challenge_is_answered_and_the_ack_repeats_the_credentials() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let challenge = r#"Digest realm="example.com", nonce="n1", qop="auth""#;
    let asked = reply(&invite, 407, "Proxy Authentication Required");
    script.receive(asked.with("Proxy-Authenticate", challenge));
    script.sent_request(Method::ACK);
    let second = script.sent_request(Method::INVITE);
    assert_eq!(second.headers.cseq().unwrap().number, 2);
    assert_eq!(second.headers.get("From"), invite.headers.get("From"));
    assert_eq!(second.sdp().as_deref(), Some(OFFER));
    let credentials = second.headers.get("Proxy-Authorization");
    assert!(credentials.is_some());

    script.receive(reply(&second, 200, "OK").with_sdp(ANSWER));
    let ack = script.sent_request(Method::ACK);
    assert_eq!(ack.headers.get("Proxy-Authorization"), credentials);
    assert_eq!(ack.headers.cseq().unwrap().number, 2);
    assert_eq!(script.event(), Event::Answered(call));
    script.media_done(Ok(String::new()));
    script.command(Command::Hangup(call));
    let bye = script.sent_request(Method::BYE);
    assert_eq!(bye.headers.cseq().unwrap().number, 3);
    assert!(bye.headers.get("Proxy-Authorization").unwrap().contains("nc=00000002"));
    // A nonce that is given again is counted on.
    script.receive(reply(&bye, 407, "Again").with("Proxy-Authenticate", challenge));
    let bye = script.sent_request(Method::BYE);
    assert!(bye.headers.get("Proxy-Authorization").unwrap().contains("nc=00000003"));

    let (_, next) = script.dial("601");
    let again = next.headers.get("Proxy-Authorization").unwrap();
    assert!(again.contains("nc=00000004"), "{again}");
}

#[test]
fn refused_credentials_end_the_call_as_forbidden() {
    let mut script = Script::connected();
    let (call, mut invite) = script.dial("600");
    for nonce in ["n1", "n2"] {
        let challenge = format!(r#"Digest realm="example.com", nonce="{nonce}""#);
        let asked = reply(&invite, 401, "Unauthorized").with("WWW-Authenticate", &challenge);
        script.receive(asked);
        script.sent_request(Method::ACK);
        if nonce == "n1" {
            invite = script.sent_request(Method::INVITE);
        }
    }
    assert_eq!(script.ended(call), ended(EndReason::Forbidden, 401, "Unauthorized"));
    script.quiet();
    script.idle();
}

#[test]
fn early_media_is_applied_once_for_each_change() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("606");
    let early = |sdp: &str| reply(&invite, 183, "Session Progress").with_sdp(sdp);
    script.receive(early("one"));
    let first = MediaRequest::SetAnswer { answer: "one".into(), provisional: true };
    assert_eq!(script.asked_media(), first);
    script.media_done(Ok(String::new()));
    let progress = Event::Progress { call, status: 183, early_media: true };
    assert_eq!(script.event(), progress);
    script.receive(early("one"));
    script.quiet();
    script.receive(early("two"));
    let second = MediaRequest::SetAnswer { answer: "two".into(), provisional: true };
    assert_eq!(script.asked_media(), second);
    script.media_done(Ok(String::new()));
    script.quiet();
    // The 2xx brings no SDP: that of its own early dialog stands.
    script.receive(reply(&invite, 200, "OK"));
    let last = MediaRequest::SetAnswer { answer: "two".into(), provisional: false };
    assert_eq!(script.asked_media(), last);
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(call));
}

#[test]
fn early_media_that_cannot_be_used_does_not_end_the_call() {
    let mut script = Script::connected();
    let (_, invite) = script.dial("606");
    script.receive(reply(&invite, 183, "Session Progress").with_sdp("one"));
    script.event();
    script.media_done(Err(MediaFailed));
    script.quiet();
}

#[test]
fn a_183_without_media_is_not_told() {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    script.receive(reply(&invite, 183, "Session Progress"));
    script.quiet();
}

#[test]
fn an_answer_without_sdp_ends_politely() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 200, "OK"));
    script.sent_request(Method::ACK);
    let bye = script.sent_request(Method::BYE);
    assert_eq!(script.ended(call), ended(EndReason::Incompatible, 200, "OK"));
    script.receive(reply(&bye, 200, "OK"));
    script.quiet();
}

#[test]
fn an_answer_that_the_media_side_cannot_use_ends_politely() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 200, "OK").with_sdp("nonsense"));
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(call));
    script.media_done(Err(MediaFailed));
    assert_eq!(script.ended(call).reason, EndReason::Incompatible);
    script.sent_request(Method::BYE);
}

#[test]
fn no_offer_no_invite() {
    let mut script = Script::connected();
    let call = script.new_call();
    script.command(Command::Invite { call, target: "600".into(), caller_id: None });
    script.media_done(Err(MediaFailed));
    assert_eq!(script.ended(call).reason, EndReason::MediaFailed);
    script.quiet();
    script.idle();
}

#[test]
fn what_cannot_be_dialled_ends_at_once() {
    let mut script = Script::connected();
    for target in ["", "  ", "a b", "sip:", &"1".repeat(300), "1\r\nVia: x"] {
        let call = script.new_call();
        script.command(Command::Invite { call, target: target.into(), caller_id: None });
        assert_eq!(script.ended(call).reason, EndReason::NotFound);
        script.quiet();
    }
}

#[test]
fn a_call_without_a_socket_ends_at_once() {
    let mut script = Script::new(ringlet_testkit::config());
    let call = script.new_call();
    script.command(Command::Invite { call, target: "600".into(), caller_id: None });
    assert_eq!(script.ended(call).reason, EndReason::ConnectionLost);
    script.quiet();
}

#[test]
fn hangup_while_the_offer_is_made_sends_nothing_and_the_late_offer_is_ignored() {
    let mut script = Script::connected();
    let call = script.new_call();
    script.command(Command::Invite { call, target: "600".into(), caller_id: None });
    let op = script.forget_media();
    script.command(Command::Hangup(call));
    assert_eq!(script.ended(call).reason, EndReason::Cancelled);
    script.input(Input::Media(op, Ok(OFFER.into())));
    script.input(Input::Media(OpId(999), Ok(OFFER.into())));
    script.quiet();
    script.idle();
}

#[test]
fn hangup_before_the_first_provisional_waits_and_then_cancels() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("603");
    script.command(Command::Hangup(call));
    assert_eq!(script.ended(call).reason, EndReason::Cancelled);
    script.quiet();
    script.receive(reply(&invite, 100, "Trying"));
    let cancel = script.sent_request(Method::CANCEL);
    assert_eq!(cancel.uri, invite.uri);
    assert_eq!(cancel.headers.all("Via").count(), 1);
    assert_eq!(cancel.headers.top_via(), invite.headers.top_via());
    assert_eq!(cancel.headers.get("To"), invite.headers.get("To"));
    assert_eq!(cancel.headers.cseq().unwrap().number, invite.headers.cseq().unwrap().number);
    script.receive(reply(&invite, 180, "Ringing"));
    script.quiet();
    script.receive(reply(&cancel, 200, "OK"));
    script.receive(reply(&invite, 487, "Request Terminated"));
    script.sent_request(Method::ACK);
    script.quiet();
    script.idle();
}

#[test]
fn leaving_cancels_a_call_that_nobody_has_reacted_to() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.command(Command::Leave);
    assert_eq!(script.ended(call).reason, EndReason::Cancelled);
    let cancel = script.sent_request(Method::CANCEL);
    assert_eq!(cancel.headers.top_via(), invite.headers.top_via());
    script.command(Command::Leave);
    script.receive(reply(&invite, 100, "Trying"));
    script.quiet();
}

#[test]
fn leaving_sends_the_cancel_that_still_waited() {
    let mut script = Script::connected();
    let (call, _) = script.dial("600");
    script.command(Command::Hangup(call));
    script.ended(call);
    script.quiet();
    script.command(Command::Leave);
    script.sent_request(Method::CANCEL);
    script.quiet();
}

// JsSIP #836, #597: such a call was left hanging.
#[test]
fn an_answer_that_crosses_the_cancel_is_acknowledged_and_ended() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 180, "Ringing"));
    script.event();
    script.command(Command::Hangup(call));
    let cancel = script.sent_request(Method::CANCEL);
    assert_eq!(script.ended(call).reason, EndReason::Cancelled);
    let ok = reply(&invite, 200, "OK").with_sdp(ANSWER);
    script.receive(ok.clone());
    let ack = script.sent_request(Method::ACK);
    let bye = script.sent_request(Method::BYE);
    script.receive(reply(&cancel, 481, "Call/Transaction Does Not Exist"));
    script.receive(ok);
    assert_eq!(script.sent_request(Method::ACK), ack);
    script.receive(reply(&bye, 200, "OK"));
    script.quiet();
    script.pass(Duration::from_secs(24));
    script.quiet();
}

#[test]
fn a_cancel_that_nobody_obeys_is_given_up() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 100, "Trying"));
    script.command(Command::Hangup(call));
    script.sent_request(Method::CANCEL);
    script.ended(call);
    script.sleep(Duration::from_secs(600));
    script.idle();
}

#[test]
fn an_invite_that_nobody_sees_times_out() {
    let mut script = Script::connected();
    let (call, _) = script.dial("600");
    script.pass(Duration::from_secs(24));
    script.quiet();
    script.pass(Duration::from_secs(8));
    assert_eq!(script.ended(call).reason, EndReason::ConnectionLost);
    script.idle();
}

#[test]
fn an_invite_that_nobody_saw_during_ten_minutes_of_sleep_ends_once() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.sleep(Duration::from_secs(600));
    assert_eq!(script.ended(call).reason, EndReason::ConnectionLost);
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.idle();
    assert_eq!(script.sent_bytes(), b"\r\n\r\n");
    script.quiet();
}

#[test]
fn a_repeated_answer_is_acknowledged_again() {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    let ok = reply(&invite, 200, "OK").with_sdp(ANSWER);
    script.receive(ok.clone());
    let ack = script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    script.receive(ok.clone());
    assert_eq!(script.sent_request(Method::ACK), ack);
    // Refusals and provisionals come too late (RFC 6026).
    script.receive(reply(&invite, 180, "Ringing"));
    script.receive(reply(&invite, 486, "Busy Here"));
    script.quiet();
}

#[test]
fn a_cancel_lost_with_its_socket_is_sent_again_on_the_next() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 180, "Ringing"));
    script.event();
    script.command(Command::Hangup(call));
    let first = script.sent_request(Method::CANCEL);
    script.ended(call);
    script.input(Input::Disconnected);
    script.input(Input::Connected);
    assert_eq!(script.sent_request(Method::CANCEL), first);
    // The answer crossed it.
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    let bye = script.sent_request(Method::BYE);
    script.receive(reply(&first, 481, "Call/Transaction Does Not Exist"));
    script.receive(reply(&bye, 200, "OK"));
    script.quiet();
    script.sleep(Duration::from_secs(32));
    script.idle();
}

#[test]
fn a_strict_router_is_obeyed() {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    let ok = reply(&invite, 200, "OK").with("Record-Route", "<sip:strict>").with_sdp(ANSWER);
    script.receive(ok);
    let ack = script.sent_request(Method::ACK);
    assert_eq!(ack.uri, "sip:strict");
    assert_eq!(ack.headers.list("Route").collect::<Vec<_>>(), ["<sip:far@203.0.113.9:5062>"]);
}
