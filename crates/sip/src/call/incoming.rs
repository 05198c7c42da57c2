//! A call to us, before it is answered.

use super::State;
use super::confirmed::{Confirmed, Wants};
use super::prack::{Reliable, acknowledge};
use super::session_interval::SessionTimerTerms;
use crate::context::{ALLOW, Context, SUPPORTED, set_sdp};
use crate::dialog::Dialog;
use crate::input::{CallId, MediaResult, Refusal};
use crate::message::{Method, NameAddr, RSeq, Request, auto_answer};
use crate::output::{Event, IncomingDetails, MediaRequest, Terms};
use crate::party::{caller, caller_uri, diverted_by, party};
use crate::reason::{EndReason, sip_cause};
use crate::sdp::holds;
use crate::time::Instant;
use crate::timer::Timer;
use crate::transaction::ServerId;
use std::time::Duration;

/// A proxy may give up after three minutes of silence (RFC 3261 section 13.3.1.1).
const SAY_RINGING_EVERY: Duration = Duration::from_secs(60);
/// How long it rings when the caller sets no limit. Its CANCEL may have been lost.
const RING_AT_MOST: Duration = Duration::from_secs(600);

/// A call that rings here.
pub(super) struct Incoming {
    call: CallId,
    pub(super) server: ServerId,
    pub(super) dialog: Dialog,
    offer: Option<String>,
    invite_number: u32,
    say_ringing_at: Instant,
    expires_at: Instant,
    /// The call that ends when this one is answered (RFC 3891).
    pub(super) replaces: Option<CallId>,
    ringing: Ringing,
    session_timer: Option<SessionTimerTerms>,
    supports_timer: bool,
}

/// How we say that it rings.
enum Ringing {
    /// Once is enough.
    Plain,
    /// Until a PRACK comes (RFC 3262), because the caller insists.
    Reliable { last: u32, awaited: Option<Reliable> },
    /// Not at all: the caller insists on reliable responses and has made no offer, so that the
    /// first one would have to carry ours (RFC 3262 section 5), which is made on answering.
    Unsaid,
}

impl Incoming {
    pub(super) fn start(
        ctx: &mut Context,
        call: CallId,
        server: ServerId,
        invite: &Request,
        replaces: Option<CallId>,
    ) -> Option<Self> {
        let tag = ctx.servers.response(server, 180, "Ringing")?.to_tag()?.to_owned();
        let Some(dialog) = Dialog::of_callee(invite, &tag) else {
            ctx.respond(server, 400, "Missing Contact");
            return None;
        };
        let limit = invite.headers.seconds("Expires").filter(|seconds| *seconds > 0);
        let limit = limit.map_or(RING_AT_MOST, |s| Duration::from_secs(s.into()).min(RING_AT_MOST));
        let wanted = ctx.config.session_interval;
        let mut incoming = Self {
            call,
            server,
            dialog,
            offer: invite.sdp(),
            invite_number: invite.headers.cseq().map_or(0, |cseq| cseq.number),
            say_ringing_at: ctx.now + SAY_RINGING_EVERY,
            expires_at: ctx.now + limit,
            replaces,
            ringing: Ringing::wanted_by(ctx, invite),
            session_timer: SessionTimerTerms::of_request(&invite.headers, wanted),
            supports_timer: invite.headers.lists("Supported", "timer"),
        };
        if replaces.is_none() {
            incoming.say_ringing(ctx);
        }
        let headers = &invite.headers;
        let details = Box::new(IncomingDetails {
            uri: caller_uri(headers),
            diverted_by: diverted_by(headers),
            auto_answer: auto_answer(headers).map(|seconds| Duration::from_secs(seconds.into())),
            referred_by: headers.get("Referred-By").and_then(party),
            replaces,
        });
        ctx.event(Event::Incoming { call, from: caller(headers), details });
        Some(incoming)
    }

    pub(super) fn is_merged(&self, invite: &Request) -> bool {
        let from = invite.headers.get("From").and_then(NameAddr::parse);
        let number = invite.headers.cseq().map(|cseq| cseq.number);
        invite.headers.get("Call-ID") == Some(&self.dialog.call_id)
            && from.and_then(|from| from.tag()).unwrap_or_default() == self.dialog.remote_tag
            && number == Some(self.invite_number)
    }

