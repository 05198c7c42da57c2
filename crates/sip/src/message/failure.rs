//! Why something failed or ended, and when to try again: Reason, Warning, Retry-After,
//! Min-Expires.

use super::numbers::{number, push_number, seconds};
use super::params::{Params, cut, cut_before, is_token, quoted, unescaped, unquoted};

/// Why a call ended or was refused (RFC 3326). Of a list, split it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason<'a> {
    /// `SIP`, `Q.850` or another.
    pub protocol: &'a str,
    /// The code in that protocol: of SIP, a status.
    pub cause: Option<u16>,
    text: Option<&'a str>,
}

impl<'a> Reason<'a> {
    /// Reads one reason; `None` if it names no protocol.
    pub fn parse(value: &'a str) -> Option<Self> {
        let (protocol, params) = cut_before(value, ';');
        let (protocol, params) = (protocol.trim(), Params::new(params));
        is_token(protocol).then(|| Self {
            protocol,
            cause: params.get("cause").and_then(number).and_then(|n| u16::try_from(n).ok()),
            text: params.get("text").filter(|text| !text.is_empty()),
        })
    }

    /// A cause for people to read.
    pub fn text(&self) -> Option<String> {
        self.text.map(unescaped)
    }

    /// The header value that gives a SIP status as the reason.
    pub fn value(status: u16, text: &str) -> String {
        let mut value = String::new();
        push_number(&mut value, "SIP;cause=", status.into());
        if !text.is_empty() {
            value.push_str(";text=");
            value.push_str(&quoted(text));
        }
        value
    }
}

/// What a server wants a person to know (RFC 3261 section 20.43). Of a list, split it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning<'a> {
    /// Three digits.
    pub code: u16,
    /// Who warns.
    pub agent: &'a str,
    text: &'a str,
}

impl<'a> Warning<'a> {
    /// Reads one warning; `None` if it is malformed.
    pub fn parse(value: &'a str) -> Option<Self> {
        let (code, rest) = value.trim().split_once(' ')?;
        let (agent, text) = rest.trim_start().split_once(' ')?;
        let code = number(code).filter(|_| code.len() == 3).and_then(|c| u16::try_from(c).ok())?;
        let text = text.trim();
        let is_quoted = text.len() >= 2 && text.starts_with('"') && text.ends_with('"');
        is_quoted.then(|| Self { code, agent, text: unquoted(text) })
    }

    /// The words.
    pub fn text(&self) -> String {
        unescaped(self.text)
    }
}

/// When to try again (RFC 3261 section 20.33).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryAfter {
    /// Not before so many seconds.
    pub seconds: u32,
    /// How long the server will then be there, in seconds.
    pub duration: Option<u32>,
}

impl RetryAfter {
    /// Reads a header value; `None` if it does not begin with a number. A comment is skipped.
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.trim();
        let digits = value.bytes().take_while(u8::is_ascii_digit).count();
        let (interval, rest) = cut(value, digits);
        let (_, params) = cut_before(rest.rsplit_once(')').map_or(rest, |(_, after)| after), ';');
        let duration = Params::new(params).get("duration").and_then(seconds);
        Some(Self { seconds: seconds(interval)?, duration })
    }
}

/// The shortest expiry that a registrar or a notifier accepts (RFC 3261 section 20.23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinExpires {
    /// The interval.
    pub seconds: u32,
}

impl MinExpires {
    /// Reads a header value; `None` if it is no number.
    pub fn parse(value: &str) -> Option<Self> {
        seconds(value).map(|seconds| Self { seconds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_reason_is_read_and_written() {
        let value = Reason::value(200, "Call \"completed\" elsewhere");
        let read = Reason::parse(&value).unwrap();
        assert_eq!((read.protocol, read.cause), ("SIP", Some(200)));
        assert_eq!(read.text().as_deref(), Some("Call \"completed\" elsewhere"));
        let read = Reason::parse("Q.850 ;cause=70000 ;text=\"\"").unwrap();
        assert_eq!((read.protocol, read.cause, read.text()), ("Q.850", None, None));
        assert_eq!(Reason::parse(";cause=200"), None);
    }

    #[test]
    fn a_warning_is_taken_apart() {
        let warning = Warning::parse(r#"370 devnull:5060 "Choose a \"bigger\" pipe""#).unwrap();
        assert_eq!((warning.code, warning.agent), (370, "devnull:5060"));
        assert_eq!(warning.text(), "Choose a \"bigger\" pipe");
        for value in ["", "1812 overture \"x\"", "370 devnull", "370 devnull x", "370 devnull \""] {
            assert_eq!(Warning::parse(value), None, "{value}");
        }
    }

    #[test]
    fn retry_after_skips_comments() {
        let read = RetryAfter::parse("120 (I'm in a; meeting);duration=3600");
        assert_eq!(read, Some(RetryAfter { seconds: 120, duration: Some(3600) }));
        assert_eq!(RetryAfter::parse("99999999999").map(|r| r.seconds), Some(u32::MAX));
        assert_eq!(RetryAfter::parse("soon"), None);
        assert_eq!(MinExpires::parse("60").map(|min| min.seconds), Some(60));
    }
}
