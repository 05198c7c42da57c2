//! What can be dialled, and how it is written for dialling.

use ringlet_contract::MAX_NUMBER_CHARS;
use ringlet_contract::error::{ErrorBody, ErrorCode};

/// A number, SIP user or SIP address that can be dialled.
///
/// A phone number is stored without visual separators (RFC 3966 section 5.1.1): digits, `+`, `*`,
/// `#` and an extension (`;ext=`). Nothing is ever added, so no `+` is invented. Anything with
/// letters or an `@` is left as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number(String);

impl Number {
    /// Reads what was typed, clicked or passed in.
    ///
    /// Fails with [`ErrorCode::InvalidNumber`] when it is blank, longer than
    /// [`MAX_NUMBER_CHARS`], or holds what neither a number nor an address can.
    pub(crate) fn parse(text: &str) -> Result<Self, ErrorBody> {
        if text.chars().count() > MAX_NUMBER_CHARS {
            return Err(invalid("The number is longer than 128 characters."));
        }
        let text: String = text.trim().chars().filter(|c| !is_invisible(*c)).collect();
        let text = text.trim();
        if text.is_empty() {
            return Err(invalid("The number is blank."));
        }
        if text.chars().any(char::is_control) {
            return Err(invalid("The number holds control characters."));
        }
        let dialled = match strip_scheme(text, "tel:") {
            Some(rest) => telephone_uri(rest),
            None if has_scheme(text, "sip:") || has_scheme(text, "sips:") => address(text),
            None => phone_number(text).or_else(|| address(text)),
        };
        dialled
            .map(Self)
            .ok_or_else(|| invalid("The text is neither a phone number nor a SIP address."))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

fn invalid(message: &str) -> ErrorBody {
    ErrorBody::new(ErrorCode::InvalidNumber, message)
}

/// `rest` of `tel:rest` (RFC 3966): of the parameters only the extension can be dialled.
fn telephone_uri(rest: &str) -> Option<String> {
    let rest = percent_decode(rest)?;
    let mut parts = rest.split(';');
    let mut number = digits(parts.next()?)?;
    for parameter in parts {
        if let Some(extension) = strip_scheme(parameter, "ext=") {
            number.push_str(";ext=");
            number.push_str(&digits(extension)?);
        }
    }
    Some(number)
}

/// A phone number, with its extension; `None` when this is none.
fn phone_number(text: &str) -> Option<String> {
    match text.split_once(';') {
        Some((number, parameter)) => {
            let extension = parameter.strip_prefix("ext=")?;
            Some(digits(number)? + ";ext=" + &digits(extension)?)
        }
        None => digits(text),
    }
}

/// Digits without separators; `None` when there is anything else, or nothing to dial.
fn digits(text: &str) -> Option<String> {
    let mut number = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' | '*' | '#' => number.push(c),
            '+' | '\u{FF0B}' if number.is_empty() => number.push('+'),
            _ if c.is_whitespace() || is_separator(c) => {}
            _ => number.push(decimal_digit(c)?),
        }
    }
    number.bytes().any(|b| b != b'+').then_some(number)
}

/// A SIP user or URI, as it is; `None` when it has characters that neither may have unescaped
/// (RFC 3261 section 25.1).
fn address(text: &str) -> Option<String> {
    let rest = strip_scheme(text, "sips:").or_else(|| strip_scheme(text, "sip:")).unwrap_or(text);
    let (user, host) = match rest.split_once('@') {
        Some((user, host)) => (user, Some(host)),
        None => (rest, None),
    };
    let has_word = |s: &str| s.chars().any(is_word_character);
    let clean = |c: char| {
        !c.is_whitespace()
            && !matches!(c, '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '|' | '}' | '@')
    };
    let ok = rest.chars().filter(|c| *c == '@').count() <= 1
        && rest.chars().all(|c| clean(c) || c == '@')
        && has_word(user)
        && host.is_none_or(has_word);
    ok.then(|| text.to_owned())
}

