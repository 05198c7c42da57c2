//! Who calls, who answers, and under which number we call.

use ringlet_sip::message::{Method, Request};
use ringlet_sip::{
    CallId, Command, Config, EndReason, Event, IdentityHeader, IncomingDetails, Input, Party,
};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, config, reply};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn party(number: &str, name: &str) -> Party {
    let display_name = (!name.is_empty()).then(|| name.to_owned());
    Party { number: number.into(), display_name }
}

fn incoming(headers: &[(&str, &str)]) -> (Party, Box<IncomingDetails>) {
    let mut script = Script::connected();
    let invite = Peer::caller("in").invite(Some(OFFER));
    let add = |invite: Request, (name, value): &(&str, &str)| match *name {
        "From" | "Contact" => invite.replacing(name, value),
        name => invite.with(name, value),
    };
    script.receive(headers.iter().fold(invite, add));
    script.sent_response(180);
    match script.event() {
        Event::Incoming { from, details, .. } => (from, details),
        other => panic!("an incoming call, not {other:?}"),
    }
}

fn caller(headers: &[(&str, &str)]) -> Party {
    incoming(headers).0
}

#[test]
fn the_network_knows_the_caller_better_than_the_caller() {
    let pai = ("P-Asserted-Identity", "\"Real\" <sip:+491@h>, <tel:+491>");
    let rpid = ("Remote-Party-ID", "\"Old\" <sip:+492@h>;party=calling;screen=yes");
    assert_eq!(caller(&[]), party("bob", "Bob"));
    assert_eq!(caller(&[rpid]), party("+492", "Old"));
    assert_eq!(caller(&[rpid, pai]), party("+491", "Real"));
    assert_eq!(caller(&[("P-Asserted-Identity", "<sip:+491@h>")]), party("+491", "Bob"));
    assert_eq!(caller(&[("P-Asserted-Identity", "<sip:broken"), rpid]), party("+492", "Old"));
    let called = ("Remote-Party-ID", "<sip:me@h>;party=called, <sip:+493@h>");
    assert_eq!(caller(&[called]), party("+493", "Bob"));
}

#[test]
fn a_caller_who_wants_to_be_nobody_is() {
    let pai = ("P-Asserted-Identity", "\"Real\" <sip:+491@h>");
    let nobody = Party::default();
    for privacy in ["id", "user;id", "header;critical"] {
        assert_eq!(caller(&[pai, ("Privacy", privacy)]), nobody, "{privacy}");
    }
    assert_eq!(caller(&[pai, ("Privacy", "none")]), party("+491", "Real"));
    let from = ("From", "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=bob");
    assert_eq!(caller(&[from]), nobody);
    assert_eq!(caller(&[("From", "\"Anonymous\" <sip:anonymous@h>;tag=bob")]), nobody);
    for (privacy, shown) in [
        ("full", nobody.clone()),
        ("uri-network", nobody),
        ("name", party("+492", "Bob")),
        ("off", party("+492", "Old")),
    ] {
        let rpid = format!("\"Old\" <sip:+492@h>;party=calling;privacy={privacy}");
        assert_eq!(caller(&[("Remote-Party-ID", &rpid)]), shown, "{privacy}");
    }
}

