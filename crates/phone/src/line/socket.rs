//! The socket: opened, lost, and opened again.

use super::session::Flow;
use super::{Line, State};
use crate::core::Core;
use crate::effect::{Effect, SocketEffect};
use crate::input::SocketInput;
use crate::view::SignInError;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::UnregisteredReason;
use std::time::Duration;

/// Browsers may take minutes to give up a socket; a person will not wait that long.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);

impl Line {
    pub(crate) fn on_socket(&mut self, core: &mut Core, input: SocketInput) {
        let (SocketInput::Opened { generation }
        | SocketInput::Received { generation, .. }
        | SocketInput::Closed { generation }) = input;
        let State::SignedIn(session) = &mut self.state else { return };
        if session.flow.generation() != Some(generation) {
            return;
        }
        match input {
            SocketInput::Opened { .. } => {
                if matches!(session.flow, Flow::Opening { .. }) {
                    session.flow = Flow::Registering { generation };
                    core.agent.connected();
                }
            }
            SocketInput::Received { data, .. } => {
                if session.flow.is_open() {
                    core.agent.received(data);
                }
            }
            SocketInput::Closed { .. } => {
                if session.flow.is_leaving() {
                    core.agent.disconnected();
                    self.finish_farewell(core);
                } else {
                    self.lose_socket(core);
                }
            }
        }
    }

    pub(crate) fn on_online(&mut self, core: &mut Core, online: bool) {
        self.online = online;
        let State::SignedIn(session) = &mut self.state else { return };
        if let Flow::Waiting { until } = &mut session.flow {
            *until = None;
            if online {
                session.servers.reset();
                self.open_socket(core);
            }
        }
    }

    /// The person will not wait for the back-off, or for a server that refused.
    pub(crate) fn retry(&mut self, core: &mut Core) {
        let State::SignedIn(session) = &mut self.state else { return };
        match session.flow {
            Flow::Waiting { .. } => self.open_socket(core),
            Flow::Refused { credentials: false, .. } => {
                session.flow = Flow::Waiting { until: None };
                core.agent.disconnected();
                self.open_socket(core);
            }
            Flow::Refused { credentials: true, .. }
            | Flow::Opening { .. }
            | Flow::Registering { .. }
            | Flow::Registered { .. }
            | Flow::Leaving { .. }
            | Flow::Closing { .. } => {}
        }
    }

    /// Sends a message of the agent's.
    pub(crate) fn transmit(&self, core: &mut Core, message: Vec<u8>) {
        if self.session().is_some_and(|session| session.flow.is_open()) {
            core.push(Effect::Socket(SocketEffect::Send(message)));
        }
    }

    /// Gives up a socket that is useless although it has not closed.
    pub(crate) fn abandon_socket(&mut self, core: &mut Core) {
        match self.session().map(|session| &session.flow) {
            Some(Flow::Leaving { .. }) => self.finish_farewell(core),
            Some(
                Flow::Opening { .. }
                | Flow::Registering { .. }
                | Flow::Registered { .. }
                | Flow::Refused { .. },
            ) => {
                core.push(Effect::Socket(SocketEffect::Close));
                self.lose_socket(core);
            }
            Some(Flow::Waiting { .. } | Flow::Closing { .. }) | None => {}
        }
    }

    /// Makes the next attempt now.
    pub(super) fn open_socket(&mut self, core: &mut Core) {
        let State::SignedIn(session) = &mut self.state else { return };
        self.generation += 1;
        let generation = self.generation;
        session.flow = Flow::Opening { generation, until: core.now + OPEN_TIMEOUT };
        let url = session.servers.next(core.now).url.to_owned();
        core.push(Effect::Socket(SocketEffect::Open { url, generation }));
    }

    fn lose_socket(&mut self, core: &mut Core) {
        let State::SignedIn(session) = &mut self.state else { return };
        session.servers.failed(core.now, None);
        let next = session.servers.next(core.now).at;
        session.flow = Flow::Waiting { until: self.online.then_some(next) };
        core.agent.disconnected();
        let first_failure = session.failing(SignInError::Unreachable);
        self.tell_unregistered(core, UnregisteredReason::ConnectionLost);
        if first_failure {
            core.tell_error(ErrorBody::new(
                ErrorCode::ConnectionLost,
                "The SIP server cannot be reached; the phone keeps trying.",
            ));
        }
    }
}