    pub(super) fn answer(self, ctx: &mut Context) -> State {
        let op = ctx.media(
            self.call,
            match &self.offer {
                Some(offer) => {
                    MediaRequest::CreateAnswer { offer: offer.clone(), terms: Terms::default() }
                }
                None => MediaRequest::CreateOffer(Terms::default()),
            },
        );
        State::Accepting(self, op)
    }

    pub(super) fn accept(self, ctx: &mut Context, result: MediaResult) -> State {
        let Ok(sdp) = result else {
            ctx.respond(self.server, 480, "Temporarily Unavailable");
            ctx.ended_by(self.call, EndReason::MediaFailed, 480, "");
            return State::Terminated;
        };
        let timer = self.session_timer.map(|terms| (terms, self.supports_timer));
        let answer = accept(ctx, self.server, sdp, timer);
        ctx.event(Event::Answered(self.call));
        let wants = if self.offer.is_some() { Wants::Nothing } else { Wants::Answer };
        let number = self.invite_number;
        // Without SDP in it, nothing need wait for its PRACK (RFC 3262 section 3).
        let ringing = match self.ringing {
            Ringing::Reliable { awaited, .. } => awaited,
            Ringing::Plain | Ringing::Unsaid => None,
        };
        let confirmed = Confirmed::as_callee(
            ctx,
            self.call,
            self.dialog,
            (answer, number, wants),
            self.session_timer,
            ringing,
        );
        State::Confirmed(confirmed.heard(ctx, self.offer.as_deref().and_then(holds)))
    }

    pub(super) fn reject(self, ctx: &mut Context, refusal: Refusal) -> State {
        let (status, phrase) = match refusal {
            Refusal::Busy => (486, "Busy Here"),
            Refusal::Decline => (603, "Decline"),
            Refusal::Unavailable => (480, "Temporarily Unavailable"),
        };
        ctx.respond(self.server, status, phrase);
        ctx.ended_by(self.call, EndReason::Rejected, status, "");
        State::Terminated
    }

    pub(super) fn redirect(&self, ctx: &mut Context, uri: &str) {
        let contact = ["<", uri, ">"].concat();
        ctx.respond_with(self.server, 302, "Moved Temporarily", |_, response| {
            response.headers.push("Contact", contact);
        });
        ctx.ended_by(self.call, EndReason::Rejected, 302, "");
    }

    pub(super) fn cancelled(self, ctx: &mut Context, cancel: &Request) -> State {
        let reason = EndReason::of_cancel(cancel);
        self.terminate(ctx, cancel, reason)
    }

    fn terminate(self, ctx: &mut Context, request: &Request, reason: EndReason) -> State {
        ctx.respond(self.server, 487, "Request Terminated");
        match sip_cause(&request.headers) {
            Some((status, text)) => {
                ctx.ended_by(self.call, reason, status, &text.unwrap_or_default());
            }
            None => ctx.ended_by(self.call, reason, 487, ""),
        }
        State::Terminated
    }

    /// A request in the early dialog.
    pub(super) fn request(
        mut self,
        ctx: &mut Context,
        server: ServerId,
        request: &Request,
        stay: impl FnOnce(Self) -> State,
    ) -> State {
        if !self.dialog.accept_number(request) {
            ctx.respond(server, 500, "Server Internal Error");
        } else if request.method == Method::BYE {
            // RFC 3261 section 15.1.2: whoever says BYE early ends the INVITE too.
            ctx.respond(server, 200, "OK");
            return self.terminate(ctx, request, EndReason::RemoteCancelled);
        } else if request.method == Method::PRACK {
            match &mut self.ringing {
                Ringing::Reliable { awaited, .. } => acknowledge(ctx, server, request, awaited),
                Ringing::Plain | Ringing::Unsaid => {
                    acknowledge(ctx, server, request, &mut None);
                }
            }
        } else if request.method == Method::UPDATE && request.body.is_empty() {
            self.dialog.refresh_target(request);
            super::confirmed::refresh(ctx, server);
        } else if request.method == Method::UPDATE || request.method == Method::INVITE {
            // The caller's own offer is still open (RFC 3311 section 5.2, RFC 3261 section 14.2).
            ctx.respond_with(server, 500, "Server Internal Error", |_, response| {
                response.headers.push("Retry-After", "5");
            });
        } else {
            crate::agent::refuse_method(ctx, server, request);
        }
        stay(self)
    }