// JsSIP #938, #560; SIP.js #560: a strict grammar of From and Contact dropped calls.
#[test]
fn strange_addresses_do_not_lose_the_call() {
    for (from, number, name) in [
        ("sip:+491@h;tag=bob", "+491", ""),
        ("Bob Doe <sip:bob@h>;tag=bob", "bob", "Bob Doe"),
        ("\"M\u{fc}ller, J. <\\\"JJ\\\">\" <sip:j@h>;tag=bob", "j", "M\u{fc}ller, J. <\"JJ\">"),
        ("\"\" <sip:bob@h>;tag=bob", "bob", ""),
        ("Bob<sip:bob@h>;tag=bob", "bob", "Bob"),
        ("<tel:+491;phone-context=x>;tag=bob", "+491", ""),
        ("<sip:%23*bob@[2001:db8::1]:5060;user=phone>;tag=bob;x=\"y;z\"", "#*bob", ""),
        ("<sip:h>;tag=bob", "", ""),
        ("\"Bob\" <sip:_under_score_@my_host>;tag=bob", "_under_score_", "Bob"),
        ("<sip:bob@h>", "bob", ""),
    ] {
        assert_eq!(caller(&[("From", from)]), party(number, name), "{from}");
    }
    for contact in [
        "sip:bob@203.0.113.9:5062;transport=udp",
        "<sip:203.0.113.9>",
        "\"Bob, at work\" <sip:bob@203.0.113.9>;expires=60;+sip.instance=\"<urn:uuid:1>\"",
        "<sip:bob:secret@[2001:db8::1]:5062;ob;gr=urn:uuid:f8>;+x",
        "<sip:a%20b;param=1@h?header=x>",
    ] {
        assert_eq!(caller(&[("Contact", contact)]), party("bob", "Bob"), "{contact}");
    }
}

#[test]
fn a_diverted_call_names_who_was_called_first() {
    let diverted = |headers: &[(&str, &str)]| incoming(headers).1.diverted_by;
    assert_eq!(diverted(&[]), None);
    let last = ("Diversion", "\"Second\" <sip:2@h>;reason=no-answer");
    let first = ("Diversion", "\"First\" <sip:1@h>;reason=user-busy;counter=1");
    assert_eq!(diverted(&[last, first]), Some(party("1", "First")));
    assert_eq!(diverted(&[("Diversion", "<sip:1@h>;privacy=full")]), Some(Party::default()));
    let history = "<sip:1@h?Reason=SIP%3Bcause%3D302>;index=1, <sip:alice@example.com>;index=1.1";
    assert_eq!(diverted(&[("History-Info", history)]), Some(party("1", "")));
    let by_cause = "<sip:1@h>;index=1, <sip:2@h;cause=302>;index=1.1, <sip:a@h>;index=1.1.1";
    assert_eq!(diverted(&[("History-Info", by_cause)]), Some(party("1", "")));
    let hidden = "<sip:1@h?Reason=SIP%3Bcause%3D486&Privacy=history>;index=1, <sip:a@h>;index=1.1";
    assert_eq!(diverted(&[("History-Info", hidden)]), Some(Party::default()));
    let only_routed = "<sip:alice@example.com>;index=1, <sip:alice@device>;index=1.1;rc=1";
    assert_eq!(diverted(&[("History-Info", only_routed)]), None);
}

#[test]
fn a_transferred_call_names_who_sent_it() {
    let referred = ("Referred-By", "\"Carol\" <sip:carol@h>;cid=\"1@h\"");
    assert_eq!(incoming(&[referred]).1.referred_by, Some(party("carol", "Carol")));
    assert_eq!(incoming(&[("Referred-By", "<")]).1.referred_by, None);
}

#[test]
fn who_reacts_is_told_when_it_is_news() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let asserted =
        |status, id: &str| reply(&invite, status, "Something").with("P-Asserted-Identity", id);
    script.receive(asserted(180, "<sip:600@example.com>"));
    assert_eq!(script.event(), Event::Progress { call, status: 180, early_media: false });
    script.receive(asserted(181, "\"Desk\" <sip:601@example.com>"));
    assert_eq!(script.event(), Event::Identity { call, party: party("601", "Desk") });
    assert_eq!(script.event(), Event::Progress { call, status: 181, early_media: false });
    script.receive(asserted(180, "\"Desk\" <sip:601@example.com>"));
    script.event();
    script.quiet();
    let ok = reply(&invite, 200, "OK").with_sdp(ANSWER);
    let id = "\"Bob\" <sip:602@h>;party=called;privacy=off";
    script.receive(
        ok.with("Remote-Party-ID", "<sip:alice@h>;party=calling").with("Remote-Party-ID", id),
    );
    script.sent_request(Method::ACK);
    assert_eq!(script.event(), Event::Identity { call, party: party("602", "Bob") });
    assert_eq!(script.event(), Event::Answered(call));
}

