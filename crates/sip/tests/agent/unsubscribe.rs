//! Subscriptions (RFC 6665): how their user ends them.

use crate::subscription::{ID, notifier, notify, number, pass, subscribed, told, want};
use ringlet_sip::message::Method;
use ringlet_sip::{Command, Input, Package, SubscriptionState as State};
use ringlet_testkit::{Build, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn unsubscribing_takes_the_last_notify() {
    let (mut script, mut peer, _) = subscribed();
    script.command(Command::Unsubscribe(ID));
    let last = script.sent_request(Method::SUBSCRIBE);
    assert_eq!((number(&last), last.headers.get("Expires")), (2, Some("0")));
    told(&mut script, State::Ended(None));
    // One that was on the way already.
    script.receive(notify(&mut peer, "active;expires=90"));
    script.sent_response(200);
    script.receive(reply(&last, 200, "OK").with("Expires", "0"));
    script.receive(notify(&mut peer, "terminated;reason=timeout"));
    script.sent_response(200);
    script.idle();
    script.receive(notify(&mut peer, "terminated;reason=timeout"));
    script.sent_response(481);
    script.command(Command::Unsubscribe(ID));
    script.quiet();
}

#[test]
fn unsubscribing_ends_even_if_nobody_reacts() {
    let (mut script, ..) = subscribed();
    script.command(Command::Unsubscribe(ID));
    let last = script.sent_request(Method::SUBSCRIBE);
    told(&mut script, State::Ended(None));
    script.receive(reply(&last, 200, "OK"));
    pass(&mut script, Duration::from_secs(32));
    script.idle();

    for status in [423, 481, 500, 503] {
        let (mut script, ..) = subscribed();
        script.command(Command::Unsubscribe(ID));
        let last = script.sent_request(Method::SUBSCRIBE);
        told(&mut script, State::Ended(None));
        script.receive(reply(&last, status, "No").with("Min-Expires", "7200"));
        script.idle();
        script.quiet();
    }
}

#[test]
fn unsubscribing_waits_for_a_dialog_to_do_it_in() {
    let mut script = Script::connected();
    let subscribe = want(&mut script, Package::Dialog);
    script.command(Command::Unsubscribe(ID));
    told(&mut script, State::Ended(None));
    script.receive(reply(&subscribe, 200, "OK"));
    script.quiet();
    let mut peer = notifier(&subscribe);
    script.receive(notify(&mut peer, "active"));
    script.sent_response(200);
    let last = script.sent_request(Method::SUBSCRIBE);
    assert_eq!(last.headers.get("Expires"), Some("0"));
    script.receive(notify(&mut peer, "terminated"));
    script.sent_response(200);
    script.idle();
    script.quiet();

    let mut script = Script::connected();
    let subscribe = want(&mut script, Package::Dialog);
    script.command(Command::Unsubscribe(ID));
    told(&mut script, State::Ended(None));
    script.receive(reply(&subscribe, 403, "Forbidden"));
    script.idle();
    script.quiet();
}

#[test]
fn unsubscribing_from_what_is_not_held_is_over_at_once() {
    let mut script = Script::new(ringlet_testkit::config());
    let (target, package) = ("600".into(), Package::Dialog);
    script.command(Command::Subscribe { subscription: ID, target, package });
    script.command(Command::Unsubscribe(ID));
    told(&mut script, State::Ended(None));
    script.input(Input::Connected);
    script.quiet();
    script.idle();
}

#[test]
fn leaving_ends_every_subscription() {
    let (mut script, ..) = subscribed();
    script.command(Command::Leave);
    assert_eq!(script.sent_request(Method::SUBSCRIBE).headers.get("Expires"), Some("0"));
    told(&mut script, State::Ended(None));
    script.quiet();
}
