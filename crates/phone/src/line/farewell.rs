//! Leaving: the person signs out, the host destroys the widget, or the page goes away.
//!
//! The calls are hung up first ([`Notice::Leaving`]), then the registration is given back
//! ([`Line::unregister`]), and when the server has answered, or is not waited for, the session
//! ends ([`Line::on_drained`]).

use super::session::Flow;
use super::{Line, State};
use crate::core::Core;
use crate::effect::{Effect, StoreEffect};
use crate::notice::Notice;
use crate::view::Form;
use ringlet_contract::event::UnregisteredReason;
use ringlet_sip::Command;
use std::time::Duration;

/// How long a server's answer to the goodbye is waited for; neither a person nor a page waits
/// longer.
const PATIENCE: Duration = Duration::from_secs(2);

impl Line {
    /// Ends everything and forgets the session.
    pub(crate) fn sign_out(&mut self, core: &mut Core) {
        if self.session().is_some_and(|session| !session.flow.is_leaving()) {
            core.push(Effect::Store(StoreEffect::Clear));
            self.leave(core, true, Vec::new());
        }
    }

    /// Ends everything and then answers. The session is not forgotten: a page that is loaded
    /// again restores it.
    pub(crate) fn shut_down(&mut self, core: &mut Core, id: String) {
        match &mut self.state {
            State::Starting => core.outbox.done(id),
            State::Restoring { .. } | State::SignedOut { .. } => {
                self.state = State::SignedOut { form: Form::default(), error: None };
                core.notice(Notice::Unavailable("The phone is being shut down."));
                core.outbox.done(id);
            }
            State::SignedIn(session) => match &mut session.flow {
                Flow::Leaving { reply_to, .. } | Flow::Closing { reply_to, .. } => {
                    reply_to.push(id);
                }
                Flow::Waiting { .. }
                | Flow::Opening { .. }
                | Flow::Registering { .. }
                | Flow::Registered { .. }
                | Flow::Refused { .. } => self.leave(core, true, vec![id]),
            },
        }
    }

    /// Says goodbye without waiting for an answer: nobody will be there to read it.
    pub(crate) fn on_page_hide(&mut self, core: &mut Core) {
        if self.session().is_some_and(|session| session.flow.is_leaving()) {
            self.finish_farewell(core);
        } else {
            self.leave(core, false, Vec::new());
        }
    }

    /// The calls have been hung up: gives the registration back.
    pub(crate) fn unregister(&mut self, core: &mut Core) {
        let State::SignedIn(session) = &self.state else { return };
        let Flow::Leaving { waits, .. } = session.flow else { return };
        core.agent.command(Command::Unregister);
        if !waits {
            self.finish_farewell(core);
        }
    }

    /// Every output of the agent has been taken. Returns whether that ended a session.
    pub(crate) fn on_drained(&mut self, core: &mut Core) -> bool {
        let State::SignedIn(session) = &mut self.state else { return false };
        let Flow::Closing { reply_to, .. } = &mut session.flow else { return false };
        let replies = std::mem::take(reply_to);
        self.end_session(core);
        self.tell_unregistered(core, UnregisteredReason::SignedOut);
        replies.into_iter().for_each(|id| core.outbox.done(id));
        true
    }

    /// The server has answered, or is not waited for: what is still unsaid is said now.
    pub(super) fn finish_farewell(&mut self, core: &mut Core) {
        let State::SignedIn(session) = &mut self.state else { return };
        let Flow::Leaving { generation, reply_to, .. } = &mut session.flow else { return };
        let (generation, reply_to) = (*generation, std::mem::take(reply_to));
        session.flow = Flow::Closing { generation, reply_to };
        core.agent.command(Command::Leave);
    }

    /// `waits`: for the server's answer, if there is a socket that it can come by.
    fn leave(&mut self, core: &mut Core, waits: bool, reply_to: Vec<String>) {
        let State::SignedIn(session) = &mut self.state else { return };
        let waits = waits && session.flow.is_open();
        let generation = session.flow.generation();
        let until = core.now + PATIENCE;
        session.flow = Flow::Leaving { generation, until, waits, reply_to };
        core.notice(Notice::Leaving);
    }
}