/// Whether this is a letter or a digit, in any script. Beyond ASCII, the blocks of symbols, spaces
/// and pictures are left out; Unicode's own tables would be exact, at 2 KB of wasm.
pub(crate) fn is_word_character(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => c.is_ascii_alphanumeric(),
        '\u{80}'..='\u{BF}' => matches!(c, '\u{AA}' | '\u{B5}' | '\u{BA}'),
        '\u{D7}' | '\u{F7}' => false,
        '\u{2000}'..='\u{2BFF}' | '\u{2E00}'..='\u{3004}' | '\u{3008}'..='\u{3020}' => false,
        '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE6F}' | '\u{FEFF}' => false,
        '\u{FF00}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}' => false,
        '\u{FF5B}'..='\u{FF65}' | '\u{FFE0}'..='\u{FFFF}' | '\u{1F000}'..='\u{1FAFF}' => false,
        _ => true,
    }
}

fn has_scheme(text: &str, scheme: &str) -> bool {
    strip_scheme(text, scheme).is_some()
}

fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// Direction marks and zero-width characters, which come along when a number is copied from a page.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}')
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        '.' | '-' | '(' | ')' | '[' | ']' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{B7}'
    )
}

/// Arabic, Persian and full-width digits, as people type numbers in them.
fn decimal_digit(c: char) -> Option<char> {
    let zero = match c {
        '\u{0660}'..='\u{0669}' => 0x0660,
        '\u{06F0}'..='\u{06F9}' => 0x06F0,
        '\u{FF10}'..='\u{FF19}' => 0xFF10,
        _ => return None,
    };
    char::from_digit(u32::from(c).checked_sub(zero)?, 10)
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let (&[high, low], tail) = rest.split_first_chunk::<2>()?;
        let value = char::from(high).to_digit(16)? * 16 + char::from(low).to_digit(16)?;
        bytes.push(u8::try_from(value).ok()?);
        rest = tail;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn dialled(text: &str) -> String {
        Number::parse(text).map(Number::into_string).unwrap_or_else(|e| format!("{:?}", e.code))
    }

    #[test]
    fn separators_go_and_what_is_dialled_stays() {
        for (text, expected) in [
            (" +49 (30) 123-45.67 ", "+49301234567"),
            ("030/123 456", "030123456"),
            ("[555] 01\u{2011}23", "5550123"),
            ("*97#", "*97#"),
            ("600", "600"),
            ("+\u{0664}\u{0669} 30", "+4930"),
            ("\u{202D}+1 555 0100\u{202C}", "+15550100"),
        ] {
            assert_eq!(dialled(text), expected);
        }
    }

    #[test]
    fn a_plus_is_never_invented_nor_moved() {
        assert_eq!(dialled("0049 30 1"), "0049301");
        assert_eq!(dialled("49+30"), "49+30", "no phone number, perhaps a user");
    }

    #[test]
    fn extensions_survive() {
        assert_eq!(dialled("tel:+1-555-0100;ext=12-3"), "+15550100;ext=123");
        assert_eq!(dialled("TEL:0100;phone-context=+1"), "0100");
        assert_eq!(dialled("+1 555 0100;ext=9"), "+15550100;ext=9");
        assert_eq!(dialled("tel:+1%20555"), "+1555");
    }

    #[test]
    fn users_and_addresses_are_left_alone() {
        for text in [
            "agent-1",
            "sip:bob@example.com",
            "sips:a.b@[2001:db8::1]:5061;transport=ws",
            "bob@example.com",
            "1-800-FLOWERS",
            "\u{43C}\u{430}\u{440}\u{438}\u{44F}",
            "\u{4F8B}\u{3048}",
        ] {
            assert_eq!(dialled(text), text);
        }
    }

    #[test]
    fn what_cannot_be_dialled_is_an_invalid_number() {
        let long = "1".repeat(129);
        for text in [
            "",
            "   ",
            "\u{200E}",
            "()",
            "\u{2013}",
            "\u{FF1F}",
            "\u{1F4DE}",
            "+",
            "1\r\n2",
            "a b",
            "<sip:a@b>",
            "sip:",
            "sip:@b",
            "a@b@c",
            "tel:",
            "tel:%zz",
            "tel:abc",
            &long,
        ] {
            assert_eq!(dialled(text), "InvalidNumber", "{text:?}");
        }
        assert_eq!(dialled(&"1".repeat(128)), "1".repeat(128));
    }
}
