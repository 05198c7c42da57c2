//! Digest challenges and their verification (RFC 3261 §22, RFC 7616, RFC 8760).
//!
//! rsipstack's digest reads neither `algorithm=SHA-256` nor a nonce count above 255.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use md5::{Digest as _, Md5};
use sha2::Sha256;

use crate::address::split_list;
use crate::config::User;
use crate::random;

/// What a request's credentials are worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No credentials for our realm.
    Missing,
    /// The right password with a nonce that is no longer good.
    Stale,
    /// Unknown user, wrong password or unreadable credentials.
    Wrong,
    /// This user.
    User(String),
}

pub(crate) struct Authenticator {
    realm: String,
    passwords: HashMap<String, String>,
    lifetime: Duration,
    nonces: HashMap<String, Nonce>,
}

struct Nonce {
    issued: Instant,
    /// Highest nonce count seen, so that a recorded request cannot be replayed.
    count: u32,
}

impl Authenticator {
    pub(crate) fn new(realm: &str, users: &[User], lifetime: Duration) -> Self {
        let passwords = users.iter().map(|u| (u.name.clone(), u.password.clone())).collect();
        Self { realm: realm.to_owned(), passwords, lifetime, nonces: HashMap::new() }
    }

    pub(crate) fn knows(&self, user: &str) -> bool {
        self.passwords.contains_key(user)
    }

    /// One challenge for each algorithm, the stronger first as RFC 8760 §2.4 asks. The order also
    /// suits JsSIP and SIP.js, which keep only the last and know only MD5.
    pub(crate) fn challenges(&mut self, now: Instant, stale: bool) -> [String; 2] {
        self.nonces.retain(|_, nonce| now - nonce.issued <= self.lifetime);
        let nonce = random::token(16);
        let stale = if stale { ", stale=true" } else { "" };
        let challenge = |algorithm| {
            let realm = &self.realm;
            format!(
                "Digest realm=\"{realm}\", nonce=\"{nonce}\", qop=\"auth,auth-int\", algorithm={algorithm}{stale}"
            )
        };
        let challenges = [challenge("SHA-256"), challenge("MD5")];
        self.nonces.insert(nonce, Nonce { issued: now, count: 0 });
        challenges
    }

    /// Judges the values of `Authorization` or `Proxy-Authorization`.
    pub(crate) fn verify(
        &mut self,
        now: Instant,
        method: &str,
        values: &[&str],
        body: &[u8],
    ) -> Verdict {
        let ours = values
            .iter()
            .filter_map(|value| Credentials::parse(value))
            .find(|credentials| credentials.get("realm") == Some(self.realm.as_str()));
        let Some(credentials) = ours else { return Verdict::Missing };
        let Some(user) = self.matching_user(&credentials, method, body) else {
            return Verdict::Wrong;
        };
        let count = credentials.get("nc").and_then(|nc| u32::from_str_radix(nc, 16).ok());
        let nonce = credentials.get("nonce").and_then(|nonce| self.nonces.get_mut(nonce));
        match (nonce, count) {
            (Some(nonce), Some(count))
                if now - nonce.issued <= self.lifetime && count > nonce.count =>
            {
                nonce.count = count;
                Verdict::User(user)
            }
            _ => Verdict::Stale,
        }
    }

