//! 3xx (RFC 3261 section 8.1.3.4) and 491: the call goes on by itself.

use ringlet_sip::message::{Method, Request, Response};
use ringlet_sip::{Command, EndReason, Event, Input, Timer};
use ringlet_testkit::{ANSWER, Build, OFFER, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn moved(invite: &Request, contacts: &[&str]) -> Response {
    let response = reply(invite, 302, "Moved Temporarily");
    contacts.iter().fold(response, |response, contact| response.with("Contact", contact))
}

/// Refuses an INVITE, and gives the one that follows.
fn next(script: &mut Script, refusal: Response) -> Request {
    script.receive(refusal);
    script.sent_request(Method::ACK);
    script.sent_request(Method::INVITE)
}

fn uri_of(contact: &str) -> String {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    next(&mut script, moved(&invite, &[contact])).uri
}

#[test]
fn a_redirected_call_goes_to_the_new_address() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 180, "Ringing"));
    script.event();
    let second = next(&mut script, moved(&invite, &["\"Bob\" <sip:bob@elsewhere.example;x=1>"]));
    assert_eq!(second.uri, "sip:bob@elsewhere.example;x=1");
    for same in ["To", "From", "Call-ID", "Contact", "Supported"] {
        assert_eq!(second.headers.get(same), invite.headers.get(same), "{same}");
    }
    assert_eq!(second.headers.get("CSeq"), Some("2 INVITE"));
    assert_ne!(second.headers.top_via(), invite.headers.top_via());
    assert_eq!(second.headers.all("Via").count(), 1);
    assert_eq!(second.sdp().as_deref(), Some(OFFER));
    script.quiet();
    script.receive(reply(&second, 200, "OK").with_sdp(ANSWER));
    let ack = script.sent_request(Method::ACK);
    assert_eq!(ack.headers.get("CSeq"), Some("2 ACK"));
    assert_eq!(script.event(), Event::Answered(call));
}

#[test]
fn addresses_are_tried_in_order_of_preference() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let contacts = ["<sip:c@h>;q=0.2, <sip:b@h>;q=0.85", "<sip:a@h>", "<sip:d@h>;q=0.2"];
    let mut invite = next(&mut script, moved(&invite, &contacts));
    for uri in ["sip:a@h", "sip:b@h", "sip:c@h"] {
        assert_eq!(invite.uri, uri);
        invite = next(&mut script, reply(&invite, 486, "Busy Here"));
    }
    assert_eq!(invite.uri, "sip:d@h");
    script.receive(reply(&invite, 404, "Not Found"));
    script.sent_request(Method::ACK);
    assert_eq!(script.ended(call).reason, EndReason::NotFound);
    script.quiet();
    script.idle();
}

#[test]
fn a_refusal_for_every_phone_ends_the_search() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let second = next(&mut script, moved(&invite, &["<sip:a@h>, <sip:b@h>"]));
    script.receive(reply(&second, 603, "Decline"));
    script.sent_request(Method::ACK);
    assert_eq!(script.ended(call).reason, EndReason::Declined);
    script.idle();
}

#[test]
fn a_redirect_may_be_redirected_but_never_to_where_the_call_has_been() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let second = next(&mut script, moved(&invite, &["<sip:a@h>"]));
    let third = next(&mut script, moved(&second, &["<sip:600@example.com>, <sip:a@h>, sip:b@h"]));
    assert_eq!(third.uri, "sip:b@h");
    script.receive(moved(&third, &["<sip:a@h>"]));
    script.sent_request(Method::ACK);
    let end = script.ended(call);
    assert_eq!((end.reason, end.status), (EndReason::Failed, Some(302)));
    script.idle();
}

#[test]
fn five_other_addresses_are_tried_at_most() {
    let mut script = Script::connected();
    let (call, mut invite) = script.dial("600");
    for n in 0..5 {
        let contacts = [&*format!("<sip:{n}@h>"), &*format!("<sip:x{n}@h>;q=0.1")];
        invite = next(&mut script, moved(&invite, &contacts));
    }
    script.receive(moved(&invite, &["<sip:6@h>"]));
    script.sent_request(Method::ACK);
    script.ended(call);
    script.idle();
}

