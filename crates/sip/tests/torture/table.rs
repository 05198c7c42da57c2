//! Every header with a type: a value that is read, and one that makes the checker say 400.

use ringlet_sip::message::{Verdict, check};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const TABLE: &[(&str, &str, &str)] = &[
    ("Accept", "application/sdp, text/*;q=0.5", "sdp, application/sdp"),
    ("Alert-Info", "<http://h/a.wav>;info=alert-autoanswer, info=x", "<http://h/a.wav"),
    ("Allow", "INVITE, ACK", "INVITE ACK"),
    ("Allow-Events", "dialog, presence.winfo", "dialog/x"),
    ("Answer-Mode", "Auto;require", "Auto now"),
    ("Authorization", "Digest username=\"a\", nc=00000001", "Digest username"),
    ("Call-Info", "<sip:h>;answer-after=0", "<sip:h>;;answer-after=0"),
    ("Diversion", "<tel:+1>;reason=user-busy;counter=1", "tel:+1 <x"),
    ("Event", "dialog;id=7", ";id=7"),
    ("Expires", "3600", "soon"),
    ("History-Info", "<sip:a@h?Reason=SIP%3Bcause%3D302>;index=1", "\"x <sip:a@h>;index=1"),
    ("Min-Expires", "60", "-1"),
    ("Min-SE", "90", "ninety"),
    ("P-Asserted-Identity", "\"A\" <sip:a@h>, <tel:+1>", "A, B <sip:a@h>"),
    ("P-Preferred-Identity", "<sip:a@h>", "< sip:a@h>"),
    ("Path", "<sip:p@h;lr>, <sip:q@h;lr>", "<p>"),
    ("Privacy", "id;critical", ""),
    ("Proxy-Authenticate", "Digest realm=\"a, b\", nonce=\"1\", qop=\"auth,auth-int\"", "a=b"),
    ("RAck", "776656 1 INVITE", "776656 INVITE"),
    ("RSeq", "1", "0"),
    ("Reason", "SIP;cause=200;text=\"x;;y\", Q.850;cause=16", ";cause=200"),
    ("Record-Route", "<sip:p@h;lr;r2=on>", "<sip:p@>"),
    (
        "Refer-To",
        "<sip:b@h;method=INVITE?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2>",
        "sip:b@h?Replaces=x",
    ),
    ("Referred-By", "<sip:r@h>;cid=\"2@h\"", "<sip:r@h"),
    ("Remote-Party-ID", "\"A\" <sip:a@h>;party=calling;screen=yes", "<sip:a@h>;;party=calling"),
    ("Replaces", "x@h;to-tag=1;from-tag=2;early-only", "x@h;to-tag=1"),
    ("Require", "outbound", "out bound"),
    ("Retry-After", "120 (in a meeting);duration=60", "later"),
    ("Route", "<sip:p@h;lr>", "<:p>"),
    ("Service-Route", "<sip:p@h;lr>", "\"p\""),
    ("Session-Expires", "1800;refresher=uac", "half an hour"),
    ("Subscription-State", "terminated;reason=timeout", ";reason=timeout"),
    ("Supported", "timer, path", "timer; path"),
    ("Unsupported", "100rel", "100 rel"),
    ("WWW-Authenticate", "Digest realm=\"a\", nonce=\"1\"", "Digest ="),
    ("Warning", "370 h \"Too slow\"", "37 h \"Too slow\""),
];

fn judge(name: &str, value: &str) -> Verdict {
    let message = format!(
        "INVITE sip:b@h SIP/2.0\r\nVia: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\n\
         From: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\
         Max-Forwards: 70\r\nContact: <sip:a@h>\r\n{name}: {value}\r\n\r\n"
    );
    check(message.as_bytes())
}

#[test]
fn every_header_of_the_table_is_read_or_refused() {
    for (name, sound, malformed) in TABLE {
        assert!(matches!(judge(name, sound), Verdict::Accepted(_)), "{name}: {sound}");
        match judge(name, malformed) {
            Verdict::Rejected { status: 400, reason } => {
                assert!(reason.starts_with(name), "{reason}");
            }
            verdict => panic!("{name}: {malformed}: {verdict:?}"),
        }
    }
}

#[test]
fn what_may_stand_once_stands_once() {
    for (name, value) in [("Max-Forwards", "70"), ("max-forwards", "9")] {
        let Verdict::Rejected { status, reason } = judge(name, value) else { panic!("{name}") };
        assert_eq!(status, 400);
        assert!(reason.ends_with(" appears twice"), "{reason}");
    }
    assert!(matches!(judge("X-Own", ";;,,"), Verdict::Accepted(_)));
}

#[test]
fn an_ack_and_a_response_are_dropped_for_what_others_are_refused_for() {
    let rest = "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n\
        To: <sip:b@h>;tag=2\r\nCall-ID: x\r\nCSeq: 1 ACK\r\nDate: today\r\n\r\n";
    for start_line in ["ACK sip:b@h SIP/2.0", "SIP/2.0 200 OK"] {
        let verdict = check(format!("{start_line}\r\n{rest}").as_bytes());
        assert!(matches!(verdict, Verdict::Dropped { .. }), "{verdict:?}");
    }
}