    fn matching_user(&self, c: &Credentials, method: &str, body: &[u8]) -> Option<String> {
        let user = c.get("username")?;
        let password = self.passwords.get(user)?;
        let (nonce, nc, cnonce) = (c.get("nonce")?, c.get("nc")?, c.get("cnonce")?);
        let algorithm = c.get("algorithm").unwrap_or("MD5").to_ascii_uppercase();
        let (name, session) = match algorithm.strip_suffix("-SESS") {
            Some(name) => (name, true),
            None => (algorithm.as_str(), false),
        };
        let hash = match name {
            "MD5" => |data: &[u8]| random::hex(&Md5::digest(data)),
            "SHA-256" => |data: &[u8]| random::hex(&Sha256::digest(data)),
            _ => return None,
        };
        let mut a1 = hash(format!("{user}:{}:{password}", self.realm).as_bytes());
        if session {
            a1 = hash(format!("{a1}:{nonce}:{cnonce}").as_bytes());
        }
        let uri = c.get("uri")?;
        let qop = c.get("qop")?;
        let a2 = match qop {
            "auth" => hash(format!("{method}:{uri}").as_bytes()),
            "auth-int" => hash(format!("{method}:{uri}:{}", hash(body)).as_bytes()),
            _ => return None,
        };
        let expected = hash(format!("{a1}:{nonce}:{nc}:{cnonce}:{qop}:{a2}").as_bytes());
        c.get("response")?.eq_ignore_ascii_case(&expected).then(|| user.to_owned())
    }
}

struct Credentials(HashMap<String, String>);

impl Credentials {
    fn parse(value: &str) -> Option<Self> {
        let (scheme, params) = value.trim().split_once(char::is_whitespace)?;
        if !scheme.eq_ignore_ascii_case("Digest") {
            return None;
        }
        let params = split_list(params).into_iter().filter_map(|param| {
            let (name, value) = param.split_once('=')?;
            let value = value.trim();
            let value = match value.strip_prefix('"').and_then(|v| v.strip_suffix('"')) {
                Some(quoted) => quoted.replace("\\\"", "\"").replace("\\\\", "\\"),
                None => value.to_owned(),
            };
            Some((name.trim().to_ascii_lowercase(), value))
        });
        Some(Self(params.collect()))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7616 §3.9.1, whose realm, nonce and URI both algorithms share.
    fn rfc_7616(algorithm: &str, response: &str) -> String {
        format!(
            "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", \
             algorithm={algorithm}, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
             nc=00000001, cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, \
             response=\"{response}\""
        )
    }

    fn authenticator(now: Instant) -> Authenticator {
        let user = User { name: "Mufasa".into(), password: "Circle of Life".into() };
        let mut it = Authenticator::new("http-auth@example.org", &[user], Duration::from_secs(9));
        let nonce = Nonce { issued: now, count: 0 };
        it.nonces.insert("7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v".into(), nonce);
        it
    }

    const MD5: &str = "8ca523f5e9506fed4657c9700eebdbec";
    const SHA_256: &str = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";

    #[test]
    fn the_vectors_of_rfc_7616_are_accepted() {
        let now = Instant::now();
        for (algorithm, response) in [("MD5", MD5), ("SHA-256", SHA_256)] {
            let value = rfc_7616(algorithm, response);
            let verdict = authenticator(now).verify(now, "GET", &[&value], b"");
            assert_eq!(verdict, Verdict::User("Mufasa".into()), "{algorithm}");
        }
    }

    #[test]
    fn a_wrong_answer_is_wrong_and_a_foreign_realm_is_no_answer() {
        let now = Instant::now();
        let wrong = rfc_7616("MD5", SHA_256);
        assert_eq!(authenticator(now).verify(now, "GET", &[&wrong], b""), Verdict::Wrong);
        let foreign = rfc_7616("MD5", MD5).replace("http-auth", "elsewhere");
        assert_eq!(authenticator(now).verify(now, "GET", &[&foreign], b""), Verdict::Missing);
    }

    #[test]
    fn an_old_nonce_and_a_repeated_count_are_stale() {
        let now = Instant::now();
        let value = rfc_7616("MD5", MD5);
        let mut late = authenticator(now);
        let later = now + Duration::from_secs(10);
        assert_eq!(late.verify(later, "GET", &[&value], b""), Verdict::Stale);
        let mut replayed = authenticator(now);
        replayed.verify(now, "GET", &[&value], b"");
        assert_eq!(replayed.verify(now, "GET", &[&value], b""), Verdict::Stale);
        assert!(replayed.challenges(now, true).iter().all(|c| c.ends_with("stale=true")));
    }
}
