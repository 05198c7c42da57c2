//! Sockets: in order, reliable, and gone at any instant.

use super::{MINUTE, SECOND, Simulation, Step, brief};
use crate::watched::Stage;
use ringlet_sip::{Event, Input, Instant, MediaFailed, MediaRequest, OpId, Output, Reconnect};
use std::collections::VecDeque;
use std::time::Duration;

/// One agent's way to the proxy.
#[derive(Default)]
pub(super) struct Link {
    /// The socket that the agent has; none when it knows that it has none.
    pub(super) socket: Option<u32>,
    last_socket: u32,
    /// The socket carries nothing any more, whoever knows it already.
    is_cut: bool,
    /// Messages keep their order: the latest arrival each way.
    up: Instant,
    down: Instant,
    /// By how much its timers are late.
    pub(super) lateness: Duration,
    /// Media work that will never end.
    pub(super) never: Vec<OpId>,
}

impl Link {
    /// There is a socket, and it carries.
    pub(super) fn is_sound(&self) -> bool {
        self.socket.is_some() && !self.is_cut
    }
}

impl Simulation {
    /// Opens a socket, unless there is one.
    pub(super) fn connect(&mut self, agent: usize) {
        let late = self.random.time(SECOND);
        let link = &mut self.agents[agent].link;
        if link.socket.is_some() {
            return;
        }
        link.last_socket += 1;
        link.socket = Some(link.last_socket);
        link.is_cut = false;
        link.lateness = late;
        self.say(|| format!("{agent} has a socket"));
        let is_old = |step: &Step| matches!(step, Step::ToProxy { agent: a, .. } if *a == agent);
        self.steps.retain(|_, step| !is_old(step));
        self.input(agent, Input::Connected);
    }

    /// Cuts a socket. Both ends find out sooner or later; some of what is on its way arrives.
    pub(super) fn cut(&mut self, agent: usize) {
        let Some(socket) = self.agents[agent].link.socket else { return };
        if std::mem::replace(&mut self.agents[agent].link.is_cut, true) {
            return;
        }
        self.summary.lost += 1;
        self.say(|| format!("{agent} loses its socket"));
        let lost_after = self.now + self.random.time(SECOND);
        self.steps.retain(|(at, _), step| match step {
            Step::ToProxy { agent: whose, .. } => *whose != agent || *at <= lost_after,
            Step::ToAgent { agent: whose, .. } => *whose != agent,
            _ => true,
        });
        let noticed = [self.random.time(40 * SECOND), self.random.time(40 * SECOND)];
        self.at(noticed[0], Step::AgentNotices { agent, socket });
        self.at(noticed[1], Step::ProxyNotices { agent, socket });
    }

    pub(super) fn agent_notices(&mut self, agent: usize, socket: u32) {
        if self.agents[agent].link.socket != Some(socket) {
            return;
        }
        self.agents[agent].link.socket = None;
        self.say(|| format!("{agent} notices the loss"));
        self.input(agent, Input::Disconnected);
        let pause = match self.disorder {
            true => self.random.time(3 * MINUTE),
            false => self.random.time(2 * SECOND),
        };
        self.at(pause, Step::Connect { agent });
    }

    pub(super) fn fall_asleep(&mut self, agent: usize) {
        if self.agents[agent].asleep.is_some() {
            return;
        }
        self.agents[agent].asleep = Some(VecDeque::new());
        if self.random.chance(60) {
            self.cut(agent);
        }
        let time = self.random.time(6 * 60 * MINUTE);
        self.say(|| format!("{agent} sleeps for {time:?}"));
        self.at(time, Step::Wake { agent });
    }

    /// Whether timers or messages come first is anybody's guess.
    pub(super) fn wake(&mut self, agent: usize) {
        let Some(inputs) = self.agents[agent].asleep.take() else { return };
        self.say(|| format!("{agent} wakes up"));
        if self.random.chance(50) {
            self.input(agent, Input::Timeout);
        }
        inputs.into_iter().for_each(|input| self.input(agent, input));
    }

