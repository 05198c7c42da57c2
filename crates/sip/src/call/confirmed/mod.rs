//! An answered call.

mod answering;
mod changing;
mod negotiation;
mod recovery;
mod session_timer;

use super::State;
use super::branch::prack_response;
use super::closing::{Closing, Leaving, late_response};
use super::prack::{Reliable, acknowledge as acknowledge_ringing};
use super::services::Services;
use super::session_interval::SessionTimerTerms;
use crate::auth::Attempts;
use crate::context::Context;
use crate::dialog::Dialog;
use crate::input::{CallId, MediaResult, OpId};
use crate::message::{Method, Request, Response};
use crate::output::Event;
use crate::reason::{EndReason, Ended, sip_cause};
use crate::time::Instant;
use crate::timer::Timer;
use crate::transaction::{ClientId, Errand, ServerId};
use std::time::Duration;

pub(super) use answering::refresh;
pub(super) use changing::Hold;
pub(crate) use changing::Wish;
use changing::Wishes;
pub(super) use changing::acknowledge;
use negotiation::{Asked, Kind, Negotiation, Offer};
pub(super) use negotiation::{Unacknowledged, Wants};
use recovery::Recovery;
use session_timer::SessionTimer;

/// A call that was answered.
pub(super) struct Confirmed {
    pub(super) call: CallId,
    pub(super) dialog: Dialog,
    pub(super) role: Role,
    pub(super) services: Services,
    negotiation: Negotiation,
    /// As the user was last told.
    hold: Hold,
    wishes: Wishes,
    recovery: Recovery,
    /// The ACK to the 2xx that a re-INVITE may have got when the socket was lost.
    lost_ack: Option<Request>,
    session_timer: SessionTimer,
    /// Our reliable provisional response, if it was not acknowledged before we answered.
    unacknowledged_ringing: Option<Reliable>,
}

/// What is under way at the moment our call is answered.
pub(super) enum Start {
    /// The answer is being applied.
    Applying(OpId),
    /// Nothing: offers and answers went on after the answer in a reliable provisional response,
    /// and are settled (RFC 3262 section 5, RFC 3311).
    Stable,
    /// The same, but the far end's last UPDATE waits for an answer.
    Updating(OpId, ServerId),
}

/// Who called.
pub(super) enum Role {
    /// We did. The ACK is kept because each repeated 2xx wants it again.
    Caller { ack: Vec<u8> },
    /// The far end did.
    Callee,
}

impl Confirmed {
    pub(super) fn as_caller(
        ctx: &Context,
        call: CallId,
        dialog: Dialog,
        ack: Vec<u8>,
        start: Start,
        session_timer: Option<SessionTimerTerms>,
    ) -> Self {
        let negotiation = match start {
            Start::Applying(op) => Negotiation::Applying { op, to: Offer::Plain, holds: None },
            Start::Stable => Negotiation::Stable,
            Start::Updating(op, server) => {
                let asked = Asked { server, kind: Kind::Update, holds: None, timer: None };
                Negotiation::Describing { op, asked }
            }
        };
        let role = Role::Caller { ack };
        Self::new(call, dialog, role, negotiation, SessionTimer::new(ctx.now, session_timer))
    }

    pub(super) fn as_callee(
        ctx: &Context,
        call: CallId,
        dialog: Dialog,
        (answer, number, wants): (Vec<u8>, u32, Wants),
        session_timer: Option<SessionTimerTerms>,
        unacknowledged_ringing: Option<Reliable>,
    ) -> Self {
        let mut answer = Unacknowledged::new(ctx, answer, number, wants);
        answer.first = true;
        let negotiation = Negotiation::Unacknowledged(answer);
        let timer = SessionTimer::new(ctx.now, session_timer);
        let new = Self::new(call, dialog, Role::Callee, negotiation, timer);
        Self { unacknowledged_ringing, ..new }
    }

    /// A call that another agent has had. It is negotiated anew as if the socket had been lost.
    pub(super) fn resumed(
        ctx: &mut Context,
        call: CallId,
        dialog: Dialog,
        role: Role,
        hold: Hold,
        session_timer: Option<(SessionTimerTerms, Duration)>,
    ) -> Self {
        let timer = SessionTimer::resumed(ctx.now, session_timer);
        let mut new = Self::new(call, dialog, role, Negotiation::Stable, timer);
        new.wishes.hold = hold.local;
        new.recovery = Recovery::Waiting;
        ctx.event(Event::Identity { call, party: new.dialog.party.clone() });
        new.show_hold(ctx, hold.local, Some(hold.remote));
        new
    }

    fn new(
        call: CallId,
        dialog: Dialog,
        role: Role,
        negotiation: Negotiation,
        session_timer: SessionTimer,
    ) -> Self {
        Self {
            call,
            dialog,
            role,
            services: Services::default(),
            negotiation,
            hold: Hold::default(),
            wishes: Wishes::default(),
            recovery: Recovery::NotNeeded,
            lost_ack: None,
            session_timer,
            unacknowledged_ringing: None,
        }
    }

