//! A digest challenge, and the credentials that answer it.

use super::digest::{Algorithm, Qop, response};
use crate::config::{Credentials, Secret};
use crate::message::{Params, Request};

/// One `Digest` challenge (RFC 7616 section 3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// As it stood between the quotes.
    pub(crate) realm: String,
    pub(super) nonce: String,
    opaque: Option<String>,
    /// The credentials may be right, only the nonce was old.
    pub(crate) stale: bool,
    /// The digest asked for.
    pub(crate) algorithm: Algorithm,
    session: bool,
    algorithm_name: Option<String>,
    qop: Option<Qop>,
}

impl Challenge {
    /// Every digest challenge of one header line that this crate can answer at all.
    pub(crate) fn parse_all(line: &str) -> Vec<Self> {
        // `Digest a=1, b=2, Digest c=3`: a scheme is a word followed by another word.
        let mut challenges: Vec<String> = Vec::new();
        for item in crate::message::split_list(line) {
            match item.split_once([' ', '\t']) {
                Some((scheme, first)) if !scheme.as_bytes().contains(&b'=') => {
                    let is_digest = scheme.eq_ignore_ascii_case("Digest");
                    challenges.push(if is_digest {
                        first.trim().to_owned()
                    } else {
                        String::new()
                    });
                }
                _ => {
                    if let Some(current) = challenges.last_mut().filter(|c| !c.is_empty()) {
                        current.push(';');
                        current.push_str(item);
                    }
                }
            }
        }
        challenges.iter().filter_map(|c| Self::parse(Params::new(c))).collect()
    }

    fn parse(params: Params<'_>) -> Option<Self> {
        let owned = |name| params.get(name).map(str::to_owned);
        let algorithm_name = owned("algorithm");
        let (algorithm, session) = Algorithm::parse(algorithm_name.as_deref().unwrap_or("MD5"))?;
        let qop = match params.get("qop").filter(|list| !list.trim().is_empty()) {
            None => None,
            Some(list) => Some(Qop::choose(list)?),
        };
        Some(Self {
            realm: owned("realm")?,
            nonce: owned("nonce")?,
            opaque: owned("opaque"),
            stale: params.get("stale").is_some_and(|s| s.eq_ignore_ascii_case("true")),
            algorithm,
            session,
            algorithm_name,
            qop,
        })
    }

    /// Goes on with another nonce.
    pub(crate) fn renew(&mut self, nonce: &str) {
        self.nonce = nonce.to_owned();
    }

    /// The value of the Authorization header for `request`; `None` if the secret cannot do it.
    pub(crate) fn answer(
        &self,
        request: &Request,
        with: &Credentials,
        nonce_count: u32,
        cnonce: &str,
    ) -> Option<String> {
        let algorithm = self.algorithm;
        let ha1 = match &with.secret {
            Secret::Password(password) => {
                algorithm.hash(&[&with.username, ":", &self.realm, ":", password])
            }
            Secret::Ha1(ha1) if algorithm == Algorithm::Md5 => ha1.to_ascii_lowercase(),
            Secret::Ha1(_) => return None,
        };
        let ha1 = match self.session {
            true => algorithm.hash(&[&ha1, ":", &self.nonce, ":", cnonce]),
            false => ha1,
        };
        let count = hex_count(nonce_count);
        let qop = self.qop.map(|qop| (qop, count.as_str(), cnonce));
        let response = response(algorithm, &ha1, &self.nonce, qop, request);

        let mut value = String::from("Digest username=");
        value.push_str(&crate::message::quoted(&with.username));
        let mut add = |name: &str, text: &str, quotes: &str| {
            for part in [", ", name, "=", quotes, text, quotes] {
                value.push_str(part);
            }
        };
        add("realm", &self.realm, "\"");
        add("nonce", &self.nonce, "\"");
        add("uri", &request.uri, "\"");
        add("response", &response, "\"");
        if let Some(name) = &self.algorithm_name {
            add("algorithm", name, "");
        }
        if let Some(opaque) = &self.opaque {
            add("opaque", opaque, "\"");
        }
        if let Some((qop, count, cnonce)) = qop {
            add("qop", qop.as_str(), "");
            add("nc", count, "");
            add("cnonce", cnonce, "\"");
        } else if self.session {
            add("cnonce", cnonce, "\"");
        }
        Some(value)
    }
}

/// Eight hexadecimal digits.
fn hex_count(count: u32) -> String {
    super::digest::hex(&count.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Method;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn credentials(secret: Secret) -> Credentials {
        Credentials { username: "bob".into(), secret }
    }

    #[test]
    fn several_challenges_in_one_line_are_told_apart() {
        let line = r#"Basic realm="x", Digest realm="a, b", nonce="1", qop="auth-int,auth",
            Digest realm="c", nonce=2, algorithm=SHA-256, stale=TRUE"#;
        let all = Challenge::parse_all(&line.replace('\n', " "));
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].realm.as_str(), all[0].qop), ("a, b", Some(Qop::Auth)));
        assert_eq!((all[1].algorithm, all[1].stale), (Algorithm::Sha256, true));
    }

    #[test]
    fn what_cannot_be_answered_is_no_challenge() {
        for line in [
            r#"Digest realm="a", nonce="1", algorithm=AKAv1-MD5"#,
            r#"Digest realm="a", nonce="1", qop="token""#,
            r#"Digest realm="a""#,
            "Negotiate",
            "",
        ] {
            assert_eq!(Challenge::parse_all(line), [], "{line}");
        }
    }

    #[test]
    fn the_tenth_nonce_count_is_hexadecimal() {
        let challenge = &Challenge::parse_all(r#"Digest realm="a", nonce="1", qop="auth""#)[0];
        let request = Request::new(Method::REGISTER, "sip:h");
        let with = credentials(Secret::Password("zanzibar".into()));
        let value = challenge.answer(&request, &with, 10, "c").unwrap();
        assert!(value.contains("nc=0000000a"), "{value}");
    }

    #[test]
    fn a_stored_hash_answers_like_its_password() {
        let challenge = &Challenge::parse_all(r#"Digest realm="biloxi.com", nonce="1""#)[0];
        let request = Request::new(Method::REGISTER, "sip:h");
        let ha1 = Algorithm::Md5.hash(&["bob:biloxi.com:zanzibar"]);
        let by_hash = challenge.answer(&request, &credentials(Secret::Ha1(ha1)), 1, "c");
        let password = credentials(Secret::Password("zanzibar".into()));
        assert_eq!(by_hash, challenge.answer(&request, &password, 1, "c"));
        assert!(by_hash.is_some());
    }

    #[test]
    fn quotes_in_a_user_name_are_escaped() {
        let challenge = &Challenge::parse_all(r#"Digest realm="a", nonce="1""#)[0];
        let request = Request::new(Method::REGISTER, "sip:h");
        let with = Credentials { username: "a\"b".into(), secret: Secret::Ha1("0".into()) };
        let value = challenge.answer(&request, &with, 1, "c").unwrap();
        assert!(value.starts_with(r#"Digest username="a\"b", realm="a""#), "{value}");
    }
}
