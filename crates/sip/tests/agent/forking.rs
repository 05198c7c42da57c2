use ringlet_sip::{Command, EndReason, Event, MediaRequest};
use ringlet_testkit::{ANSWER, Build, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_second_answer_is_acknowledged_and_ended() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 200, "OK").tagged("one").with_sdp(ANSWER));
    script.sent_request("ACK");
    assert_eq!(script.event(), Event::Answered(call));
    script.media_done(Ok(String::new()));

    script.receive(reply(&invite, 200, "OK").tagged("two").with_sdp(ANSWER));
    let ack = script.sent_request("ACK");
    assert_eq!(ack.headers.get("To"), Some("<sip:600@example.com>;tag=two"));
    let bye = script.sent_request("BYE");
    assert_eq!(bye.headers.get("To"), Some("<sip:600@example.com>;tag=two"));
    script.receive(reply(&bye, 200, "OK"));
    script.quiet();
}

#[test]
fn an_answer_after_the_call_was_ended_is_acknowledged_and_ended() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 200, "OK").tagged("one").with_sdp(ANSWER));
    script.sent_request("ACK");
    script.event();
    script.media_done(Ok(String::new()));
    script.command(Command::Hangup(call));
    let bye = script.sent_request("BYE");
    script.ended(call);
    script.receive(reply(&bye, 200, "OK"));

    script.receive(reply(&invite, 200, "OK").tagged("two").with_sdp(ANSWER));
    script.sent_request("ACK");
    let bye = script.sent_request("BYE");
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
    assert_eq!(script.sent_request("ACK").headers.get("To"), Some("<sip:600@example.com>;tag=one"));
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
    script.receive(branch.request("BYE"));
    script.sent_response(200);
    script.receive(branch.request("BYE"));
    script.sent_response(481);
    script.receive(reply(&invite, 486, "Busy Here").tagged("two"));
    script.sent_request("ACK");
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
    script.receive(branch.request("UPDATE"));
    script.sent_response(200);
    script.receive(branch.request("UPDATE").with_sdp("new offer"));
    script.sent_response(491);
    for (method, status) in [("INFO", 200), ("REFER", 603), ("NOTIFY", 489), ("PUBLISH", 405)] {
        script.receive(branch.request(method));
        script.sent_response(status);
    }
    script.quiet();
}
