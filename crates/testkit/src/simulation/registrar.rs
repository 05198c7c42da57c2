//! The registrar: it challenges, refuses at times, and knows who is where.

use super::Simulation;
use crate::message::Build as _;
use crate::random::Random;
use ringlet_sip::message::{NameAddr, Params, Request, Response};
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Registrar {
    challenges: bool,
    nonces: BTreeSet<String>,
    nonce: String,
    last_nonce: u32,
    bindings: Vec<Binding>,
    /// The sockets on which an agent was last seen under a Contact.
    seen: BTreeMap<String, (usize, u32)>,
}

/// Where a user is.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    pub(super) user: String,
    pub(super) agent: usize,
    pub(super) socket: u32,
}

impl Registrar {
    pub(super) fn new(random: &mut Random) -> Self {
        Self {
            challenges: random.chance(60),
            nonces: BTreeSet::new(),
            nonce: "n0".into(),
            last_nonce: 0,
            bindings: Vec::new(),
            seen: BTreeMap::new(),
        }
    }

    pub(super) fn of_user(&self, user: &str) -> Vec<Binding> {
        self.bindings.iter().filter(|binding| binding.user == user).cloned().collect()
    }

    pub(super) fn knows(&self, agent: usize, socket: u32) -> bool {
        self.bindings.iter().any(|b| b.agent == agent && b.socket == socket)
    }

    /// The flow is gone, and its binding with it.
    pub(super) fn forget(&mut self, agent: usize, socket: u32) {
        self.bindings.retain(|b| b.agent != agent || b.socket != socket);
    }

    /// Learns where a Contact is.
    pub(super) fn see(&mut self, agent: usize, socket: u32, contact: Option<&str>) {
        if let Some(contact) = contact.and_then(NameAddr::parse) {
            self.seen.insert(contact.uri.to_owned(), (agent, socket));
        }
    }

    /// Who has shown this Contact, on whatever socket.
    pub(super) fn owner(&self, uri: &str) -> Option<usize> {
        self.seen.get(uri).map(|(agent, _)| *agent)
    }

    /// Whether a request brings an answer to the nonce of now.
    fn authorized(&self, request: &Request) -> bool {
        ["Authorization", "Proxy-Authorization"].iter().any(|name| {
            let mut values = request.headers.all(name);
            values.any(|value| nonce(value).as_deref() == Some(&*self.nonce))
        })
    }

    /// The challenge to a request that does not answer the last one; `None` if it does.
    pub(super) fn challenge(&mut self, request: &Request, status: u16) -> Option<Response> {
        if !self.challenges || self.authorized(request) {
            return None;
        }
        self.nonces.insert(self.nonce.clone());
        let given = ["Authorization", "Proxy-Authorization"]
            .iter()
            .find_map(|name| request.headers.all(name).find_map(nonce));
        let stale = given.is_some_and(|nonce| self.nonces.contains(&nonce));
        let (phrase, name) = match status {
            401 => ("Unauthorized", "WWW-Authenticate"),
            _ => ("Proxy Authentication Required", "Proxy-Authenticate"),
        };
        let stale = if stale { ", stale=true" } else { "" };
        let value = format!("Digest realm=\"r\", nonce=\"{}\", qop=\"auth\"{stale}", self.nonce);
        Some(Response::to(request, status, phrase, Some("server")).with(name, &value))
    }

    /// From now on another nonce is wanted.
    fn renew(&mut self) {
        self.last_nonce += 1;
        self.nonce = format!("n{}", self.last_nonce);
    }
}

fn nonce(value: &str) -> Option<String> {
    let (_, params) = value.split_once(' ')?;
    let params = params.replace(", ", ";");
    Params::new(&params).get("nonce").map(str::to_owned)
}

impl Simulation {
    /// Answers a REGISTER.
    pub(super) fn register(&mut self, agent: usize, socket: u32, request: &Request) {
        if self.disorder && self.random.chance(10) {
            self.registrar.renew();
        }
        if self.disorder && self.random.chance(6) {
            return self.refuse_register(agent, socket, request);
        }
        if let Some(challenge) = self.registrar.challenge(request, 401) {
            return self.send_down(agent, socket, challenge.to_bytes());
        }
        let contact = request.headers.get("Contact").unwrap_or_default().to_owned();
        let asked = request.headers.seconds("Expires").unwrap_or(3600);
        self.registrar.bindings.retain(|b| b.agent != agent);
        let mut response = Response::to(request, 200, "OK", Some("registrar"));
        if asked > 0 {
            let user = self.agents[agent].name.clone();
            self.registrar.bindings.push(Binding { user, agent, socket });
            let granted = if self.random.chance(20) { asked.min(30) } else { asked };
            response = response.with("Contact", &format!("{contact};expires={granted}"));
        }
        if self.random.chance(20) {
            response = response.with("Flow-Timer", "20").with("Require", "outbound");
        }
        self.send_down(agent, socket, response.to_bytes());
    }

    fn refuse_register(&mut self, agent: usize, socket: u32, request: &Request) {
        let (status, extra) = *self.random.pick(&[
            (403, None),
            (404, None),
            (408, None),
            (423, Some(("Min-Expires", "900"))),
            (423, None),
            (439, None),
            (480, None),
            (500, None),
            (500, Some(("Retry-After", "30"))),
            (503, Some(("Retry-After", "120"))),
            (603, None),
            (0, None),
        ]);
        // Nothing at all is an answer too.
        if status > 0 {
            let mut response = Response::to(request, status, "No", Some("registrar"));
            if let Some((name, value)) = extra {
                response = response.with(name, value);
            }
            self.send_down(agent, socket, response.to_bytes());
        }
    }
}
