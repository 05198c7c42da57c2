//! NOTIFY (RFC 6665): what it brings, and what is wrong with some.

use ringlet_sip::event::{DialogInfo, DialogState, MessageSummary, Presence};
use ringlet_sip::message::{Method, Request};
use ringlet_sip::{
    Command, Event, Notification, Package, SubscriptionId, SubscriptionState as State,
};
use ringlet_testkit::{Build, Peer, Script, reply};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const ID: SubscriptionId = SubscriptionId(1);
const WAITING: &str = "Messages-Waiting: yes\r\nVoice-Message: 2/1\r\n";
const TWO: Notification = Notification::Messages(MessageSummary { waiting: true, new: 2, old: 1 });

fn subscribe(package: Package) -> (Script, Peer) {
    let mut script = Script::connected();
    script.command(Command::Subscribe { subscription: ID, target: "600".into(), package });
    let subscribe = script.sent_request(Method::SUBSCRIBE);
    let ok = reply(&subscribe, 200, "OK").with("Expires", "600");
    script.receive(ok.clone());
    (script, Peer::callee(&subscribe, &ok))
}

fn summary(peer: &mut Peer) -> Request {
    peer.request(Method::NOTIFY)
        .with("Event", "message-summary")
        .with("Subscription-State", "active;expires=600")
        .with("Content-Type", "application/simple-message-summary")
        .with_body(WAITING)
}

#[test]
fn each_package_brings_its_state() {
    for (package, event, content_type, body, notification) in [
        (
            Package::MessageSummary,
            "message-summary",
            "application/simple-message-summary",
            WAITING,
            TWO,
        ),
        (
            Package::Dialog,
            "Dialog",
            "application/dialog-info+xml;charset=UTF-8",
            "<dialog-info entity='sip:600@h' version='1' state='full'>\
             <dialog id='d'><state>confirmed</state></dialog></dialog-info>",
            Notification::Dialogs(DialogInfo {
                entity: "sip:600@h".into(),
                version: 1,
                full: true,
                dialogs: vec![("d".into(), DialogState::Confirmed)],
            }),
        ),
        (
            Package::Presence,
            "presence",
            "Application/PIDF+xml",
            "<presence entity='pres:600@h'><tuple><status><basic>open</basic></status></tuple>\
             </presence>",
            Notification::Presence(Presence {
                entity: "pres:600@h".into(),
                open: true,
                note: None,
            }),
        ),
    ] {
        let (mut script, mut peer) = subscribe(package);
        let notify = peer.request(Method::NOTIFY).with("Event", event);
        let notify = notify.with("Subscription-State", "active").with("Content-Type", content_type);
        script.receive(notify.with_body(body));
        script.sent_response(200);
        let state = State::Active;
        assert_eq!(script.event(), Event::Subscription { subscription: ID, state });
        assert_eq!(script.event(), Event::Notification { subscription: Some(ID), notification });
        script.quiet();
    }
}

#[test]
fn the_state_is_told_when_it_changes_and_the_last_news_before_the_end() {
    let (mut script, mut peer) = subscribe(Package::MessageSummary);
    for (header, state) in [
        ("pending;expires=600", Some(State::Pending)),
        ("Pending", None),
        ("active", Some(State::Active)),
        ("of-its-own", None),
    ] {
        let notify = peer.request(Method::NOTIFY).with("Event", "message-summary");
        script.receive(notify.with("Subscription-State", header));
        script.sent_response(200);
        if let Some(state) = state {
            assert_eq!(script.event(), Event::Subscription { subscription: ID, state });
        }
        script.quiet();
    }
    let over = "terminated;reason=noresource";
    script.receive(summary(&mut peer).replacing("Subscription-State", over));
    script.sent_response(200);
    let news = Event::Notification { subscription: Some(ID), notification: TWO };
    assert_eq!(script.event(), news);
    let state = State::Ended(None);
    assert_eq!(script.event(), Event::Subscription { subscription: ID, state });
    script.quiet();
}

#[test]
fn a_notify_that_makes_no_sense_is_refused_by_rule_and_makes_no_dialog() {
    let (mut script, mut peer) = subscribe(Package::MessageSummary);
    let refused = |script: &mut Script, notify: Request, status| {
        script.receive(notify);
        let response = script.sent_response(status);
        script.quiet();
        response
    };
    let good = |peer: &mut Peer| summary(peer);
    let no_event = refused(&mut script, good(&mut peer).without("Event"), 489);
    assert!(no_event.headers.lists("Allow-Events", "message-summary"));
    refused(&mut script, good(&mut peer).replacing("Event", "weather"), 489);
    refused(&mut script, good(&mut peer).replacing("Event", "presence"), 481);
    refused(&mut script, good(&mut peer).replacing("Event", "message-summary;id=1"), 481);
    refused(&mut script, good(&mut peer).without("Subscription-State"), 400);
    refused(&mut script, good(&mut peer).replacing("Subscription-State", ";"), 400);
    let html = good(&mut peer).replacing("Content-Type", "text/html");
    let accept = refused(&mut script, html, 415);
    assert_eq!(accept.headers.get("Accept"), Some("application/simple-message-summary"));
    refused(&mut script, good(&mut peer).without("Content-Type"), 415);
    refused(&mut script, good(&mut peer).with_body("nonsense"), 400);
    refused(&mut script, good(&mut peer).without("Contact"), 400);
    refused(&mut script, peer.request(Method::OPTIONS), 200);
    refused(&mut script, peer.request(Method::REFER), 603);

    script.receive(good(&mut peer));
    script.sent_response(200);
    script.event();
    script.event();
    script.quiet();
}

#[test]
fn a_notify_out_of_order_is_refused() {
    let (mut script, mut peer) = subscribe(Package::MessageSummary);
    let old = summary(&mut peer);
    script.receive(summary(&mut peer));
    script.sent_response(200);
    script.event();
    script.event();
    script.receive(old);
    script.sent_response(500);
    script.quiet();
}

#[test]
fn waiting_messages_are_told_unasked() {
    let mut script = Script::connected();
    script.receive(summary(&mut Peer::caller("mwi")));
    script.sent_response(200);
    let notification = TWO;
    assert_eq!(script.event(), Event::Notification { subscription: None, notification });
    script.receive(summary(&mut Peer::caller("mwi2")).with_body(""));
    script.sent_response(400);
    script.quiet();
    script.idle();
}

#[test]
fn other_news_that_nobody_asked_for_is_refused() {
    let mut script = Script::connected();
    for (event, status) in [("dialog", 481), ("refer", 481), ("check-sync", 489), ("", 489)] {
        script.receive(summary(&mut Peer::caller("x")).replacing("Event", event));
        script.sent_response(status);
    }
    script.receive(summary(&mut Peer::caller("x")).tagged("unknown"));
    script.sent_response(481);
    script.quiet();
    script.idle();
}
