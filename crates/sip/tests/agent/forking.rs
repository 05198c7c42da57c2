use ringlet_sip::message::Method;
use ringlet_sip::{Command, EndReason, Event, Input, MediaRequest};
use ringlet_testkit::{ANSWER, Build, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_second_answer_is_acknowledged_and_ended() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 200, "OK").tagged("one").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(call));
    script.media_done(Ok(String::new()));

    script.receive(reply(&invite, 200, "OK").tagged("two").with_sdp(ANSWER));
    let ack = script.sent_request(Method::ACK);
    assert_eq!(ack.headers.get("To"), Some("<sip:600@example.com>;tag=two"));
    let bye = script.sent_request(Method::BYE);
    assert_eq!(bye.headers.get("To"), Some("<sip:600@example.com>;tag=two"));
    script.receive(reply(&bye, 200, "OK"));
    script.quiet();
}

#[test]
fn an_answer_after_the_call_was_ended_is_acknowledged_and_ended() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 200, "OK").tagged("one").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    script.command(Command::Hangup(call));
    let bye = script.sent_request(Method::BYE);
    script.ended(call);
    script.receive(reply(&bye, 200, "OK"));

    script.receive(reply(&invite, 200, "OK").tagged("two").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    let bye = script.sent_request(Method::BYE);
    script.receive(reply(&bye, 200, "OK"));
    script.quiet();
    script.sleep(Duration::from_secs(32));
    script.idle();
}

#[test]
fn the_answer_of_the_branch_that_picks_up_counts() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    for (tag, sdp) in [("one", "early one"), ("two", "early two")] {
        script.receive(reply(&invite, 183, "Progress").tagged(tag).with_sdp(sdp));
        let early = MediaRequest::SetAnswer { answer: sdp.into(), provisional: true };
        assert_eq!(script.asked_media(), early);
        script.media_done(Ok(String::new()));
    }
    assert_eq!(script.event(), Event::Progress { call, status: 183, early_media: true });
    script.receive(reply(&invite, 200, "OK").tagged("one"));
    let last = MediaRequest::SetAnswer { answer: "early one".into(), provisional: false };
    assert_eq!(script.asked_media(), last);
    assert_eq!(
        script.sent_request(Method::ACK).headers.get("To"),
        Some("<sip:600@example.com>;tag=one")
    );
    assert_eq!(script.event(), Event::Answered(call));
}

#[test]
fn a_branch_may_leave_early_without_ending_the_call() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let ringing = reply(&invite, 180, "Ringing").tagged("one");
    script.receive(ringing.clone());
    script.event();
    let mut branch = Peer::callee(&invite, &ringing);
    script.receive(branch.request(Method::BYE));
    script.sent_response(200);
    script.receive(branch.request(Method::BYE));
    script.sent_response(481);
    script.receive(reply(&invite, 486, "Busy Here").tagged("two"));
    script.sent_request(Method::ACK);
    assert_eq!(script.ended(call).reason, EndReason::Busy);
}

#[test]
fn requests_of_an_early_dialog_are_answered_by_rule() {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    let ringing = reply(&invite, 180, "Ringing");
    script.receive(ringing.clone());
    script.event();
    let mut branch = Peer::callee(&invite, &ringing);
    script.receive(branch.request(Method::UPDATE));
    script.sent_response(200);
    script.receive(branch.request(Method::UPDATE).with_sdp("new offer"));
    script.sent_response(491);
    for (method, status) in [
        (Method::INFO, 200),
        (Method::REFER, 603),
        (Method::NOTIFY, 489),
        (Method::from_token("PUBLISH"), 405),
    ] {
        script.receive(branch.request(method));
        script.sent_response(status);
    }
    script.quiet();
}

#[test]
fn each_branch_is_acknowledged_in_its_own_order() {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    for (tag, rseq, number) in
        [("one", "7", 2), ("two", "7", 2), ("one", "8", 3), ("two", "99", 0), ("two", "8", 3)]
    {
        let ringing = reply(&invite, 180, "Ringing").tagged(tag);
        script.receive(ringing.clone().with("Require", "100rel").with("RSeq", rseq));
        if number > 0 {
            let prack = script.sent_request(Method::PRACK);
            assert_eq!(prack.headers.get("To"), ringing.headers.get("To"));
            assert_eq!(prack.headers.get("RAck"), Some(&*format!("{rseq} 1 INVITE")));
            assert_eq!(prack.headers.cseq().unwrap().number, number);
        }
        assert_eq!(script.try_sent(), None);
    }
    script.event();
    script.quiet();
}

