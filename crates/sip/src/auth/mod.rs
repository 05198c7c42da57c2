//! Digest authentication (RFC 3261 section 22, RFC 7616, RFC 8760).

mod challenge;
mod digest;

use crate::config::{Credentials, Secret};
use crate::message::{Method, Params, Request, Response};
use crate::rng::Rng;
use challenge::Challenge;
use digest::Algorithm;

/// How often one request is repeated with other credentials: each proxy on the way may ask once,
/// and each nonce may turn out stale.
const MAX_ROUNDS: u32 = 6;

/// How many askers are remembered, the latest: each of them makes every request longer.
const MAX_REALMS: usize = 8;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asker {
    /// 401, answered in Authorization.
    Server,
    /// 407, answered in Proxy-Authorization.
    Proxy,
}

impl Asker {
    fn challenge_header(self) -> &'static str {
        match self {
            Self::Server => "WWW-Authenticate",
            Self::Proxy => "Proxy-Authenticate",
        }
    }

    fn info_header(self) -> &'static str {
        match self {
            Self::Server => "Authentication-Info",
            Self::Proxy => "Proxy-Authentication-Info",
        }
    }

    fn answer_header(self) -> &'static str {
        match self {
            Self::Server => "Authorization",
            Self::Proxy => "Proxy-Authorization",
        }
    }
}

/// A challenge that was answered, so that the next request can answer it unasked.
#[derive(Debug)]
struct Answered {
    asker: Asker,
    challenge: Challenge,
    nonce_count: u32,
    /// The same for as long as the nonce: `-sess` makes its key from both once (RFC 7616 section
    /// 3.4.2), and the count keeps answers apart.
    cnonce: String,
}

/// The challenges answered so far, one for each realm.
#[derive(Debug, Default)]
pub(crate) struct Authenticator {
    answered: Vec<Answered>,
}

/// What one request has been through, so that refusal ends and does not loop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attempts {
    rounds: u32,
    realms: Vec<String>,
}

/// The server refused the credentials, or asked for a digest that they cannot answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused;

impl Authenticator {
    /// Puts answers to known challenges into a request that has not been challenged yet.
    pub(crate) fn prepare(&mut self, request: &mut Request, with: &Credentials) {
        for answered in &mut self.answered {
            // A server's challenge is the registrar's; other far ends need not see a digest that
            // they could try passwords on. Proxies ask on every way.
            let wanted = match answered.asker {
                Asker::Server => request.method == Method::REGISTER,
                Asker::Proxy => true,
            };
            if wanted && let Some(value) = answered.answer(request, with) {
                request.headers.push(answered.asker.answer_header(), value);
            }
        }
    }

    /// Puts answers to the challenges of a 401 or 407 into `request`, replacing older ones.
    pub(crate) fn answer(
        &mut self,
        request: &mut Request,
        response: &Response,
        attempts: &mut Attempts,
        with: &Credentials,
        rng: &mut Rng,
    ) -> Result<(), Refused> {
        attempts.rounds += 1;
        if attempts.rounds > MAX_ROUNDS {
            return Err(Refused);
        }
        let mut fresh = Vec::new();
        for asker in [Asker::Server, Asker::Proxy] {
            for challenge in strongest(response, asker, with) {
                let key = format_key(asker, &challenge.realm);
                // A nonce used before may have aged; one just given may not be refused.
                let refused = attempts.realms.contains(&key) && !challenge.stale;
                if refused {
                    return Err(Refused);
                }
                if !attempts.realms.contains(&key) {
                    attempts.realms.push(key);
                }
                fresh.push(Answered { asker, challenge, nonce_count: 0, cnonce: rng.token() });
            }
        }
        if fresh.is_empty() {
            return Err(Refused);
        }
        for mut new in fresh {
            // A nonce that is given again is the same nonce: its count goes on (RFC 7616
            // section 3.4).
            let same = |old: &&Answered| {
                old.is_replaced_by(&new) && old.challenge.nonce == new.challenge.nonce
            };
            if let Some(old) = self.answered.iter().find(same) {
                new.nonce_count = old.nonce_count;
                new.cnonce = old.cnonce.clone();
            }
            self.answered.retain(|old| !old.is_replaced_by(&new));
            if self.answered.len() >= MAX_REALMS {
                self.answered.remove(0);
            }
            self.answered.push(new);
        }
        // Every realm met on the way is answered again: a second proxy's challenge does not
        // excuse from the first one's.
        for asker in [Asker::Server, Asker::Proxy] {
            request.headers.remove(asker.answer_header());
        }
        for answered in &mut self.answered {
            let key = format_key(answered.asker, &answered.challenge.realm);
            if attempts.realms.contains(&key) {
                let value = answered.answer(request, with).ok_or(Refused)?;
                request.headers.push(answered.asker.answer_header(), value);
            }
        }
        Ok(())
    }

    /// Takes the nonce that a 2xx wants in the next request (RFC 7616 section 3.5, RFC 7615). It
    /// does not say whose it is, so it counts only where one realm has asked.
    pub(crate) fn next_nonce(&mut self, response: &Response, rng: &mut Rng) {
        for asker in [Asker::Server, Asker::Proxy] {
            let Some(info) = response.headers.get(asker.info_header()) else { continue };
            let mut params = crate::message::split_list(info).map(Params::new);
            let Some(nonce) = params.find_map(|param| param.get("nextnonce")) else { continue };
            let mut asked = self.answered.iter_mut().filter(|answered| answered.asker == asker);
            if let (Some(only), None) = (asked.next(), asked.next()) {
                only.challenge.renew(nonce);
                only.nonce_count = 0;
                only.cnonce = rng.token();
            }
        }
    }

    /// Forgets every nonce.
    pub(crate) fn clear(&mut self) {
        self.answered.clear();
    }
}

impl Answered {
    fn is_replaced_by(&self, new: &Self) -> bool {
        self.asker == new.asker && self.challenge.realm == new.challenge.realm
    }

    fn answer(&mut self, request: &Request, with: &Credentials) -> Option<String> {
        self.nonce_count += 1;
        self.challenge.answer(request, with, self.nonce_count, &self.cnonce)
    }
}

/// The strongest challenge of each realm that the credentials can answer.
fn strongest(response: &Response, asker: Asker, with: &Credentials) -> Vec<Challenge> {
    let mut best: Vec<Challenge> = Vec::new();
    let lines = response.headers.all(asker.challenge_header());
    for challenge in lines.flat_map(Challenge::parse_all) {
        // A stored hash is an MD5 hash.
        let answerable = match with.secret {
            Secret::Password(_) => true,
            Secret::Ha1(_) => challenge.algorithm == Algorithm::Md5,
        };
        if !answerable {
            continue;
        }
        match best.iter_mut().find(|b| b.realm == challenge.realm) {
            None => best.push(challenge),
            Some(b) if challenge.algorithm > b.algorithm => *b = challenge,
            Some(_) => {}
        }
    }
    best.truncate(MAX_REALMS);
    best
}

fn format_key(asker: Asker, realm: &str) -> String {
    let mut key = String::from(asker.answer_header());
    key.push(' ');
    key.push_str(realm);
    key
}
