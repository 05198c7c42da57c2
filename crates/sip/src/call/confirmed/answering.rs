//! The far end's re-INVITE and UPDATE (RFC 3261 section 14.2, RFC 3311).

use super::Confirmed;
use super::negotiation::{Asked, Kind, Negotiation, Offer, Unacknowledged, Wants};
use crate::call::State;
use crate::call::incoming::accept;
use crate::call::session_interval::{SessionTimerTerms, demand, is_too_small};
use crate::context::{ALLOW, Context, SUPPORTED, set_sdp};
use crate::input::MediaResult;
use crate::message::{Method, Request};
use crate::output::{Event, MediaRequest, Terms};
use crate::reason::EndReason;
use crate::sdp::holds;
use crate::transaction::ServerId;

/// What a 2xx settles about the session, and whether the far end supports timers.
type Settled = Option<(SessionTimerTerms, bool)>;

impl Confirmed {
    /// A re-INVITE or an UPDATE: a new offer, a refresh, or a question for our offer.
    pub(super) fn target_refresh(
        &mut self,
        ctx: &mut Context,
        server: ServerId,
        request: &Request,
    ) {
        let is_invite = request.method == Method::INVITE;
        match self.negotiation {
            Negotiation::Stable => {}
            Negotiation::Describing { .. } => {
                return not_now(ctx, server);
            }
            Negotiation::Applying { .. }
            | Negotiation::Unacknowledged(_)
            | Negotiation::Offering { .. }
            | Negotiation::Inviting(_)
            | Negotiation::Dropping { .. } => {
                if is_invite || !request.body.is_empty() {
                    return ctx.respond(server, 491, "Request Pending");
                }
            }
        }
        if is_too_small(&request.headers) {
            ctx.respond_with(server, 422, "Session Interval Too Small", |_, response| {
                demand(&mut response.headers);
            });
            return;
        }
        let offer = request.sdp();
        if offer.is_none() && !request.body.is_empty() {
            return crate::agent::refuse_body(ctx, server);
        }
        self.dialog.refresh(&request.headers);
        if let Some(party) = self.dialog.identify(request) {
            ctx.event(Event::Identity { call: self.call, party });
        }
        let terms = SessionTimerTerms::of_request(&request.headers, ctx.config.session_interval);
        let timer = terms.map(|terms| (terms, request.headers.lists("Supported", "timer")));
        let wants = if offer.is_some() { Wants::Nothing } else { Wants::Answer };
        let kind = match (is_invite, wants) {
            (true, wants) => {
                let number = request.headers.cseq().map_or(0, |cseq| cseq.number);
                Kind::Invite { number, wants }
            }
            (false, Wants::Nothing) => Kind::Update,
            (false, Wants::Answer) => {
                answer_update(ctx, server, None, timer);
                return self.settle_as_asked(ctx, timer);
            }
        };
        let holds = offer.as_deref().and_then(holds);
        let terms = Terms { hold: self.hold.local, restart: false };
        let op = ctx.media(
            self.call,
            match offer {
                Some(offer) => MediaRequest::CreateAnswer { offer, terms },
                None => MediaRequest::CreateOffer(terms),
            },
        );
        let asked = Asked { server, kind, holds, timer };
        self.negotiation = Negotiation::Describing { op, asked };
    }

    pub(super) fn described(&mut self, ctx: &mut Context, asked: Asked, result: MediaResult) {
        let Asked { server, kind, holds, timer } = asked;
        let Ok(sdp) = result else {
            // The session stays as it was (RFC 3261 section 14.2).
            return ctx.respond(server, 488, "Not Acceptable Here");
        };
        match kind {
            Kind::Invite { number, wants } => {
                let answer = accept(ctx, server, sdp, timer);
                let answer = Unacknowledged::new(ctx, answer, number, wants);
                self.negotiation = Negotiation::Unacknowledged(answer);
            }
            Kind::Update => answer_update(ctx, server, Some(sdp), timer),
        }
        self.settle_as_asked(ctx, timer);
        self.show_hold(ctx, self.hold.local, holds);
    }

    fn settle_as_asked(&mut self, ctx: &Context, timer: Settled) {
        self.wishes.refresh = false;
        self.session_timer.settle(ctx.now, timer.map(|(terms, _)| terms));
    }

    pub(in crate::call) fn acknowledged(mut self, ctx: &mut Context, ack: &Request) -> State {
        let wants = match &self.negotiation {
            Negotiation::Unacknowledged(answer) if answer.is_acknowledged_by(ack) => answer.wants,
            Negotiation::Unacknowledged(_)
            | Negotiation::Stable
            | Negotiation::Applying { .. }
            | Negotiation::Describing { .. }
            | Negotiation::Offering { .. }
            | Negotiation::Inviting(_)
            | Negotiation::Dropping { .. } => return self.stay(ctx),
        };
        self.negotiation = Negotiation::Stable;
        match (wants, ack.sdp()) {
            (Wants::Nothing, _) => {}
            (Wants::Answer, Some(answer)) => {
                let holds = holds(&answer);
                let request = MediaRequest::SetAnswer { answer, provisional: false };
                let op = ctx.media(self.call, request);
                self.negotiation = Negotiation::Applying { op, to: Offer::Plain, holds };
            }
            (Wants::Answer, None) => return self.fail(ctx, EndReason::Incompatible),
        }
        self.stay(ctx)
    }
}

/// Puts a request off (RFC 3261 section 14.2, RFC 3311 section 5.2).
pub(super) fn not_now(ctx: &mut Context, server: ServerId) {
    ctx.respond_with(server, 500, "Server Internal Error", |_, response| {
        response.headers.push("Retry-After", "1");
    });
}

/// Answers an UPDATE that only refreshes an early dialog.
pub(in crate::call) fn refresh(ctx: &mut Context, server: ServerId) {
    answer_update(ctx, server, None, None);
}

fn answer_update(ctx: &mut Context, server: ServerId, sdp: Option<String>, timer: Settled) {
    ctx.respond_with(server, 200, "OK", |ctx, response| {
        response.headers.push("Contact", ctx.dialog_contact());
        response.headers.push("Allow", ALLOW);
        response.headers.push("Supported", SUPPORTED);
        if let Some((terms, supported)) = timer {
            terms.settle(supported, &mut response.headers);
        }
        if let Some(sdp) = sdp {
            set_sdp(&mut response.headers, &mut response.body, sdp);
        }
    });
}
