//! Calm, and the end: what must hold then.

use super::{MINUTE, SECOND, Simulation};
use crate::watched::Stage;
use ringlet_sip::{RegistrationState, Timer};

impl Simulation {
    /// The second part: nothing goes wrong any more, and nobody does anything.
    pub(super) fn calm(&mut self) {
        self.say(|| "it is calm".into());
        self.disorder = false;
        for agent in 0..self.agents.len() {
            self.wake(agent);
            self.connect(agent);
        }
        // Every loss has been noticed, and every pause is over.
        self.pass(4 * MINUTE);
        for agent in 0..self.agents.len() {
            assert!(self.agents[agent].watched.is_connected(), "{agent} has no socket");
            self.user_insists(agent);
        }
        // Back-off and Retry-After are over, and nothing rings any longer.
        let long = self.random.chance(10);
        self.pass(if long { 65 * MINUTE } else { 12 * MINUTE });
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
        self.pass(5 * MINUTE);
        self.is_converged_at_the_end();
        // A refresh may be under way right now.
        for _ in 0..60 {
            if self.agents.iter().all(|agent| agent.watched.load() == 0) {
                break;
            }
            self.pass(SECOND);
        }
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

    fn is_converged_at_the_end(&mut self) {
        self.summary.registered = 0;
        self.is_converged();
    }
}
