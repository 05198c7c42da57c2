//! What every component of the phone is handed, and the only thing they share.

use crate::agent::Agent;
use crate::effect::{Effect, HostEffect};
use crate::late::Late;
use crate::notice::Notice;
use crate::outbox::Outbox;
use crate::random::Random;
use crate::settings::Settings;
use ringlet_contract::error::ErrorBody;
use ringlet_contract::event::{ErrorEvent, HostEvent};
use ringlet_sip::Instant;
use std::collections::VecDeque;

/// What a phone must know before its first input.
#[derive(Clone)]
pub struct Setup {
    /// Random bytes; every random value of the phone is derived from them.
    pub seed: [u8; 32],
    /// Value of the User-Agent header.
    pub user_agent: String,
    /// The version reported in `ready`.
    pub version: String,
    /// The phone is embedded in a host page, which can hide it.
    pub embedded: bool,
    /// UUID of this installation (RFC 5626 section 4.1), without `urn:uuid:`.
    pub instance_id: String,
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setup").field("version", &self.version).finish_non_exhaustive()
    }
}

/// The time, the configuration, the user agent and the ways out.
pub(crate) struct Core {
    pub(crate) setup: Setup,
    /// The time of the input being handled.
    pub(crate) now: Instant,
    /// The same by the clock on the wall: milliseconds since 1970, UTC. For what people read; it may
    /// jump, so nothing is measured with it.
    pub(crate) unix_ms: u64,
    pub(crate) random: Random,
    pub(crate) settings: Settings,
    pub(crate) agent: Agent,
    /// What can be loaded after the phone rings, once it has been.
    pub(crate) late: Option<Late>,
    pub(crate) outbox: Outbox,
    notices: VecDeque<Notice>,
}

impl Core {
    pub(crate) fn new(setup: Setup) -> Self {
        Self {
            now: Instant::default(),
            unix_ms: 0,
            random: Random::new(setup.seed),
            setup,
            settings: Settings::default(),
            agent: Agent::default(),
            late: None,
            outbox: Outbox::default(),
            notices: VecDeque::new(),
        }
    }

    /// Requests something of the outside.
    pub(crate) fn push(&mut self, effect: Effect) {
        self.outbox.push(effect);
    }

    /// Reports something that concerns other components.
    pub(crate) fn notice(&mut self, notice: Notice) {
        self.notices.push_back(notice);
    }

    pub(crate) fn next_notice(&mut self) -> Option<Notice> {
        self.notices.pop_front()
    }

    /// Sends the host an event, once the input has been handled.
    pub(crate) fn tell(&mut self, event: HostEvent) {
        self.outbox.event(event);
    }

    /// Reports a recoverable error to the host that is not the result of a command.
    pub(crate) fn tell_error(&mut self, ErrorBody { code, message }: ErrorBody) {
        self.tell(HostEvent::Error(ErrorEvent { code, message, fatal: false, recoverable: true }));
    }

    /// Shows or hides the widget, if there is a host page to do it.
    pub(crate) fn show_widget(&mut self, open: bool) {
        if self.setup.embedded {
            self.push(Effect::Host(HostEffect::Show(open)));
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use ringlet_sip::{Config, Secret};
    use std::time::Duration;

    /// A core without an agent.
    pub(crate) fn core() -> Core {
        Core::new(Setup {
            seed: [1; 32],
            user_agent: "Ringlet/test".into(),
            version: "1.2.3".into(),
            embedded: true,
            instance_id: "00000000-0000-4000-8000-000000000001".into(),
        })
    }

    /// A core whose agent believes in an open socket, for one call at a time.
    pub(crate) fn connected() -> Core {
        let mut core = core();
        core.late = Some(Late::load());
        core.settings.max_calls = 1;
        let config = Config::new("me", "example.com", Secret::Password("secret".into()));
        core.agent.start(config, [2; 32]);
        core.agent.connected();
        core
    }

    impl Core {
        pub(crate) fn advance(&mut self, time: Duration) {
            self.now = self.now + time;
            self.unix_ms += u64::try_from(time.as_millis()).unwrap();
        }

        /// Every notice so far.
        pub(crate) fn notices(&mut self) -> Vec<Notice> {
            self.notices.drain(..).collect()
        }

        /// Every effect so far, host events and results excepted.
        pub(crate) fn effects(&mut self) -> Vec<Effect> {
            std::iter::from_fn(|| self.outbox.pop()).collect()
        }
    }
}