#[test]
fn an_early_update_tells_who_it_is_too() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let ringing = reply(&invite, 180, "Ringing");
    script.receive(ringing.clone());
    script.event();
    let mut peer = Peer::callee(&invite, &ringing);
    let id = "\"Desk\" <sip:601@h>";
    script.receive(peer.request(Method::UPDATE).with("P-Asserted-Identity", id));
    script.sent_response(200);
    assert_eq!(script.event(), Event::Identity { call, party: party("601", "Desk") });
    let id = "<sip:me@h>;party=called, \"Bob\" <sip:602@h>;party=calling";
    script.receive(peer.request(Method::UPDATE).with("Remote-Party-ID", id));
    script.sent_response(200);
    assert_eq!(script.event(), Event::Identity { call, party: party("602", "Bob") });
    script.receive(peer.request(Method::UPDATE));
    script.sent_response(200);
    script.quiet();
}

#[test]
fn who_reacts_and_must_not_be_known_is_not_told() {
    let mut script = Script::connected();
    let (call, invite) = script.dial("600");
    let ringing = reply(&invite, 180, "Ringing").with("P-Asserted-Identity", "<sip:601@h>");
    script.receive(ringing.with("Privacy", "id"));
    script.receive(reply(&invite, 180, "Ringing").with("P-Asserted-Identity", "broken>"));
    assert_eq!(script.event(), Event::Progress { call, status: 180, early_media: false });
    script.quiet();
}

fn call_as(identity_headers: &[IdentityHeader], id: Option<&str>) -> (Script, CallId, Request) {
    let identity_headers = identity_headers.to_vec();
    let mut script = Script::new(Config { identity_headers, ..config() });
    script.input(Input::Connected);
    let call = script.new_call();
    let caller_id = id.map(str::to_owned);
    script.command(Command::Invite { call, target: "600".into(), caller_id });
    script.media_done(Ok(OFFER.into()));
    let invite = script.sent_request(Method::INVITE);
    (script, call, invite)
}

/// The four headers that may say who calls.
fn identity(invite: &Request) -> [Option<&str>; 4] {
    let from = invite.headers.get("From").and_then(|from| from.split(";tag=").next());
    let others = ["P-Preferred-Identity", "P-Asserted-Identity", "Remote-Party-ID"];
    let [preferred, asserted, remote] = others.map(|name| invite.headers.get(name));
    [preferred, asserted, remote, from]
}

const OWN: Option<&str> = Some("\"Alice\" <sip:alice@example.com>");
const ID: Option<&str> = Some("<sip:+491@example.com>");

#[test]
fn a_rejected_caller_id_is_tried_in_the_next_header() {
    use IdentityHeader::{AssertedIdentity, From, Nothing, PreferredIdentity, RemotePartyId};
    let order = [PreferredIdentity, AssertedIdentity, RemotePartyId, From, Nothing];
    let (mut script, call, mut invite) = call_as(&order, Some("+491"));
    let remote = Some("<sip:+491@example.com>;party=calling;screen=no;privacy=off");
    let tag = invite.headers.get("From").unwrap().split(";tag=").nth(1).unwrap().to_owned();
    for (tried, status) in [
        ([ID, None, None, OWN], 403),
        ([None, ID, None, OWN], 428),
        ([None, None, remote, OWN], 438),
        ([None, None, None, ID], 400),
    ] {
        assert_eq!(identity(&invite), tried);
        script.receive(reply(&invite, 100, "Trying"));
        script.receive(reply(&invite, status, "Not so"));
        script.sent_request(Method::ACK);
        invite = script.sent_request(Method::INVITE);
        assert!(invite.headers.get("From").unwrap().ends_with(&*format!(";tag={tag}")));
    }
    assert_eq!(identity(&invite), [None, None, None, OWN]);
    assert_eq!(invite.headers.get("CSeq"), Some("5 INVITE"));
    script.receive(reply(&invite, 403, "Forbidden"));
    script.sent_request(Method::ACK);
    assert_eq!(script.ended(call).reason, EndReason::Forbidden);
    script.quiet();
    script.idle();
}

