//! The four machines of RFC 3261 section 17 with RFC 6026, on a reliable transport.

use ringlet_sip::{CallId, Command, EndReason, Event, Input, Refusal, Timer};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const T1_64: Duration = Duration::from_secs(32);
const MOMENT: Duration = Duration::from_millis(1);

fn unmatched(script: &Script) -> u32 {
    script.agent().counters().unmatched
}

mod invite_client {
    use super::*;

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
        let ack = script.sent_request("ACK");
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
        let ack = script.sent_request("ACK");
        assert_eq!(script.event(), Event::Answered(call));
        script.media_done(Ok(String::new()));
        script.pass(T1_64 - MOMENT);
        script.sent_bytes();
        script.receive(ok.clone());
        assert_eq!(script.sent_request("ACK").headers.cseq(), ack.headers.cseq());
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
        script.sent_request("ACK");
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
        script.sent_request("ACK");
    }

    #[test]
    fn the_answer_to_cancel_is_not_that_to_invite() {
        let mut script = Script::connected();
        let (call, invite) = script.dial("600");
        script.receive(reply(&invite, 180, "Ringing"));
        script.event();
        script.command(Command::Hangup(call));
        let cancel = script.sent_request("CANCEL");
        assert_eq!(cancel.headers.top_via(), invite.headers.top_via());
        assert_eq!(cancel.headers.get("To"), invite.headers.get("To"));
        script.receive(reply(&cancel, 200, "OK"));
        assert_eq!(script.try_sent(), None);
        script.receive(reply(&invite, 487, "Request Terminated"));
        script.sent_request("ACK");
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
        let cancel = script.sent_request("CANCEL");
        script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
        script.sent_request("ACK");
        let bye = script.sent_request("BYE");
        assert_eq!(script.ended(call).reason, EndReason::Cancelled);
        script.receive(reply(&cancel, 481, "Too Late"));
        script.receive(reply(&bye, 200, "OK"));
        script.pass(T1_64);
        script.idle();
    }
}

mod request_client {
    use super::*;

    fn bye() -> (Script, ringlet_sip::message::Request) {
        let mut script = Script::connected();
        let (call, invite) = script.dial("600");
        script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
        script.sent_request("ACK");
        script.event();
        script.media_done(Ok(String::new()));
        script.pass(T1_64);
        script.sent_bytes();
        script.command(Command::Hangup(call));
        let bye = script.sent_request("BYE");
        script.ended(call);
        (script, bye)
    }

    #[test]
    fn trying_ends_by_timer_f_and_not_before() {
        let (mut script, bye) = bye();
        script.pass(T1_64 - MOMENT);
        assert_eq!(script.agent().load(), 2);
        script.pass(MOMENT);
        script.idle();
        script.receive(reply(&bye, 200, "OK"));
        assert_eq!(unmatched(&script), 1);
        assert_eq!(script.agent().counters().unanswered, 1);
    }

    #[test]
    fn a_provisional_does_not_put_timer_f_off() {
        let (mut script, bye) = bye();
        script.pass(T1_64 - MOMENT);
        script.receive(reply(&bye, 100, "Trying"));
        assert_eq!(script.agent().load(), 2);
        script.pass(MOMENT);
        script.idle();
    }

    #[test]
    fn a_final_response_ends_it_at_once() {
        for status in [200, 302, 408, 481, 500, 603] {
            let (mut script, bye) = bye();
            let done = reply(&bye, status, "Done");
            script.receive(done.clone());
            script.idle();
            script.receive(done);
            assert_eq!(unmatched(&script), 1);
        }
    }
}

mod invite_server {
    use super::*;

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
        let ack = peer.same_branch("ACK", &invite);
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
        let cancel = peer.same_branch("CANCEL", &invite);
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
        script.receive(peer.same_branch("CANCEL", &invite));
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
}

mod request_server {
    use super::*;

    /// A call whose far end has sent UPDATE with an offer, which the media side thinks about.
    fn updated() -> (Script, ringlet_sip::message::Request) {
        let mut script = Script::connected();
        let (_, invite) = script.dial("600");
        let ok = reply(&invite, 200, "OK").with_sdp(ANSWER);
        script.receive(ok.clone());
        script.sent_request("ACK");
        script.event();
        script.media_done(Ok(String::new()));
        script.pass(T1_64);
        script.sent_bytes();
        let update = Peer::callee(&invite, &ok).request("UPDATE").with_sdp(OFFER);
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
}

#[test]
fn too_many_open_requests_are_refused() {
    let mut script = Script::connected();
    for n in 0..256 {
        script.receive(Peer::caller(&n.to_string()).invite(Some(OFFER)));
    }
    while script.try_sent().is_some() {}
    script.receive(Peer::caller("more").invite(Some(OFFER)));
    script.sent_response(503);
    script.receive(Peer::caller("and more").request("OPTIONS"));
    script.sent_response(503);
    assert_eq!(script.agent().counters().overload, 2);
}

#[test]
fn the_end_of_the_socket_is_the_end_of_every_transaction() {
    let mut script = Script::registered();
    script.command(Command::Unregister);
    script.sent_request("REGISTER");
    let (_, invite) = script.dial("600");
    script.receive(reply(&invite, 180, "Ringing"));
    for n in 0..40 {
        script.receive(Peer::caller(&n.to_string()).invite(Some(OFFER)));
    }
    assert!(script.agent().load() > 40);
    script.input(Input::Disconnected);
    // The far end that rings is told on the next socket, if one comes soon.
    assert_eq!(script.agent().load(), 1);
    assert_eq!(script.deadline(), Some((T1_64, Timer::CancelTimeout)));
    script.pass(T1_64);
    script.idle();
    assert_eq!(script.deadline(), None);
}

#[test]
fn timers_that_were_slept_through_all_fire_at_once() {
    let mut script = Script::registered();
    let (out, invite) = script.dial("600");
    script.receive(reply(&invite, 180, "Ringing"));
    script.command(Command::Hangup(out));
    script.sent_request("CANCEL");
    script.dial("601");
    for n in 0..40 {
        script.receive(Peer::caller(&n.to_string()).invite(Some(OFFER)));
        let call = CallId(n + 3);
        script.command(Command::Answer(call));
    }
    script.sleep(Duration::from_secs(3600));
    while script.deadline().is_some_and(|(pause, _)| pause.is_zero()) {
        script.input(Input::Timeout);
    }
    script.input(Input::Disconnected);
    script.pass(T1_64 * 2);
    script.idle();
}
