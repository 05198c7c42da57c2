//! An answered call.

use super::State;
use super::closing::{Closing, Leaving, late_response};
use super::incoming::accept;
use super::branch::prack_response;
use super::prack::{Reliable, acknowledge};
use super::services::Services;
use super::session_interval::SessionTimerTerms;
use crate::auth::Attempts;
use crate::context::{ALLOW, Context, set_sdp};
use crate::dialog::Dialog;
use crate::input::{CallId, MediaResult, OpId};
use crate::message::{Method, Request, Response};
use crate::output::{Event, MediaRequest, Terms};
use crate::reason::{EndReason, Ended, sip_cause};
use crate::time::Instant;
use crate::timer::{T1, T1_64, T2, Timer};
use crate::transaction::{ClientId, Errand, ServerId};
use std::time::Duration;

/// A call that was answered.
pub(super) struct Confirmed {
    pub(super) call: CallId,
    pub(super) dialog: Dialog,
    pub(super) role: Role,
    pub(super) services: Services,
    negotiation: Negotiation,
    /// What the INVITE and its 2xx settled (RFC 4028).
    session_timer: Option<SessionTimerTerms>,
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

/// The offer and answer under way (RFC 6337).
enum Negotiation {
    /// None.
    Stable,
    /// The far end's answer is being applied.
    Applying(OpId),
    /// SDP is being made for the far end's re-INVITE or UPDATE.
    Describing { op: OpId, server: ServerId, kind: Kind },
    /// Our 2xx to INVITE is not acknowledged yet.
    Unacknowledged(Unacknowledged),
}

/// The request that [`Negotiation::Describing`] answers.
enum Kind {
    Invite { number: u32, wants: Wants },
    Update,
}

/// What the ACK must bring.
#[derive(Clone, Copy)]
pub(super) enum Wants {
    /// Nothing: the offer was in the INVITE.
    Nothing,
    /// The answer to the offer in our 2xx.
    Answer,
}

impl Confirmed {
    pub(super) fn as_caller(
        call: CallId,
        dialog: Dialog,
        ack: Vec<u8>,
        start: Start,
        session_timer: Option<SessionTimerTerms>,
    ) -> Self {
        let negotiation = match start {
            Start::Applying(op) => Negotiation::Applying(op),
            Start::Stable => Negotiation::Stable,
            Start::Updating(op, server) => {
                Negotiation::Describing { op, server, kind: Kind::Update }
            }
        };
        let role = Role::Caller { ack };
        let services = Services::default();
        Self {
            call,
            dialog,
            role,
            services,
            negotiation,
            session_timer,
            unacknowledged_ringing: None,
        }
    }

    pub(super) fn as_callee(
        ctx: &Context,
        call: CallId,
        dialog: Dialog,
        (answer, number, wants): (Vec<u8>, u32, Wants),
        session_timer: Option<SessionTimerTerms>,
        unacknowledged_ringing: Option<Reliable>,
    ) -> Self {
        let unacknowledged =
            Unacknowledged { first: true, ..Unacknowledged::new(ctx, answer, number, wants) };
        let negotiation = Negotiation::Unacknowledged(unacknowledged);
        let role = Role::Callee;
        let services = Services::default();
        Self { call, dialog, role, services, negotiation, session_timer, unacknowledged_ringing }
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
            Negotiation::Describing { server, .. } => {
                ctx.respond(server, 487, "Request Terminated");
                self.close(ctx)
            }
            Negotiation::Stable | Negotiation::Applying(_) | Negotiation::Unacknowledged(_) => {
                self.close(ctx)
            }
        }
    }

    /// Says BYE. The user is told afterwards, so that whoever closes the socket on being told
    /// has sent it.
    fn close(self, ctx: &mut Context) -> State {
        State::Closing(Closing::start(ctx, self.call, self.dialog, self.role))
    }

    fn fail(self, ctx: &mut Context, reason: EndReason) -> State {
        let call = self.call;
        let next = self.close(ctx);
        ctx.ended(call, reason);
        next
    }

    pub(super) fn media(mut self, ctx: &mut Context, op: OpId, result: MediaResult) -> State {
        match (std::mem::replace(&mut self.negotiation, Negotiation::Stable), result) {
            (Negotiation::Applying(waiting), Ok(_)) if waiting == op => {}
            (Negotiation::Applying(waiting), Err(_)) if waiting == op => {
                return self.fail(ctx, EndReason::Incompatible);
            }
            (Negotiation::Describing { op: waiting, server, kind }, Ok(sdp)) if waiting == op => {
                self.describe(ctx, server, kind, sdp);
            }
            (Negotiation::Describing { op: waiting, server, .. }, Err(_)) if waiting == op => {
                // The session stays as it was (RFC 3261 section 14.2).
                ctx.respond(server, 488, "Not Acceptable Here");
            }
            (negotiation, _) => self.negotiation = negotiation,
        }
        State::Confirmed(self)
    }

