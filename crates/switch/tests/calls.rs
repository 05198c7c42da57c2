//! Calls between two clients through the proxy.

mod support;

use std::time::Duration;

use ringlet_switch::{Config, Switch};
use support::{Client, Leg, Sip, ack, cancel, start};

/// Two registered agents with a call set up from the first to the second.
async fn in_call(switch: &Switch) -> (Client, Leg, Client, Leg) {
    let mut caller = Client::registered(switch, 1).await;
    let mut callee = Client::registered(switch, 2).await;
    caller.invite("agent2", "offer").await;
    caller.receive_code(100).await;
    let invite = callee.receive_request("INVITE").await;
    callee.respond(&invite, "180 Ringing", ";tag=callee", "").await;
    caller.receive_code(180).await;
    callee.respond(&invite, "200 OK", ";tag=callee", "answer").await;
    let answer = caller.receive_code(200).await;
    assert_eq!(answer.body(), "answer");
    let mut caller_leg = Leg::of_caller(&answer);
    caller.in_dialog(&mut caller_leg, "ACK").await;
    callee.receive_request("ACK").await;
    let callee_leg = Leg::of_callee(&invite, ";tag=callee");
    (caller, caller_leg, callee, callee_leg)
}

#[tokio::test]
async fn the_callee_gets_the_invite_as_it_was_sent_but_for_the_proxys_headers() {
    let switch = start().await;
    let mut caller = Client::registered(&switch, 1).await;
    let mut callee = Client::registered(&switch, 2).await;
    let sent = caller.invite("agent2", "v=0\r\n").await;
    caller.receive_code(100).await;
    let invite = callee.receive_request("INVITE").await;
    let contact = "sip:agent2@agent2client.invalid;transport=ws";
    assert_eq!(invite.start_line(), format!("INVITE {contact} SIP/2.0"));
    for name in ["From", "To", "Call-ID", "CSeq", "Contact", "Content-Type"] {
        assert_eq!(invite.headers(name), sent.headers(name), "{name}");
    }
    assert_eq!((invite.body(), invite.header("Max-Forwards")), ("v=0\r\n", "69"));
    assert_eq!((invite.headers("Via").len(), invite.headers("Record-Route").len()), (2, 1));
    assert!(invite.headers("Proxy-Authorization").is_empty(), "credentials stay here");
    switch.shutdown().await;
}

#[tokio::test]
async fn requests_in_the_dialog_go_both_ways_and_either_side_hangs_up() {
    let switch = start().await;
    for caller_hangs_up in [true, false] {
        let (mut caller, mut caller_leg, mut callee, mut callee_leg) = in_call(&switch).await;
        for method in ["INFO", "UPDATE", "OPTIONS", "REFER", "NOTIFY", "MESSAGE"] {
            exchange(&mut caller, &mut caller_leg, &mut callee, method).await;
            exchange(&mut callee, &mut callee_leg, &mut caller, method).await;
        }
        if caller_hangs_up {
            exchange(&mut caller, &mut caller_leg, &mut callee, "BYE").await;
        } else {
            exchange(&mut callee, &mut callee_leg, &mut caller, "BYE").await;
        }
        // The dialog is gone.
        caller.in_dialog(&mut caller_leg, "INFO").await;
        caller.receive_code(481).await;
        // Nor is a hung-up call ended again when a socket closes.
        drop(caller);
        callee.assert_silence().await;
    }
    switch.shutdown().await;
}

#[tokio::test]
async fn a_re_invite_is_relayed_acknowledged_and_may_be_refused_or_cancelled() {
    let switch = start().await;
    let (mut caller, mut caller_leg, mut callee, mut callee_leg) = in_call(&switch).await;

    callee.in_dialog(&mut callee_leg, "INVITE").await;
    callee.receive_code(100).await;
    let invite = caller.receive_request("INVITE").await;
    caller.respond(&invite, "200 OK", "", "held").await;
    callee.receive_code(200).await;
    callee.in_dialog(&mut callee_leg, "ACK").await;
    caller.receive_request("ACK").await;

    caller.in_dialog(&mut caller_leg, "INVITE").await;
    caller.receive_code(100).await;
    let invite = callee.receive_request("INVITE").await;
    callee.respond(&invite, "491 Request Pending", "", "").await;
    // The proxy acknowledges the refusal itself; the caller's ACK stays with the proxy.
    callee.receive_request("ACK").await;
    let refusal = caller.receive_code(491).await;
    caller.send(ack(&refusal_request(&refusal, &caller_leg), &refusal)).await;
    callee.assert_silence().await;

    caller.in_dialog(&mut caller_leg, "INVITE").await;
    let trying = caller.receive_code(100).await;
    let invite = callee.receive_request("INVITE").await;
    callee.respond(&invite, "180 Ringing", "", "").await;
    caller.receive_code(180).await;
    caller.send(cancel(&refusal_request(&trying, &caller_leg))).await;
    caller.receive_code(200).await;
    let cancelled = callee.receive_request("CANCEL").await;
    callee.respond(&cancelled, "200 OK", "", "").await;
    callee.respond(&invite, "487 Request Terminated", "", "").await;
    callee.receive_request("ACK").await;
    caller.receive_code(487).await;
    switch.shutdown().await;
}

