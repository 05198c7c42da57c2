//! Via (RFC 3261 section 20.42).

use super::params::{Params, cut_at, cut_at_blank, cut_before};

/// One hop of a Via header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Via<'a> {
    /// The transport, as written.
    pub transport: &'a str,
    /// `host` or `host:port`, as written.
    pub sent_by: &'a str,
    /// `branch`, `received`, `rport` and others.
    pub params: Params<'a>,
}

impl<'a> Via<'a> {
    /// Reads one hop; `None` if it is malformed. Of a list, split it first.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (protocol, rest) = cut_at(text.trim_ascii(), '/')?;
        let (version, rest) = cut_at(rest, '/')?;
        if !protocol.trim_ascii().eq_ignore_ascii_case("SIP") || version.trim_ascii() != "2.0" {
            return None;
        }
        // Blanks may stand around the slashes, so the transport ends at the first after a word.
        let (transport, rest) = cut_at_blank(rest.trim_ascii_start())?;
        let (sent_by, params) = cut_before(rest, ';');
        let sent_by = sent_by.trim_ascii();
        super::uri::split_port(sent_by).filter(|(host, _)| super::uri::is_host(host))?;
        let empty_param = params.as_bytes().windows(2).any(|pair| pair == b";;");
        (!empty_param).then_some(Self { transport, sent_by, params: Params::new(params) })
    }

    /// The `branch` parameter, which names the transaction.
    pub fn branch(&self) -> Option<&'a str> {
        self.params.get("branch").filter(|branch| !branch.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_hop_is_taken_apart() {
        let via =
            Via::parse("SIP / 2.0 / WSS [2001:db8::9]:8;received=2001:db8::9;branch=z9hG4bK1");
        let via = via.unwrap();
        assert_eq!((via.transport, via.sent_by), ("WSS", "[2001:db8::9]:8"));
        assert_eq!(via.params.get("received"), Some("2001:db8::9"));
        assert_eq!(via.branch(), Some("z9hG4bK1"));
    }

    #[test]
    fn malformed_hops_are_refused() {
        for text in ["", "SIP/2.0/WS", "SIP/3.0/WS h", "SIP/2.0/WS ;branch=1", "HTTP/2.0/WS h"] {
            assert_eq!(Via::parse(text), None, "{text}");
        }
        assert_eq!(Via::parse("SIP/2.0/WS h;;branch=1"), None);
    }
}