    /// The first offer or answer of the far end says whether it holds.
    pub(super) fn heard(mut self, ctx: &mut Context, holds: Option<bool>) -> Self {
        self.show_hold(ctx, false, holds);
        self
    }

    pub(super) fn hangup(self, ctx: &mut Context) -> State {
        let call = self.call;
        let next = self.leave(ctx);
        ctx.ended(call, EndReason::LocalHangup);
        next
    }

    /// Another call has taken the place of this one (RFC 3891).
    pub(super) fn replaced(self, ctx: &mut Context, by: CallId) -> State {
        let call = self.call;
        let next = self.leave(ctx);
        ctx.event(Event::Replaced { call, by });
        ctx.ended(call, EndReason::Replaced);
        next
    }

    fn leave(mut self, ctx: &mut Context) -> State {
        match std::mem::replace(&mut self.negotiation, Negotiation::Stable) {
            Negotiation::Unacknowledged(answer) if answer.first => {
                State::Leaving(Leaving { confirmed: self, answer })
            }
            other @ (Negotiation::Stable
            | Negotiation::Applying { .. }
            | Negotiation::Describing { .. }
            | Negotiation::Unacknowledged(_)
            | Negotiation::Offering { .. }
            | Negotiation::Inviting(_)
            | Negotiation::Dropping { .. }) => {
                self.negotiation = other;
                self.close(ctx)
            }
        }
    }

    /// Ends for this agent only. What the far end asks it shall ask again, and be heard elsewhere.
    pub(super) fn abandon(self, ctx: &mut Context) -> State {
        if let Negotiation::Describing { asked, .. } = self.negotiation {
            answering::not_now(ctx, asked.server);
        }
        State::Terminated
    }

    /// Says BYE. The user is told afterwards, so that whoever closes the socket on being told
    /// has sent it.
    fn close(self, ctx: &mut Context) -> State {
        if let Negotiation::Describing { asked, .. } = &self.negotiation {
            ctx.respond(asked.server, 487, "Request Terminated");
        }
        State::Closing(Closing::start(ctx, self.call, self.dialog, self.role))
    }

    fn fail(self, ctx: &mut Context, reason: EndReason) -> State {
        let call = self.call;
        let next = self.close(ctx);
        ctx.ended(call, reason);
        next
    }

    /// The call goes on, and with it whatever has waited for this moment.
    fn stay(mut self, ctx: &mut Context) -> State {
        self.proceed(ctx);
        State::Confirmed(self)
    }

    pub(super) fn media(mut self, ctx: &mut Context, op: OpId, result: MediaResult) -> State {
        match std::mem::replace(&mut self.negotiation, Negotiation::Stable) {
            Negotiation::Applying { op: waiting, to, holds } if waiting == op => {
                match (to, result.is_ok()) {
                    (Offer::Plain, true) => self.show_hold(ctx, self.hold.local, holds),
                    (Offer::Plain, false) => return self.fail(ctx, EndReason::Incompatible),
                    (Offer::Change(change), true) => self.changed(ctx, &change, holds),
                    (Offer::Change(change), false) => {
                        self.take_back(ctx);
                        self.refused(ctx, change, None);
                    }
                }
            }
            Negotiation::Describing { op: waiting, asked } if waiting == op => {
                self.described(ctx, asked, result);
            }
            Negotiation::Offering { op: waiting, change } if waiting == op => {
                self.offered(ctx, change, result);
            }
            Negotiation::Dropping { op: waiting, is_offer } if waiting == op => {
                if is_offer && result.is_ok() {
                    self.take_back(ctx);
                }
            }
            other @ (Negotiation::Stable
            | Negotiation::Applying { .. }
            | Negotiation::Describing { .. }
            | Negotiation::Unacknowledged(_)
            | Negotiation::Offering { .. }
            | Negotiation::Inviting(_)
            | Negotiation::Dropping { .. }) => self.negotiation = other,
        }
        self.stay(ctx)
    }

    pub(super) fn request(
        mut self,
        ctx: &mut Context,
        server: ServerId,
        request: &Request,
    ) -> State {
        if !self.dialog.accept_number(request) {
            ctx.respond(server, 500, "Server Internal Error");
        } else if request.method == Method::BYE {
            return self.remote_hangup(ctx, server, request);
        } else if request.method == Method::INVITE || request.method == Method::UPDATE {
            self.target_refresh(ctx, server, request);
        } else if request.method == Method::PRACK {
            // Ours are acknowledged before we answer, or late.
            acknowledge_ringing(ctx, server, request, &mut self.unacknowledged_ringing);
        } else {
            self.service(ctx, server, request);
        }
        self.stay(ctx)
    }

