//! Responses to requests that cannot be read.

use super::params::is_token;
use super::parse::has_stray_control;
use super::{MAX_HEADERS, MAX_MESSAGE, Method, ParseError, Request, Response, text};

/// The answer to bytes that [`super::parse`] refused with `error`; `None` if they are a response,
/// an ACK or no SIP at all, or if the sender could not tell what is answered: for that it needs
/// its Via and CSeq back (RFC 3261 section 17.1.3). No state is kept.
pub fn refusal(bytes: &[u8], error: ParseError, to_tag: &str) -> Option<Response> {
    let request = outline(bytes)?;
    let known = matches!(request.method, Method::Known(_));
    let (status, phrase) = match error {
        ParseError::Version => (505, "Version Not Supported"),
        ParseError::TooLarge | ParseError::TooManyHeaders => (513, "Message Too Large"),
        // What the number of an unknown method looks like is not ours to judge.
        ParseError::Mandatory("CSeq") if !known => (501, "Not Implemented"),
        ParseError::StartLine
        | ParseError::HeaderLine
        | ParseError::ContentLength
        | ParseError::Mandatory(_) => (400, "Bad Request"),
    };
    let mut response = Response::to(&request, status, phrase, Some(to_tag));
    for name in ["To", "Call-ID"] {
        if request.headers.get(name).is_none() {
            response.headers.remove(name);
        }
    }
    Some(response)
}

/// The method of a request, and those of its headers that go into a response, as they came.
fn outline(bytes: &[u8]) -> Option<Request> {
    let mut lines = bytes[..bytes.len().min(MAX_MESSAGE)]
        .split(|b| *b == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let first = lines.by_ref().find(|line| !line.is_empty())?;
    let (method, rest) = str::from_utf8(first).ok()?.split_once(' ')?;
    let version = rest.trim_end().rsplit(' ').next()?.get(..4)?;
    if !is_token(method) || method == "ACK" || !version.eq_ignore_ascii_case("SIP/") {
        return None;
    }
    let mut request = Request::new(Method::from_token(method), "");
    let mut header: Vec<u8> = Vec::new();
    for line in lines.chain([&b""[..]]).take(2 * MAX_HEADERS) {
        if let [b' ' | b'\t', ..] = line {
            header.push(b' ');
            header.extend_from_slice(line.trim_ascii());
            continue;
        }
        keep(&mut request, &header);
        header = line.to_vec();
        if line.is_empty() {
            break;
        }
    }
    let has = |name| request.headers.get(name).is_some_and(|value| !value.is_empty());
    (has("Via") && has("CSeq")).then_some(request)
}

/// Keeps a header for the response, unless writing it back would make that one malformed too.
fn keep(request: &mut Request, line: &[u8]) {
    if has_stray_control(line) {
        return;
    }
    let Some(colon) = line.iter().position(|b| *b == b':') else { return };
    let (name, value) = line.split_at(colon);
    let Ok(name) = str::from_utf8(name.trim_ascii_end()) else { return };
    let long = ["Via", "From", "To", "Call-ID", "CSeq"];
    let compact = ["v", "f", "t", "i"];
    if long.iter().chain(&compact).any(|n| n.eq_ignore_ascii_case(name)) {
        request.headers.push(name, text::decode(value[1..].trim_ascii()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::parse;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn answer(text: &str) -> Option<Response> {
        refusal(text.as_bytes(), parse(text.as_bytes()).unwrap_err(), "us")
    }

    #[test]
    fn the_answer_carries_what_could_be_read() {
        let text = "BYE sip:b@h SIP/2.0\r\nv: SIP/2.0/WS a;;,\r\n SIP/2.0/UDP b\r\nbroken\r\n\
            t: <sip:b@h>\r\nFrom: \"open\r\ncseq: x\r\nSubject: y\r\n\r\nVia: body";
        let response = answer(text).unwrap();
        let all: Vec<_> = response.headers.iter().collect();
        let via = ("Via", "SIP/2.0/WS a;;, SIP/2.0/UDP b");
        let expected = [via, ("From", "\"open"), ("To", "<sip:b@h>;tag=us"), ("CSeq", "x")];
        assert_eq!((response.status, all), (400, expected.to_vec()));
    }

    #[test]
    fn the_status_tells_what_was_wrong() {
        let rest = "Via: SIP/2.0/WS a\r\nCSeq: 1 BYE\r\n";
        for (start, status) in [
            ("BYE sip:b@h SIP/3.0\r\n", 505),
            ("BYE  sip:b@h SIP/2.0 \r\n", 400),
            ("OPTIONS sip:b@h SIP/2.0\r\nTo: <sip:b@h>\r\n", 400),
        ] {
            assert_eq!(answer(&[start, rest, "\r\n"].concat()).unwrap().status, status, "{start}");
        }
        let long = "x".repeat(MAX_MESSAGE);
        let text = ["BYE sip:b@h SIP/2.0\r\n", rest, "\r\n", &long].concat();
        assert_eq!(answer(&text).unwrap().status, 513);
    }

    #[test]
    fn a_header_with_a_stray_control_character_is_not_written_back() {
        for stray in ["\r", "\0"] {
            let text = format!(
                "BYE sip:b@h SIP/2.0\r\nVia: SIP/2.0/WS a\r\nCSeq: 1 BYE\r\n\
                Call-ID: x{stray}Via: SIP/2.0/WS evil\r\nTo: <sip:b@h>\r\n\r\n"
            );
            let response = answer(&text).unwrap();
            let names: Vec<_> = response.headers.iter().map(|(name, _)| name).collect();
            assert_eq!((response.status, names), (400, vec!["Via", "To", "CSeq"]));
            assert!(answer(&text.replace("WS a", &format!("WS {stray}a"))).is_none());
        }
    }

    #[test]
    fn what_cannot_be_answered_is_not() {
        let rest = "Via: SIP/2.0/WS a\r\nCSeq: 1 BYE\r\n\r\n";
        for start in ["SIP/2.0 200 OK", "SIP/2.0 9999 x", "ACK sip:b@h SIP/2.0", "GET / HTTP/1.1"] {
            assert!(answer(&[start, "\r\n", rest].concat()).is_none(), "{start}");
        }
        for text in ["", "BYE", "BYE sip:b@h SIP/2.0\r\nCSeq: 1 BYE\r\n\r\n"] {
            assert!(answer(text).is_none(), "{text}");
        }
    }
}