#[tokio::test]
async fn a_request_that_ignores_the_record_route_is_not_relayed() {
    let switch = start().await;
    let (mut caller, mut leg, mut callee, _) = in_call(&switch).await;
    leg.routes.clear();
    caller.in_dialog(&mut leg, "BYE").await;
    caller.receive_code(404).await;
    callee.assert_silence().await;
    switch.shutdown().await;
}

#[tokio::test]
async fn a_stranger_cannot_hang_up_somebody_elses_call() {
    let switch = start().await;
    let (_caller, leg, mut callee, _) = in_call(&switch).await;
    let mut stranger = Client::registered(&switch, 3).await;
    stranger.in_dialog(&mut leg.clone(), "BYE").await;
    stranger.receive_code(481).await;
    callee.assert_silence().await;
    switch.shutdown().await;
}

#[tokio::test]
async fn all_bindings_ring_and_the_ones_that_lose_learn_why() {
    let switch = start().await;
    let mut caller = Client::registered(&switch, 1).await;
    let mut phones = Vec::new();
    for name in ["a", "b", "c"] {
        let mut phone = Client::connect(&switch, 2).await;
        // Three contacts of one user.
        let plain = phone.register_text(1, "");
        phone.send(plain).await;
        let challenge = phone.receive_code(401).await;
        let answer = phone.credentials(
            &challenge,
            "WWW-Authenticate",
            "MD5",
            "REGISTER",
            "sip:ringlet.demo",
        );
        let text = phone.register_text(2, &format!("Authorization: {answer}\r\n"));
        phone.send(text.replace("agent2client", name)).await;
        phone.receive_code(200).await;
        phones.push(phone);
    }
    caller.invite("agent2", "offer").await;
    caller.receive_code(100).await;
    let mut invites = Vec::new();
    for phone in &mut phones {
        invites.push(phone.receive_request("INVITE").await);
    }
    phones[0].respond(&invites[0], "180 Ringing", ";tag=a", "").await;
    caller.receive_code(180).await;
    phones[2].respond(&invites[2], "486 Busy Here", ";tag=c", "").await;
    phones[2].receive_request("ACK").await;
    phones[1].respond(&invites[1], "200 OK", ";tag=b", "answer").await;
    let answer = caller.receive_code(200).await;
    assert!(answer.header("To").ends_with(";tag=b"));

    let reason = "SIP;cause=200;text=\"Call completed elsewhere\"";
    let cancelled = phones[0].receive_request("CANCEL").await;
    assert_eq!(cancelled.header("Reason"), reason);
    assert_eq!(cancelled.headers("Via"), &invites[0].headers("Via")[..1]);
    phones[0].respond(&cancelled, "200 OK", "", "").await;
    phones[0].respond(&invites[0], "487 Request Terminated", ";tag=a", "").await;
    phones[0].receive_request("ACK").await;
    caller.assert_silence().await;
    phones[2].assert_silence().await;
    switch.shutdown().await;
}

#[tokio::test]
async fn a_cancelled_call_stops_ringing_with_the_callers_reason() {
    let switch = start().await;
    let mut caller = Client::registered(&switch, 1).await;
    let mut callee = Client::registered(&switch, 2).await;
    let sent = caller.invite("agent2", "offer").await;
    caller.receive_code(100).await;
    let invite = callee.receive_request("INVITE").await;
    // Cancelled before any answer: the CANCEL waits for one.
    let text = cancel(&sent).replace("Content-Length", "Reason: SIP;cause=600\r\nContent-Length");
    caller.send(text).await;
    caller.receive_code(200).await;
    callee.assert_silence().await;
    callee.respond(&invite, "180 Ringing", ";tag=callee", "").await;
    let cancelled = callee.receive_request("CANCEL").await;
    assert_eq!(cancelled.header("Reason"), "SIP;cause=600");
    callee.respond(&cancelled, "200 OK", "", "").await;
    callee.respond(&invite, "487 Request Terminated", ";tag=callee", "").await;
    callee.receive_request("ACK").await;
    let ended = caller.receive_code(487).await;
    caller.send(ack(&sent, &ended)).await;
    caller.send(cancel(&Sip(sent.0.replace("z9hG4bK", "z9hG4bKother")))).await;
    caller.receive_code(481).await;
    switch.shutdown().await;
}