    /// Whether the far end's re-INVITE of this transaction waits for an answer.
    pub(super) fn asked_by(&self, id: ServerId) -> bool {
        matches!(&self.negotiation, Negotiation::Describing { asked, .. } if asked.server == id)
    }

    /// The far end has taken its re-INVITE back; 200 to CANCEL is sent. The session stays as it
    /// was (RFC 3261 section 14.2).
    pub(super) fn cancelled(mut self, ctx: &mut Context) -> State {
        if let Negotiation::Describing { op, asked } = &self.negotiation {
            ctx.respond(asked.server, 487, "Request Terminated");
            self.negotiation = Negotiation::Dropping { op: *op, is_offer: asked.wants_offer() };
        }
        self.stay(ctx)
    }

    fn remote_hangup(self, ctx: &mut Context, server: ServerId, bye: &Request) -> State {
        if let Negotiation::Describing { asked, .. } = self.negotiation {
            ctx.respond(asked.server, 487, "Request Terminated");
        }
        ctx.respond(server, 200, "OK");
        let (status, phrase) = sip_cause(&bye.headers).map_or((None, None), |(s, p)| (Some(s), p));
        let ended = Ended { reason: EndReason::RemoteHangup, status, phrase };
        ctx.event(Event::Ended(self.call, ended));
        State::Terminated
    }

    /// A response to a request of ours within the dialog.
    pub(super) fn response(
        mut self,
        ctx: &mut Context,
        errand: Errand,
        client: ClientId,
        response: &Response,
        ended: Option<(Request, Attempts)>,
    ) -> State {
        match (errand, ended) {
            (Errand::Reinvite, ended) => {
                return self.reinvite_response(ctx, client, response, ended);
            }
            (Errand::Update, ended) => return self.update_response(ctx, client, response, ended),
            (Errand::Prack, ended) => {
                prack_response(ctx, self.call, &mut self.dialog, response, ended);
            }
            (Errand::Info | Errand::Refer | Errand::Notify, Some(ended)) => {
                self.service_done(ctx, errand, Some((response, ended)));
            }
            (Errand::Info | Errand::Refer | Errand::Notify, None) => {}
        }
        self.stay(ctx)
    }

    /// Nobody answered a request of ours within the dialog.
    pub(super) fn unanswered(mut self, ctx: &mut Context, errand: Errand) -> State {
        match errand {
            // RFC 3261 section 12.2.1.2.
            Errand::Reinvite | Errand::Update => return self.fail(ctx, EndReason::ConnectionLost),
            Errand::Info | Errand::Refer | Errand::Notify => self.service_done(ctx, errand, None),
            Errand::Prack => {}
        }
        self.stay(ctx)
    }

    pub(super) fn hold(&self) -> Hold {
        self.hold
    }

    /// What was settled about the session, and how long it has left.
    pub(super) fn session_left(&self, now: Instant) -> Option<(SessionTimerTerms, Duration)> {
        self.session_timer.left(now)
    }

    pub(super) fn late_response(&self, ctx: &mut Context, client: ClientId, response: &Response) {
        late_response(ctx, &self.dialog, &self.role, client, response);
    }

    pub(super) fn timeout(mut self, ctx: &mut Context) -> State {
        self.service_timeout(ctx);
        let will_recover = self.will_recover();
        if let Negotiation::Unacknowledged(answer) = &mut self.negotiation
            && !answer.timeout(ctx)
        {
            // The ACK may have been lost with the socket: then the far end has the call, and will
            // say so to the re-INVITE.
            if answer.wants == Wants::Answer || !will_recover {
                return self.fail(ctx, EndReason::ConnectionLost);
            }
            self.negotiation = Negotiation::Stable;
        }
        if !self.reinvite_timeout(ctx) {
            return self.fail(ctx, EndReason::ConnectionLost);
        }
        if self.session_timer.is_over(ctx.now) {
            return self.fail(ctx, EndReason::SessionExpired);
        }
        self.wishes.refresh |= self.session_timer.wants_refresh(ctx.now);
        self.wishes.not_before.take_if(|at| *at <= ctx.now);
        self.stay(ctx)
    }

    pub(super) fn deadline(&self) -> Option<(Instant, Timer)> {
        let negotiation = match &self.negotiation {
            Negotiation::Unacknowledged(answer) => Some(answer.deadline()),
            Negotiation::Inviting(inviting) => Some((inviting.give_up_at, Timer::ReinviteTimeout)),
            Negotiation::Stable
            | Negotiation::Applying { .. }
            | Negotiation::Describing { .. }
            | Negotiation::Offering { .. }
            | Negotiation::Dropping { .. } => None,
        };
        let again = self.wishes.not_before.map(|at| (at, Timer::ReinviteAgain));
        let deadlines =
            [negotiation, again, self.session_timer.deadline(), self.services.deadline()];
        deadlines.into_iter().flatten().min_by_key(|(at, _)| *at)
    }
}
