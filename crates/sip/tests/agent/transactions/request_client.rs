use super::*;
use ringlet_sip::message::Method;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn bye() -> (Script, ringlet_sip::message::Request) {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    script.event();
    script.media_done(Ok(String::new()));
    script.pass(T1_64);
    script.sent_bytes();
    script.command(Command::Hangup(call));
    let bye = script.sent_request(Method::BYE);
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