#[tokio::test]
async fn an_answer_that_crosses_the_cancel_reaches_the_caller() {
    let switch = start().await;
    let mut caller = Client::registered(&switch, 1).await;
    let mut callee = Client::registered(&switch, 2).await;
    let sent = caller.invite("agent2", "offer").await;
    caller.receive_code(100).await;
    let invite = callee.receive_request("INVITE").await;
    callee.respond(&invite, "180 Ringing", ";tag=callee", "").await;
    caller.receive_code(180).await;
    caller.send(cancel(&sent)).await;
    caller.receive_code(200).await;
    callee.receive_request("CANCEL").await;
    callee.respond(&invite, "200 OK", ";tag=callee", "answer").await;
    let mut leg = Leg::of_caller(&caller.receive_code(200).await);
    caller.in_dialog(&mut leg, "ACK").await;
    callee.receive_request("ACK").await;
    exchange(&mut caller, &mut leg, &mut callee, "BYE").await;
    switch.shutdown().await;
}

#[tokio::test]
async fn the_callees_own_words_reach_the_caller() {
    let switch = start().await;
    let mut caller = Client::registered(&switch, 1).await;
    let mut callee = Client::registered(&switch, 2).await;
    let sent = caller.invite("agent2", "offer").await;
    caller.receive_code(100).await;
    let invite = callee.receive_request("INVITE").await;
    callee.respond(&invite, "603 Gone fishing", ";tag=callee", "").await;
    callee.receive_request("ACK").await;
    let declined = caller.receive().await;
    assert_eq!(declined.start_line(), "SIP/2.0 603 Gone fishing");
    assert_eq!(declined.headers("Via").len(), 1);
    caller.send(ack(&sent, &declined)).await;
    callee.assert_silence().await;
    switch.shutdown().await;
}

#[tokio::test]
async fn a_call_nobody_answers_ends() {
    let config = Config { ring_timeout: Duration::from_millis(300), ..Config::demo() };
    let switch = Switch::start(config).await.unwrap();
    let mut caller = Client::registered(&switch, 1).await;
    let mut callee = Client::registered(&switch, 2).await;
    caller.invite("agent2", "offer").await;
    caller.receive_code(100).await;
    callee.receive_request("INVITE").await;
    // Not even a provisional answer.
    caller.receive_code(408).await;

    caller.invite("agent2", "offer").await;
    caller.receive_code(100).await;
    let invite = callee.receive_request("INVITE").await;
    callee.respond(&invite, "180 Ringing", ";tag=callee", "").await;
    caller.receive_code(180).await;
    callee.receive_request("CANCEL").await;
    switch.shutdown().await;
}

#[tokio::test]
async fn nobody_calls_under_another_name_or_without_the_password() {
    let switch = start().await;
    let mut caller = Client::registered(&switch, 1).await;
    let call_id = caller.unique();
    let first = caller.invite_text("agent2", &call_id, 1, "", "");
    let forged = first.0.replace("From: \"Caller\" <sip:agent1@", "From: <sip:agent3@");
    caller.send(forged.clone()).await;
    let challenge = caller.receive_code(407).await;
    let uri = "sip:agent2@ringlet.demo";
    let answer = caller.credentials(&challenge, "Proxy-Authenticate", "SHA-256", "INVITE", uri);
    let header = format!("Proxy-Authorization: {answer}\r\nContent-Length");
    caller.send(forged.replace("Content-Length", &header)).await;
    caller.receive_code(403).await;

    caller.password = "guess".into();
    caller.invite("agent2", "").await;
    caller.receive_code(407).await;
    switch.shutdown().await;
}

#[tokio::test]
async fn when_nobody_returns_to_a_call_the_other_side_gets_a_bye() {
    let config = Config { return_time: Duration::from_millis(300), ..Config::demo() };
    let switch = Switch::start(config).await.unwrap();
    let (caller, _, mut callee, mut callee_leg) = in_call(&switch).await;
    drop(caller);
    let bye = callee.receive_request("BYE").await;
    assert_eq!(bye.uri("From"), "sip:agent1@ringlet.demo");
    assert!(bye.header("To").ends_with(";tag=callee"));
    assert_eq!(bye.header("CSeq"), "3 BYE");
    callee.respond(&bye, "200 OK", "", "").await;
    callee.in_dialog(&mut callee_leg, "BYE").await;
    callee.receive_code(481).await;
    drop(callee);

    let (mut caller, leg, callee, _) = in_call(&switch).await;
    drop(callee);
    let bye = caller.receive_request("BYE").await;
    assert_eq!(
        (bye.header("From"), bye.header("To")),
        (leg.dialog.remote.as_str(), leg.dialog.local.as_str())
    );
    switch.shutdown().await;
}

