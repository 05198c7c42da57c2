//! What they accept as we do, and read otherwise.

use super::Right::{Open, Ours};
use super::{Disagreement, Right};
use crate::reading::Aspect::{
    self, Body, Branch, CSeq, CallId, Contact, FromTag, Host, Start, ToTag,
};
use crate::sample::{Sample, bracketed, is_known_method};

const ALL: &[&str] = &["rsip", "rsipstack", "ezk"];
const RSIPS: &[&str] = &["rsip", "rsipstack"];
const TAGS: &[Aspect] = &[FromTag, ToTag];

const fn differing(
    stacks: &'static [&'static str],
    aspects: &'static [Aspect],
    cause: &'static str,
    section: &'static str,
    right: Right,
    when: fn(&Sample<'_>) -> bool,
) -> Disagreement {
    Disagreement { stacks, aspects, cause, section, right, when }
}

pub(super) const LIST: &[Disagreement] = &[
    differing(ALL, &[Start, CSeq], "take a method in any case for a known one", "7.1", Ours, |m| {
        let is_odd = |method: &str| {
            !is_known_method(method) && is_known_method(&method.to_ascii_uppercase())
        };
        is_odd(m.method()) || is_odd(m.cseq_method())
    }),
    differing(&["rsip"], &[CallId], "keeps the blanks after a value", "7.3.1", Ours, |m| {
        m.bytes.windows(3).any(|at| at == b" \r\n")
    }),
    // Tags.
    differing(ALL, TAGS, "take an empty tag for one", "25.1, tag-param", Open, |m| {
        m.some_address(|value| value.ends_with(";tag="))
    }),
    differing(&["ezk"], TAGS, "finds a tag in lower case only", "7.3.1", Ours, |m| {
        m.some_address(|value| value.contains(";TAG="))
    }),
    differing(&["rsipstack"], TAGS, "keeps the quotes of a tag", "25.1, tag-param", Open, |m| {
        m.some_address(|value| value.contains("tag=\""))
    }),
    differing(
        &["rsipstack"],
        TAGS,
        "keeps the blanks around the equals sign",
        "25.1, EQUAL",
        Ours,
        |m| m.some_address(|value| value.contains(" =")),
    ),
    differing(&["ezk"], &[FromTag], "resolves an escape in a tag", "25.1, token", Ours, |m| {
        m.some_address(|value| value.contains("tag=%"))
    }),
    // Via.
    differing(ALL, &[Branch], "take an empty branch for one", "25.1, via-branch", Open, |m| {
        m.header("Via").ends_with("branch=")
    }),
    differing(&["ezk"], &[Branch], "finds a branch in lower case only", "7.3.1", Ours, |m| {
        m.header("Via").contains("BRANCH=")
    }),
    differing(
        &["rsip"],
        &[Branch],
        "cuts a parameter at the colon, and what follows with it",
        "25.1, via-received",
        Ours,
        |m| m.header("Via").split_once(';').is_some_and(|(_, params)| params.contains(':')),
    ),
    differing(
        &["rsipstack", "ezk"],
        &[Branch],
        "keep the blanks around the equals sign",
        "25.1, EQUAL",
        Ours,
        |m| m.header("Via").contains("branch = "),
    ),
    differing(
        &["rsipstack"],
        &[Host],
        "takes a port with blanks around its colon for a part of the host",
        "25.1, COLON",
        Ours,
        |m| m.header("Via").contains(": "),
    ),
    differing(
        &["ezk"],
        &[Host, Branch],
        "ends a Via at an underscore in the host",
        "25.1, hostname",
        Open,
        |m| m.header("Via").split(';').next().is_some_and(|sent_by| sent_by.contains('_')),
    ),
    differing(
        &["rsip", "ezk"],
        &[Branch],
        "end a branch at an equals sign",
        "25.1, via-branch",
        Open,
        |m| {
            m.header("Via").split(';').any(|param| {
                param.strip_prefix("branch=").is_some_and(|branch| branch.contains('='))
            })
        },
    ),
    // Contact.
    differing(&["rsip"], &[Contact], "does not find it by its compact name", "7.3.3", Ours, |m| {
        m.names().any(|name| name == "m")
    }),
    differing(&["rsip"], &[Contact], "reads no list", "7.3.1", Ours, |m| {
        m.header("Contact").contains(">, <")
    }),
    differing(&["rsip", "ezk"], &[Contact], "read no other scheme", "20.10", Ours, |m| {
        ["<tel:", "<mailto:"].iter().any(|scheme| m.header("Contact").starts_with(scheme))
    }),
    differing(&["rsipstack", "ezk"], &[Contact], "cannot read a star", "20.10", Ours, |m| {
        m.header("Contact") == "*"
    }),
    differing(&["rsip"], &[Contact], "reads no IPv6 address", "25.1, IPv6reference", Ours, |m| {
        bracketed(m.header("Contact")).contains('[')
    }),
    differing(
        &["rsip"],
        &[Contact],
        "cuts a parameter of the URI at the colon, as of gr=urn:uuid",
        "25.1, paramchar",
        Ours,
        |m| uri_params(m).contains(':'),
    ),
    differing(
        &["rsip"],
        &[Contact],
        "reads no parameter with a quoted string",
        "25.1, gen-value",
        Ours,
        |m| {
            m.header("Contact").rsplit('>').next().is_some_and(|params| params.contains('"'))
                || m.header("Contact").contains(">\"")
        },
    ),
    differing(RSIPS, &[Contact], "write a transport in upper case", "19.1.1", Ours, |m| {
        uri_params(m).contains("transport=")
    }),
    differing(
        RSIPS,
        &[Contact],
        "drop the headers of the URI, or read no URI with any",
        "19.1.1, table 1",
        Ours,
        |m| bracketed(m.header("Contact")).contains('?'),
    ),
    differing(
        &["ezk"],
        &[Contact],
        "drops the headers of a URI without brackets",
        "20.10, RFC 4475 section 3.1.2.13",
        Open,
        |m| m.header("Contact").contains('?') && !m.header("Contact").contains('<'),
    ),
    differing(
        &["rsipstack", "ezk"],
        &[Contact],
        "resolve escapes, and one escapes what is an escape already",
        "19.1.2, 19.1.4",
        Ours,
        |m| bracketed(m.header("Contact")).contains('%'),
    ),
    differing(
        &["rsipstack", "ezk"],
        &[Contact],
        "escape a number sign in the user, or read none",
        "25.1, user",
        Open,
        |m| bracketed(m.header("Contact")).contains('#'),
    ),
    differing(ALL, &[Contact], "write the scheme in lower case", "19.1.4", Open, |m| {
        m.header("Contact").contains("SIP:")
    }),
    differing(
        ALL,
        &[Contact],
        "read a name whose quotes are open",
        "25.1, quoted-string",
        Ours,
        |m| m.header("Contact").matches('"').count() % 2 == 1,
    ),
    differing(
        &["rsip", "ezk"],
        &[Contact],
        "lose the quotes, or all, of a parameter of the URI in quotes",
        "25.1, pvalue",
        Open,
        |m| uri_params(m).contains('"'),
    ),
    differing(
        &["rsipstack"],
        &[Contact],
        "drops an empty parameter",
        "25.1, uri-parameters",
        Open,
        |m| uri_params(m).contains(";;"),
    ),
    differing(&["ezk"], &[Contact], "reads no underscore in a host", "25.1, hostname", Open, |m| {
        bracketed(m.header("Contact")).contains('_')
    }),
    // Body.
    differing(
        &["rsipstack"],
        &[Body],
        "drops a body without Content-Length",
        "18.3, RFC 7118 section 5",
        Ours,
        |m| m.all("Content-Length").count() == 0,
    ),
    differing(
        &["rsip"],
        &[Body],
        "takes what follows the body for a part of it",
        "18.3",
        Ours,
        |m| {
            let length: Option<usize> = m.header("Content-Length").parse().ok();
            length.is_some_and(|length| m.bytes.len() > m.head().len() + b"\r\n\r\n".len() + length)
        },
    ),
];

/// The parameters of the URI of Contact.
fn uri_params<'m>(m: &'m Sample<'_>) -> &'m str {
    let uri = bracketed(m.header("Contact"));
    let host = uri.rsplit_once('@').map_or(uri, |(_, host)| host);
    host.find(';').map_or("", |at| &host[at..])
}
