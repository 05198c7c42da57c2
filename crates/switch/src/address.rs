//! The few address forms the switch looks into: name-addr values, lists of them, URIs.

use rsipstack::sip::parse_uri;

/// A `From`, `To`, `Contact`, `Route` or `Via`-like value: a URI and the parameters after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NameAddr<'a> {
    pub(crate) uri: &'a str,
    params: &'a str,
}

impl<'a> NameAddr<'a> {
    pub(crate) fn parse(value: &'a str) -> Option<Self> {
        let value = value.trim();
        let (uri, params) = match find_outside_quotes(value, |c| c == '<') {
            Some(open) => {
                let close = open + value[open..].find('>')?;
                (&value[open + 1..close], &value[close + 1..])
            }
            // Without brackets every parameter belongs to the header (RFC 3261 §20.10).
            None => value.split_at(value.find(';').unwrap_or(value.len())),
        };
        let uri = uri.trim();
        (!uri.is_empty() && !uri.contains(['<', '>'])).then_some(Self { uri, params })
    }

    /// The value of a header parameter; empty for one without a value.
    pub(crate) fn param(&self, name: &str) -> Option<&'a str> {
        param(self.params, name)
    }

    pub(crate) fn tag(&self) -> Option<&'a str> {
        self.param("tag").filter(|tag| !tag.is_empty())
    }
}

/// The value of `name` in a `;name=value;flag` list; empty for a flag.
pub(crate) fn param<'a>(params: &'a str, name: &str) -> Option<&'a str> {
    params.split(';').find_map(|param| {
        let (key, value) = param.split_once('=').unwrap_or((param, ""));
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// Splits a comma-separated header value, minding quoted strings and angle brackets.
pub(crate) fn split_list(value: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut rest = value;
    while let Some(comma) = find_outside_brackets(rest, ',') {
        items.push(rest[..comma].trim());
        rest = &rest[comma + 1..];
    }
    items.push(rest.trim());
    items.retain(|item| !item.is_empty());
    items
}

/// The user part of a `sip:` or `sips:` URI, or the number of a `tel:` URI.
pub(crate) fn user(uri: &str) -> Option<String> {
    match uri.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => {
            uri[4..].split(';').next().map(str::to_owned)
        }
        _ => parse_uri(uri).ok()?.user().map(str::to_owned),
    }
}

/// The host of a `sip:` or `sips:` URI in lower case, without a port; `None` for a `tel:` URI.
pub(crate) fn host(uri: &str) -> Option<String> {
    match uri.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => None,
        _ => Some(parse_uri(uri).ok()?.host().to_string().to_ascii_lowercase()),
    }
}

/// A dialled number without its visual separators (RFC 3966 §5.1.1).
pub(crate) fn dialled(user: &str) -> String {
    user.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect()
}

fn find_outside_quotes(value: &str, wanted: impl Fn(char) -> bool) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    value.char_indices().find_map(|(at, c)| {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            c if !quoted && wanted(c) => return Some(at),
            _ => {}
        }
        None
    })
}

fn find_outside_brackets(value: &str, wanted: char) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + find_outside_quotes(&value[from..], |c| c == wanted || c == '<')?;
        if value[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + value[at..].find('>')?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_display_name_may_hold_brackets_commas_and_semicolons() {
        let value = r#""Lovelace, \"<Ada>\"; esq." <sip:ada@x.invalid;transport=ws>;tag=a1"#;
        let address = NameAddr::parse(value).unwrap();
        assert_eq!(address.uri, "sip:ada@x.invalid;transport=ws");
        assert_eq!(address.tag(), Some("a1"));
        assert_eq!(split_list(&format!("{value}, <sip:b,c@y>")).len(), 2);
    }

    #[test]
    fn a_bare_uri_leaves_its_parameters_to_the_header() {
        let address = NameAddr::parse("sip:bob@x.invalid;tag=b2;lr").unwrap();
        assert_eq!((address.uri, address.tag()), ("sip:bob@x.invalid", Some("b2")));
        assert_eq!(address.param("lr"), Some(""));
    }

    #[test]
    fn an_unclosed_bracket_is_no_address() {
        assert_eq!(NameAddr::parse("<sip:bob@x"), None);
        assert_eq!(NameAddr::parse(""), None);
    }

    #[test]
    fn sip_and_tel_uris_name_the_number() {
        assert_eq!(user("sip:600@Ringlet.Demo;user=phone").as_deref(), Some("600"));
        assert_eq!(user("tel:+49-30-600;phone-context=x").as_deref(), Some("+49-30-600"));
        assert_eq!(host("sip:600@Ringlet.Demo:5060").as_deref(), Some("ringlet.demo"));
        assert_eq!(host("tel:600"), None);
        assert_eq!(dialled("(6) 0-0"), "600");
    }
}
