//! Call-Info, Alert-Info and Answer-Mode: how a call wants to be announced, or to be answered at
//! once.

use super::Headers;
use super::numbers::seconds;
use super::params::{Params, cut_before, is_token};

/// One member of Call-Info, Alert-Info or Error-Info (RFC 3261 section 20.4, 20.9, 20.18).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Info<'a> {
    /// The URI without angle brackets; a bare word or nothing, as some servers have it.
    pub uri: &'a str,
    /// `purpose`, `answer-after`, `info` and others.
    pub params: Params<'a>,
}

impl<'a> Info<'a> {
    /// Reads one member; `None` if it is empty or not finished. Of a list, split it first.
    pub fn parse(value: &'a str) -> Option<Self> {
        let value = value.trim();
        if let Some((_, rest)) = value.split_once('<') {
            let (uri, params) = rest.split_once('>')?;
            return Some(Self { uri: uri.trim(), params: Params::new(params) });
        }
        let (uri, params) = cut_before(value, ';');
        // `answer-after=0` alone is a parameter, `http://h/?x=y` is not.
        let is_param = uri.split_once('=').is_some_and(|(name, _)| is_token(name.trim()));
        let (uri, params) = if is_param { ("", value) } else { (uri.trim(), params) };
        (!value.is_empty()).then(|| Self { uri, params: Params::new(params) })
    }

    /// Answer after so many seconds.
    pub fn answer_after(&self) -> Option<u32> {
        self.params.get("answer-after").and_then(seconds)
    }

    /// Whether an Alert-Info asks to answer at once, in one of the field's spellings:
    /// `info=alert-autoanswer`, `Auto Answer`, `Ring Answer`, `info=intercom` and their like.
    fn alerts_answer(&self) -> bool {
        let info = self.params.get("info").unwrap_or(self.uri);
        let squeezed = || info.bytes().filter(|b| b.is_ascii_alphanumeric());
        let spellings = ["alertautoanswer", "autoanswer", "ringanswer", "intercom"];
        spellings.iter().any(|s| squeezed().map(|b| b.to_ascii_lowercase()).eq(s.bytes()))
    }
}

/// Whether to answer by itself (RFC 5373). Priv-Answer-Mode reads the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerMode {
    /// `Auto`: at once. Otherwise a person must (`Manual`, and whatever else it may say).
    pub auto: bool,
    /// Rather refuse than do otherwise.
    pub required: bool,
}

impl AnswerMode {
    /// Reads a header value; `None` if it names no mode.
    pub fn parse(value: &str) -> Option<Self> {
        let (mode, params) = cut_before(value, ';');
        let mode = mode.trim();
        let required = Params::new(params).has("require");
        is_token(mode).then(|| Self { auto: mode.eq_ignore_ascii_case("Auto"), required })
    }
}

/// After how many seconds an INVITE wants to be answered by itself, by whichever of the headers
/// says so; `None` if it does not.
pub fn auto_answer(headers: &Headers) -> Option<u32> {
    let after = headers.list("Call-Info").filter_map(Info::parse).find_map(|i| i.answer_after());
    let modes = ["Answer-Mode", "Priv-Answer-Mode"].into_iter();
    let by_mode = || modes.filter_map(|name| AnswerMode::parse(headers.get(name)?)).any(|m| m.auto);
    let alerts = || headers.list("Alert-Info").filter_map(Info::parse);
    let delay = |info: Info<'_>| info.params.get("delay").and_then(seconds).unwrap_or(0);
    after
        .or_else(|| by_mode().then_some(0))
        .or_else(|| alerts().find_map(|info| info.answer_after()))
        .or_else(|| alerts().find(Info::alerts_answer).map(delay))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn wanted(name: &str, value: &str) -> Option<u32> {
        let mut headers = Headers::default();
        headers.push(name, value);
        auto_answer(&headers)
    }

    #[test]
    fn the_spellings_of_the_field_are_understood() {
        for (name, value, after) in [
            ("Call-Info", "<sip:h>;answer-after=0", 0),
            ("Call-Info", "<http://h/a.png>;purpose=icon, <sip:h> ; Answer-After=3", 3),
            ("Call-Info", "answer-after=0", 0),
            ("Call-Info", "sip:h;answer-after=1", 1),
            ("Alert-Info", "<http://notused>;info=alert-autoanswer;delay=2", 2),
            ("Alert-Info", "info=alert-autoanswer", 0),
            ("Alert-Info", "Auto Answer", 0),
            ("Alert-Info", "Ring Answer", 0),
            ("Alert-Info", "<intercom>", 0),
            ("Answer-Mode", "Auto;require", 0),
            ("Priv-Answer-Mode", "auto", 0),
        ] {
            assert_eq!(wanted(name, value), Some(after), "{name}: {value}");
        }
    }

    #[test]
    fn an_ordinary_call_is_left_to_its_user() {
        for (name, value) in [
            ("Call-Info", "<http://h/a.png>;purpose=icon"),
            ("Call-Info", "<sip:h>;answer-after=soon"),
            ("Alert-Info", "<http://h/ring.wav>"),
            ("Alert-Info", "<urn:alert:service:call-waiting>;info=alert-external"),
            ("Alert-Info", "<unfinished;info=alert-autoanswer"),
            ("Answer-Mode", "Manual"),
        ] {
            assert_eq!(wanted(name, value), None, "{name}: {value}");
        }
    }
}
