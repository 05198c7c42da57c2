//! Random schedules: several agents, a proxy, far ends, and everything that goes wrong between
//! them, all from one seed.
//!
//! A schedule has three parts. In the first anything happens: sockets break, messages are late and
//! come twice, timers fire late, servers refuse, and users press every button. Then it is calm:
//! sockets stay, users only watch. What was answered must by then be answered on both sides. At
//! last everybody hangs up, and nothing may be left.

mod ending;
mod far;
mod far_call;
mod link;
mod proxy;
mod registrar;
mod user;

use crate::random::Random;
use crate::watched::Watched;
use far::Fars;
use link::Link;
use proxy::Proxy;
use registrar::Registrar;
use ringlet_sip::message::{Message, Request, Response};
use ringlet_sip::{Config, Input, Instant, MediaResult, OpId, UserAgent};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use user::User;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// Runs the schedule of a seed; panics if something does not hold. `told` prints every step.
pub fn run(seed: u64, told: bool) -> Summary {
    let mut simulation = Simulation::new(seed, told);
    simulation.disorder();
    simulation.calm();
    simulation.end();
    simulation.summary
}

/// What happened in a schedule, to see that schedules reach what they are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Messages that agents sent.
    pub sent: usize,
    /// Calls that were made or announced.
    pub calls: usize,
    /// Calls that were answered.
    pub answered: usize,
    /// Calls that were still up when it was calm.
    pub lasting: usize,
    /// Sockets that were lost.
    pub lost: usize,
    /// Registrations that hold at the end.
    pub registered: usize,
}

/// Something that will happen.
enum Step {
    /// Bytes that an agent sent reach the proxy, if the socket is the same one still.
    ToProxy { agent: usize, socket: u32, bytes: Vec<u8> },
    /// Bytes reach an agent.
    ToAgent { agent: usize, socket: u32, bytes: Vec<u8> },
    /// An agent finds that its socket is gone.
    AgentNotices { agent: usize, socket: u32 },
    /// The proxy finds it.
    ProxyNotices { agent: usize, socket: u32 },
    /// An agent has another socket.
    Connect { agent: usize },
    /// An agent's media work ends.
    Media { agent: usize, op: OpId, result: MediaResult },
    /// An agent wakes up.
    Wake { agent: usize },
    /// The proxy has waited long enough for a transaction.
    GiveUp { transaction: usize },
    /// A far end does something by itself.
    Far { call: usize },
    /// A message from the proxy reaches a far end.
    ToFar { call: Option<usize>, message: Box<Message> },
    /// A request of a far end reaches the proxy.
    FarRequest { call: usize, request: Box<Request> },
    /// A response of a far end reaches the proxy.
    FarResponse { response: Box<Response> },
}

struct Simulation {
    now: Instant,
    random: Random,
    told: bool,
    /// Anything may go wrong.
    disorder: bool,
    agents: Vec<Agent>,
    steps: BTreeMap<(Instant, u64), Step>,
    last_step: u64,
    proxy: Proxy,
    registrar: Registrar,
    fars: Fars,
    summary: Summary,
}

struct Agent {
    name: String,
    watched: Watched,
    link: Link,
    user: User,
    /// Sleeping: what arrives waits here.
    asleep: Option<VecDeque<Input>>,
    config: Config,
}

impl Simulation {
    fn new(seed: u64, told: bool) -> Self {
        let mut random = Random::new(seed);
        let count = 2 + random.below(3);
        let mut agents: Vec<Agent> = Vec::new();
        for index in 0..count {
            // Two agents of one user make a call fork.
            let name = match agents.last() {
                Some(last) if random.chance(25) => last.name.clone(),
                Some(_) | None => format!("u{index}"),
            };
            let session_interval = *random.pick(&[0, 90, 600, 1800]);
            let mut config = Config {
                user: name.clone(),
                register_expires: Duration::from_secs(*random.pick(&[60, 600, 3600])),
                session_interval: Duration::from_secs(session_interval),
                ..crate::config()
            };
            config.credentials.username.clone_from(&name);
            let mut seed = [index as u8; 32];
            seed[..8].copy_from_slice(&random.number().to_le_bytes());
            let agent = UserAgent::new(config.clone(), seed);
            agents.push(Agent {
                name,
                watched: Watched::new(agent).with_fresh_nonces(),
                link: Link::default(),
                user: User::default(),
                asleep: None,
                config,
            });
        }
        let proxy = Proxy::new(&mut random);
        let registrar = Registrar::new(&mut random);
        Self {
            now: Instant::from_millis(1_000_000),
            random,
            told,
            disorder: true,
            agents,
            steps: BTreeMap::new(),
            last_step: 0,
            proxy,
            registrar,
            fars: Fars::default(),
            summary: Summary::default(),
        }
    }

