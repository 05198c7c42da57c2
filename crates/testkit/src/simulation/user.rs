//! Users: they press any button at any time.

use super::{MINUTE, SECOND, Simulation, Step};
use crate::watched::Stage;
use ringlet_sip::{
    CallId, Command, Event, MessageId, Package, Refusal, RegistrationState, SubscriptionId,
    TransferProgress, UserAgent,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The most calls a user has at once.
const MOST_CALLS: usize = 4;

/// What one user has done and been told.
#[derive(Default)]
pub(super) struct User {
    /// Wants to be registered.
    pub(super) wants: bool,
    subscriptions: Vec<SubscriptionId>,
    /// How often the end of each message was told.
    pub(super) messages: BTreeMap<MessageId, usize>,
    /// Asked to call somebody else.
    asked: Vec<CallId>,
    /// Calls with a transfer under way.
    pub(super) transfers: BTreeSet<CallId>,
}

impl Simulation {
    pub(super) fn command(&mut self, agent: usize, command: Command) {
        match command {
            Command::Register => self.agents[agent].user.wants = true,
            Command::Unregister | Command::Leave => self.agents[agent].user.wants = false,
            Command::Invite { .. } => self.summary.calls += 1,
            _ => {}
        }
        self.input(agent, ringlet_sip::Input::Command(command));
    }

    pub(super) fn user_hears(&mut self, agent: usize, event: &Event) {
        let user = &mut self.agents[agent].user;
        match event {
            Event::TransferRequested { call, .. } => user.asked.push(*call),
            Event::MessageDone { message, .. } => *user.messages.entry(*message).or_default() += 1,
            Event::Transfer { call, progress } => {
                match progress {
                    TransferProgress::Accepted | TransferProgress::Trying(_) => {
                        user.transfers.insert(*call)
                    }
                    TransferProgress::Done | TransferProgress::Failed(_) => {
                        user.transfers.remove(call)
                    }
                };
            }
            Event::Ended(call, _) => {
                user.transfers.remove(call);
            }
            _ => {}
        }
    }

    /// A random command, mostly one that makes sense.
    pub(super) fn user_acts(&mut self, agent: usize) {
        // Nobody presses buttons on a sleeping machine.
        if self.agents[agent].asleep.is_some() {
            return;
        }
        let live = self.agents[agent].watched.live_calls();
        let ringing =
            live.iter().find(|(_, stage)| *stage == Stage::Ringing).map(|(call, _)| *call);
        if let Some(call) = ringing
            && self.random.chance(50)
        {
            return self.command(agent, Command::Answer(call));
        }
        let Some((call, _)) = (!live.is_empty()).then(|| *self.random.pick(&live)) else {
            return match self.random.chance(60) {
                true => self.dial(agent),
                false => self.without_a_call(agent),
            };
        };
        let (other, _) = *self.random.pick(&live);
        let command = match self.random.below(100) {
            0..10 => return self.dial(agent),
            10..20 => return self.without_a_call(agent),
            20..32 => Command::Answer(call),
            32..48 => Command::Hangup(call),
            48..50 => Command::Redirect { call, target: self.target() },
            50..53 => {
                let refusals = [Refusal::Busy, Refusal::Decline, Refusal::Unavailable];
                Command::Reject(call, *self.random.pick(&refusals))
            }
            53..62 => Command::Hold(call),
            62..70 => Command::Resume(call),
            70..75 => Command::Restart(call),
            75..82 => {
                let signal = *self.random.pick(&['0', '5', '9', '*', '#', 'A', 'x']);
                Command::Dtmf { call, signal, duration: Duration::from_millis(160) }
            }
            82..87 => Command::Transfer { call, target: self.target() },
            87..92 => Command::TransferTo { call, other },
            92..97 => {
                let asked = self.agents[agent].user.asked.last().copied().unwrap_or(call);
                let new = self.agents[agent].watched.agent().new_call();
                Command::AcceptTransfer { call: asked, new }
            }
            _ => Command::RefuseTransfer(call),
        };
        self.command(agent, command);
    }

    fn dial(&mut self, agent: usize) {
        let watched = &mut self.agents[agent].watched;
        if watched.live_calls().len() >= MOST_CALLS {
            return;
        }
        let call = watched.agent().new_call();
        let target = self.target();
        let caller_id = self.random.chance(20).then(|| "+49301234".to_owned());
        self.command(agent, Command::Invite { call, target, caller_id });
    }

    fn target(&mut self) -> String {
        match self.random.below(10) {
            0..6 => {
                let other = self.random.below(self.agents.len());
                self.agents[other].name.clone()
            }
            6 => "nobody".into(),
            7 => "sip:x y@@".into(),
            _ => "600".into(),
        }
    }

    fn without_a_call(&mut self, agent: usize) {
        let target = self.target();
        let user = &mut self.agents[agent].user;
        let wanted = user.subscriptions.last().copied();
        let command = match self.random.below(100) {
            0..20 => Command::Register,
            20..30 => Command::Unregister,
            30..35 => Command::Leave,
            35..65 => {
                let subscription = self.agents[agent].watched.agent().new_subscription();
                self.agents[agent].user.subscriptions.push(subscription);
                let packages = [Package::MessageSummary, Package::Dialog, Package::Presence];
                let package = *self.random.pick(&packages);
                Command::Subscribe { subscription, target, package }
            }
            65..80 => match wanted {
                Some(subscription) => Command::Unsubscribe(subscription),
                None => return,
            },
            _ => {
                let message = self.agents[agent].watched.agent().new_message();
                self.agents[agent].user.messages.insert(message, 0);
                let (content_type, body) = ("text/plain".into(), b"Hello".to_vec());
                Command::SendMessage { message, target, content_type, body }
            }
        };
        self.command(agent, command);
    }

    /// The user loads the page anew: another agent takes over what was answered.
    pub(super) fn reload(&mut self, index: usize) {
        self.wake(index);
        let agent = &mut self.agents[index];
        let Some(socket) = agent.link.socket.take() else { return };
        let calls: Vec<CallId> = agent.watched.live_calls().iter().map(|(call, _)| *call).collect();
        let exports = calls.iter().filter_map(|call| agent.watched.agent().export(*call));
        let exports: Vec<String> = exports.collect();
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.random.number().to_le_bytes());
        let config = agent.config.clone();
        agent.watched.replace(|numbers| UserAgent::new(config, seed).after(numbers));
        agent.user = User { wants: agent.user.wants, ..User::default() };
        let is_of_the_old_page =
            |step: &Step| matches!(step, Step::Media { agent, .. } if *agent == index);
        self.steps.retain(|_, step| !is_of_the_old_page(step));
        self.say(|| format!("{index} loads its page anew, with {} calls", exports.len()));
        let noticed = self.random.time(40 * SECOND);
        self.at(noticed, Step::ProxyNotices { agent: index, socket });
        let age = self.random.time(MINUTE);
        self.pass(age);
        for text in exports {
            let now = self.now;
            if let Ok((call, outputs)) = self.agents[index].watched.resume(now, &text, age) {
                self.say(|| format!("{index} takes {call:?} over"));
                self.take(index, outputs);
            }
        }
        if self.agents[index].user.wants {
            self.command(index, Command::Register);
        }
        self.connect(index);
    }

    /// The user ends everything.
    pub(super) fn user_ends(&mut self, agent: usize) {
        for (call, _) in self.agents[agent].watched.live_calls() {
            self.command(agent, Command::Hangup(call));
        }
        for subscription in std::mem::take(&mut self.agents[agent].user.subscriptions) {
            self.command(agent, Command::Unsubscribe(subscription));
        }
        match self.random.below(10) {
            0..3 => self.command(agent, Command::Unregister),
            3..5 => self.command(agent, Command::Leave),
            _ => {}
        }
    }

    /// The user of an agent that has given up tries again.
    pub(super) fn user_insists(&mut self, agent: usize) {
        let gave_up = matches!(
            self.agents[agent].watched.registration(),
            RegistrationState::Failed { retry_in: None, .. }
        );
        if gave_up && self.agents[agent].user.wants {
            self.command(agent, Command::Register);
        }
    }
}
