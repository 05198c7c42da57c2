//! Leaving: the person signs out, the host destroys the widget, or the page goes away.

use crate::effect::{Effect, StoreEffect};
use crate::line::{Farewell, Line, Link};
use crate::phone::Phone;
use crate::view::Form;
use ringlet_contract::event::UnregisteredReason;
use ringlet_sip::Command;
use std::time::Duration;

/// A person, or a page, waits no longer for a server's goodbye.
const PATIENCE: Duration = Duration::from_secs(2);

impl Phone {
    /// Ends everything and forgets the session.
    pub(crate) fn sign_out(&mut self) {
        if let Line::SignedIn(session) = &self.line {
            if matches!(session.link, Link::Leaving { .. }) {
                return;
            }
            self.outbox.push(Effect::Store(StoreEffect::Clear));
            self.leave(Farewell::SignOut);
        }
    }

    /// Ends everything and then answers. The session is not forgotten: a page that is loaded
    /// again takes it up.
    pub(crate) fn shut_down(&mut self, id: String) {
        match &mut self.line {
            Line::Starting => self.outbox.done(id),
            Line::Restoring { .. } | Line::SignedOut { .. } => {
                self.line = Line::SignedOut { form: Form::default(), error: None };
                self.reject_pending("The phone is being shut down.");
                self.outbox.done(id);
            }
            Line::SignedIn(session) => match &mut session.link {
                Link::Leaving { farewell: Farewell::Shutdown { reply_to }, .. } => {
                    reply_to.push(id);
                }
                Link::Leaving { farewell, .. } => {
                    *farewell = Farewell::Shutdown { reply_to: vec![id] };
                }
                Link::Waiting { .. }
                | Link::Opening { .. }
                | Link::Registering { .. }
                | Link::Registered { .. }
                | Link::Refused { .. } => self.leave(Farewell::Shutdown { reply_to: vec![id] }),
            },
        }
    }

    /// Says goodbye without waiting for an answer: nobody will be there to read it.
    pub(crate) fn on_page_hide(&mut self) {
        if self.line.session().is_some_and(|s| !matches!(s.link, Link::Leaving { .. })) {
            self.leave(Farewell::PageHide);
        }
        self.finish_farewell();
    }

    /// The server has answered, or is not waited for: say what is still unsaid, close, and tell
    /// whoever waits.
    pub(crate) fn finish_farewell(&mut self) {
        let Line::SignedIn(session) = &mut self.line else { return };
        let Link::Leaving { farewell, .. } = &mut session.link else { return };
        let replies = match farewell {
            Farewell::Shutdown { reply_to } => std::mem::take(reply_to),
            Farewell::SignOut | Farewell::PageHide => Vec::new(),
        };
        session.agent.command(Command::Leave);
        self.run_agent();
        self.drop_session();
        self.tell_unregistered(UnregisteredReason::SignedOut);
        for reply_to in replies {
            self.outbox.done(reply_to);
        }
    }

    fn leave(&mut self, farewell: Farewell) {
        self.reject_pending("The phone is signing out.");
        for id in self.calls.ids() {
            self.hang_up(id);
        }
        let Line::SignedIn(session) = &mut self.line else { return };
        session.agent.command(Command::Unregister);
        let is_open = session.link.is_open();
        let generation = session.link.generation().unwrap_or(self.generation);
        session.link = Link::Leaving { generation, until: self.now + PATIENCE, farewell };
        if !is_open {
            self.finish_farewell();
        }
    }
}
