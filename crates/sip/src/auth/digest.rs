//! The digest computation (RFC 7616 section 3.4).

use crate::message::Request;
use md5::Md5;
use sha2::{Digest, Sha256};

/// A hash, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Algorithm {
    /// MD5, the default of RFC 2617.
    Md5,
    /// SHA-256 (RFC 8760).
    Sha256,
}

impl Algorithm {
    /// Reads an algorithm's name; the flag says that it ends in `-sess`.
    pub(crate) fn parse(name: &str) -> Option<(Self, bool)> {
        Some(match name.to_ascii_lowercase().as_str() {
            "md5" => (Self::Md5, false),
            "md5-sess" => (Self::Md5, true),
            "sha-256" => (Self::Sha256, false),
            "sha-256-sess" => (Self::Sha256, true),
            _ => return None,
        })
    }

    /// The hash of the parts laid end to end, in lower-case hexadecimal.
    pub(crate) fn hash(self, parts: &[&str]) -> String {
        self.hash_bytes(parts.iter().map(|p| p.as_bytes()))
    }

    fn hash_bytes<'a>(self, parts: impl Iterator<Item = &'a [u8]>) -> String {
        match self {
            Self::Md5 => hex(&parts.fold(Md5::new(), |h, p| h.chain_update(p)).finalize()),
            Self::Sha256 => hex(&parts.fold(Sha256::new(), |h, p| h.chain_update(p)).finalize()),
        }
    }
}

/// Quality of protection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Qop {
    /// Covers method and URI.
    Auth,
    /// Covers the body too.
    AuthInt,
}

impl Qop {
    /// The one to use of a comma list: `auth` where it is offered.
    pub(crate) fn choose(list: &str) -> Option<Self> {
        let offers = |name: &str| list.split(',').any(|q| q.trim().eq_ignore_ascii_case(name));
        match (offers("auth"), offers("auth-int")) {
            (true, _) => Some(Self::Auth),
            (false, true) => Some(Self::AuthInt),
            (false, false) => None,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::AuthInt => "auth-int",
        }
    }
}

/// The `response` parameter. Without qop it is computed as in RFC 2069.
pub(crate) fn response(
    algorithm: Algorithm,
    ha1: &str,
    nonce: &str,
    qop: Option<(Qop, &str, &str)>,
    request: &Request,
) -> String {
    let method = request.method.as_str();
    match qop {
        None => {
            let ha2 = algorithm.hash(&[method, ":", &request.uri]);
            algorithm.hash(&[ha1, ":", nonce, ":", &ha2])
        }
        Some((qop, count, cnonce)) => {
            let ha2 = match qop {
                Qop::Auth => algorithm.hash(&[method, ":", &request.uri]),
                Qop::AuthInt => {
                    let body = algorithm.hash_bytes(std::iter::once(request.body.as_slice()));
                    algorithm.hash(&[method, ":", &request.uri, ":", &body])
                }
            };
            let parts = [ha1, ":", nonce, ":", count, ":", cnonce, ":", qop.as_str(), ":", &ha2];
            algorithm.hash(&parts)
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |d: u8| char::from(DIGITS[usize::from(d)]);
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Method;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn get(uri: &str) -> Request {
        Request::new(Method::from_token("GET"), uri)
    }

    #[test]
    fn rfc_2617_section_3_5_md5() {
        let ha1 = Algorithm::Md5.hash(&["Mufasa:testrealm@host.com:Circle Of Life"]);
        let nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
        let qop = Some((Qop::Auth, "00000001", "0a4f113b"));
        let value = response(Algorithm::Md5, &ha1, nonce, qop, &get("/dir/index.html"));
        assert_eq!(value, "6629fae49393a05397450978507c4ef1");
    }

    #[test]
    fn rfc_7616_section_3_9_1_md5_and_sha_256() {
        let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        let qop = Some((Qop::Auth, "00000001", cnonce));
        for (algorithm, expected) in [
            (Algorithm::Md5, "8ca523f5e9506fed4657c9700eebdbec"),
            (Algorithm::Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let ha1 = algorithm.hash(&["Mufasa:http-auth@example.org:Circle of Life"]);
            assert_eq!(response(algorithm, &ha1, nonce, qop, &get("/dir/index.html")), expected);
        }
    }

    // The RFCs give no example of these. The values are from another implementation.
    #[test]
    fn a_session_and_a_protected_body_are_computed_as_in_rfc_7616_section_3_4() {
        let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        for (algorithm, session, protected) in [
            (
                Algorithm::Md5,
                "e783283f46242139c486a698fec7211d",
                "45dffef562556d8081c9387436e9b7cf",
            ),
            (
                Algorithm::Sha256,
                "2fd51b3a77ad75bad6afad6003e818d767133c46d9e2749e7f5232ae1ea3efd7",
                "a2d8ec50c7d6542b0fdfb4b2bfd30945b053dd95e8278035eb1b9731da913058",
            ),
        ] {
            let ha1 = algorithm.hash(&["Mufasa:http-auth@example.org:Circle of Life"]);
            let ha1 = algorithm.hash(&[&ha1, ":", nonce, ":", cnonce]);
            let qop = Some((Qop::Auth, "00000001", cnonce));
            assert_eq!(response(algorithm, &ha1, nonce, qop, &get("/dir/index.html")), session);

            let ha1 = algorithm.hash(&["bob:biloxi.com:zanzibar"]);
            let mut invite = Request::new(Method::INVITE, "sip:bob@biloxi.com");
            invite.body = b"v=0\r\n".to_vec();
            let qop = Some((Qop::AuthInt, "00000001", "c"));
            assert_eq!(response(algorithm, &ha1, "n", qop, &invite), protected);
        }
    }

    #[test]
    fn a_digest_without_qop_is_computed_as_in_rfc_2069() {
        // The values of RFC 2069 section 2.4, with the response of its erratum 749.
        let ha1 = Algorithm::Md5.hash(&["Mufasa:testrealm@host.com:CircleOfLife"]);
        let nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
        let value = response(Algorithm::Md5, &ha1, nonce, None, &get("/dir/index.html"));
        assert_eq!(value, "1949323746fe6a43ef61f9606e7febea");
    }

    #[test]
    fn auth_int_covers_the_body() {
        let ha1 = Algorithm::Md5.hash(&["a:b:c"]);
        let qop = Some((Qop::AuthInt, "00000001", "c"));
        let mut request = get("/");
        let empty = response(Algorithm::Md5, &ha1, "n", qop, &request);
        request.body = b"v=0".to_vec();
        assert_ne!(empty, response(Algorithm::Md5, &ha1, "n", qop, &request));
    }
}
