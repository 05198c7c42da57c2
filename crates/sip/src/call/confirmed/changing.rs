//! Our re-INVITE: hold, resumption, restart, refresh (RFC 3261 section 14.1).

use super::negotiation::{Inviting, Negotiation, Offer};
use super::recovery::Recovery;
use super::{Confirmed, Role};
use crate::auth::Attempts;
use crate::call::State;
use crate::context::{ALLOW, Context, SUPPORTED, set_sdp};
use crate::input::MediaResult;
use crate::message::{Headers, Method, Request, Response};
use crate::output::{Event, MediaRequest, Terms};
use crate::reason::EndReason;
use crate::sdp::{Direction, audio_direction};
use crate::time::Instant;
use crate::timer::T1_64;
use crate::transaction::{ClientId, Errand, Owner};
use std::time::Duration;

/// How often a re-INVITE meets 491 before it counts as refused.
const MAX_GLARES: u32 = 10;

/// What the user wants of an answered call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Hold,
    Resume,
    Restart,
}

/// What the next re-INVITE shall bring about. Wishes that come while one is under way wait for
/// its end; the last one counts.
#[derive(Default)]
pub(super) struct Wishes {
    /// This side holds.
    pub(super) hold: bool,
    /// New ICE credentials.
    pub(super) restart: bool,
    /// The session timer wants a refresh, and nothing else.
    pub(super) refresh: bool,
    /// Not before this: the last re-INVITE met another one, or was refused.
    pub(super) not_before: Option<Instant>,
    /// How often it met another one.
    pub(super) glares: u32,
}

/// What one re-INVITE is for.
pub(super) struct Change {
    pub(super) terms: Terms,
    /// The socket was lost before it.
    pub(super) recovers: bool,
}

/// Who holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::call) struct Hold {
    pub(in crate::call) local: bool,
    pub(in crate::call) remote: bool,
}

impl Confirmed {
    pub(in crate::call) fn wish(mut self, ctx: &mut Context, wish: Wish) -> State {
        match wish {
            Wish::Hold => self.wishes.hold = true,
            Wish::Resume => self.wishes.hold = false,
            Wish::Restart => self.wishes.restart = true,
        }
        self.stay(ctx)
    }

    /// Starts the pending change, unless it has to wait.
    pub(super) fn proceed(&mut self, ctx: &mut Context) {
        let may = matches!(self.negotiation, Negotiation::Stable)
            && self.wishes.not_before.is_none()
            && !matches!(self.recovery, Recovery::Waiting);
        if !ctx.connected || !may {
            return;
        }
        let recovers = matches!(self.recovery, Recovery::Due { .. });
        let terms = Terms { hold: self.wishes.hold, restart: self.wishes.restart || recovers };
        let change = Change { terms, recovers };
        if !self.shows(&change) {
            if !std::mem::take(&mut self.wishes.refresh) {
                return;
            }
            if self.dialog.allows_update {
                return self.send_update(ctx);
            }
        }
        self.wishes.restart = false;
        let op = ctx.media(self.call, MediaRequest::CreateOffer(terms));
        self.negotiation = Negotiation::Offering { op, change };
    }

    /// Whether the user has asked for a change, or would notice it.
    fn shows(&self, change: &Change) -> bool {
        change.terms.restart || change.terms.hold != self.hold.local
    }

    pub(super) fn offered(&mut self, ctx: &mut Context, change: Change, result: MediaResult) {
        let Ok(offer) = result else { return self.refused(ctx, change, None) };
        let mut invite = self.dialog.request(Method::INVITE);
        self.complete(ctx, &mut invite.headers);
        set_sdp(&mut invite.headers, &mut invite.body, offer);
        let client = ctx.send(invite, Owner::InDialog(self.call, Errand::Reinvite));
        self.inviting(ctx, change, client);
    }

    /// Puts what a target refresh request of ours carries into it.
    pub(super) fn complete(&self, ctx: &Context, headers: &mut Headers) {
        headers.push("Contact", ctx.dialog_contact());
        headers.push("Allow", ALLOW);
        headers.push("Supported", SUPPORTED);
        self.session_timer.ask(headers);
        headers.push("User-Agent", &*ctx.config.user_agent);
    }

