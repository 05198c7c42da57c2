//! Subscriptions (RFC 6665): how they come about, and how they last.

use ringlet_sip::message::{Method, Request};
use ringlet_sip::{
    Command, Event, Input, Package, SubscriptionId, SubscriptionState as State, Timer,
};
use ringlet_testkit::{Build, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

pub(crate) const ID: SubscriptionId = SubscriptionId(1);
const CHALLENGE: &str = r#"Digest realm="example.com", nonce="n1""#;

pub(crate) fn want(script: &mut Script, package: Package) -> Request {
    script.command(Command::Subscribe { subscription: ID, target: "600".into(), package });
    script.sent_request(Method::SUBSCRIBE)
}

/// The notifier of a SUBSCRIBE.
pub(crate) fn notifier(subscribe: &Request) -> Peer {
    Peer::callee(subscribe, &reply(subscribe, 200, "OK"))
}

pub(crate) fn notify(peer: &mut Peer, state: &str) -> Request {
    peer.request(Method::NOTIFY).with("Event", "dialog").with("Subscription-State", state)
}

/// A subscription that holds for ten minutes.
pub(crate) fn subscribed() -> (Script, Peer, Request) {
    let mut script = Script::connected();
    let subscribe = want(&mut script, Package::Dialog);
    script.receive(reply(&subscribe, 200, "OK").with("Expires", "600"));
    let mut peer = notifier(&subscribe);
    script.receive(notify(&mut peer, "active;expires=600"));
    script.sent_response(200);
    told(&mut script, State::Active);
    script.quiet();
    (script, peer, subscribe)
}

#[track_caller]
pub(crate) fn told(script: &mut Script, state: State) {
    assert_eq!(script.event(), Event::Subscription { subscription: ID, state });
}

#[track_caller]
fn retrying(script: &mut Script) -> Duration {
    match script.event() {
        Event::Subscription { subscription: ID, state: State::Retrying(pause) } => pause,
        other => panic!("expected another try, not {other:?}"),
    }
}

/// Lets time pass, and looks at nothing but what is no keep-alive.
pub(crate) fn pass(script: &mut Script, time: Duration) -> Option<Request> {
    script.pass(time);
    let mut found = None;
    while let Some(bytes) = script.try_sent() {
        if bytes != b"\r\n\r\n" {
            let Ok(ringlet_sip::message::Message::Request(request)) =
                ringlet_sip::message::parse(&bytes)
            else {
                panic!("a request")
            };
            assert!(found.replace(request).is_none(), "one request at a time");
        }
    }
    found
}

pub(crate) fn number(request: &Request) -> u32 {
    request.headers.cseq().expect("CSeq").number
}

#[test]
fn a_subscription_says_what_it_wants() {
    for (package, event, accept) in [
        (Package::MessageSummary, "message-summary", "application/simple-message-summary"),
        (Package::Dialog, "dialog", "application/dialog-info+xml"),
        (Package::Presence, "presence", "application/pidf+xml"),
    ] {
        let mut script = Script::connected();
        let subscribe = want(&mut script, package);
        assert_eq!(subscribe.uri, "sip:600@example.com");
        for (name, value) in [
            ("To", "<sip:600@example.com>"),
            ("CSeq", "1 SUBSCRIBE"),
            ("Event", event),
            ("Accept", accept),
            ("Expires", "3600"),
        ] {
            assert_eq!(subscribe.headers.get(name), Some(value));
        }
        assert!(subscribe.headers.get("Contact").is_some());
        assert!(subscribe.headers.lists("Allow", "NOTIFY"));
        script.quiet();
    }
}

#[test]
fn a_subscription_waits_for_the_registration_and_takes_its_route() {
    let mut script = Script::new(ringlet_testkit::config());
    let (target, package) = ("600".into(), Package::Dialog);
    script.command(Command::Subscribe { subscription: ID, target, package });
    script.command(Command::Register);
    script.input(Input::Connected);
    let register = script.sent_request(Method::REGISTER);
    script.registration();
    script.quiet();
    let ok = reply(&register, 200, "OK").with("Expires", "600");
    script.receive(ok.with("Service-Route", "<sip:edge.example.com;lr>"));
    script.registration();
    let subscribe = script.sent_request(Method::SUBSCRIBE);
    assert_eq!(subscribe.headers.get("Route"), Some("<sip:edge.example.com;lr>"));
}

#[test]
fn a_subscription_is_refreshed_within_its_dialog_before_it_expires() {
    let (mut script, mut peer, first) = subscribed();
    let refresh_in = Duration::from_secs(510);
    assert_eq!(pass(&mut script, refresh_in - Duration::from_millis(1)), None);
    assert_eq!(script.deadline(), Some((Duration::from_millis(1), Timer::SubscriptionRefresh)));
    let refresh = pass(&mut script, Duration::from_millis(1)).expect("a refresh");
    assert_eq!(refresh.uri, "sip:bob@203.0.113.9:5062");
    assert_eq!(refresh.headers.get("Call-ID"), first.headers.get("Call-ID"));
    assert_eq!(refresh.headers.get("Route"), Some("<sip:proxy.example.com;transport=ws;lr>"));
    assert_eq!((number(&refresh), refresh.headers.get("Event")), (2, Some("dialog")));
    script.receive(reply(&refresh, 200, "OK").with("Expires", "100"));
    script.receive(notify(&mut peer, "active"));
    script.sent_response(200);
    let again = pass(&mut script, Duration::from_secs(85)).expect("a refresh");
    assert_eq!(number(&again), 3);
    script.quiet();
}

// SIP.js #366: such a NOTIFY was answered 481.
#[test]
fn a_notify_before_the_answer_to_subscribe_makes_the_dialog() {
    let mut script = Script::connected();
    let subscribe = want(&mut script, Package::Dialog);
    script.receive(notify(&mut notifier(&subscribe), "active;expires=600"));
    script.sent_response(200);
    told(&mut script, State::Active);
    script.receive(reply(&subscribe, 200, "OK").with("Expires", "600"));
    let refresh = pass(&mut script, Duration::from_secs(510)).expect("a refresh");
    assert_eq!(number(&refresh), 2);
}

#[test]
fn of_a_forked_subscribe_the_first_notify_counts() {
    let (mut script, mut peer, subscribe) = subscribed();
    let mut other = Peer::callee(&subscribe, &reply(&subscribe, 200, "OK").tagged("other"));
    script.receive(notify(&mut other, "active"));
    script.sent_response(481);
    script.receive(notify(&mut peer, "active"));
    script.sent_response(200);
    script.quiet();
}

#[test]
fn a_subscription_without_a_notify_is_tried_again() {
    let mut script = Script::connected();
    let subscribe = want(&mut script, Package::Dialog);
    script.receive(reply(&subscribe, 202, "Accepted"));
    script.idle();
    let limit = Duration::from_secs(32);
    assert_eq!(pass(&mut script, limit - Duration::from_millis(1)), None);
    assert_eq!(script.deadline(), Some((Duration::from_millis(1), Timer::AwaitedNotify)));
    pass(&mut script, Duration::from_millis(1));
    let pause = retrying(&mut script);
    assert_eq!(script.deadline().unwrap(), (pause, Timer::SubscriptionRetry));
    let again = pass(&mut script, pause).expect("another try");
    assert_ne!(again.headers.get("Call-ID"), subscribe.headers.get("Call-ID"));
    // The NOTIFY of the first one is late.
    script.receive(notify(&mut notifier(&subscribe), "active"));
    script.sent_response(481);
    script.receive(notify(&mut notifier(&again), "active"));
    script.sent_response(200);
    told(&mut script, State::Active);
}

#[test]
fn a_challenged_subscribe_is_repeated_and_its_dialog_goes_on_from_there() {
    let mut script = Script::connected();
    let subscribe = want(&mut script, Package::Dialog);
    script.receive(reply(&subscribe, 407, "Who").with("Proxy-Authenticate", CHALLENGE));
    let second = script.sent_request(Method::SUBSCRIBE);
    assert!(second.headers.get("Proxy-Authorization").is_some());
    let mut peer = notifier(&second);
    script.receive(notify(&mut peer, "active;expires=100"));
    script.sent_response(200);
    told(&mut script, State::Active);
    script.receive(reply(&second, 200, "OK").with("Expires", "100"));
    let refresh = pass(&mut script, Duration::from_secs(85)).expect("a refresh");
    assert_eq!(number(&refresh), 3);
    script.receive(reply(&refresh, 407, "Who").with("Proxy-Authenticate", CHALLENGE));
    assert_eq!(number(&script.sent_request(Method::SUBSCRIBE)), 4);
    script.quiet();
}

#[test]
fn credentials_that_are_refused_end_it() {
    let mut script = Script::connected();
    let subscribe = want(&mut script, Package::Dialog);
    script.receive(reply(&subscribe, 401, "Who").with("WWW-Authenticate", CHALLENGE));
    let second = script.sent_request(Method::SUBSCRIBE);
    script.receive(reply(&second, 401, "Who").with("WWW-Authenticate", CHALLENGE));
    told(&mut script, State::Ended(Some(401)));
    script.idle();
    script.quiet();
}

#[test]
fn a_longer_interval_is_asked_for_if_the_server_wants_it() {
    let mut script = Script::connected();
    let subscribe = want(&mut script, Package::Dialog);
    let brief = reply(&subscribe, 423, "Interval Too Brief");
    script.receive(brief.with("Min-Expires", "7200"));
    let second = script.sent_request(Method::SUBSCRIBE);
    assert_eq!(second.headers.get("Expires"), Some("7200"));
    // RFC 3261 section 8.1.3.5.
    for name in ["Call-ID", "From", "To"] {
        assert_eq!(second.headers.get(name), subscribe.headers.get(name));
    }
    assert_eq!(number(&second), 2);
    let via = |request: &Request| request.headers.top_via().unwrap().branch().unwrap().to_owned();
    assert_ne!(via(&second), via(&subscribe));
    script.quiet();
    let brief = reply(&second, 423, "Interval Too Brief");
    script.receive(brief.with("Min-Expires", "7200"));
    told(&mut script, State::Ended(Some(423)));
    script.idle();
}

#[test]
fn a_challenge_and_a_longer_interval_go_into_one_subscription() {
    let mut script = Script::connected();
    let subscribe = want(&mut script, Package::Dialog);
    script.receive(reply(&subscribe, 407, "Who").with("Proxy-Authenticate", CHALLENGE));
    let second = script.sent_request(Method::SUBSCRIBE);
    let brief = reply(&second, 423, "Interval Too Brief");
    script.receive(brief.with("Min-Expires", "7200"));
    let third = script.sent_request(Method::SUBSCRIBE);
    assert_eq!(third.headers.all("Proxy-Authorization").count(), 1);
    assert_eq!((number(&third), third.headers.get("Expires")), (3, Some("7200")));
    assert_eq!(third.headers.get("Call-ID"), subscribe.headers.get("Call-ID"));
    script.receive(reply(&third, 200, "OK").with("Expires", "7200"));
    script.receive(notify(&mut notifier(&third), "active;expires=7200"));
    script.sent_response(200);
    told(&mut script, State::Active);
    let refresh = pass(&mut script, Duration::from_secs(6120)).expect("a refresh");
    assert_eq!(number(&refresh), 4);
}

#[test]
fn a_refusal_ends_it() {
    for status in [300, 400, 403, 404, 405, 410, 416, 481, 484, 489, 501, 600, 603] {
        let mut script = Script::connected();
        let subscribe = want(&mut script, Package::Dialog);
        script.receive(reply(&subscribe, status, "No"));
        told(&mut script, State::Ended(Some(status)));
        script.idle();
        script.pass(Duration::from_secs(20));
        script.quiet();
    }
}

#[test]
fn a_passing_trouble_is_waited_out_with_growing_pauses() {
    let mut script = Script::connected();
    let mut subscribe = want(&mut script, Package::Dialog);
    for (at_least, at_most) in [(2, 4), (4, 8), (8, 16), (16, 32), (32, 64)] {
        script.receive(reply(&subscribe, 503, "Service Unavailable"));
        let pause = retrying(&mut script);
        assert!((at_least..=at_most).contains(&pause.as_secs()), "{pause:?}");
        subscribe = pass(&mut script, pause).expect("another try");
    }
    script.receive(reply(&subscribe, 480, "Offline").with("Retry-After", "900"));
    assert_eq!(retrying(&mut script), Duration::from_secs(900));
    let subscribe = pass(&mut script, Duration::from_secs(900)).expect("another try");
    script.sleep(Duration::from_secs(32));
    assert!(retrying(&mut script) <= Duration::from_secs(300), "nobody answered");
    drop(subscribe);
}

#[test]
fn a_refresh_that_finds_nothing_subscribes_anew() {
    let (mut script, mut old, first) = subscribed();
    let refresh = pass(&mut script, Duration::from_secs(510)).expect("a refresh");
    script.receive(reply(&refresh, 481, "Subscription Does Not Exist"));
    let anew = script.sent_request(Method::SUBSCRIBE);
    assert_ne!(anew.headers.get("Call-ID"), first.headers.get("Call-ID"));
    assert_eq!(number(&anew), 1);
    script.receive(notify(&mut old, "active"));
    script.sent_response(481);
    script.receive(notify(&mut notifier(&anew), "active"));
    script.sent_response(200);
    script.quiet();
}

#[test]
fn a_refresh_that_fails_for_now_leaves_the_subscription_until_it_expires() {
    let (mut script, mut peer, _) = subscribed();
    let refresh = pass(&mut script, Duration::from_secs(510)).expect("a refresh");
    script.receive(reply(&refresh, 500, "Server Internal Error"));
    script.receive(notify(&mut peer, "active"));
    script.sent_response(200);
    let again = pass(&mut script, Duration::from_secs(4)).expect("another refresh");
    assert_eq!(number(&again), 3);
    script.receive(reply(&again, 503, "Service Unavailable").with("Retry-After", "100"));
    assert_eq!(retrying(&mut script), Duration::from_secs(100));
    script.receive(notify(&mut peer, "active"));
    script.sent_response(481);
}

#[test]
fn a_refresh_that_is_refused_ends_it() {
    let (mut script, ..) = subscribed();
    let refresh = pass(&mut script, Duration::from_secs(510)).expect("a refresh");
    script.receive(reply(&refresh, 403, "Forbidden"));
    told(&mut script, State::Ended(Some(403)));
    script.idle();
}

#[test]
fn after_a_long_sleep_it_is_subscribed_to_anew() {
    let (mut script, _, first) = subscribed();
    script.sleep(Duration::from_secs(3600));
    while let Some(bytes) = script.try_sent() {
        if bytes == b"\r\n\r\n" {
            continue;
        }
        let Ok(ringlet_sip::message::Message::Request(anew)) = ringlet_sip::message::parse(&bytes)
        else {
            panic!("a request")
        };
        assert_ne!(anew.headers.get("Call-ID"), first.headers.get("Call-ID"));
        return script.quiet();
    }
    panic!("nothing was sent");
}

#[test]
fn the_reason_of_the_end_says_what_to_do() {
    for reason in ["rejected", "noresource", "Invariant"] {
        let (mut script, mut peer, _) = subscribed();
        script.receive(notify(&mut peer, &format!("terminated;reason={reason}")));
        script.sent_response(200);
        told(&mut script, State::Ended(None));
        script.idle();
    }
    for reason in ["deactivated", "timeout"] {
        let (mut script, mut peer, _) = subscribed();
        script.receive(notify(&mut peer, &format!("terminated;reason={reason}")));
        script.sent_response(200);
        let anew = script.sent_request(Method::SUBSCRIBE);
        script.quiet();
        // The same again at once would go round for ever.
        let mut peer = notifier(&anew);
        script.receive(notify(&mut peer, "active"));
        script.sent_response(200);
        script.receive(notify(&mut peer, &format!("terminated;reason={reason}")));
        script.sent_response(200);
        assert!(retrying(&mut script) >= Duration::from_secs(4));
    }
    for state in [
        "terminated;reason=probation;retry-after=77",
        "terminated;reason=giveup;retry-after=77",
        "terminated;reason=unheard-of;retry-after=77",
        "terminated;retry-after=77",
    ] {
        let (mut script, mut peer, _) = subscribed();
        script.receive(notify(&mut peer, state));
        script.sent_response(200);
        assert_eq!(retrying(&mut script), Duration::from_secs(77));
        assert!(pass(&mut script, Duration::from_secs(77)).is_some());
    }
    for state in ["terminated", "terminated;reason=giveup", "terminated;reason=probation"] {
        let (mut script, mut peer, _) = subscribed();
        script.receive(notify(&mut peer, state));
        script.sent_response(200);
        assert!(retrying(&mut script) <= Duration::from_secs(4));
    }
}

#[test]
fn after_a_reconnect_it_is_subscribed_to_anew() {
    let (mut script, mut peer, first) = subscribed();
    script.input(Input::Disconnected);
    told(&mut script, State::Retrying(Duration::ZERO));
    script.input(Input::Connected);
    let anew = script.sent_request(Method::SUBSCRIBE);
    assert_ne!(anew.headers.get("Call-ID"), first.headers.get("Call-ID"));
    script.receive(notify(&mut peer, "active"));
    script.sent_response(481);
    script.receive(notify(&mut notifier(&anew), "pending"));
    script.sent_response(200);
    told(&mut script, State::Pending);

    script.command(Command::Unsubscribe(ID));
    script.sent_request(Method::SUBSCRIBE);
    told(&mut script, State::Ended(None));
    script.input(Input::Disconnected);
    script.input(Input::Connected);
    script.idle();
    script.quiet();
}

#[test]
fn there_is_a_limit_and_no_state_of_nobody() {
    let mut script = Script::connected();
    let mut subscribe = |number: u32, target: &str| {
        let (subscription, target) = (SubscriptionId(number), target.into());
        let package = Package::Presence;
        script.command(Command::Subscribe { subscription, target, package });
        (script.try_sent().is_some(), subscription)
    };
    assert!((1..=64).all(|number| subscribe(number, "600").0));
    assert!(!subscribe(64, "601").0, "the number is taken");
    let (sent, subscription) = subscribe(65, "600");
    assert!(!sent);
    let ended = Event::Subscription { subscription, state: State::Ended(None) };
    assert_eq!(script.event(), ended);

    let mut script = Script::connected();
    let (target, package) = (" ".into(), Package::Presence);
    script.command(Command::Subscribe { subscription: ID, target, package });
    told(&mut script, State::Ended(None));
    script.quiet();
}

#[test]
fn another_try_waits_for_the_registration_too() {
    let mut script = Script::registered();
    let subscribe = want(&mut script, Package::Dialog);
    script.receive(reply(&subscribe, 503, "Service Unavailable").with("Retry-After", "511"));
    retrying(&mut script);
    let register = pass(&mut script, Duration::from_secs(510)).expect("a refresh of the binding");
    assert_eq!(pass(&mut script, Duration::from_secs(1)), None);
    script.receive(reply(&register, 200, "OK").with("Expires", "600"));
    script.sent_request(Method::SUBSCRIBE);
    script.quiet();
}
