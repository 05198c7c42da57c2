use super::*;
use ringlet_sip::message::Method;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_repeated_invite_gets_the_latest_response() {
    let mut script = Script::connected();
    let invite = Peer::caller("in").invite(Some(OFFER));
    script.receive(invite.clone());
    let ringing = script.sent_response(180);
    let Event::Incoming { call, .. } = script.event() else { panic!("a call") };
    script.receive(invite.clone());
    assert_eq!(script.sent_response(180).to_bytes(), ringing.to_bytes());
    script.command(Command::Reject(call, Refusal::Decline));
    let refusal = script.sent_response(603);
    script.ended(call);
    script.receive(invite.clone());
    assert_eq!(script.sent_response(603).to_bytes(), refusal.to_bytes());
    script.quiet();
    assert_eq!(script.agent().counters().repeated, 2);
}

#[test]
fn a_refused_invite_ends_by_its_ack() {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    let invite = peer.invite(Some(OFFER));
    script.receive(invite.clone());
    let Event::Incoming { call, .. } = script.event() else { panic!("a call") };
    script.command(Command::Hangup(call));
    script.ended(call);
    assert_eq!(script.deadline().map(|(_, timer)| timer), Some(Timer::Ping));
    // Of another branch or another sender, it is for something else.
    let ack = peer.same_branch(Method::ACK, &invite);
    script.receive(peer.ack());
    let via = invite.headers.get("Via").unwrap();
    script.receive(ack.clone().replacing("Via", &via.replace("proxy", "other")));
    assert_eq!(script.agent().load(), 1);
    script.receive(ack);
    script.idle();
}

#[test]
fn a_refused_invite_without_an_ack_ends_by_timer_h() {
    let mut script = Script::connected();
    script.receive(Peer::caller("in").invite(Some(OFFER)));
    let Event::Incoming { call, .. } = script.event() else { panic!("a call") };
    script.command(Command::Hangup(call));
    script.pass(T1_64 - MOMENT);
    assert_eq!(script.agent().load(), 1);
    script.pass(MOMENT);
    script.idle();
}

#[test]
fn an_accepted_invite_absorbs_copies_until_timer_l() {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    let invite = peer.invite(Some(OFFER));
    script.receive(invite.clone());
    script.sent_response(180);
    let Event::Incoming { call, .. } = script.event() else { panic!("a call") };
    script.command(Command::Answer(call));
    script.media_done(Ok(ANSWER.into()));
    peer.learn(&script.sent_response(200));
    script.event();
    script.receive(peer.ack());
    script.receive(invite);
    script.quiet();
    assert_eq!(script.agent().load(), 2);
    script.pass(T1_64);
    assert_eq!(script.agent().load(), 1);
}

#[test]
fn cancel_means_the_invite_of_its_branch_and_sender() {
    let mut script = Script::connected();
    let peer = Peer::caller("in");
    let invite = peer.clone().invite(Some(OFFER));
    script.receive(invite.clone());
    script.sent_response(180);
    let Event::Incoming { call, .. } = script.event() else { panic!("a call") };
    let cancel = peer.same_branch(Method::CANCEL, &invite);
    let via = invite.headers.get("Via").unwrap();
    for other in [via.replace("z9hG4bK", "z9hG4bKx"), via.replace("proxy", "other")] {
        script.receive(cancel.clone().replacing("Via", &other));
        script.sent_response(481);
        script.quiet();
    }
    script.receive(cancel.clone());
    let ok = script.sent_response(200);
    let refusal = script.sent_response(487);
    assert_eq!(ok.headers.get("To"), refusal.headers.get("To"));
    assert_eq!(script.ended(call).reason, EndReason::RemoteCancelled);
    // It has no effect on what has its final response.
    script.receive(cancel);
    script.sent_response(200);
    script.quiet();
}

#[test]
fn a_cancel_after_the_answer_changes_nothing() {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    let invite = peer.invite(Some(OFFER));
    script.receive(invite.clone());
    script.sent_response(180);
    let Event::Incoming { call, .. } = script.event() else { panic!("a call") };
    script.command(Command::Answer(call));
    script.media_done(Ok(ANSWER.into()));
    script.sent_response(200);
    assert_eq!(script.event(), Event::Answered(call));
    script.receive(peer.same_branch(Method::CANCEL, &invite));
    script.sent_response(200);
    script.quiet();
}

#[test]
fn an_invite_that_comes_by_two_ways_is_merged() {
    let mut script = Script::connected();
    let invite = Peer::caller("in").invite(Some(OFFER));
    script.receive(invite.clone());
    script.sent_response(180);
    script.event();
    let via = invite.headers.get("Via").unwrap();
    // RFC 3261 section 8.2.2.2, and 17.2.3: another branch, or another sender's.
    for other in [via.replace("z9hG4bK", "z9hG4bKx"), via.replace("proxy", "other")] {
        script.receive(invite.clone().replacing("Via", &other));
        script.sent_response(482);
        script.quiet();
    }
}

#[test]
fn branches_without_the_cookie_are_told_apart_by_call_and_number() {
    let mut script = Script::connected();
    for call in ["one", "two"] {
        let invite = Peer::caller(call).invite(Some(OFFER));
        let old = invite.replacing("Via", "SIP/2.0/WSS old.example.com;branch=1");
        script.receive(old.clone());
        script.sent_response(180);
        assert!(matches!(script.event(), Event::Incoming { .. }));
        script.receive(old);
        script.sent_response(180);
        script.quiet();
    }
}