/// Calls somebody, and returns the INVITE.
fn call_again(script: &mut Script, caller_id: &str) -> (CallId, Request) {
    let call = script.new_call();
    let caller_id = Some(caller_id.to_owned());
    script.command(Command::Invite { call, target: "601".into(), caller_id });
    script.media_done(Ok(OFFER.into()));
    (call, script.sent_request(Method::INVITE))
}

fn refuse(script: &mut Script, invite: &Request) {
    script.receive(reply(invite, 403, "Forbidden"));
    script.sent_request(Method::ACK);
}

#[test]
fn the_header_in_which_a_caller_id_got_through_is_tried_first_from_then_on() {
    let (mut script, call, invite) = call_as(&config().identity_headers, Some("+491"));
    refuse(&mut script, &invite);
    let second = script.sent_request(Method::INVITE);
    assert_eq!(identity(&second), [None, ID, None, OWN]);
    script.receive(reply(&second, 180, "Ringing"));
    script.event();
    script.receive(reply(&second, 486, "Busy"));
    script.sent_request(Method::ACK);
    script.ended(call);

    let (call, invite) = call_again(&mut script, "+491");
    assert_eq!(identity(&invite), [None, ID, None, OWN]);
    let (_, other) = call_again(&mut script, "+492");
    let [preferred, asserted, ..] = identity(&other);
    assert_eq!((preferred, asserted), (Some("<sip:+492@example.com>"), None), "not learnt yet");

    // Refused everywhere: the next call begins from the start.
    refuse(&mut script, &invite);
    for _ in 0..2 {
        let invite = script.sent_request(Method::INVITE);
        refuse(&mut script, &invite);
    }
    assert_eq!(script.ended(call).reason, EndReason::Forbidden);
    let (_, invite) = call_again(&mut script, "+491");
    assert_eq!(identity(&invite), [ID, None, None, OWN]);
}

#[test]
fn each_status_that_may_mean_the_caller_id_is_known() {
    for status in [400, 403, 428, 433, 436, 437, 438] {
        let (mut script, _, invite) = call_as(&config().identity_headers, Some("+491"));
        script.receive(reply(&invite, status, "No"));
        script.sent_request(Method::ACK);
        assert_eq!(
            identity(&script.sent_request(Method::INVITE)),
            [None, ID, None, OWN],
            "{status}"
        );
    }
    for status in [404, 480, 486, 488, 500, 503, 603, 606] {
        let (mut script, call, invite) = call_as(&config().identity_headers, Some("+491"));
        script.receive(reply(&invite, status, "No"));
        script.sent_request(Method::ACK);
        assert_eq!(script.ended(call).status, Some(status));
        script.quiet();
    }
}

#[test]
fn a_call_that_has_alerted_was_not_refused_for_its_caller_id() {
    let (mut script, call, invite) = call_as(&config().identity_headers, Some("+491"));
    script.receive(reply(&invite, 180, "Ringing"));
    script.event();
    script.receive(reply(&invite, 403, "Forbidden"));
    script.sent_request(Method::ACK);
    assert_eq!(script.ended(call).reason, EndReason::Forbidden);
    script.quiet();
}

#[test]
fn a_call_without_a_caller_id_is_made_once_and_as_oneself() {
    for id in [None, Some("")] {
        let (mut script, call, invite) = call_as(&[IdentityHeader::From], id);
        assert_eq!(identity(&invite), [None, None, None, OWN]);
        script.receive(reply(&invite, 403, "Forbidden"));
        script.sent_request(Method::ACK);
        assert_eq!(script.ended(call).reason, EndReason::Forbidden);
        script.quiet();
    }
    let (_, _, invite) = call_as(&[], Some("+491"));
    assert_eq!(identity(&invite), [None, None, None, OWN]);
}
