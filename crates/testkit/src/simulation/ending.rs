//! Calm, and the end: what must hold then.

use super::far::State;
use super::{Agent, MINUTE, SECOND, Simulation};
use crate::watched::Stage;
use ringlet_sip::message::NameAddr;
use ringlet_sip::{CallId, RegistrationState, Timer};
use std::time::Duration;

impl Simulation {
    /// The second part: nothing goes wrong any more, and nobody does anything.
    pub(super) fn calm(&mut self) {
        self.say(|| "it is calm".into());
        self.disorder = false;
        for agent in 0..self.agents.len() {
            self.wake(agent);
            self.connect(agent);
        }
        // Every loss is noticed, and every pause over.
        self.pass_until(4 * MINUTE, |agent| agent.link.is_sound());
        // What was on its way has arrived, or is given up.
        self.pass(40 * SECOND);
        for agent in 0..self.agents.len() {
            assert!(self.agents[agent].watched.is_connected(), "{agent} has no socket");
            self.user_insists(agent);
        }
        // Sessions are refreshed or expire, and so are registrations.
        let long = self.random.chance(10);
        if long {
            self.pass(65 * MINUTE);
        }
        // Back-off and Retry-After are over, and nothing rings any longer.
        self.pass_until(12 * MINUTE, |agent| agent.has_settled());
        for agent in &self.agents {
            let live = agent.watched.live_calls();
            let ringing = live.iter().filter(|(_, stage)| *stage == Stage::Ringing).count();
            assert_eq!(ringing, 0, "{}: rings for ever", agent.name);
            assert!(agent.user.transfers.is_empty(), "{}: a transfer never ends", agent.name);
            self.summary.lasting += live.len();
        }
        self.is_converged();
        if long {
            self.no_call_has_one_end();
        }
    }

    /// Where session timers run, what is answered is answered at the far end too.
    fn no_call_has_one_end(&mut self) {
        let mut ends: Vec<End> = Vec::new();
        for (index, agent) in self.agents.iter_mut().enumerate() {
            for (call, _) in agent.watched.live_calls() {
                let text = agent.watched.agent().export(call);
                ends.extend(text.map(|text| End::of(index, call, &text)));
            }
        }
        for end in &ends {
            let is_there = match end.far {
                Some(far) => matches!(self.fars.calls[far].state, State::Talking),
                None => ends.iter().any(|other| other.is_opposite(end)),
            };
            assert!(is_there || !end.timer, "nobody is at the other end of {end:?}");
        }
    }

    /// Who wants to be registered is, and the registrar agrees.
    fn is_converged(&mut self) {
        for (index, agent) in self.agents.iter().enumerate() {
            let state = agent.watched.registration();
            let name = &agent.name;
            match (agent.user.wants, state) {
                (true, RegistrationState::Registered { .. }) => self.summary.registered += 1,
                (false, RegistrationState::Unregistered) => continue,
                (wants, state) => panic!("{index} {name}: wanted: {wants}, but {state:?}"),
            }
            let socket = agent.link.socket.expect("a socket");
            assert!(self.registrar.knows(index, socket), "{name}: the registrar knows nothing");
        }
    }

    /// The third part: everybody hangs up.
    pub(super) fn end(&mut self) {
        self.say(|| "the end".into());
        for agent in 0..self.agents.len() {
            self.user_ends(agent);
        }
        self.pass_until(5 * MINUTE, |agent| {
            agent.watched.load() == 0 && agent.watched.live_calls().is_empty()
        });
        // What is under way may end a moment later, and what is over may come back.
        self.pass(SECOND);
        self.pass_until(MINUTE, |agent| agent.watched.load() == 0 && agent.has_settled());
        self.summary.registered = 0;
        self.is_converged();
        for agent in &self.agents {
            let left: Vec<_> = agent.watched.live_calls();
            assert_eq!(left, [], "{}: calls without an end", agent.name);
            let once = agent.user.messages.values().all(|times| *times == 1);
            assert!(once, "{}: {:?}", agent.name, agent.user.messages);
            let deadline = agent.watched.deadline();
            assert_eq!(agent.watched.load(), 0, "{}: left over, with {deadline:?}", agent.name);
            let kinds = [Timer::Ping, Timer::PongTimeout, Timer::RegistrationRefresh];
            let timer = deadline.map(|(_, timer)| timer);
            assert!(timer.is_none_or(|t| kinds.contains(&t)), "{}: {timer:?}", agent.name);
        }
    }

    /// Lets time pass until all agents are so, but not longer than `most`.
    fn pass_until(&mut self, most: Duration, are_so: impl Fn(&Agent) -> bool) {
        let end = self.now + most;
        while self.now < end && !self.agents.iter().all(&are_so) {
            self.pass(2 * SECOND);
        }
    }
}

/// One side of an answered call.
#[derive(Debug)]
#[allow(dead_code, reason = "shown when it fails")]
struct End {
    agent: usize,
    call: CallId,
    /// It sees to it that the other side is there (RFC 4028).
    timer: bool,
    call_id: String,
    local: String,
    remote: String,
    /// The number of the far end, if it is one.
    far: Option<usize>,
}

impl End {
    fn of(agent: usize, call: CallId, exported: &str) -> Self {
        let value = |name: &str| {
            let mut lines = exported.lines().filter_map(|line| line.split_once(' '));
            lines.find(|(n, _)| *n == name).map(|(_, value)| value.to_owned()).unwrap_or_default()
        };
        let tag = |name| {
            let value = value(name);
            let tag = NameAddr::parse(&value).and_then(|address| address.tag());
            tag.unwrap_or_default().to_owned()
        };
        let (local, remote) = (tag("local"), tag("remote"));
        let number = remote.strip_prefix("far").and_then(|far| far.split('-').next());
        let far = number.and_then(|number| number.parse().ok());
        let timer = !value("interval").is_empty();
        Self { agent, call, timer, call_id: value("call-id"), local, remote, far }
    }

    fn is_opposite(&self, other: &Self) -> bool {
        (&self.call_id, &self.local, &self.remote) == (&other.call_id, &other.remote, &other.local)
    }
}

impl Agent {
    /// Nothing rings, no transfer is under way, and the registration is as its user wants it.
    fn has_settled(&self) -> bool {
        let live = self.watched.live_calls();
        let rings = live.iter().any(|(_, stage)| *stage == Stage::Ringing);
        !rings
            && self.user.transfers.is_empty()
            && match self.watched.registration() {
                RegistrationState::Registered { .. } => self.user.wants,
                RegistrationState::Unregistered => !self.user.wants,
                RegistrationState::Registering | RegistrationState::Failed { .. } => false,
            }
    }
}