    /// The call ends for its user. Without its transaction it could be neither answered nor
    /// cancelled on another socket; the caller's proxy goes on to the user's other phones.
    pub(super) fn disconnected(self, ctx: &mut Context) -> State {
        ctx.ended(self.call, EndReason::ConnectionLost);
        State::Terminated
    }

    pub(super) fn timeout(mut self, ctx: &mut Context, stay: impl FnOnce(Self) -> State) -> State {
        if self.expires_at <= ctx.now {
            ctx.respond(self.server, 487, "Request Terminated");
            ctx.ended_by(self.call, EndReason::NoAnswer, 487, "");
            return State::Terminated;
        }
        if let Ringing::Reliable { awaited: Some(awaited), .. } = &mut self.ringing
            && !awaited.timeout(ctx)
        {
            ctx.respond(self.server, 504, "Server Time-out");
            ctx.ended_by(self.call, EndReason::ConnectionLost, 504, "");
            return State::Terminated;
        }
        if self.say_ringing_at <= ctx.now {
            self.say_ringing(ctx);
        }
        stay(self)
    }

    pub(super) fn deadline(&self) -> (Instant, Timer) {
        let (expires_at, say_ringing_at) = (self.expires_at, self.say_ringing_at);
        let earlier = match expires_at <= say_ringing_at {
            true => (expires_at, Timer::InviteExpired),
            false => (say_ringing_at, Timer::StillRinging),
        };
        match &self.ringing {
            Ringing::Reliable { awaited: Some(awaited), .. } => {
                let prack = awaited.deadline();
                if prack.0 < earlier.0 { prack } else { earlier }
            }
            Ringing::Reliable { awaited: None, .. } | Ringing::Plain | Ringing::Unsaid => earlier,
        }
    }

    fn say_ringing(&mut self, ctx: &mut Context) {
        self.say_ringing_at = ctx.now + SAY_RINGING_EVERY;
        let rseq = match &mut self.ringing {
            Ringing::Plain => None,
            Ringing::Reliable { last, awaited: None } => {
                *last += 1;
                Some(RSeq { number: *last })
            }
            // One must be acknowledged before the next (RFC 3262 section 3).
            Ringing::Reliable { awaited: Some(_), .. } | Ringing::Unsaid => return,
        };
        let bytes = ctx.respond_with(self.server, 180, "Ringing", |ctx, response| {
            response.headers.push("Contact", ctx.dialog_contact());
            response.headers.push("Allow", ALLOW);
            if let Some(rseq) = rseq {
                response.headers.push("Require", "100rel");
                response.headers.push("RSeq", rseq.value());
            }
        });
        if let (Some(rseq), Ringing::Reliable { awaited, .. }) = (rseq, &mut self.ringing) {
            *awaited = Some(Reliable::new(ctx, bytes, rseq, self.invite_number));
        }
    }
}

impl Ringing {
    fn wanted_by(ctx: &mut Context, invite: &Request) -> Self {
        if !invite.headers.lists("Require", "100rel") {
            Self::Plain
        } else if invite.body.is_empty() {
            Self::Unsaid
        } else {
            // Any start below 2^31 will do, with room to count.
            let last = u32::try_from(ctx.rng.between(0, 0x3fff_ffff)).unwrap_or_default();
            Self::Reliable { last, awaited: None }
        }
    }
}

/// Answers an INVITE with 200 and SDP; gives the bytes to repeat until the ACK.
/// `timer` is what it settles about the session, and whether the INVITE supports timers.
pub(super) fn accept(
    ctx: &mut Context,
    server: ServerId,
    sdp: String,
    timer: Option<(SessionTimerTerms, bool)>,
) -> Vec<u8> {
    ctx.respond_with(server, 200, "OK", |ctx, response| {
        response.headers.push("Contact", ctx.dialog_contact());
        response.headers.push("Allow", ALLOW);
        response.headers.push("Supported", SUPPORTED);
        if let Some((terms, supported)) = timer {
            terms.settle(supported, &mut response.headers);
        }
        set_sdp(&mut response.headers, &mut response.body, sdp);
    })
}
