//! Transfers that the far end asks for (RFC 3515).

use crate::transfer::established;
use ringlet_sip::message::{Method, Request};
use ringlet_sip::{CallId, Command, Event, Input, MediaRequest, Party, Terms};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn refer(peer: &mut Peer) -> Request {
    peer.request(Method::REFER)
        .with("Refer-To", "\"Carol\" <sip:carol@example.org>")
        .with("Referred-By", "<sip:bob@example.com>")
}

/// The next thing sent is this NOTIFY. It is answered.
#[track_caller]
fn notified(script: &mut Script, number: u32, state: &str, fragment: &str) {
    let notify = script.sent_request(Method::NOTIFY);
    assert_eq!(notify.headers.get("Event"), Some(&*format!("refer;id={number}")));
    assert_eq!(notify.headers.get("Subscription-State"), Some(state));
    assert_eq!(notify.headers.get("Content-Type"), Some("message/sipfrag;version=2.0"));
    assert_eq!(notify.body, format!("SIP/2.0 {fragment}\r\n").as_bytes());
    script.receive(reply(&notify, 200, "OK"));
}

fn requested(script: &mut Script, call: CallId, attended: bool) {
    let target = Party { number: "carol".into(), display_name: Some("Carol".into()) };
    assert_eq!(script.event(), Event::TransferRequested { call, target, attended });
}

/// A call whose far end wants a transfer, which the user has accepted.
fn accepted() -> (Script, Peer, CallId, CallId, Request) {
    let (mut script, mut peer, call) = established();
    script.receive(refer(&mut peer));
    script.sent_response(202);
    notified(&mut script, 7001, "pending;expires=180", "100 Trying");
    requested(&mut script, call, false);
    let new = script.new_call();
    script.command(Command::AcceptTransfer { call, new });
    notified(&mut script, 7001, "active;expires=180", "100 Trying");
    assert_eq!(script.asked_media(), MediaRequest::CreateOffer(Terms::default()));
    script.media_done(Ok(OFFER.into()));
    let invite = script.sent_request(Method::INVITE);
    (script, peer, call, new, invite)
}

#[test]
fn the_far_end_learns_what_comes_of_its_transfer() {
    let (mut script, mut peer, call, new, invite) = accepted();
    assert_eq!(invite.uri, "sip:carol@example.org");
    assert_eq!(invite.headers.get("Referred-By"), Some("<sip:bob@example.com>"));
    assert_eq!(invite.headers.get("Replaces"), None);
    script.pass(Duration::from_secs(3));
    script.receive(reply(&invite, 180, "Ringing"));
    script.event();
    notified(&mut script, 7001, "active;expires=177", "180 Ringing");
    script.receive(reply(&invite, 180, "Ringing"));
    script.quiet();
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(new));
    notified(&mut script, 7001, "terminated;reason=noresource", "200 OK");
    script.media_done(Ok(String::new()));
    script.receive(peer.request(Method::BYE));
    script.sent_response(200);
    script.ended(call);
    script.quiet();
}

#[test]
fn a_failure_is_told_with_its_status_and_the_call_goes_on() {
    let (mut script, mut peer, _, new, invite) = accepted();
    script.receive(reply(&invite, 486, "Busy Here"));
    script.sent_request(Method::ACK);
    script.ended(new);
    notified(&mut script, 7001, "terminated;reason=noresource", "486 Busy Here");
    script.receive(peer.request(Method::UPDATE));
    script.sent_response(200);
    // Another one is welcome now.
    script.receive(refer(&mut peer));
    script.sent_response(202);
}

#[test]
fn giving_up_the_new_call_is_told() {
    let (mut script, _, _, new, invite) = accepted();
    script.receive(reply(&invite, 100, "Trying"));
    script.command(Command::Hangup(new));
    script.sent_request(Method::CANCEL);
    script.ended(new);
    notified(&mut script, 7001, "terminated;reason=noresource", "487 ");
}

#[test]
fn an_attended_transfer_replaces_the_dialog_it_names() {
    let (mut script, mut peer, call) = established();
    let refer_to = "\"Carol\" <sip:carol@example.org;method=INVITE\
        ?Replaces=a%40h%3Bto-tag%3D1%3Bfrom-tag%3D2&Require=replaces>";
    script.receive(peer.request(Method::REFER).with("Refer-To", refer_to));
    script.sent_response(202);
    notified(&mut script, 7001, "pending;expires=180", "100 Trying");
    requested(&mut script, call, true);
    let new = script.new_call();
    script.command(Command::AcceptTransfer { call, new });
    notified(&mut script, 7001, "active;expires=180", "100 Trying");
    script.media_done(Ok(OFFER.into()));
    let invite = script.sent_request(Method::INVITE);
    assert_eq!(invite.uri, "sip:carol@example.org");
    assert_eq!(invite.headers.get("Replaces"), Some("a@h;to-tag=1;from-tag=2"));
    assert!(invite.headers.lists("Require", "replaces"));
    assert_eq!(invite.headers.get("Referred-By"), None);
}

#[test]
fn a_refused_transfer_is_told_and_the_call_goes_on() {
    let (mut script, mut peer, call) = established();
    script.receive(refer(&mut peer));
    script.sent_response(202);
    notified(&mut script, 7001, "pending;expires=180", "100 Trying");
    requested(&mut script, call, false);
    script.command(Command::RefuseTransfer(call));
    notified(&mut script, 7001, "terminated;reason=rejected", "603 Decline");
    script.command(Command::RefuseTransfer(call));
    let new = script.new_call();
    script.command(Command::AcceptTransfer { call, new });
    script.ended(new);
    script.quiet();
}

