//! RSeq and RAck of reliable provisional responses (RFC 3262).

use super::CSeq;
use super::numbers::number;

/// The number of a reliable provisional response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RSeq {
    /// Never zero.
    pub number: u32,
}

impl RSeq {
    /// Reads a header value; `None` if it is no number, or zero.
    pub fn parse(value: &str) -> Option<Self> {
        number(value).filter(|n| *n > 0).map(|number| Self { number })
    }

    /// The header value.
    pub fn value(&self) -> String {
        self.number.to_string()
    }
}

/// Which response a PRACK acknowledges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RAck {
    /// The RSeq of that response.
    pub rseq: u32,
    /// The CSeq of that response.
    pub cseq: CSeq,
}

impl RAck {
    /// Reads a header value; `None` if it is malformed.
    pub fn parse(value: &str) -> Option<Self> {
        let (rseq, cseq) = value.trim().split_once([' ', '\t'])?;
        Some(Self { rseq: RSeq::parse(rseq)?.number, cseq: CSeq::parse(cseq)? })
    }

    /// The header value.
    pub fn value(&self) -> String {
        let mut value = self.rseq.to_string();
        value.push(' ');
        value.push_str(&self.cseq.value());
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Method;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn an_acknowledgement_is_read_and_written() {
        let read = RAck::parse(" 776656 \t 1  INVITE ").unwrap();
        let cseq = CSeq { number: 1, method: Method::INVITE };
        assert_eq!(read, RAck { rseq: 776_656, cseq });
        assert_eq!(read.value(), "776656 1 INVITE");
    }

    #[test]
    fn malformed_numbers_are_refused() {
        for value in ["", "0", "-1", "4294967296", "1 2"] {
            assert_eq!(RSeq::parse(value), None, "{value}");
        }
        for value in ["", "1", "1 2", "0 1 INVITE", "1 x INVITE"] {
            assert_eq!(RAck::parse(value), None, "{value}");
        }
    }
}
