//! Calm, and the end: what must hold then.

use super::{Agent, MINUTE, SECOND, Simulation};
use crate::watched::Stage;
use ringlet_sip::{RegistrationState, Timer};
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
        if self.random.chance(10) {
            self.pass(65 * MINUTE);
        }
        // Back-off and Retry-After are over, and nothing rings any longer.
        self.pass_until(12 * MINUTE, |agent| agent.has_settled());
        for agent in &self.agents {
            let live = agent.watched.live_calls();
            let ringing = live.iter().filter(|(_, stage)| *stage == Stage::Ringing).count();
            assert_eq!(ringing, 0, "{}: rings for ever", agent.name);
            self.summary.lasting += live.len();
        }
        self.is_converged();
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

impl Agent {
    /// Nothing rings, and the registration is as its user wants it.
    fn has_settled(&self) -> bool {
        let live = self.watched.live_calls();
        let rings = live.iter().any(|(_, stage)| *stage == Stage::Ringing);
        !rings
            && match self.watched.registration() {
                RegistrationState::Registered { .. } => self.user.wants,
                RegistrationState::Unregistered => !self.user.wants,
                RegistrationState::Registering | RegistrationState::Failed { .. } => false,
            }
    }
}
