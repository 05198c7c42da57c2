//! The four machines of RFC 3261 section 17 with RFC 6026, on a reliable transport.

mod invite_client;
mod invite_server;
mod request_client;
mod request_server;

use ringlet_sip::message::Method;
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

#[test]
fn too_many_open_requests_are_refused() {
    let mut script = Script::connected();
    for n in 0..256 {
        script.receive(Peer::caller(&n.to_string()).invite(Some(OFFER)));
    }
    while script.try_sent().is_some() {}
    script.receive(Peer::caller("more").invite(Some(OFFER)));
    script.sent_response(503);
    script.receive(Peer::caller("and more").request(Method::OPTIONS));
    script.sent_response(503);
    assert_eq!(script.agent().counters().overload, 2);
}

#[test]
fn the_end_of_the_socket_is_the_end_of_every_transaction() {
    let mut script = Script::registered();
    script.command(Command::Unregister);
    script.sent_request(Method::REGISTER);
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
    script.sent_request(Method::CANCEL);
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