#[test]
fn a_branch_that_is_said_to_be_over_is_forgotten_and_another_ones_media_plays() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    assert!(invite.headers.lists("Supported", "199"));
    let mut branch = None;
    for (tag, sdp) in [("one", "early one"), ("two", "early two")] {
        let progress = reply(&invite, 183, "Progress").tagged(tag).with_sdp(sdp);
        branch = Some(Peer::callee(&invite, &progress));
        script.receive(progress);
        script.media_done(Ok(String::new()));
    }
    script.event();
    // RFC 6228.
    script.receive(reply(&invite, 199, "Early Dialog Terminated").tagged("two"));
    let early = MediaRequest::SetAnswer { answer: "early one".into(), provisional: true };
    assert_eq!(script.asked_media(), early);
    script.media_done(Ok(String::new()));
    script.receive(branch.unwrap().request(Method::UPDATE));
    script.sent_response(481);
    script.receive(reply(&invite, 199, "Early Dialog Terminated").tagged("one"));
    script.receive(reply(&invite, 199, "Early Dialog Terminated").tagged("unknown"));
    script.quiet();
    script.receive(reply(&invite, 486, "Busy Here").tagged("one"));
    script.sent_request(Method::ACK);
    assert_eq!(script.ended(call).reason, EndReason::Busy);
}

#[test]
fn the_end_of_a_branch_may_be_reliable_too() {
    let mut script = Script::connected();
    let (_, invite) = script.dial("600");
    script.receive(reply(&invite, 180, "Ringing").tagged("one"));
    script.event();
    let gone = reply(&invite, 199, "Early Dialog Terminated").tagged("one");
    script.receive(gone.with("Require", "100rel").with("RSeq", "1"));
    script.sent_request(Method::PRACK);
    script.quiet();
}

#[test]
fn only_so_many_branches_are_followed() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    for n in 0..40 {
        let ringing = reply(&invite, 180, "Ringing").tagged(&format!("b{n}"));
        script.receive(ringing.with("Require", "100rel").with("RSeq", "1"));
    }
    let pracks = std::iter::from_fn(|| script.try_sent()).count();
    assert_eq!(pracks, 16);
    script.event();
    // One that was not followed can still answer.
    script.receive(reply(&invite, 200, "OK").tagged("b39").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(call));
}

#[test]
fn a_late_answer_is_left_once_however_often_it_is_repeated() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 180, "Ringing"));
    script.event();
    script.command(Command::Hangup(call));
    script.sent_request(Method::CANCEL);
    script.ended(call);
    // The answer crosses the CANCEL, comes again when the call is gone, and others with it.
    let answer = reply(&invite, 200, "OK").with_sdp(ANSWER);
    script.receive(answer.clone());
    let ack = script.sent_request(Method::ACK);
    let bye = script.sent_request(Method::BYE);
    script.receive(reply(&bye, 200, "OK"));
    script.receive(answer);
    assert_eq!(script.sent_request(Method::ACK), ack);
    script.quiet();
    for n in 0..100 {
        script.receive(reply(&invite, 200, "OK").tagged(&format!("b{n}")).with_sdp(ANSWER));
    }
    let mut sent = 0;
    while script.try_sent().is_some() {
        sent += 1;
    }
    assert_eq!(sent, 2 * 15, "ACK and BYE for as many branches as are followed");
}

#[test]
fn a_branch_is_left_under_the_next_number_of_its_dialog() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let ringing = reply(&invite, 180, "Ringing").with("Require", "100rel").with("RSeq", "1");
    script.receive(ringing);
    assert_eq!(script.sent_request(Method::PRACK).headers.cseq().unwrap().number, 2);
    script.event();
    script.command(Command::Hangup(call));
    script.sent_request(Method::CANCEL);
    script.ended(call);
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    assert_eq!(script.sent_request(Method::ACK).headers.cseq().unwrap().number, 1);
    assert_eq!(script.sent_request(Method::BYE).headers.cseq().unwrap().number, 3);
}

#[test]
fn a_branch_is_left_under_the_next_number_on_another_socket_too() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let ringing = reply(&invite, 180, "Ringing").with("Require", "100rel").with("RSeq", "1");
    script.receive(ringing);
    assert_eq!(script.sent_request(Method::PRACK).headers.cseq().unwrap().number, 2);
    script.event();
    script.input(Input::Disconnected);
    script.ended(call);
    script.input(Input::Connected);
    script.sent_request(Method::CANCEL);
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    assert_eq!(script.sent_request(Method::BYE).headers.cseq().unwrap().number, 3);
}