    fn describe(&mut self, ctx: &mut Context, server: ServerId, kind: Kind, sdp: String) {
        match kind {
            Kind::Invite { number, wants } => {
                let answer = accept(ctx, server, sdp, None);
                let answer = Unacknowledged::new(ctx, answer, number, wants);
                self.negotiation = Negotiation::Unacknowledged(answer);
            }
            Kind::Update => {
                ctx.respond_with(server, 200, "OK", |ctx, response| {
                    response.headers.push("Contact", ctx.dialog_contact());
                    response.headers.push("Allow", ALLOW);
                    set_sdp(&mut response.headers, &mut response.body, sdp);
                });
            }
        }
    }

    pub(super) fn acknowledged(mut self, ctx: &mut Context, ack: &Request) -> State {
        let wants = match &self.negotiation {
            Negotiation::Unacknowledged(answer) if answer.is_acknowledged_by(ack) => answer.wants,
            Negotiation::Unacknowledged(_)
            | Negotiation::Stable
            | Negotiation::Applying(_)
            | Negotiation::Describing { .. } => return State::Confirmed(self),
        };
        self.negotiation = match (wants, ack.sdp()) {
            (Wants::Nothing, _) => Negotiation::Stable,
            (Wants::Answer, Some(answer)) => {
                let request = MediaRequest::SetAnswer { answer, provisional: false };
                Negotiation::Applying(ctx.media(self.call, request))
            }
            (Wants::Answer, None) => {
                self.negotiation = Negotiation::Stable;
                return self.fail(ctx, EndReason::Incompatible);
            }
        };
        State::Confirmed(self)
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
            acknowledge(ctx, server, request, &mut self.unacknowledged_ringing);
        } else {
            self.service(ctx, server, request);
        }
        State::Confirmed(self)
    }

    fn remote_hangup(self, ctx: &mut Context, server: ServerId, bye: &Request) -> State {
        if let Negotiation::Describing { server, .. } = self.negotiation {
            ctx.respond(server, 487, "Request Terminated");
        }
        ctx.respond(server, 200, "OK");
        let (status, phrase) = sip_cause(&bye.headers).map_or((None, None), |(s, p)| (Some(s), p));
        let ended = Ended { reason: EndReason::RemoteHangup, status, phrase };
        ctx.event(Event::Ended(self.call, ended));
        State::Terminated
    }

    /// A re-INVITE or an UPDATE: a new offer, a refresh, or a question for our offer.
    fn target_refresh(&mut self, ctx: &mut Context, server: ServerId, request: &Request) {
        let is_invite = request.method == Method::INVITE;
        match self.negotiation {
            Negotiation::Stable => {}
            // RFC 3261 section 14.2, RFC 3311 section 5.2.
            Negotiation::Describing { .. } => {
                ctx.respond_with(server, 500, "Server Internal Error", |_, response| {
                    response.headers.push("Retry-After", "1");
                });
                return;
            }
            Negotiation::Applying(_) | Negotiation::Unacknowledged(_) if is_invite => {
                return ctx.respond(server, 491, "Request Pending");
            }
            Negotiation::Applying(_) | Negotiation::Unacknowledged(_)
                if !request.body.is_empty() =>
            {
                return ctx.respond(server, 491, "Request Pending");
            }
            Negotiation::Applying(_) | Negotiation::Unacknowledged(_) => {}
        }
        let offer = request.sdp();
        if offer.is_none() && !request.body.is_empty() {
            return crate::agent::refuse_body(ctx, server);
        }
        self.dialog.refresh_target(request);
        let number = request.headers.cseq().map_or(0, |cseq| cseq.number);
        let (media, kind) = match (offer, is_invite) {
            (Some(offer), true) => {
                let kind = Kind::Invite { number, wants: Wants::Nothing };
                (MediaRequest::CreateAnswer { offer, terms: Terms::default() }, kind)
            }
            (None, true) => (
                MediaRequest::CreateOffer(Terms::default()),
                Kind::Invite { number, wants: Wants::Answer },
            ),
            (Some(offer), false) => {
                (MediaRequest::CreateAnswer { offer, terms: Terms::default() }, Kind::Update)
            }
            (None, false) => return refresh(ctx, server),
        };
        let op = ctx.media(self.call, media);
        self.negotiation = Negotiation::Describing { op, server, kind };
    }

    /// A response to a request of ours within the dialog.
    pub(super) fn response(
        mut self,
        ctx: &mut Context,
        errand: Errand,
        _client: ClientId,
        response: &Response,
        ended: Option<(Request, Attempts)>,
    ) -> State {
        match (errand, ended) {
            (Errand::Reinvite | Errand::Update, _) => {}
            (Errand::Prack, ended) => {
                prack_response(ctx, self.call, &mut self.dialog, response, ended);
            }
            (Errand::Info | Errand::Refer | Errand::Notify, Some(ended)) => {
                self.service_done(ctx, errand, Some((response, ended)));
            }
            (Errand::Info | Errand::Refer | Errand::Notify, None) => {}
        }
        State::Confirmed(self)
    }

    /// Nobody answered a request of ours within the dialog.
    pub(super) fn unanswered(mut self, ctx: &mut Context, errand: Errand) -> State {
        match errand {
            Errand::Reinvite | Errand::Update => {}
            Errand::Info | Errand::Refer | Errand::Notify => self.service_done(ctx, errand, None),
            Errand::Prack => {}
        }
        State::Confirmed(self)
    }

    pub(super) fn late_response(&self, ctx: &mut Context, client: ClientId, response: &Response) {
        late_response(ctx, &self.dialog, &self.role, client, response);
    }

    /// The dialog outlives the socket; what the far end had asked on it does not.
    pub(super) fn disconnected(mut self, ctx: &mut Context) -> State {
        self.service_disconnected(ctx);
        if let Negotiation::Describing { .. } = self.negotiation {
            self.negotiation = Negotiation::Stable;
        }
        State::Confirmed(self)
    }

    pub(super) fn timeout(mut self, ctx: &mut Context) -> State {
        self.service_timeout(ctx);
        if let Negotiation::Unacknowledged(answer) = &mut self.negotiation
            && !answer.timeout(ctx)
        {
            return self.fail(ctx, EndReason::ConnectionLost);
        }
        State::Confirmed(self)
    }

    pub(super) fn deadline(&self) -> Option<(Instant, Timer)> {
        let negotiation = match &self.negotiation {
            Negotiation::Unacknowledged(answer) => Some(answer.deadline()),
            Negotiation::Stable | Negotiation::Applying(_) | Negotiation::Describing { .. } => None,
        };
        let deadlines = [negotiation, self.services.deadline()];
        deadlines.into_iter().flatten().min_by_key(|(at, _)| *at)
    }
}