#[tokio::test]
async fn a_party_that_lost_its_socket_goes_on_in_its_call_on_another() {
    let switch = start().await;
    let (caller, mut caller_leg, mut callee, mut callee_leg) = in_call(&switch).await;
    drop(caller);
    // Until the switch has noticed, the request would go to the lost socket and wait.
    tokio::time::sleep(Duration::from_millis(200)).await;
    callee.in_dialog(&mut callee_leg, "INFO").await;
    callee.receive_code(480).await;

    let mut caller = Client::registered(&switch, 1).await;
    exchange(&mut caller, &mut caller_leg, &mut callee, "INFO").await;
    exchange(&mut callee, &mut callee_leg, &mut caller, "INFO").await;

    // Nobody else may join by knowing the tags while the party is there.
    let mut other = Client::registered(&switch, 3).await;
    other.in_dialog(&mut caller_leg, "INFO").await;
    other.receive_code(481).await;
    switch.shutdown().await;
}

#[tokio::test]
async fn a_call_that_is_hung_up_does_not_wait_for_the_party_that_is_lost() {
    let switch = start().await;
    let (caller, mut caller_leg, mut callee, mut callee_leg) = in_call(&switch).await;
    drop(caller);
    tokio::time::sleep(Duration::from_millis(200)).await;
    callee.in_dialog(&mut callee_leg, "BYE").await;
    callee.receive_code(200).await;
    let mut caller = Client::registered(&switch, 1).await;
    caller.in_dialog(&mut caller_leg, "INFO").await;
    caller.receive_code(481).await;
    switch.shutdown().await;
}

#[tokio::test]
async fn when_the_caller_is_lost_while_it_rings_the_callee_is_cancelled() {
    let switch = start().await;
    let mut caller = Client::registered(&switch, 1).await;
    let mut callee = Client::registered(&switch, 2).await;
    caller.invite("agent2", "offer").await;
    caller.receive_code(100).await;
    let invite = callee.receive_request("INVITE").await;
    callee.respond(&invite, "180 Ringing", ";tag=callee", "").await;
    caller.receive_code(180).await;
    drop(caller);
    callee.receive_request("CANCEL").await;
    // Too late: answered all the same. The call nobody wants is ended.
    callee.respond(&invite, "200 OK", ";tag=callee", "answer").await;
    let ack = callee.receive_request("ACK").await;
    assert_eq!(ack.header("CSeq"), "2 ACK");
    callee.receive_request("BYE").await;
    switch.shutdown().await;
}

#[tokio::test]
async fn when_the_callee_is_lost_while_it_rings_the_caller_gets_480() {
    let switch = start().await;
    let mut caller = Client::registered(&switch, 1).await;
    let mut callee = Client::registered(&switch, 2).await;
    caller.invite("agent2", "offer").await;
    caller.receive_code(100).await;
    let invite = callee.receive_request("INVITE").await;
    callee.respond(&invite, "180 Ringing", ";tag=callee", "").await;
    caller.receive_code(180).await;
    drop(callee);
    caller.receive_code(480).await;
    switch.shutdown().await;
}

/// Sends a request one way and its 200 back.
async fn exchange(from: &mut Client, leg: &mut Leg, to: &mut Client, method: &str) {
    from.in_dialog(leg, method).await;
    let request = to.receive_request(method).await;
    assert!(request.headers("Route").is_empty());
    to.respond(&request, "200 OK", "", "").await;
    let answer = from.receive_code(200).await;
    assert_eq!(answer.headers("Via").len(), 1);
    assert!(answer.header("CSeq").ends_with(method));
}

/// The request a response answers, as far as its transaction goes.
fn refusal_request(response: &Sip, leg: &Leg) -> Sip {
    let (via, _) = response.header("Via").split_once(";received").expect("a noted source");
    let cseq = response.header("CSeq");
    Sip(format!(
        "INVITE {} SIP/2.0\r\nVia: {via}\r\nFrom: {}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {cseq}\r\n\r\n",
        leg.dialog.target, leg.dialog.local, leg.dialog.remote, leg.dialog.call_id
    ))
}
