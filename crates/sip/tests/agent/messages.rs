use ringlet_sip::message::{
    MAX_HEADERS, MAX_MESSAGE, Message, ParseError, Request, Response, Verdict, check, parse,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const REST: &str = "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n\
    To: <sip:b@h>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n";

fn request(text: &str) -> Request {
    match parse(text.as_bytes()) {
        Ok(Message::Request(request)) => request,
        other => panic!("{other:?}"),
    }
}

fn response(text: &str) -> Response {
    match parse(text.as_bytes()) {
        Ok(Message::Response(response)) => response,
        other => panic!("{other:?}"),
    }
}

fn refused(text: &str) -> ParseError {
    match parse(text.as_bytes()) {
        Err(error) => error,
        Ok(message) => panic!("{message:?}"),
    }
}

#[test]
fn what_is_written_is_read_again() {
    let text =
        format!("INVITE sip:b@h SIP/2.0\r\n{REST}X-Own: as, is\r\nContent-Length: 4\r\n\r\nv=0\n");
    let read = request(&text);
    assert_eq!(read.body, b"v=0\n");
    assert_eq!(read.to_bytes(), text.as_bytes());
}

#[test]
fn the_field_is_met_with_leniency() {
    let text = "\r\n\r\nINVITE sip:b@h SIP/2.0\n\
        v : SIP/2.0/WS a.invalid;branch=z9hG4bK1,\n  SIP/2.0/UDP b\n\
        f: \"A, \\\"B\\\"\" <sip:a@h>;tag=1\n\
        T: sip:b@h\n\
        i: x\n\
        cseq: 0001\t INVITE\n\
        Subject:\n";
    let read = request(text);
    assert_eq!(read.headers.list("Via").count(), 2);
    assert_eq!(read.headers.get("Subject"), Some(""));
    assert_eq!(read.headers.cseq().unwrap().number, 1);
    assert!(read.body.is_empty());
}

#[test]
fn a_phrase_is_kept_even_if_it_is_empty_or_strange() {
    for phrase in ["", "Besetzt, \u{fc}brigens", "Busy   Here"] {
        assert_eq!(response(&format!("SIP/2.0 486 {phrase}\r\n{REST}\r\n")).phrase, phrase);
    }
    assert_eq!(response(&format!("SIP/2.0 486\r\n{REST}\r\n")).status, 486);
    let latin = [b"SIP/2.0 486 Besetzt, \xfcbrigens\r\n", REST.as_bytes()].concat();
    let latin = [&latin, &b"Content-Length: 0\r\n\r\n"[..]].concat();
    let Ok(Message::Response(read)) = parse(&latin) else { panic!("it parses") };
    assert_eq!(read.to_bytes(), latin);
}

#[test]
fn bytes_that_are_no_text_survive_in_headers_and_bodies() {
    let mut bytes = format!("INVITE sip:b@h SIP/2.0\r\n{REST}Subject: J").into_bytes();
    bytes.extend_from_slice(b"\xfcrgen \xff\r\nContent-Length: 3\r\n\r\n\x00\xff\x01");
    let Ok(Message::Request(read)) = parse(&bytes) else { panic!("it parses") };
    assert_eq!(read.to_bytes(), bytes);
}

#[test]
fn the_length_frames_the_body() {
    let with = |headers: &str| format!("INVITE sip:b@h SIP/2.0\r\n{REST}{headers}\r\nbody");
    assert_eq!(request(&with("")).body, b"body");
    assert_eq!(request(&with("Content-Length: 2\r\n")).body, b"bo");
    assert_eq!(request(&with("Content-Length: 4\r\nl: 4\r\n")).body, b"body");
    for wrong in ["5", "-1", "", "four", "99999999999999999999"] {
        let text = with(&format!("Content-Length: {wrong}\r\n"));
        assert_eq!(refused(&text), ParseError::ContentLength, "{wrong}");
    }
    assert_eq!(refused(&with("l: 4\r\nl: 3\r\n")), ParseError::ContentLength);
}

#[test]
fn start_lines_are_checked() {
    for (line, error) in [
        ("INVITE sip:b@h", ParseError::StartLine),
        ("INVITE  SIP/2.0", ParseError::StartLine),
        ("INVITE <sip:b@h> SIP/2.0", ParseError::StartLine),
        ("INVITE sip:b@h; lr SIP/2.0", ParseError::StartLine),
        ("INVITE sip:b@h SIP/3.0", ParseError::Version),
        ("IN\"VITE sip:b@h SIP/2.0", ParseError::StartLine),
        ("SIP/1.0 200 OK", ParseError::Version),
        ("SIP/2.0 2000 OK", ParseError::StartLine),
        ("SIP/2.0 099 OK", ParseError::StartLine),
        ("SIP/2.0 700 OK", ParseError::StartLine),
        ("SIP/2.0 +20 OK", ParseError::StartLine),
        ("GET / HTTP/1.1", ParseError::StartLine),
    ] {
        assert_eq!(refused(&format!("{line}\r\n{REST}\r\n")), error, "{line}");
    }
}

#[test]
fn mandatory_headers_are_demanded() {
    for name in ["Via", "From", "To", "Call-ID", "CSeq"] {
        let rest: String = REST
            .split_inclusive("\r\n")
            .filter(|line| !line.starts_with(&format!("{name}:")))
            .collect();
        let text = format!("INVITE sip:b@h SIP/2.0\r\n{rest}\r\n");
        assert_eq!(refused(&text), ParseError::Mandatory(name));
    }
    for (from, to, name) in [
        ("1 INVITE", "1 BYE", "CSeq"),
        ("1 INVITE", "2147483648 INVITE", "CSeq"),
        ("1 INVITE", "x INVITE", "CSeq"),
        ("To:", "To: <sip:c@h>\r\nTo:", "To"),
        ("<sip:a@h>", "\"open <sip:a@h>", "From"),
        ("<sip:b@h>", "<sip:b@h>;x=\"open", "To"),
        ("<sip:b@h>", "<sip:b@h>, <sip:open", "To"),
        ("SIP/2.0/WS", "SIP/3.0/WS", "Via"),
    ] {
        let text = format!("INVITE sip:b@h SIP/2.0\r\n{}\r\n", REST.replace(from, to));
        assert_eq!(refused(&text), ParseError::Mandatory(name), "{to}");
    }
}

#[test]
fn header_lines_are_checked() {
    for line in ["no colon", ": no name", "two words: x"] {
        let text = format!("INVITE sip:b@h SIP/2.0\r\n{REST}{line}\r\n\r\n");
        assert_eq!(refused(&text), ParseError::HeaderLine, "{line}");
    }
}

#[test]
fn a_bare_carriage_return_and_a_nul_are_malformed() {
    let with = |header: &str| format!("INVITE sip:b@h SIP/2.0\r\n{REST}{header}\r\n\r\nbo\rd\0y");
    for header in [
        "Subject: a\rb",
        "Subject: a\r",
        "Subject: \ra",
        "Subject\r: a",
        "Subject: a\r\r\n b",
        "Subject: a\0b",
        "Subject: \0",
        "Subject: \"a\\\\\0\"",
        "Contact: \"A\rB\" <sip:a@h>",
        "Contact: \"A\\\rB\" <sip:a@h>",
        "X\0: a",
    ] {
        assert_eq!(refused(&with(header)), ParseError::HeaderLine, "{header:?}");
        let verdict = check(with(header).as_bytes());
        assert!(matches!(verdict, Verdict::Rejected { status: 400, .. }), "{verdict:?}");
    }
    for line in ["SIP/2.0 200 O\rK", "SIP/2.0 200 OK\r", "SIP/2.0 200 O\0K"] {
        assert_eq!(refused(&format!("{line}\r\n{REST}\r\n")), ParseError::StartLine, "{line:?}");
    }
    // RFC 4475 section 3.1.1.2 has such a name; a folded line has a line break that counts.
    let fine = "Contact: \"zero:\\\0\" <sip:a@h>\r\nSubject: a\r\n\tb";
    let read = request(&with(fine));
    assert_eq!((read.headers.get("Subject"), &*read.body), (Some("a b"), &b"bo\rd\0y"[..]));
}

#[test]
fn sizes_are_capped() {
    let many = "X: 1\r\n".repeat(MAX_HEADERS);
    let text = format!("INVITE sip:b@h SIP/2.0\r\n{REST}{many}\r\n");
    assert_eq!(refused(&text), ParseError::TooManyHeaders);
    let long = "x".repeat(MAX_MESSAGE);
    let text = format!("INVITE sip:b@h SIP/2.0\r\n{REST}\r\n{long}");
    assert_eq!(refused(&text), ParseError::TooLarge);
}