    fn inviting(&mut self, ctx: &Context, change: Change, client: ClientId) {
        let give_up_at = ctx.now + T1_64;
        let inviting = Inviting { client, change, give_up_at, cancelled: false };
        self.negotiation = Negotiation::Inviting(inviting);
    }

    pub(super) fn reinvite_response(
        mut self,
        ctx: &mut Context,
        client: ClientId,
        response: &Response,
        ended: Option<(Request, Attempts)>,
    ) -> State {
        let inviting = match std::mem::replace(&mut self.negotiation, Negotiation::Stable) {
            Negotiation::Inviting(inviting) if inviting.client == client => inviting,
            other @ (Negotiation::Stable
            | Negotiation::Applying { .. }
            | Negotiation::Describing { .. }
            | Negotiation::Unacknowledged(_)
            | Negotiation::Offering { .. }
            | Negotiation::Inviting(_)
            | Negotiation::Dropping { .. }) => {
                self.negotiation = other;
                if (200..300).contains(&response.status) {
                    acknowledge(ctx, &self.dialog, client);
                }
                return self.stay(ctx);
            }
        };
        let change = inviting.change;
        let errand = Errand::Reinvite;
        let refused = match (response.status, ended) {
            (100..200, _) => {
                self.negotiation = Negotiation::Inviting(Inviting { change, ..inviting });
                None
            }
            (200..300, _) => self.accepted(ctx, client, change, response),
            (408 | 481, _) => return self.gone(ctx, response),
            (491, _) => self.glare(ctx, change),
            (401 | 407, Some(ended)) => {
                let client = self.answer_challenge(ctx, ended, response, errand);
                self.invited_again(ctx, change, client)
            }
            (422, Some((invite, _))) => {
                let client = self.raise_interval(ctx, invite, response, errand);
                self.invited_again(ctx, change, client)
            }
            (_, _) => Some(change),
        };
        if let Some(change) = refused {
            self.take_back(ctx);
            self.refused(ctx, change, Some(response.status));
        }
        self.stay(ctx)
    }

    /// Gives the change back if the re-INVITE could not be sent again.
    fn invited_again(
        &mut self,
        ctx: &Context,
        change: Change,
        client: Option<ClientId>,
    ) -> Option<Change> {
        let Some(client) = client else { return Some(change) };
        self.inviting(ctx, change, client);
        None
    }

    /// A 2xx; gives the change back if there is no answer in it.
    fn accepted(
        &mut self,
        ctx: &mut Context,
        client: ClientId,
        change: Change,
        response: &Response,
    ) -> Option<Change> {
        self.dialog.refresh(&response.headers);
        acknowledge(ctx, &self.dialog, client);
        self.settle(ctx, &response.headers);
        let Some(answer) = response.sdp() else { return Some(change) };
        let holds = match audio_direction(&answer) {
            // All that may be answered to a far end that holds too, and what some always answer
            // to whoever holds: it says nothing new.
            Some(Direction::Inactive) if change.terms.hold => None,
            direction => direction.map(Direction::holds),
        };
        let request = MediaRequest::SetAnswer { answer, provisional: false };
        let op = ctx.media(self.call, request);
        self.negotiation = Negotiation::Applying { op, to: Offer::Change(change), holds };
        None
    }

    /// Our re-INVITE has met the far end's. The one that made the call waits longer.
    fn glare(&mut self, ctx: &mut Context, change: Change) -> Option<Change> {
        self.wishes.glares += 1;
        if self.wishes.glares > MAX_GLARES {
            return Some(change);
        }
        self.take_back(ctx);
        self.wish_again(&change);
        let (low, high) = match self.role {
            Role::Caller { .. } => (210, 400),
            Role::Callee => (0, 200),
        };
        let pause = Duration::from_millis(10 * ctx.rng.between(low, high));
        self.wishes.not_before = Some(ctx.now + pause);
        None
    }

    /// Requests again what a failed re-INVITE was for. A wish to hold or to resume is still
    /// recorded.
    pub(super) fn wish_again(&mut self, change: &Change) {
        self.wishes.restart |= change.terms.restart;
        self.wishes.refresh |= !self.shows(change);
    }

