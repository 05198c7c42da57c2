//! Whole messages.

use ringlet_sip::message::{
    Headers, MAX_HEADERS, MAX_MESSAGE, MediaType, Message, Response, Typed, Verdict, check, parse,
    parts, refusal, sipfrag,
};

/// What is read can be written and read again, and is the same; what is not read can be refused.
pub fn message(bytes: &[u8]) {
    let message = match parse(bytes) {
        Ok(message) => message,
        Err(error) => {
            // It gives back what cannot be read, so neither can it; but it is one message.
            if let Some(refusal) = refusal(bytes, error, "tag") {
                let written = refusal.to_bytes();
                let line_ends = written.iter().filter(|byte| **byte == b'\n').count();
                assert_eq!(line_ends, refusal.headers.len() + 3);
                assert!(written.len() <= bytes.len() + 256, "an answer longer than the question");
            }
            assert!(!matches!(check(bytes), Verdict::Accepted(_)), "accepted but not read");
            return;
        }
    };
    same_again(&message);
    let (headers, body) = match &message {
        Message::Request(request) => {
            let _ = request.sdp();
            let answer = Response::to(request, 200, "OK", Some("tag"));
            assert!(request.headers.get("To").is_some() && answer.to_tag().is_some());
            same_again(&Message::Response(answer));
            (&request.headers, &request.body)
        }
        Message::Response(response) => {
            let _ = (response.sdp(), response.to_tag());
            (&response.headers, &response.body)
        }
    };
    read_all(headers);
    let content_type = headers.get("Content-Type").and_then(MediaType::parse);
    if let Some(boundary) = content_type.and_then(|content_type| content_type.boundary()) {
        for part in parts(body, boundary) {
            let _ = (part.media_type(), part.header("Content-ID"));
            assert!(part.body.len() <= body.len());
        }
    }
    let _ = sipfrag(body);
    if let Verdict::Accepted(checked) = check(bytes) {
        assert_eq!(checked, message);
    }
}

fn same_again(message: &Message) {
    let (bytes, headers) = match message {
        Message::Request(request) => (request.to_bytes(), &request.headers),
        Message::Response(response) => (response.to_bytes(), &response.headers),
    };
    // Writing adds a blank after each colon, and Content-Length.
    if bytes.len() <= MAX_MESSAGE && headers.len() < MAX_HEADERS {
        assert_eq!(parse(&bytes).as_ref(), Ok(message), "{}", String::from_utf8_lossy(&bytes));
    }
}

fn read_all(headers: &Headers) {
    assert_eq!(headers.iter().count(), headers.len());
    for (name, value) in headers.iter() {
        let members = Typed::read(name, value).unwrap_or_default();
        for (member, _) in members {
            assert!(value.contains(member), "{name} has no {member}");
        }
        assert!(headers.get(name).is_some(), "{name} is there");
        assert!(headers.all(name).any(|other| other == value));
    }
}
