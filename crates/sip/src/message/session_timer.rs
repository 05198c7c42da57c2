//! Session-Expires and Min-SE (RFC 4028).

use super::numbers::{push_number, seconds};
use super::params::{Params, cut_before};

/// How long a session lives without a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionExpires {
    /// The interval.
    pub seconds: u32,
    /// Who refreshes, when it has been settled.
    pub refresher: Option<Refresher>,
}

/// Who refreshes a session, seen from the transaction that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresher {
    /// Whoever sent the request.
    Uac,
    /// Whoever answered it.
    Uas,
}

impl SessionExpires {
    /// Reads a header value; `None` if it holds no number. An unknown refresher is none.
    pub fn parse(value: &str) -> Option<Self> {
        let (interval, params) = cut_before(value, ';');
        let refresher = Params::new(params).get("refresher").and_then(Refresher::parse);
        Some(Self { seconds: seconds(interval)?, refresher })
    }

    /// The header value.
    pub fn value(&self) -> String {
        let mut value = self.seconds.to_string();
        if let Some(refresher) = self.refresher {
            value.push_str(";refresher=");
            value.push_str(refresher.as_str());
        }
        value
    }
}

impl Refresher {
    fn parse(token: &str) -> Option<Self> {
        [Self::Uac, Self::Uas].into_iter().find(|r| r.as_str().eq_ignore_ascii_case(token))
    }

    /// The token on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uac => "uac",
            Self::Uas => "uas",
        }
    }
}

/// The shortest interval that somebody on the way accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinSe {
    /// The interval.
    pub seconds: u32,
}

impl MinSe {
    /// Reads a header value; `None` if it holds no number.
    pub fn parse(value: &str) -> Option<Self> {
        seconds(cut_before(value, ';').0).map(|seconds| Self { seconds })
    }

    /// The header value.
    pub fn value(&self) -> String {
        let mut value = String::new();
        push_number(&mut value, "", self.seconds);
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn an_interval_and_its_refresher_are_read_and_written() {
        let read = SessionExpires::parse("1800 ; Refresher=UAS").unwrap();
        assert_eq!(read, SessionExpires { seconds: 1800, refresher: Some(Refresher::Uas) });
        assert_eq!(read.value(), "1800;refresher=uas");
        assert_eq!(SessionExpires::parse("90;refresher=me").map(|s| s.refresher), Some(None));
        assert_eq!(SessionExpires::parse("soon"), None);
        assert_eq!(MinSe::parse("120;x=y").map(|min| min.value()).as_deref(), Some("120"));
    }
}
