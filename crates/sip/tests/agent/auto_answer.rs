//! Calls that want to be answered without a person.

use ringlet_sip::Event;
use ringlet_testkit::{Build, OFFER, Peer, Script};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn wanted(name: &str, value: &str) -> Option<Duration> {
    let mut script = Script::connected();
    script.receive(Peer::caller("in").invite(Some(OFFER)).with(name, value));
    script.sent_response(180);
    let Event::Incoming { details, .. } = script.event() else { panic!("an incoming call") };
    // Whether to obey is not the agent's to decide.
    script.quiet();
    details.auto_answer
}

#[test]
fn each_way_of_asking_is_told() {
    for (name, value, seconds) in [
        ("Call-Info", "<sip:example.com>;answer-after=0", 0),
        ("Call-Info", "<http://h/a.png>;purpose=icon, <sip:h>;answer-after=3", 3),
        ("Alert-Info", "<http://notused>;info=alert-autoanswer;delay=2", 2),
        ("Alert-Info", "Auto Answer", 0),
        ("Answer-Mode", "Auto", 0),
        ("Priv-Answer-Mode", "Auto;require", 0),
    ] {
        assert_eq!(wanted(name, value), Some(Duration::from_secs(seconds)), "{name}: {value}");
    }
}

#[test]
fn an_ordinary_call_asks_for_nothing() {
    for (name, value) in
        [("Subject", "answer-after=0"), ("Answer-Mode", "Manual"), ("Call-Info", "<sip:h>")]
    {
        assert_eq!(wanted(name, value), None, "{name}: {value}");
    }
}
