use super::registration::{next_register, pings_only, registered, started};
use ringlet_sip::message::{Method, Request};
use ringlet_sip::{Command, RegistrationError, RegistrationState};
use ringlet_testkit::{ANSWER, Build, OFFER, Peer, Script, reply};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const PUBLIC: &str = "sip:alice@example.com;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const PASSING: &str = "sip:tgruu.7hs==jd7vnzga5w7fajsc7@example.com;gr";
const INSTANCE: &str = "+sip.instance=\"<urn:uuid:F81D4FAE-7dec-11d0-a765-00a0c91e6bf6>\"";

/// An agent whose registrar has answered with these Contacts. `OURS` is the agent's address.
fn answered(contacts: &[&str]) -> (Script, Request) {
    let (mut script, register) = started();
    let ours = register.headers.get("Contact").expect("a Contact");
    let ours = ours.split(";+sip").next().unwrap_or_default();
    let mut ok = reply(&register, 200, "OK").without("Contact").with("Expires", "700");
    for contact in contacts {
        ok = ok.with("Contact", &contact.replace("OURS", ours));
    }
    script.receive(ok);
    (script, register)
}

fn contact_of_a_call(script: &mut Script) -> String {
    let (_, invite) = script.dial("600");
    invite.headers.get("Contact").expect("a Contact").to_owned()
}

#[test]
fn a_gruu_and_a_path_are_asked_for() {
    let (_, register) = started();
    assert!(register.headers.lists("Supported", "gruu"));
    assert!(register.headers.lists("Supported", "path"));
}

// rsip cuts `gr=urn:uuid:…` at the colon.
#[test]
fn a_public_gruu_is_the_contact_of_calls() {
    let binding = format!("OURS;expires=600;temp-gruu=\"{PASSING}\";pub-gruu=\"{PUBLIC}\"");
    let (mut script, _) = answered(&["<sip:other@h>;pub-gruu=\"sip:x@h;gr=1\"", &binding]);
    assert_eq!(script.registration(), registered(600));
    assert_eq!(contact_of_a_call(&mut script), format!("<{PUBLIC}>"));

    script.receive(Peer::caller("in").invite(Some(OFFER)));
    let ringing = script.sent_response(180);
    assert_eq!(ringing.headers.get("Contact"), Some(&*format!("<{PUBLIC}>")));
}

#[test]
fn requests_to_the_gruu_reach_the_call() {
    let (mut script, _) = answered(&[&format!("OURS;pub-gruu=\"{PUBLIC}\"")]);
    script.registration();
    let (_, invite) = script.dial("600");
    let ok = reply(&invite, 200, "OK").with_sdp(ANSWER);
    script.receive(ok.clone());
    script.sent_request(Method::ACK);
    let bye = Peer::callee(&invite, &ok).request(Method::BYE);
    assert_eq!(bye.uri, PUBLIC);
    script.receive(bye);
    script.sent_response(200);
}

#[test]
fn a_passing_gruu_serves_where_there_is_no_public_one() {
    let (mut script, _) = answered(&[&format!("OURS;temp-gruu=\"{PASSING}\"")]);
    assert_eq!(contact_of_a_call(&mut script), format!("<{PASSING}>"));
}

#[test]
fn without_a_sound_gruu_calls_stay_on_this_flow() {
    for gruu in
        ["", ";pub-gruu", ";pub-gruu=\"\"", ";pub-gruu=\"nothing\"", ";pub-gruu=\"sip:a>@h\""]
    {
        let (mut script, _) = answered(&[&format!("OURS;expires=600{gruu}")]);
        assert_eq!(script.registration(), registered(600), "{gruu}");
        let contact = contact_of_a_call(&mut script);
        assert!(contact.ends_with(".invalid;transport=ws;ob>"), "{contact}");
    }
}

#[test]
fn a_gruu_goes_with_its_registration() {
    let (mut script, _) = answered(&[&format!("OURS;pub-gruu=\"{PUBLIC}\"")]);
    script.registration();
    script.pass(Duration::from_secs(595));
    let refresh = next_register(&mut script);
    script.receive(reply(&refresh, 200, "OK"));
    script.registration();
    assert!(contact_of_a_call(&mut script).ends_with(";ob>"));

    let (mut script, _) = answered(&[&format!("OURS;pub-gruu=\"{PUBLIC}\"")]);
    script.registration();
    script.command(Command::Unregister);
    let unregister = script.sent_request(Method::REGISTER);
    script.receive(reply(&unregister, 200, "OK"));
    script.registration();
    assert!(contact_of_a_call(&mut script).ends_with(";ob>"));
}

