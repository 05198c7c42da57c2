//! The loss of the socket, which an answered call survives: on the next one its dialog and its
//! media are negotiated anew.

use super::Confirmed;
use super::negotiation::Negotiation;
use crate::call::State;
use crate::context::Context;
use crate::time::Instant;
use std::time::Duration;

/// The pause before the one other try when the far end refuses.
const RECOVER_AGAIN: Duration = Duration::from_secs(5);

/// Whether the call must be negotiated anew.
pub(super) enum Recovery {
    /// No.
    NotNeeded,
    /// There is no socket, or the registration on it is not accepted yet.
    Waiting,
    /// Now. `again`: it was refused once.
    Due { again: bool },
}

impl Confirmed {
    /// The dialog outlives the socket; what was under way on it does not.
    pub(in crate::call) fn disconnected(mut self, ctx: &mut Context) -> State {
        self.service_disconnected(ctx);
        self.negotiation = match std::mem::replace(&mut self.negotiation, Negotiation::Stable) {
            Negotiation::Describing { op, asked } => {
                Negotiation::Dropping { op, is_offer: asked.wants_offer() }
            }
            Negotiation::Offering { op, change } => {
                self.wish_again(&change);
                Negotiation::Dropping { op, is_offer: true }
            }
            Negotiation::Inviting(inviting) => {
                self.wish_again(&inviting.change);
                self.take_back(ctx);
                let invite = ctx.clients.request(inviting.client);
                self.lost_ack = invite.map(|invite| self.dialog.ack(invite));
                Negotiation::Stable
            }
            other @ (Negotiation::Stable
            | Negotiation::Applying { .. }
            | Negotiation::Unacknowledged(_)
            | Negotiation::Dropping { .. }) => other,
        };
        self.recovery = Recovery::Waiting;
        self.wishes.not_before = None;
        self.wishes.glares = 0;
        self.session_timer.update = None;
        State::Confirmed(self)
    }

    /// There is a socket again.
    pub(in crate::call) fn connected(mut self, ctx: &mut Context) -> State {
        if let Negotiation::Unacknowledged(answer) = &mut self.negotiation {
            answer.connected(ctx);
        }
        // The far end may have accepted the re-INVITE that the last socket took with it. Without
        // an ACK it would end the call; where it is for nothing, an ACK is ignored.
        if let Some(ack) = self.lost_ack.take() {
            ctx.send_ack(ack);
        }
        State::Confirmed(self)
    }

    /// There is a socket, and the registration on it is accepted, or none is wanted.
    pub(in crate::call) fn recover(mut self, ctx: &mut Context) -> State {
        if let Recovery::Waiting = self.recovery {
            self.recovery = Recovery::Due { again: false };
        }
        self.stay(ctx)
    }

    /// The far end keeps the call but refuses to negotiate it anew; it is asked once more. Returns
    /// whether another attempt follows.
    pub(super) fn recovery_refused(&mut self, now: Instant) -> bool {
        self.recovery = match self.recovery {
            Recovery::Due { again: false } => {
                self.wishes.not_before = Some(now + RECOVER_AGAIN);
                Recovery::Due { again: true }
            }
            Recovery::Due { again: true } | Recovery::NotNeeded => Recovery::NotNeeded,
            Recovery::Waiting => Recovery::Waiting,
        };
        self.will_recover()
    }

    /// Whether the next re-INVITE will show whether the far end still has the call.
    pub(super) fn will_recover(&self) -> bool {
        match self.recovery {
            Recovery::NotNeeded => false,
            Recovery::Waiting | Recovery::Due { .. } => true,
        }
    }
}
