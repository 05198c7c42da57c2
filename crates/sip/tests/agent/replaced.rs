//! Calls that take the place of others (RFC 3891), seen from who is called.

use ringlet_sip::message::{Method, Request, Response};
use ringlet_sip::{
    CallId, Command, EndReason, Event, IncomingDetails, Input, MediaFailed, MediaRequest, Refusal,
    Terms,
};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn tag(address: Option<&str>) -> String {
    let tag = address.and_then(|address| address.split(";tag=").nth(1));
    tag.expect("a tag").to_owned()
}

/// Replaces for the dialog of an INVITE of ours and a response to it.
fn ours(invite: &Request, response: &Response) -> String {
    let (local, remote) = (tag(invite.headers.get("From")), tag(response.headers.get("To")));
    let id = invite.headers.get("Call-ID").expect("Call-ID");
    format!("{id};to-tag={local};from-tag={remote}")
}

fn answered() -> (Script, CallId, String) {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let ok = reply(&invite, 200, "OK").with_sdp(ANSWER);
    script.receive(ok.clone());
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    script.quiet();
    (script, call, ours(&invite, &ok))
}

fn replacing(peer: &mut Peer, replaces: &str) -> Request {
    peer.invite(Some("their offer")).with("Require", "replaces").with("Replaces", replaces)
}

/// The call that came in to take the place of `old`, which is being answered.
fn came_in(script: &mut Script, old: CallId) -> CallId {
    let Event::Incoming { call, details, .. } = script.event() else { panic!("a call") };
    let uri = details.uri.clone();
    let expected = IncomingDetails { uri, replaces: Some(old), ..IncomingDetails::default() };
    assert_eq!(*details, expected);
    call
}

#[test]
fn an_answered_call_is_replaced_by_one_that_answers_itself() {
    let (mut script, old, replaces) = answered();
    let mut peer = Peer::caller("new");
    script.receive(replacing(&mut peer, &replaces));
    let new = came_in(&mut script, old);
    let answer =
        MediaRequest::CreateAnswer { offer: "their offer".into(), terms: Terms::default() };
    assert_eq!(script.asked_media(), answer);
    script.media_done(Ok("our answer".into()));
    let ok = script.sent_response(200);
    assert_eq!(ok.sdp().as_deref(), Some("our answer"));
    peer.learn(&ok);
    let bye = script.sent_request(Method::BYE);
    assert_eq!(bye.headers.get("CSeq"), Some("2 BYE"));
    assert_eq!(script.event(), Event::Answered(new));
    assert_eq!(script.event(), Event::Replaced { call: old, by: new });
    assert_eq!(script.ended(old).reason, EndReason::Replaced);
    script.receive(reply(&bye, 200, "OK"));
    script.receive(peer.ack());
    script.quiet();
    script.command(Command::Hangup(new));
    script.sent_request(Method::BYE);
    assert_eq!(script.ended(new).reason, EndReason::LocalHangup);
}

#[test]
fn a_replacing_call_may_want_our_offer() {
    let (mut script, old, replaces) = answered();
    script.receive(Peer::caller("new").invite(None).with("Replaces", &replaces));
    let new = came_in(&mut script, old);
    assert_eq!(script.asked_media(), MediaRequest::CreateOffer(Terms::default()));
    script.media_done(Ok(OFFER.into()));
    script.sent_response(200);
    script.sent_request(Method::BYE);
    assert_eq!(script.event(), Event::Answered(new));
}

#[test]
fn a_call_of_ours_that_only_rings_is_cancelled_for_the_one_that_replaces_it() {
    let mut script = Script::connected();
    let (old, invite) = script.dial("600");
    let ringing = reply(&invite, 180, "Ringing");
    script.receive(ringing.clone());
    script.event();
    let replaces = ours(&invite, &ringing) + ";early-only";
    script.receive(replacing(&mut Peer::caller("new"), &replaces));
    let new = came_in(&mut script, old);
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    script.sent_request(Method::CANCEL);
    assert_eq!(script.event(), Event::Answered(new));
    assert_eq!(script.event(), Event::Replaced { call: old, by: new });
    assert_eq!(script.ended(old).reason, EndReason::Replaced);
    script.receive(reply(&invite, 487, "Request Terminated"));
    script.sent_request(Method::ACK);
    script.quiet();
}