    /// The first part: a random thing after a random pause, so many times.
    fn disorder(&mut self) {
        for agent in 0..self.agents.len() {
            if self.random.chance(90) {
                self.connect(agent);
            }
            if self.random.chance(90) {
                self.command(agent, ringlet_sip::Command::Register);
            }
        }
        for _ in 0..10 + self.random.below(50) {
            let pause = match self.random.below(20) {
                0 => self.random.time(90 * MINUTE),
                1..6 => self.random.time(40 * SECOND),
                _ => self.random.time(2 * SECOND),
            };
            self.pass(pause);
            self.anything();
        }
    }

    fn anything(&mut self) {
        let agent = self.random.below(self.agents.len());
        match self.random.below(100) {
            0..4 => self.cut(agent),
            4..6 => self.fall_asleep(agent),
            6..14 => self.far_calls(),
            14..16 => self.stray_message(agent),
            16..20 => self.far_acts(),
            20..22 => self.reload(agent),
            _ => self.user_acts(agent),
        }
    }

    /// Lets time pass, and everything happen that is due in it.
    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some((at, what)) = self.next().filter(|(at, _)| *at <= end) {
            self.now = self.now.max(at);
            match what {
                Next::Timeout(agent) => self.input(agent, Input::Timeout),
                Next::Step(key) => {
                    if let Some(step) = self.steps.remove(&key) {
                        self.step(step);
                    }
                }
            }
        }
        self.now = end;
    }

    fn next(&self) -> Option<(Instant, Next)> {
        let step = self.steps.keys().next().map(|key| (key.0, Next::Step(*key)));
        let awake = self.agents.iter().enumerate().filter(|(_, agent)| agent.asleep.is_none());
        let timeouts = awake.filter_map(|(index, agent)| {
            // Timers are late, but not by much unless one sleeps.
            let (at, _) = agent.watched.deadline()?;
            Some((at + agent.link.lateness, Next::Timeout(index)))
        });
        timeouts.chain(step).min_by_key(|(at, _)| *at)
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::ToProxy { agent, socket, bytes } => self.reaches_proxy(agent, socket, &bytes),
            Step::ToAgent { agent, socket, bytes } => {
                if self.agents[agent].link.socket == Some(socket) {
                    self.input(agent, Input::Received(bytes));
                }
            }
            Step::AgentNotices { agent, socket } => self.agent_notices(agent, socket),
            Step::ProxyNotices { agent, socket } => self.registrar.forget(agent, socket),
            Step::Connect { agent } => self.connect(agent),
            Step::Media { agent, op, result } => self.input(agent, Input::Media(op, result)),
            Step::Wake { agent } => self.wake(agent),
            Step::GiveUp { transaction } => self.give_up(transaction),
            Step::Far { call } => self.far_step(call),
            Step::ToFar { call, message } => self.reaches_far(call, *message),
            Step::FarRequest { call, request } => {
                self.requested(proxy::Node::Far(call), *request);
            }
            Step::FarResponse { response } => self.response(*response),
        }
    }

    fn at(&mut self, pause: Duration, step: Step) {
        self.last_step += 1;
        self.steps.insert((self.now + pause, self.last_step), step);
    }

    /// Says what happens, when somebody listens.
    fn say(&self, what: impl FnOnce() -> String) {
        if self.told {
            #[allow(clippy::print_stderr, reason = "a failing schedule is read by a person")]
            {
                eprintln!("{:10.3} {}", self.now.as_millis() as f64 / 1000.0 - 1000.0, what());
            }
        }
    }
}

enum Next {
    Timeout(usize),
    Step((Instant, u64)),
}

/// The first line and what matters of the rest.
fn brief(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let wanted = |line: &&str| {
        ["CSeq", "Call-ID", "Expires", "Retry-After", "To:"].iter().any(|n| line.starts_with(n))
    };
    let head = text.split("\r\n\r\n").next().unwrap_or_default();
    let lines: Vec<&str> = head.lines().take(1).chain(head.lines().filter(wanted)).collect();
    lines.join(" | ")
}