#[test]
fn a_transfer_that_nobody_decides_on_is_refused() {
    let (mut script, mut peer, call) = established();
    script.receive(refer(&mut peer));
    script.sent_response(202);
    notified(&mut script, 7001, "pending;expires=180", "100 Trying");
    requested(&mut script, call, false);
    script.sleep(Duration::from_secs(180));
    assert_eq!(script.sent_bytes(), b"\r\n\r\n");
    notified(&mut script, 7001, "terminated;reason=rejected", "603 Decline");
}

#[test]
fn whoever_wants_no_notify_gets_none() {
    let (mut script, mut peer, call) = established();
    script.receive(refer(&mut peer).with("Refer-Sub", "false").with("Require", "norefersub"));
    let accepted = script.sent_response(202);
    assert_eq!(accepted.headers.get("Refer-Sub"), Some("false"));
    requested(&mut script, call, false);
    script.command(Command::RefuseTransfer(call));
    script.quiet();
}

#[test]
fn nobody_is_told_who_refuses_to_hear() {
    let (mut script, mut peer, call) = established();
    script.receive(refer(&mut peer));
    script.sent_response(202);
    let notify = script.sent_request(Method::NOTIFY);
    script.receive(reply(&notify, 481, "Subscription Does Not Exist"));
    requested(&mut script, call, false);
    script.command(Command::RefuseTransfer(call));
    script.quiet();
}

#[test]
fn the_end_of_the_call_ends_the_notifys_and_not_the_new_call() {
    let (mut script, mut peer, call, new, invite) = accepted();
    script.receive(peer.request(Method::BYE));
    script.sent_response(200);
    script.ended(call);
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(new));
    script.media_done(Ok(String::new()));
    script.quiet();
}

#[test]
fn a_challenged_notify_is_repeated_under_a_number_of_its_own() {
    let (mut script, mut peer, call) = established();
    script.receive(refer(&mut peer));
    script.sent_response(202);
    let first = script.sent_request(Method::NOTIFY);
    requested(&mut script, call, false);
    script.command(Command::RefuseTransfer(call));
    let second = script.sent_request(Method::NOTIFY);
    let challenge = r#"Digest realm="example.com", nonce="n1""#;
    let asked = reply(&first, 407, "Proxy Authentication Required");
    script.receive(asked.with("Proxy-Authenticate", challenge));
    let repeated = script.sent_request(Method::NOTIFY);
    let number = |request: &Request| request.headers.cseq().unwrap().number;
    assert_eq!([&first, &second, &repeated].map(number), [2, 3, 4]);
}

#[test]
fn refers_that_make_no_sense_are_answered_by_rule() {
    let (mut script, mut peer, call) = established();
    for (refer_to, status) in [
        (vec![], 400),
        (vec!["<sip:a@h>", "<sip:b@h>"], 400),
        (vec!["<sip:a@h>, <sip:b@h>"], 400),
        (vec!["\"open <sip:a@h>"], 400),
        (vec!["<sip:a@h?Replaces=x>"], 400),
        (vec!["<sip:a@h?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2%0D%0AVia:x>"], 400),
        (vec!["<http://example.com/>"], 416),
        (vec!["<tel:x>"], 416),
        (vec!["<sip:a@h;method=BYE>"], 603),
    ] {
        let refer = peer.request(Method::REFER);
        let refer = refer_to.iter().fold(refer, |refer, value| refer.with("Refer-To", value));
        script.receive(refer);
        script.sent_response(status);
        script.quiet();
    }
    script.receive(refer(&mut peer));
    script.sent_response(202);
    script.sent_request(Method::NOTIFY);
    requested(&mut script, call, false);
    script.receive(refer(&mut peer));
    script.sent_response(491);
    script.quiet();
}

#[test]
fn a_number_is_called_at_our_own_server() {
    let (mut script, mut peer, call) = established();
    script.receive(peer.request(Method::REFER).with("Refer-To", "<tel:+49-30-123>"));
    script.sent_response(202);
    script.sent_request(Method::NOTIFY);
    script.event();
    let new = script.new_call();
    script.command(Command::AcceptTransfer { call, new });
    script.sent_request(Method::NOTIFY);
    script.media_done(Ok(OFFER.into()));
    assert_eq!(script.sent_request(Method::INVITE).uri, "sip:+4930123@example.com;user=phone");
}

#[test]
fn the_loss_of_the_socket_leaves_the_decision_open() {
    let (mut script, mut peer, call) = established();
    script.receive(refer(&mut peer));
    script.sent_response(202);
    script.sent_request(Method::NOTIFY);
    requested(&mut script, call, false);
    script.input(Input::Disconnected);
    let new = script.new_call();
    script.command(Command::AcceptTransfer { call, new });
    script.ended(new);
    script.quiet();
}

#[test]
fn a_target_without_a_user_is_known_by_its_host() {
    let (mut script, mut peer, call) = established();
    let to = "<sip:192.0.2.7:5060?Replaces=1%40a%3Bto-tag%3Dx%3Bfrom-tag%3Dy>";
    script.receive(peer.request("REFER").with("Refer-To", to));
    script.sent_response(202);
    notified(&mut script, 7001, "pending;expires=180", "100 Trying");
    let target = Party { number: "192.0.2.7".into(), display_name: None };
    assert_eq!(script.event(), Event::TransferRequested { call, target, attended: true });
}
