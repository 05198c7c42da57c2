//! The session timer in the INVITE that makes a call (RFC 4028).

use ringlet_sip::message::{Method, Request, Response};
use ringlet_sip::{Command, Config, EndReason, Event, Input};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, config, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn with_interval(seconds: u64) -> Script {
    let session_interval = Duration::from_secs(seconds);
    let mut script = Script::new(Config { session_interval, ..config() });
    script.input(Input::Connected);
    script
}

fn timer(headers: &ringlet_sip::message::Headers) -> (Option<&str>, Option<&str>) {
    (headers.get("Session-Expires"), headers.get("Min-SE"))
}

fn too_small(invite: &Request, min_se: &str) -> Response {
    reply(invite, 422, "Session Interval Too Small").with("Min-SE", min_se)
}

#[test]
fn the_invite_asks_for_the_interval_of_the_configuration() {
    for (seconds, asked) in [(1800, Some("1800")), (30, Some("90")), (0, None)] {
        let (_, invite) = with_interval(seconds).dial("600");
        assert!(invite.headers.lists("Supported", "timer"));
        // JsSIP #297: it asked for less than 90 s.
        assert_eq!(timer(&invite.headers), (asked, None), "{seconds}");
    }
}

#[test]
fn an_interval_that_is_too_small_is_raised() {
    let mut script = with_interval(300);
    let (call, mut invite) = script.dial("600");
    for (min_se, number) in [("600", "2 INVITE"), ("1200", "3 INVITE")] {
        script.receive(too_small(&invite, min_se));
        script.sent_request(Method::ACK);
        invite = script.sent_request(Method::INVITE);
        assert_eq!(timer(&invite.headers), (Some(min_se), Some(min_se)));
        assert_eq!(invite.headers.all("Session-Expires").count(), 1);
        assert_eq!(invite.headers.get("CSeq"), Some(number));
    }
    script.receive(reply(&invite, 200, "OK").with_sdp(ANSWER));
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Answered(call));
}

#[test]
fn an_interval_that_is_never_enough_ends_the_call() {
    for min_se in ["600", "", "soon"] {
        let mut script = with_interval(300);
        let (call, invite) = script.dial("600");
        script.receive(too_small(&invite, min_se));
        script.sent_request(Method::ACK);
        if min_se == "600" {
            let invite = script.sent_request(Method::INVITE);
            script.receive(too_small(&invite, min_se));
            script.sent_request(Method::ACK);
        }
        let end = script.ended(call);
        assert_eq!((end.reason, end.status), (EndReason::Failed, Some(422)));
        script.quiet();
        script.idle();
    }
}

#[test]
fn an_interval_below_the_minimum_is_refused() {
    let mut script = Script::connected();
    let mut peer = Peer::caller("in");
    let brief = |invite: Request| invite.with("Session-Expires", "89");
    script.receive(brief(peer.invite(Some(OFFER))).with("Supported", "timer"));
    assert_eq!(script.sent_response(422).headers.get("Min-SE"), Some("90"));
    script.quiet();
    // Who does not know timers cannot read 422: a proxy has asked.
    script.receive(brief(Peer::caller("old").invite(Some(OFFER))));
    script.sent_response(180);
}

#[test]
fn the_answer_settles_who_refreshes() {
    for (supported, asked, min_se, settled) in [
        (true, Some("600"), None, Some("600;refresher=uac")),
        (true, Some("600;refresher=uac"), None, Some("600;refresher=uac")),
        (true, Some("600;refresher=uas"), None, Some("600;refresher=uas")),
        (false, Some("600"), None, Some("600;refresher=uas")),
        (false, Some("30"), None, Some("90;refresher=uas")),
        (true, None, None, Some("1800;refresher=uac")),
        (true, None, Some("3600"), Some("3600;refresher=uac")),
        (false, None, None, None),
    ] {
        let mut script = Script::connected();
        let mut invite = Peer::caller("in").invite(Some(OFFER));
        if supported {
            invite = invite.with("Supported", "timer");
        }
        for (name, value) in [("Session-Expires", asked), ("Min-SE", min_se)] {
            invite = value.map_or(invite.clone(), |value| invite.with(name, value));
        }
        script.receive(invite);
        script.sent_response(180);
        let Event::Incoming { call, .. } = script.event() else { panic!("an incoming call") };
        script.command(Command::Answer(call));
        script.media_done(Ok(ANSWER.into()));
        let ok = script.sent_response(200);
        assert_eq!(ok.headers.get("Session-Expires"), settled, "{supported} {asked:?} {min_se:?}");
        assert_eq!(ok.headers.lists("Require", "timer"), supported && settled.is_some());
    }
}

#[test]
fn an_agent_that_wants_no_timer_takes_one() {
    for (asked, settled) in [(None, None), (Some("600"), Some("600;refresher=uac"))] {
        let mut script = with_interval(0);
        let invite = Peer::caller("in").invite(Some(OFFER)).with("Supported", "timer");
        let invite = asked.map_or(invite.clone(), |asked| invite.with("Session-Expires", asked));
        script.receive(invite);
        script.sent_response(180);
        let Event::Incoming { call, .. } = script.event() else { panic!("an incoming call") };
        script.command(Command::Answer(call));
        script.media_done(Ok(ANSWER.into()));
        assert_eq!(script.sent_response(200).headers.get("Session-Expires"), settled);
    }
}