#[test]
fn an_address_is_cleaned_of_what_is_no_request_uri() {
    for (contact, uri) in [
        ("<sips:b@h;transport=tcp>;expires=60", "sips:b@h;transport=tcp"),
        ("<sip:b@h;method=REGISTER?Subject=x&Route=y>", "sip:b@h"),
        ("<tel:+49-30-123>", "sip:+4930123@example.com;user=phone"),
        ("*, <mailto:b@h>, <http://h>, broken, <sip:>, <sip:b@h>", "sip:b@h"),
    ] {
        assert_eq!(uri_of(contact), uri, "{contact}");
    }
}

#[test]
fn what_is_no_redirect_is_not_followed() {
    for status in [305, 380] {
        let mut script = Script::connected();
        let (call, invite) = script.dial("600");
        script.receive(reply(&invite, status, "Other").with("Contact", "<sip:b@h>"));
        script.sent_request(Method::ACK);
        assert_eq!(script.ended(call).reason, EndReason::Failed);
        script.quiet();
    }
    for status in [300, 301, 302, 399] {
        let mut script = Script::connected();
        let (_, invite) = script.dial("600");
        next(&mut script, reply(&invite, status, "Go on").with("Contact", "<sip:b@h>"));
    }
}

#[test]
fn the_new_address_may_challenge_and_be_cancelled() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let challenge = r#"Digest realm="here", nonce="1""#;
    let asked = reply(&invite, 407, "Proxy Authentication Required");
    let second = next(&mut script, asked.with("Proxy-Authenticate", challenge));
    let third = next(&mut script, moved(&second, &["<sip:a@h>"]));
    let credentials: Vec<_> = third.headers.all("Proxy-Authorization").collect();
    assert!(matches!(&*credentials, [one] if one.contains("uri=\"sip:a@h\"")), "{credentials:?}");
    let asked = reply(&third, 401, "Unauthorized");
    let there = asked.with("WWW-Authenticate", r#"Digest realm="there", nonce="2""#);
    let fourth = next(&mut script, there);
    assert!(fourth.headers.get("Authorization").is_some());
    script.receive(reply(&fourth, 180, "Ringing"));
    script.event();
    script.command(Command::Hangup(call));
    let cancel = script.sent_request(Method::CANCEL);
    assert_eq!((&*cancel.uri, cancel.headers.get("CSeq")), ("sip:a@h", Some("4 CANCEL")));
}

// JsSIP #771: 491 broke the session.
#[test]
fn an_invite_that_met_another_is_sent_again_after_two_to_four_seconds() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 491, "Request Pending"));
    script.sent_request(Method::ACK);
    script.quiet();
    let (pause, timer) = script.deadline().unwrap();
    assert_eq!(timer, Timer::InviteRetry);
    assert!((Duration::from_millis(2100)..=Duration::from_secs(4)).contains(&pause), "{pause:?}");
    script.pass(pause);
    let second = script.sent_request(Method::INVITE);
    assert_eq!((&*second.uri, second.headers.get("CSeq")), (&*invite.uri, Some("2 INVITE")));
    script.receive(reply(&second, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(call));
}

#[test]
fn an_invite_that_always_meets_another_is_given_up() {
    let mut script = Script::connected();
    let (call, mut invite) = script.dial("600");
    for _ in 0..4 {
        script.receive(reply(&invite, 491, "Request Pending"));
        script.sent_request(Method::ACK);
        script.pass(Duration::from_secs(4));
        invite = script.sent_request(Method::INVITE);
    }
    script.receive(reply(&invite, 491, "Request Pending"));
    script.sent_request(Method::ACK);
    assert_eq!(script.ended(call).status, Some(491));
    script.idle();
}

#[test]
fn a_call_can_end_while_it_waits_to_be_sent_again() {
    for (input, reason) in
        [(None, EndReason::Cancelled), (Some(Input::Disconnected), EndReason::ConnectionLost)]
    {
        let mut script = Script::connected();
        let (call, invite) = script.dial("600");
        script.receive(reply(&invite, 491, "Request Pending"));
        script.sent_request(Method::ACK);
        script.input(input.unwrap_or(Input::Command(Command::Hangup(call))));
        assert_eq!(script.ended(call).reason, reason);
        script.quiet();
        script.idle();
    }
}
