//! What the field sends, and other stacks drop calls for (JsSIP #560, #687, #938; SIP.js #419,
//! #560, #737).

use ringlet_sip::Event;
use ringlet_testkit::{Build, Peer, Script};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Whether a call with this header in place of its own rings.
fn rings(name: &str, value: &str) -> bool {
    let mut script = Script::connected();
    let invite = Peer::caller("in").invite(Some("v=0\r\n")).replacing(name, value);
    script.receive(invite);
    matches!(script.event(), Event::Incoming { .. })
}

#[test]
fn a_call_rings_whatever_its_from_looks_like() {
    for from in [
        // A container's host name.
        "\"XXXX\" <sip:101@019f9ae299f5>;tag=1",
        "<sip:#8972010116348137300@203.0.113.5>;tag=1",
        "\"super@user <SUPER USER>\" <sip:0845@under_score>;tag=1",
        "Doe, Jane (Sales) <sip:jane@example.com>;tag=1",
        "J\u{fc}rgen <sip:j@example.com>;tag=1",
        "\"\" <sip:222@test.local>;epid=a22edc020e;tag=1",
        "sip:+4930123@gw;user=phone;tag=1",
        "<tel:+4930123>;tag=1",
        "<sip:@example.com>;tag=1",
    ] {
        assert!(rings("From", from), "{from}");
    }
}

#[test]
fn a_call_rings_whatever_its_contact_looks_like() {
    for contact in [
        "<sip:*#9240@192.0.2.155:5060;transport=udp>",
        "<sip:PBX#1000#905448737777@192.0.2.1>",
        "<sip:asterisk@019f9ae299f5:5060;transport=ws>",
        "sip:a@h;transport=ws",
        "\"Doe, Jane\" <sip:172.31.32.10:4433;transport=wss>;isfocus",
        "<sip:127.0.0.1:443;transport=wss;thinfo=\"VG8+PoIUYHSD/sWA=\">",
        "<sip:a@h;x=y;ob>;+sip.instance=\"<urn:uuid:1>\";expires=60, <sip:b@h>",
    ] {
        assert!(rings("Contact", contact), "{contact}");
    }
}