    /// Gives an agent an input, and takes care of what comes out.
    pub(super) fn input(&mut self, agent: usize, input: Input) {
        if let Some(waiting) = &mut self.agents[agent].asleep {
            return waiting.push_back(input);
        }
        self.say(|| match &input {
            Input::Received(bytes) => format!("{agent} ← {}", brief(bytes)),
            Input::Command(command) => format!("{agent} wants {command:?}"),
            Input::Timeout => {
                format!("{agent} timeout {:?}", self.agents[agent].watched.deadline())
            }
            other @ (Input::Connected | Input::Disconnected | Input::Media(..)) => {
                format!("{agent} {other:?}")
            }
        });
        let outputs = self.agents[agent].watched.input(self.now, input);
        self.take(agent, outputs);
    }

    /// Takes care of what an agent puts out.
    pub(super) fn take(&mut self, agent: usize, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Transmit(bytes) => self.send_up(agent, bytes),
                Output::Media(op, call, request) => {
                    self.say(|| format!("{agent} {op:?} {call:?} {request:?}"));
                    self.media_work(agent, op, &request);
                }
                Output::Event(event) => {
                    self.say(|| format!("{agent} tells {event:?}"));
                    self.count(agent, &event);
                    self.user_hears(agent, &event);
                }
                Output::Reconnect(why) => {
                    // Not every driver knows another server.
                    let stays = matches!(why, Reconnect::ServerUnavailable { .. });
                    if stays && self.random.chance(50) {
                        continue;
                    }
                    self.say(|| format!("{agent} wants another socket: {why:?}"));
                    if let Some(socket) = self.agents[agent].link.socket {
                        self.agents[agent].link.is_cut = true;
                        self.at(Duration::ZERO, Step::AgentNotices { agent, socket });
                        self.at(SECOND, Step::ProxyNotices { agent, socket });
                    }
                }
            }
        }
    }

    fn count(&mut self, agent: usize, event: &Event) {
        match event {
            Event::Incoming { .. } => self.summary.calls += 1,
            Event::Answered(_) => self.summary.answered += 1,
            _ => {}
        }
        let stages = self.agents[agent].watched.calls();
        let live = stages.filter(|(_, s)| matches!(s, Stage::Made | Stage::Ringing)).count();
        assert!(live <= ringlet_sip::MAX_CALLS, "{live} calls");
    }

    fn send_up(&mut self, agent: usize, bytes: Vec<u8>) {
        self.summary.sent += 1;
        self.say(|| format!("{agent} → {}", brief(&bytes)));
        let delay = self.delay();
        let link = &mut self.agents[agent].link;
        let Some(socket) = link.socket.filter(|_| !link.is_cut) else { return };
        link.up = link.up.max(self.now + delay);
        let pause = link.up.since(self.now);
        self.at(pause, Step::ToProxy { agent, socket, bytes });
    }

    /// Sends bytes down an agent's socket.
    pub(super) fn send_down(&mut self, agent: usize, socket: u32, bytes: Vec<u8>) {
        let delay = self.delay();
        let link = &mut self.agents[agent].link;
        if link.socket != Some(socket) || link.is_cut {
            return;
        }
        link.down = link.down.max(self.now + delay);
        let pause = link.down.since(self.now);
        self.at(pause, Step::ToAgent { agent, socket, bytes });
    }

    /// How long a message takes.
    pub(super) fn delay(&mut self) -> Duration {
        let percent = if self.disorder { 5 } else { 0 };
        match self.random.chance(percent) {
            true => self.random.time(8 * SECOND),
            false => Duration::from_millis(self.random.below(60) as u64),
        }
    }

    fn media_work(&mut self, agent: usize, op: OpId, request: &MediaRequest) {
        let sdp = match request {
            MediaRequest::CreateOffer(_) => format!("v=0\r\ns=offer {agent} {}\r\n", op.0),
            MediaRequest::CreateAnswer { .. } => format!("v=0\r\ns=answer {agent} {}\r\n", op.0),
            MediaRequest::SetAnswer { .. } | MediaRequest::Rollback => String::new(),
        };
        let (mut pause, mut result) = (self.random.time(SECOND), Ok(sdp));
        if self.disorder {
            match self.random.below(100) {
                0..3 => return self.agents[agent].link.never.push(op),
                3..8 => result = Err(MediaFailed),
                8..14 => pause = self.random.time(2 * MINUTE),
                _ => {}
            }
        }
        self.at(pause, Step::Media { agent, op, result });
    }
}