    /// Undoes our offer on the media side, which works in order.
    pub(super) fn take_back(&self, ctx: &mut Context) {
        ctx.media(self.call, MediaRequest::Rollback);
    }

    /// A change came to nothing, and the session is as it was before.
    pub(super) fn refused(&mut self, ctx: &mut Context, change: Change, status: Option<u16>) {
        self.wishes.glares = 0;
        if self.wishes.hold == change.terms.hold {
            self.wishes.hold = self.hold.local;
        }
        let will_retry = change.recovers && self.recovery_refused(ctx.now);
        if self.shows(&change) {
            ctx.event(Event::ChangeFailed { call: self.call, status, will_retry });
        } else {
            self.session_timer.refresh_later(ctx.now);
        }
    }

    /// A change has been made.
    pub(super) fn changed(&mut self, ctx: &mut Context, change: &Change, holds: Option<bool>) {
        self.wishes.glares = 0;
        self.show_hold(ctx, change.terms.hold, holds);
        if change.recovers {
            self.recovery = Recovery::NotNeeded;
            ctx.event(Event::Recovered(self.call));
        }
    }

    /// Tells who holds, if that is news.
    pub(super) fn show_hold(&mut self, ctx: &mut Context, local: bool, remote: Option<bool>) {
        let hold = Hold { local, remote: remote.unwrap_or(self.hold.remote) };
        if self.hold != hold {
            self.hold = hold;
            let Hold { local, remote } = hold;
            ctx.event(Event::Hold { call: self.call, local, remote });
        }
    }

    /// The far end does not know the call, or cannot be reached (RFC 3261 section 12.2.1.2).
    pub(super) fn gone(self, ctx: &mut Context, response: &Response) -> State {
        let call = self.call;
        let reason = match response.status {
            481 => EndReason::RemoteHangup,
            _ => EndReason::ConnectionLost,
        };
        let next = self.close(ctx);
        ctx.ended_by(call, reason, response.status, &response.phrase);
        next
    }

    /// Ends a re-INVITE that is not answered in time: with CANCEL first, then with the call, which
    /// is given back if it goes on.
    pub(super) fn reinvite_timeout(&mut self, ctx: &mut Context) -> bool {
        let Negotiation::Inviting(inviting) = &mut self.negotiation else { return true };
        if inviting.give_up_at > ctx.now {
            return true;
        }
        if std::mem::replace(&mut inviting.cancelled, true) {
            return false;
        }
        inviting.give_up_at = ctx.now + T1_64;
        ctx.send_cancel(inviting.client);
        true
    }

    /// Repeats a request of ours that was challenged.
    pub(super) fn answer_challenge(
        &mut self,
        ctx: &mut Context,
        (mut request, attempts): (Request, Attempts),
        response: &Response,
        errand: Errand,
    ) -> Option<ClientId> {
        // Another request may have taken the next number meanwhile.
        self.dialog.number_as_last(&mut request);
        let owner = Owner::InDialog(self.call, errand);
        let (client, number) = ctx.answer_challenge((request, attempts), response, owner).ok()?;
        self.dialog.renumber(number);
        Some(client)
    }

    /// Repeats a request of ours with the interval that a 422 demands (RFC 4028 section 7.4).
    pub(super) fn raise_interval(
        &mut self,
        ctx: &mut Context,
        mut request: Request,
        response: &Response,
        errand: Errand,
    ) -> Option<ClientId> {
        if !self.session_timer.raise(&response.headers) {
            return None;
        }
        for name in ["Via", "Authorization", "Proxy-Authorization", "Session-Expires", "Min-SE"] {
            request.headers.remove(name);
        }
        self.session_timer.ask(&mut request.headers);
        self.dialog.number_next(&mut request);
        Some(ctx.send(request, Owner::InDialog(self.call, errand)))
    }
}

/// Sends the ACK to a 2xx to a re-INVITE of ours, which each repetition wants again.
pub(in crate::call) fn acknowledge(
    ctx: &mut Context,
    dialog: &crate::dialog::Dialog,
    client: ClientId,
) {
    if let Some(ack) = ctx.clients.request(client).map(|invite| dialog.ack(invite)) {
        ctx.send_ack(ack);
    }
}
