//! Waiting messages (`application/simple-message-summary`, RFC 3842).

/// How many voice messages wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageSummary {
    /// Whether any do; the counts may be missing although they do.
    pub waiting: bool,
    /// Not heard yet.
    pub new: u32,
    /// Heard already.
    pub old: u32,
}

impl MessageSummary {
    /// Reads a body; `None` if it does not say whether messages wait.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let mut waiting = None;
        let mut summary = Self::default();
        for line in body.split(|b| matches!(b, b'\r' | b'\n')) {
            let Ok(line) = str::from_utf8(line) else { continue };
            let Some((name, value)) = line.split_once(':') else { continue };
            let (name, value) = (name.trim(), value.trim());
            if name.eq_ignore_ascii_case("Messages-Waiting") {
                waiting = Some(value.eq_ignore_ascii_case("yes"));
            } else if name.eq_ignore_ascii_case("Voice-Message")
                && let Some((new, old)) = counts(value)
            {
                (summary.new, summary.old) = (new, old);
            }
        }
        Some(Self { waiting: waiting?, ..summary })
    }
}

/// `2/8 (0/2)`: new and old ones, of which so many are urgent.
fn counts(value: &str) -> Option<(u32, u32)> {
    let (new, rest) = value.split_once('/')?;
    let old = rest.split([' ', '(']).next()?;
    Some((new.trim().parse().ok()?, old.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn parse(body: &str) -> Option<(bool, u32, u32)> {
        MessageSummary::parse(body.as_bytes()).map(|s| (s.waiting, s.new, s.old))
    }

    #[test]
    fn voice_messages_are_counted() {
        let body = "Messages-Waiting: yes\r\nMessage-Account: sip:a@h\r\n\
            Fax-Message: 9/9\r\nvoice-message : 2/8(0/2)\r\n\r\nTo: <sip:a@h>\r\n";
        assert_eq!(parse(body), Some((true, 2, 8)));
        assert_eq!(parse("messages-waiting: NO\n"), Some((false, 0, 0)));
    }

    #[test]
    fn what_cannot_be_read_is_not_counted() {
        for counts in ["2", "a/b", "-1/2", "2/", "99999999999/1", "/"] {
            let body = ["Messages-Waiting: yes\r\nVoice-Message: ", counts].concat();
            assert_eq!(parse(&body), Some((true, 0, 0)), "{counts}");
        }
        for body in ["", "Voice-Message: 1/2", "yes"] {
            assert_eq!(parse(body), None, "{body}");
        }
    }
}