#[test]
fn a_call_that_cannot_be_replaced_says_why() {
    let (mut script, _, replaces) = answered();
    let mut n = 0;
    let mut refused = |script: &mut Script, values: &[&str], status: u16| {
        n += 1;
        let invite = Peer::caller(&format!("new{n}")).invite(Some(OFFER));
        script.receive(values.iter().fold(invite, |invite, v| invite.with("Replaces", v)));
        script.sent_response(status);
        script.quiet();
    };
    let early_only = format!("{replaces};early-only");
    refused(&mut script, &[&early_only], 486);
    let (id, tags) = replaces.split_once(';').unwrap();
    let (local, remote) = tags.split_once(';').unwrap();
    refused(&mut script, &[&format!("other{id};{tags}")], 481);
    refused(&mut script, &[&format!("{id};{local}x;{remote}")], 481);
    refused(&mut script, &[&format!("{id};{local};{remote}x")], 481);
    let swapped = format!("{id};{};{}", remote.replace("from", "to"), local.replace("to", "from"));
    refused(&mut script, &[&swapped], 481);
    refused(&mut script, &[id], 400);
    refused(&mut script, &[""], 400);
    refused(&mut script, &[&replaces, &replaces], 400);

    let invite = Peer::caller("join").invite(Some(OFFER)).with("Replaces", &replaces);
    script.receive(invite.with("Join", &replaces));
    script.sent_response(400);
    script.receive(Peer::caller("options").request(Method::OPTIONS).with("Replaces", &replaces));
    script.sent_response(400);
    script.quiet();
}

#[test]
fn a_call_that_rings_here_is_not_replaced() {
    let mut script = Script::connected();
    script.receive(Peer::caller("old").invite(Some(OFFER)));
    let ringing = script.sent_response(180);
    script.event();
    let replaces = format!("old;to-tag={};from-tag=bob", ringing.to_tag().unwrap());
    script.receive(replacing(&mut Peer::caller("new"), &replaces));
    script.sent_response(481);
    script.quiet();
}

#[test]
fn a_call_that_has_ended_is_not_brought_back() {
    let (mut script, old, replaces) = answered();
    script.command(Command::Hangup(old));
    let bye = script.sent_request(Method::BYE);
    script.ended(old);
    script.receive(replacing(&mut Peer::caller("new"), &replaces));
    script.sent_response(603);
    script.receive(reply(&bye, 200, "OK"));
    script.receive(replacing(&mut Peer::caller("newer"), &replaces));
    script.sent_response(481);
    script.quiet();
}

#[test]
fn a_replacing_call_that_fails_leaves_the_other_one_alone() {
    for act in ["media", "reject", "cancel"] {
        let (mut script, old, replaces) = answered();
        let mut peer = Peer::caller("new");
        let invite = replacing(&mut peer, &replaces);
        script.receive(invite.clone());
        let new = came_in(&mut script, old);
        match act {
            "media" => script.media_done(Err(MediaFailed)),
            "reject" => script.command(Command::Reject(new, Refusal::Decline)),
            _ => script.receive(peer.same_branch(Method::CANCEL, &invite)),
        }
        while let Some(bytes) = script.try_sent() {
            assert!(!bytes.starts_with(b"BYE"), "{act}");
        }
        script.ended(new);
        script.command(Command::Hangup(old));
        script.sent_request(Method::BYE);
        assert_eq!(script.ended(old).reason, EndReason::LocalHangup, "{act}");
    }
}

#[test]
fn a_call_that_ends_before_it_is_replaced_ends_once() {
    let (mut script, old, replaces) = answered();
    script.receive(replacing(&mut Peer::caller("new"), &replaces));
    let new = came_in(&mut script, old);
    script.command(Command::Hangup(old));
    script.sent_request(Method::BYE);
    assert_eq!(script.ended(old).reason, EndReason::LocalHangup);
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    assert_eq!(script.event(), Event::Answered(new));
    script.quiet();
}

#[test]
fn a_replacing_call_says_that_it_rings_only_after_a_minute() {
    let (mut script, old, replaces) = answered();
    script.receive(replacing(&mut Peer::caller("new"), &replaces));
    came_in(&mut script, old);
    script.forget_media();
    script.pass(Duration::from_millis(200));
    script.sent_response(100);
    script.quiet();
    script.input(Input::Disconnected);
    let Event::Ended(..) = script.event() else { panic!("the new call ends") };
}