#[test]
fn our_binding_is_found_among_those_of_other_devices() {
    let other = "<sip:bob@h>;expires=9;+sip.instance=\"<urn:uuid:1>\";reg-id=1";
    let rewritten = |rest: &str| format!("<sip:edge@192.0.2.1>;{INSTANCE}{rest}");
    for (contacts, seconds) in [
        // By address.
        (vec![other, "OURS;expires=60"], 60),
        (vec!["OURS;expires=60", &rewritten(";expires=9")], 60),
        // By device and flow.
        (vec![other, &rewritten(";reg-id=1;expires=80")], 80),
        (vec![&rewritten(";reg-id=2;expires=9"), &rewritten(";expires=80")], 80),
        // It is the only one, although a server has put its own address there.
        (vec!["<sip:edge@192.0.2.1>;expires=70"], 70),
        // None is ours, or says how long: the header does.
        (vec![other, "<sip:carol@h>;expires=9"], 700),
        (vec!["OURS"], 700),
        (vec!["OURS;expires=soon"], 700),
        (vec![], 700),
        // What throws in JsSIP.
        (vec!["*"], 700),
    ] {
        let (mut script, _) = answered(&contacts);
        assert_eq!(script.registration(), registered(seconds), "{contacts:?}");
    }
}

#[test]
fn a_server_that_says_nothing_grants_what_was_asked() {
    let (mut script, register) = started();
    script.receive(reply(&register, 200, "OK").without("Contact"));
    assert_eq!(script.registration(), registered(600));
}

#[test]
fn a_binding_of_no_time_is_none() {
    let (mut script, _) = answered(&["OURS;expires=0"]);
    let RegistrationState::Failed { error, retry_in: Some(_) } = script.registration() else {
        panic!("a failure with a retry");
    };
    assert_eq!(error, RegistrationError::Status(200, "OK".into()));
}

#[test]
fn a_binding_for_ever_is_kept_without_trouble() {
    let (mut script, _) = answered(&["OURS;expires=4294967295"]);
    assert_eq!(script.registration(), registered(4_294_967_295));
    script.pass(Duration::from_secs(60));
    pings_only(&mut script);
}

#[test]
fn the_refresh_comes_before_the_end_however_short_the_time() {
    for (granted, refresh) in
        [(1, 1000), (4, 4000), (5, 5000), (6, 5100), (20, 17_000), (100, 85_000)]
    {
        let (mut script, _) = answered(&[&format!("OURS;expires={granted}")]);
        assert_eq!(script.registration(), registered(granted));
        script.pass(Duration::from_millis(refresh - 1));
        pings_only(&mut script);
        script.pass(Duration::from_millis(1));
        next_register(&mut script);
    }
}

#[test]
fn a_service_route_goes_with_its_registration() {
    let (mut script, register) = started();
    let route = "<sip:edge.example.com;lr>";
    let ok = reply(&register, 200, "OK").with("Service-Route", route);
    // Path is how the registrar reaches us, and none of our business.
    script.receive(ok.with("Path", "<sip:path.example.com;lr;ob>"));
    script.registration();
    let (_, invite) = script.dial("600");
    assert_eq!(invite.headers.all("Route").collect::<Vec<_>>(), [route]);
    script.pass(Duration::from_secs(510));
    let refresh = next_register(&mut script);
    assert_eq!(refresh.headers.get("Route"), None);
    script.receive(reply(&refresh, 200, "OK"));
    let call = script.new_call();
    script.command(Command::Invite { call, target: "601".into(), caller_id: None });
    script.media_done(Ok(OFFER.into()));
    assert_eq!(script.sent_request(Method::INVITE).headers.get("Route"), None);
}

// JsSIP throws.
#[test]
fn a_register_for_all_bindings_is_refused() {
    let mut script = Script::connected();
    let register = Peer::caller("odd").request(Method::REGISTER).replacing("Contact", "*");
    script.receive(register);
    let refusal = script.sent_response(405);
    assert!(!refusal.headers.lists("Allow", "REGISTER"));
    script.idle();
}
