use ringlet_sip::message::{Message, Method, Request, Response, parse};
use ringlet_sip::{CallId, Command, EndReason, Event, MediaFailed, MediaRequest, Terms, Timer};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const SECOND: Duration = Duration::from_secs(1);
const UPDATE: Option<&str> = Some("INVITE, ACK, BYE, UPDATE");

/// A call that the agent has made, whose 2xx settles the timer.
fn settled(session_expires: &str, allow: Option<&str>) -> (Script, Peer, CallId) {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let mut ok: Response = reply(&invite, 200, "OK").with_sdp(ANSWER);
    ok = ok.with("Session-Expires", session_expires).with("Require", "timer");
    if let Some(allow) = allow {
        ok = ok.with("Allow", allow);
    }
    script.receive(ok.clone());
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    script.quiet();
    (script, Peer::callee(&invite, &ok), call)
}

/// Lets time pass in which nothing is sent but keep-alives.
fn pass(script: &mut Script, time: Duration) {
    script.pass(time - SECOND);
    while script.try_sent().is_some_and(|sent| sent == b"\r\n\r\n") {}
    script.quiet();
    script.sleep(SECOND);
}

/// The next thing sent besides keep-alives.
fn sent(script: &mut Script, method: Method) -> Request {
    loop {
        let bytes = script.sent_bytes();
        if bytes != b"\r\n\r\n" {
            match parse(&bytes).expect("a message") {
                Message::Request(request) => {
                    assert_eq!(request.method, method);
                    return request;
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

fn expires(request: &Request) -> Option<&str> {
    request.headers.get("Session-Expires")
}

#[test]
fn the_refresher_sends_update_at_half_the_interval() {
    let (mut script, _, _) = settled("1800;refresher=uac", UPDATE);
    for _ in 0..3 {
        pass(&mut script, 900 * SECOND);
        let update = sent(&mut script, Method::UPDATE);
        assert_eq!(expires(&update), Some("1800;refresher=uac"));
        assert!(update.headers.lists("Supported", "timer") && update.body.is_empty());
        assert!(update.headers.get("Contact").unwrap().ends_with(";ob>"));
        let ok = reply(&update, 200, "OK").with("Session-Expires", "1800;refresher=uac");
        script.receive(ok);
        script.quiet();
    }
}

#[test]
fn a_far_end_without_update_is_refreshed_by_a_reinvite() {
    let (mut script, _, _) = settled("120;refresher=uac", Some("INVITE, ACK, BYE"));
    for _ in 0..2 {
        pass(&mut script, 60 * SECOND);
        assert_eq!(script.asked_media(), MediaRequest::CreateOffer(Terms::default()));
        script.media_done(Ok(OFFER.into()));
        let invite = sent(&mut script, Method::INVITE);
        assert_eq!(expires(&invite), Some("120;refresher=uac"));
        let ok = reply(&invite, 200, "OK").with("Session-Expires", "120;refresher=uac");
        script.receive(ok.with_sdp(ANSWER));
        script.sent_request(Method::ACK);
        script.media_done(Ok(String::new()));
        script.quiet();
    }
}

#[test]
fn an_allow_that_promised_too_much_falls_back_to_reinvite() {
    for status in [405, 501] {
        let (mut script, _, _) = settled("120;refresher=uac", UPDATE);
        pass(&mut script, 60 * SECOND);
        let update = sent(&mut script, Method::UPDATE);
        script.receive(reply(&update, status, "No"));
        script.media_done(Ok(OFFER.into()));
        sent(&mut script, Method::INVITE);
    }
}

#[test]
fn a_refresh_keeps_the_call_held() {
    let (mut script, _, call) = settled("120;refresher=uac", None);
    script.command(Command::Hold(call));
    script.media_done(Ok(OFFER.into()));
    let invite = sent(&mut script, Method::INVITE);
    let ok = reply(&invite, 200, "OK").with("Session-Expires", "120;refresher=uac");
    script.receive(ok.with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.media_done(Ok(String::new()));
    script.event();
    pass(&mut script, 60 * SECOND);
    let held = Terms { hold: true, restart: false };
    assert_eq!(script.asked_media(), MediaRequest::CreateOffer(held));
}

#[test]
fn every_reinvite_refreshes() {
    let (mut script, mut peer, call) = settled("120;refresher=uac", UPDATE);
    pass(&mut script, 50 * SECOND);
    script.command(Command::Restart(call));
    script.media_done(Ok(OFFER.into()));
    let invite = sent(&mut script, Method::INVITE);
    assert_eq!(expires(&invite), Some("120;refresher=uac"));
    let ok = reply(&invite, 200, "OK").with("Session-Expires", "120;refresher=uac");
    script.receive(ok.with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.media_done(Ok(String::new()));
    pass(&mut script, 50 * SECOND);

    let theirs = peer.request(Method::UPDATE).with("Supported", "timer");
    script.receive(theirs.with("Session-Expires", "120;refresher=uas"));
    let ok = script.sent_response(200);
    assert_eq!(ok.headers.get("Session-Expires"), Some("120;refresher=uas"));
    assert_eq!(ok.headers.get("Require"), Some("timer"));
    pass(&mut script, 60 * SECOND);
    sent(&mut script, Method::UPDATE);
}

#[test]
fn a_far_end_that_does_not_refresh_ends_the_call_before_its_time() {
    for (interval, margin) in [(1800, 32), (90, 30)] {
        let (mut script, _, call) = settled(&format!("{interval};refresher=uas"), UPDATE);
        script.sleep(Duration::from_secs(interval - margin - 1));
        while script.try_sent().is_some_and(|sent| sent == b"\r\n\r\n") {}
        assert_eq!(script.deadline(), Some((SECOND, Timer::SessionExpiry)));
        script.quiet();
        script.pass(SECOND);
        script.sent_request(Method::BYE);
        assert_eq!(script.ended(call).reason, EndReason::SessionExpired);
        script.quiet();
    }
}

#[test]
fn a_far_end_that_refreshes_keeps_the_call() {
    let (mut script, mut peer, call) = settled("90;refresher=uas", UPDATE);
    for with_offer in [false, true, false] {
        pass(&mut script, 50 * SECOND);
        let method = if with_offer { Method::INVITE } else { Method::UPDATE };
        let refresh = peer.request(method).with("Supported", "timer");
        let refresh = refresh.with("Session-Expires", "90;refresher=uac");
        if with_offer {
            script.receive(refresh.with_sdp(OFFER));
            script.media_done(Ok(ANSWER.into()));
        } else {
            script.receive(refresh);
        }
        let ok = script.sent_response(200);
        assert_eq!(ok.headers.get("Session-Expires"), Some("90;refresher=uac"));
        if with_offer {
            script.receive(peer.ack());
        }
    }
    script.pass(60 * SECOND);
    sent(&mut script, Method::BYE);
    assert_eq!(script.ended(call).reason, EndReason::SessionExpired);
}

#[test]
fn a_callee_refreshes_when_the_caller_wants_it() {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    let invite = peer.invite(Some(OFFER)).with("Supported", "timer").with("Allow", "UPDATE");
    script.receive(invite.with("Session-Expires", "120;refresher=uas"));
    peer.learn(&script.sent_response(180));
    let Event::Incoming { call, .. } = script.event() else { panic!("a call") };
    script.command(Command::Answer(call));
    script.media_done(Ok(ANSWER.into()));
    let ok = script.sent_response(200);
    assert_eq!(ok.headers.get("Session-Expires"), Some("120;refresher=uas"));
    script.event();
    script.receive(peer.ack());
    pass(&mut script, 60 * SECOND);
    assert_eq!(expires(&sent(&mut script, Method::UPDATE)), Some("120;refresher=uac"));
}

#[test]
fn a_refresh_that_was_put_off_is_tried_again_in_half_the_time_left() {
    let (mut script, _, call) = settled("120;refresher=uac", UPDATE);
    pass(&mut script, 60 * SECOND);
    for left in [60, 30, 15] {
        let update = sent(&mut script, Method::UPDATE);
        script.receive(reply(&update, 500, "Server Internal Error"));
        script.quiet();
        pass(&mut script, Duration::from_secs(left) / 2);
    }
    let update = sent(&mut script, Method::UPDATE);
    script.receive(reply(&update, 500, "Server Internal Error"));
    script.sleep(8 * SECOND);
    while script.try_sent().is_some_and(|sent| !sent.starts_with(b"UPDATE")) {}
    script.sleep(8 * SECOND);
    assert_eq!(script.ended(call).reason, EndReason::SessionExpired);
}

#[test]
fn a_refused_or_failed_refresh_by_reinvite_is_no_failed_change() {
    let (mut script, _, _) = settled("120;refresher=uac", None);
    pass(&mut script, 60 * SECOND);
    script.media_done(Err(MediaFailed));
    script.quiet();
    pass(&mut script, 30 * SECOND);
    script.media_done(Ok(OFFER.into()));
    let invite = sent(&mut script, Method::INVITE);
    script.receive(reply(&invite, 488, "Not Acceptable Here"));
    script.sent_request(Method::ACK);
    assert_eq!(script.asked_media(), MediaRequest::Rollback);
    script.media_done(Ok(String::new()));
    script.quiet();
    pass(&mut script, 15 * SECOND);
    assert_eq!(script.asked_media(), MediaRequest::CreateOffer(Terms::default()));
}

#[test]
fn a_refresh_that_meets_another_reinvite_is_repeated() {
    let (mut script, _, _) = settled("120;refresher=uac", None);
    pass(&mut script, 60 * SECOND);
    script.media_done(Ok(OFFER.into()));
    let invite = sent(&mut script, Method::INVITE);
    script.receive(reply(&invite, 491, "Request Pending"));
    script.sent_request(Method::ACK);
    script.forget_media();
    script.pass(4 * SECOND);
    assert_eq!(script.asked_media(), MediaRequest::CreateOffer(Terms::default()));
}

#[test]
fn a_refresh_that_finds_nobody_ends_the_call() {
    for (status, reason) in [(408, EndReason::ConnectionLost), (481, EndReason::RemoteHangup)] {
        let (mut script, _, call) = settled("120;refresher=uac", UPDATE);
        pass(&mut script, 60 * SECOND);
        let update = sent(&mut script, Method::UPDATE);
        script.receive(reply(&update, status, "Gone"));
        script.sent_request(Method::BYE);
        assert_eq!(script.ended(call).reason, reason);
    }
    let (mut script, _, call) = settled("120;refresher=uac", UPDATE);
    pass(&mut script, 60 * SECOND);
    sent(&mut script, Method::UPDATE);
    script.sleep(32 * SECOND);
    assert_eq!(script.ended(call).reason, EndReason::ConnectionLost);
}

#[test]
fn a_422_raises_the_interval() {
    for allow in [UPDATE, None] {
        let method = if allow.is_some() { Method::UPDATE } else { Method::INVITE };
        let (mut script, _, _) = settled("120;refresher=uac", allow);
        pass(&mut script, 60 * SECOND);
        if allow.is_none() {
            script.media_done(Ok(OFFER.into()));
        }
        let refresh = sent(&mut script, method.clone());
        let small = reply(&refresh, 422, "Session Interval Too Small");
        script.receive(small.with("Min-SE", "300"));
        if allow.is_none() {
            script.sent_request(Method::ACK);
        }
        let again = script.sent_request(method);
        assert_eq!(expires(&again), Some("300;refresher=uac"));
        assert_eq!(again.headers.get("Min-SE"), Some("300"));
        assert_eq!(again.headers.cseq().unwrap().number, 3);
        assert_eq!(again.body, refresh.body);
    }
}

#[test]
fn a_422_without_end_or_reason_is_a_refusal() {
    let (mut script, _, _) = settled("120;refresher=uac", UPDATE);
    pass(&mut script, 60 * SECOND);
    for min_se in ["300", "600", "900", "1200", "1500"] {
        let update = sent(&mut script, Method::UPDATE);
        let small = reply(&update, 422, "Session Interval Too Small");
        script.receive(small.with("Min-SE", min_se));
    }
    script.quiet();
    let (mut script, _, _) = settled("120;refresher=uac", UPDATE);
    pass(&mut script, 60 * SECOND);
    let update = sent(&mut script, Method::UPDATE);
    script.receive(reply(&update, 422, "Session Interval Too Small"));
    script.quiet();
}

#[test]
fn a_challenged_refresh_is_repeated_with_credentials() {
    let (mut script, _, call) = settled("120;refresher=uac", UPDATE);
    pass(&mut script, 60 * SECOND);
    let update = sent(&mut script, Method::UPDATE);
    script.command(Command::Restart(call));
    script.media_done(Ok(OFFER.into()));
    let invite = script.sent_request(Method::INVITE);
    assert_eq!(invite.headers.cseq().unwrap().number, 3);
    let challenge = r#"Digest realm="example.com", nonce="n1""#;
    let asked = reply(&update, 407, "Proxy Authentication Required");
    script.receive(asked.with("Proxy-Authenticate", challenge));
    let again = script.sent_request(Method::UPDATE);
    assert!(again.headers.get("Proxy-Authorization").is_some());
    assert_eq!(again.headers.cseq().unwrap().number, 4);
}

// JsSIP #297
#[test]
fn nobody_refreshes_more_often_than_each_45_seconds() {
    let (mut script, _, _) = settled("10;refresher=uac", UPDATE);
    pass(&mut script, 45 * SECOND);
    assert_eq!(expires(&sent(&mut script, Method::UPDATE)), Some("90;refresher=uac"));
}

// JsSIP #297
#[test]
fn an_interval_below_the_minimum_is_refused_in_a_call_too() {
    let (mut script, mut peer, _) = settled("120;refresher=uac", UPDATE);
    for request in [peer.request(Method::UPDATE), peer.invite(Some(OFFER))] {
        let request = request.with("Supported", "timer").with("Session-Expires", "60");
        script.receive(request);
        let refused = script.sent_response(422);
        assert_eq!(refused.headers.get("Min-SE"), Some("90"));
    }
    script.quiet();
}

#[test]
fn a_timer_slept_through_ends_the_call_or_refreshes_it() {
    for expires in ["1800;refresher=uac", "1800;refresher=uas"] {
        let (mut script, _, call) = settled(expires, UPDATE);
        script.sleep(7200 * SECOND);
        sent(&mut script, Method::BYE);
        assert_eq!(script.ended(call).reason, EndReason::SessionExpired);
    }
    let (mut script, _, _) = settled("1800;refresher=uac", UPDATE);
    script.sleep(1500 * SECOND);
    sent(&mut script, Method::UPDATE);
    script.quiet();
}

#[test]
fn a_session_whose_timer_is_dropped_lives_on() {
    let (mut script, mut peer, call) = settled("120;refresher=uac", UPDATE);
    script.receive(peer.request(Method::UPDATE));
    assert_eq!(script.sent_response(200).headers.get("Session-Expires"), None);
    script.sleep(3600 * SECOND);
    while script.try_sent().is_some_and(|sent| sent == b"\r\n\r\n") {}
    script.quiet();
    script.command(Command::Hangup(call));
    assert_eq!(script.ended(call).reason, EndReason::LocalHangup);
}
