//! What they refuse and we accept.

use super::Right::{Open, Ours};
use super::{Disagreement, Right};
use crate::reading::Aspect;
use crate::sample::{Sample, bracketed, is_known_method};

const ALL: &[&str] = &["rsip", "rsipstack", "ezk"];
const RSIPS: &[&str] = &["rsip", "rsipstack"];

const fn refused(
    stacks: &'static [&'static str],
    cause: &'static str,
    section: &'static str,
    right: Right,
    when: fn(&Sample<'_>) -> bool,
) -> Disagreement {
    Disagreement { stacks, aspects: &[Aspect::Refuses], cause, section, right, when }
}

pub(super) const LIST: &[Disagreement] = &[
    // The first line.
    refused(RSIPS, "a method that they have no name for", "7.1, 8.2.1", Ours, |m| {
        [m.method(), m.cseq_method()]
            .iter()
            .any(|method| !method.is_empty() && !is_known_method(&method.to_ascii_uppercase()))
    }),
    refused(ALL, "a version in lower case", "7.1", Ours, |m| m.start.contains("sip/2.0")),
    refused(
        &["rsip", "ezk"],
        "a request URI that is neither sip nor sips",
        "7.1, 8.2.2.1",
        Ours,
        |m| !is_sip(m.uri()) && !m.uri().is_empty(),
    ),
    refused(&["rsip"], "a request URI with an IPv6 address", "25.1, IPv6reference", Ours, |m| {
        m.uri().contains('[')
    }),
    refused(&["rsip"], "a semicolon in the user of the request URI", "25.1, user", Ours, |m| {
        m.uri().rsplit_once('@').is_some_and(|(user, _)| user.contains(';'))
    }),
    refused(&["rsip"], "headers in the request URI", "RFC 4475 section 3.1.2.11", Open, |m| {
        m.uri().rsplit('@').next().is_some_and(|rest| rest.contains('?'))
    }),
    refused(&["ezk"], "an underscore in a host", "25.1, hostname", Open, |m| {
        has_underscore(m.uri()) || m.some_address(|value| has_underscore(bracketed(value)))
    }),
    refused(
        &["rsip"],
        "a status line that ends after the status",
        "25.1, Status-Line",
        Open,
        |m| m.start.starts_with("SIP/") && m.start.split(' ').count() == 2,
    ),
    // Lines.
    refused(ALL, "a byte in the head that is not UTF-8", "25.1, TEXT-UTF8char", Open, |m| {
        str::from_utf8(m.head()).is_err()
    }),
    refused(&["rsip"], "a blank before the colon", "25.1, HCOLON", Ours, |m| {
        m.names().any(|name| name.ends_with([' ', '\t']))
    }),
    refused(&["rsip"], "a compact name of Via, Call-ID, From or To", "7.3.3", Ours, |m| {
        m.names().any(|name| ["v", "i", "f", "t"].contains(&name))
    }),
    refused(RSIPS, "a line that ends with a line feed alone", "7", Open, |m| {
        // The empty line is one of them.
        let lines = &m.bytes[..m.bytes.len().min(m.head().len() + 4)];
        lines
            .iter()
            .enumerate()
            .any(|(at, byte)| *byte == b'\n' && (at == 0 || lines[at - 1] != b'\r'))
    }),
    refused(&["ezk"], "an empty line that ends otherwise than the one before", "7", Open, |m| {
        m.bytes.windows(3).any(|at| at == b"\r\n\n")
    }),
    refused(&["rsip"], "a header on several lines", "7.3.1", Ours, |m| {
        [b"\n ", b"\n\t"].iter().any(|fold| m.head().windows(2).any(|at| at == *fold))
    }),
    refused(ALL, "a head without an empty line at its end", "7", Open, |m| {
        m.head().len() == m.bytes.len()
    }),
    refused(ALL, "empty lines before the first", "7.5", Ours, |m| m.bytes.starts_with(b"\r\n")),
    // Via.
    refused(&["rsip"], "a Via with an IPv6 address", "25.1, IPv6reference", Ours, |m| {
        m.header("Via").split(';').next().is_some_and(|sent_by| sent_by.contains('['))
    }),
    refused(&["rsip"], "blanks around the separators of a Via", "25.1, SLASH, SEMI", Ours, |m| {
        [" /", "/ ", " ;", "; ", " =", "= "].iter().any(|blank| m.header("Via").contains(blank))
    }),
    refused(RSIPS, "a transport that they have no name for", "25.1, other-transport", Ours, |m| {
        let known = ["UDP", "TCP", "TLS", "TLS-SCTP", "SCTP", "WS", "WSS"];
        let transport = m.header("Via").split('/').nth(2).unwrap_or_default().trim_start();
        let transport = transport.split([' ', '\t']).next().unwrap_or_default();
        !known.iter().any(|name| name.eq_ignore_ascii_case(transport))
    }),
    refused(&["rsipstack"], "a Via with a quote left open", "25.1, quoted-string", Open, |m| {
        m.header("Via").matches('"').count() % 2 == 1
    }),
    // From and To.
    refused(
        &["rsip", "ezk"],
        "a From or To that is neither sip nor sips",
        "20.20, 20.39",
        Ours,
        |m| m.some_address(|value| !is_sip(bracketed(value))),
    ),
    refused(
        &["rsip", "ezk"],
        "an angle bracket in a quoted name",
        "25.1, quoted-string",
        Ours,
        |m| m.some_address(|value| value.starts_with('"') && value.matches('<').count() > 1),
    ),
    refused(&["rsip"], "a From or To with an IPv6 address", "25.1, IPv6reference", Ours, |m| {
        m.some_address(|value| value.contains('['))
    }),
    refused(
        &["rsip"],
        "blanks around the separators of a parameter",
        "25.1, SEMI, EQUAL",
        Ours,
        |m| m.some_address(|value| value.contains(" ; ")),
    ),
    refused(&["rsip"], "a parameter with a quoted string", "25.1, gen-value", Ours, |m| {
        m.some_address(|value| value.contains("=\""))
    }),
    refused(&["ezk"], "blanks inside the angle brackets", "25.1, name-addr", Open, |m| {
        m.some_address(|value| value.contains("< ") || value.contains(" >"))
    }),
    refused(&["ezk"], "a number sign in a user", "25.1, user", Open, |m| {
        m.some_address(|value| bracketed(value).contains('#'))
    }),
    refused(
        &["rsipstack"],
        "a From or To with a scheme it has no name for",
        "20.20, 20.39",
        Ours,
        |m| {
            m.some_address(|value| {
                let uri = bracketed(value);
                !is_sip(uri) && !uri.starts_with("tel:")
            })
        },
    ),
    refused(&["ezk"], "a host of other characters", "25.1, hostname", Open, |m| {
        m.some_address(|value| host(bracketed(value)).contains('='))
    }),
    // CSeq.
    refused(&["rsip"], "a tab in CSeq", "25.1, LWS", Ours, |m| m.header("CSeq").contains('\t')),
    refused(&["ezk"], "a CSeq on two lines", "7.3.1", Ours, |m| {
        m.bytes.windows(9).any(|at| at == b"\r\n INVITE")
    }),
];

fn is_sip(uri: &str) -> bool {
    let scheme = uri.trim().split(':').next().unwrap_or_default();
    ["sip", "sips"].iter().any(|sip| sip.eq_ignore_ascii_case(scheme))
}

fn has_underscore(uri: &str) -> bool {
    host(uri).contains('_')
}

/// The host and the port of a URI.
fn host(uri: &str) -> &str {
    let host = uri.rsplit('@').next().unwrap_or_default();
    host.split([';', '?']).next().unwrap_or_default()
}