/// Answers an UPDATE that only refreshes.
pub(super) fn refresh(ctx: &mut Context, server: ServerId) {
    ctx.respond_with(server, 200, "OK", |ctx, response| {
        response.headers.push("Contact", ctx.dialog_contact());
        response.headers.push("Allow", ALLOW);
    });
}

/// A 2xx that is repeated until its ACK comes (RFC 3261 section 13.3.1.4). The transport is
/// reliable, but the way beyond the next proxy may not be.
pub(super) struct Unacknowledged {
    answer: Vec<u8>,
    number: u32,
    wants: Wants,
    /// It answers the INVITE that made the call, so that BYE has to wait for the ACK.
    first: bool,
    repeat_at: Instant,
    interval: Duration,
    give_up_at: Instant,
}

impl Unacknowledged {
    fn new(ctx: &Context, answer: Vec<u8>, number: u32, wants: Wants) -> Self {
        let (repeat_at, give_up_at) = (ctx.now + T1, ctx.now + T1_64);
        Self { answer, number, wants, first: false, repeat_at, interval: T1, give_up_at }
    }

    pub(super) fn is_acknowledged_by(&self, ack: &Request) -> bool {
        ack.headers.cseq().is_some_and(|cseq| cseq.number == self.number)
    }

    /// Repeats the 2xx if it is time; false when it is time to give up.
    pub(super) fn timeout(&mut self, ctx: &mut Context) -> bool {
        if self.give_up_at <= ctx.now {
            return false;
        }
        if self.repeat_at <= ctx.now {
            ctx.transmit(self.answer.clone());
            self.interval = (self.interval * 2).min(T2);
            self.repeat_at = ctx.now + self.interval;
        }
        true
    }

    pub(super) fn deadline(&self) -> (Instant, Timer) {
        match self.give_up_at <= self.repeat_at {
            true => (self.give_up_at, Timer::AckTimeout),
            false => (self.repeat_at, Timer::RepeatAnswer),
        }
    }
}
