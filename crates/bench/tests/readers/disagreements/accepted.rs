//! What they accept and we refuse.

use super::{Disagreement, Right};
use crate::reading::Aspect;
use crate::sample::Sample;
use ringlet_sip::message::ParseError;

const ALL: &[&str] = &["rsip", "rsipstack", "ezk"];

const fn accepted(
    stacks: &'static [&'static str],
    cause: &'static str,
    section: &'static str,
    when: fn(&Sample<'_>) -> bool,
) -> Disagreement {
    let aspects = &[Aspect::Accepts];
    Disagreement { stacks, aspects, cause, section, right: Right::Ours, when }
}

fn start_line(m: &Sample<'_>) -> bool {
    m.error == Some(ParseError::StartLine)
}

fn cseq(m: &Sample<'_>) -> bool {
    m.error == Some(ParseError::Mandatory("CSeq"))
}

/// The status of a response, as it stands.
fn status<'m>(m: &'m Sample<'_>) -> &'m str {
    m.start.split(' ').nth(1).unwrap_or_default()
}

pub(super) const LIST: &[Disagreement] = &[
    // The first line.
    accepted(ALL, "a status outside the six classes", "7.2", |m| {
        start_line(m) && status(m).parse().is_ok_and(|status: u16| !(100..700).contains(&status))
    }),
    accepted(
        &["rsip", "rsipstack"],
        "a sign for a digit of the status",
        "25.1, Status-Code",
        |m| start_line(m) && status(m).starts_with('+'),
    ),
    accepted(
        &["rsipstack", "ezk"],
        "blanks at the end of the request line",
        "7.1, RFC 4475 section 3.1.2.10",
        |m| start_line(m) && m.start.ends_with(' '),
    ),
    accepted(
        &["ezk"],
        "more blanks in the first line than one between its parts",
        "7.1, RFC 4475 sections 3.1.2.8 and 3.1.2.9",
        |m| start_line(m) && (m.start.contains("  ") || m.start.contains("; ")),
    ),
    accepted(ALL, "a user of no characters before the at sign", "25.1, userinfo", |m| {
        start_line(m) && m.uri().contains(":@")
    }),
    accepted(
        &["rsip", "rsipstack"],
        "angle brackets around the request URI",
        "7.1, RFC 4475 section 3.1.2.7",
        |m| start_line(m) && m.uri().starts_with('<'),
    ),
    accepted(&["rsip"], "a blank in the request URI", "7.1, RFC 4475 section 3.1.2.8", |m| {
        start_line(m) && m.uri().contains(' ')
    }),
    accepted(&["rsipstack"], "any version of SIP", "7.1, 21.5.6", |m| {
        m.error == Some(ParseError::Version)
    }),
    // Lines.
    accepted(ALL, "a NUL in the head", "25.1, quoted-pair", |m| {
        (start_line(m) || m.error == Some(ParseError::HeaderLine)) && m.head().contains(&0)
    }),
    accepted(&["rsip", "rsipstack"], "a bare carriage return in the head", "25.1", |m| {
        let head = m.head();
        (start_line(m) || m.error == Some(ParseError::HeaderLine))
            && head.windows(2).any(|pair| pair[0] == b'\r' && pair[1] != b'\n')
    }),
    accepted(&["rsipstack", "ezk"], "a header without a name", "25.1, header-name", |m| {
        m.error == Some(ParseError::HeaderLine) && m.names().any(str::is_empty)
    }),
    accepted(
        &["rsipstack"],
        "a header whose name is no token, or without a colon",
        "25.1, header-name",
        |m| {
            m.error == Some(ParseError::HeaderLine)
                && m.names().any(|name| name.trim_end().contains(|c: char| !is_token(c)))
        },
    ),
    // Headers.
    accepted(ALL, "a CSeq that names another method than the request line", "8.1.1.5", |m| {
        cseq(m) && m.method() != m.cseq_method()
    }),
    accepted(ALL, "a CSeq of 2^31 and more", "8.1.1.5", |m| {
        cseq(m) && m.header("CSeq").bytes().take_while(u8::is_ascii_digit).count() >= 10
    }),
    accepted(&["ezk"], "a CSeq without a blank", "25.1, CSeq", |m| {
        cseq(m) && !m.header("CSeq").contains([' ', '\t'])
    }),
    accepted(ALL, "an empty Call-ID", "25.1, callid", |m| {
        m.error == Some(ParseError::Mandatory("Call-ID")) && m.header("Call-ID").is_empty()
    }),
    accepted(ALL, "a second Call-ID, From, To or CSeq", "7.3.1", |m| {
        matches!(m.error, Some(ParseError::Mandatory("Call-ID" | "From" | "To" | "CSeq")))
            && ["Call-ID", "From", "To", "CSeq"].iter().any(|name| m.all(name).count() > 1)
    }),
    accepted(ALL, "a quoted name that does not end", "25.1, quoted-string", |m| {
        matches!(m.error, Some(ParseError::Mandatory("From" | "To")))
            && m.some_address(|value| value.matches('"').count() % 2 == 1)
    }),
    accepted(ALL, "a Via with an empty parameter", "25.1, via-parm", |m| {
        m.error == Some(ParseError::Mandatory("Via")) && m.header("Via").contains(";;")
    }),
    accepted(&["rsipstack"], "a Via of any version", "25.1, sent-protocol", |m| {
        m.error == Some(ParseError::Mandatory("Via")) && !m.header("Via").contains("2.0")
    }),
    accepted(&["rsipstack", "ezk"], "a To with something unfinished behind it", "20.39", |m| {
        m.error == Some(ParseError::Mandatory("To"))
            && m.header("To").matches('<').count() > m.header("To").matches('>').count()
    }),
    // The length of the body.
    accepted(ALL, "two Content-Length that differ", "7.3.1, RFC 4475 section 3.3.9", |m| {
        content_length(m).is_some() && m.all("Content-Length").count() > 1
    }),
    accepted(
        &["rsip", "rsipstack"],
        "a Content-Length that promises more than there is",
        "18.3",
        |m| content_length(m).is_some_and(|length| length.parse::<usize>().is_ok()),
    ),
    accepted(
        &["rsip", "rsipstack"],
        "a Content-Length that is no number",
        "25.1, Content-Length",
        |m| content_length(m).is_some_and(|length| length.parse::<usize>().is_err()),
    ),
];

/// The first Content-Length of a message that is refused for it.
fn content_length<'m>(m: &'m Sample<'_>) -> Option<&'m str> {
    (m.error == Some(ParseError::ContentLength)).then(|| m.header("Content-Length"))
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-.!%*_+`'~".contains(c)
}
