//! What our call tries after a refusal, unasked.

use super::State;
use super::identity::{CallerId, rejects_identity};
use super::outgoing::Outgoing;
use super::redirect::Targets;
use super::session_interval::{ask, demanded};
use crate::context::Context;
use crate::message::{CSeq, Request, Response};
use crate::reason::EndReason;
use crate::time::Instant;
use crate::timer::Timer;
use std::time::Duration;

/// How often a call is tried again for 422 and 491. Each can come from several on the way.
const MAX_ROUNDS: u32 = 4;

/// What is left to try.
pub(super) struct Retry {
    caller_id: CallerId,
    targets: Targets,
    /// The greatest interval that a 422 demanded (RFC 4028 section 7.4).
    min_se: Option<u32>,
    rounds: u32,
}

/// What to do about a refusal.
pub(super) enum Again {
    /// Send this now.
    Now(Request),
    /// Send this after a while.
    After(Duration, Request),
}

impl Retry {
    pub(super) fn new(caller_id: CallerId, uri: String) -> Self {
        Self { caller_id, targets: Targets::new(uri), min_se: None, rounds: 0 }
    }

    /// The next INVITE after `response` refused `invite`; `None` if the call is over. `heard`
    /// says that the user has heard from the far end, so that it was not the caller ID.
    pub(super) fn after(
        &mut self,
        ctx: &mut Context,
        response: &Response,
        invite: Request,
        heard: bool,
    ) -> Option<Again> {
        let mut invite = anew(invite);
        let status = response.status;
        if status == 422 && self.raise_interval(ctx, response, &mut invite) {
            return Some(Again::Now(invite));
        }
        // Two INVITEs met, as at a call being replaced (RFC 3261 section 14.1).
        if status == 491 && self.has_round() {
            let pause = 10 * ctx.rng.between(210, 400);
            return Some(Again::After(Duration::from_millis(pause), invite));
        }
        if rejects_identity(status) && !heard && self.caller_id.try_next(ctx, &mut invite) {
            return Some(Again::Now(invite));
        }
        // Use Proxy and Alternative Service are no other addresses of the same callee.
        if (300..400).contains(&status) && status != 305 && status != 380 {
            self.targets.add(&response.headers, &ctx.config.domain);
        }
        // A 6xx holds for wherever the callee may be (RFC 3261 section 21.6).
        invite.uri = self.targets.next().filter(|_| status < 600)?;
        Some(Again::Now(invite))
    }

    /// The far end alerts or answers, so the caller ID was not refused.
    pub(super) fn got_through(&self, ctx: &mut Context) {
        self.caller_id.got_through(ctx);
    }

    /// Asks for what a 422 demands, if that is more than before.
    fn raise_interval(&mut self, ctx: &Context, response: &Response, invite: &mut Request) -> bool {
        let wanted = ctx.config.session_interval;
        let Some(min_se) = demanded(&response.headers).filter(|min| Some(*min) > self.min_se)
        else {
            return false;
        };
        if wanted.is_zero() || !self.has_round() {
            return false;
        }
        self.min_se = Some(min_se);
        ask(&mut invite.headers, wanted, self.min_se);
        true
    }

    fn has_round(&mut self) -> bool {
        self.rounds += 1;
        self.rounds <= MAX_ROUNDS
    }
}

/// The same INVITE as a new request. Credentials are for the old one.
fn anew(mut invite: Request) -> Request {
    let number = invite.headers.cseq().map_or(1, |cseq| cseq.number + 1);
    invite.headers.set("CSeq", CSeq { number, method: invite.method.clone() }.value());
    for name in ["Via", "Authorization", "Proxy-Authorization"] {
        invite.headers.remove(name);
    }
    invite
}

/// A call that is about to be tried again.
pub(super) struct Waiting {
    pub(super) outgoing: Outgoing,
    pub(super) invite: Request,
    pub(super) until: Instant,
}

impl Waiting {
    pub(super) fn hangup(self, ctx: &mut Context) -> State {
        ctx.ended(self.outgoing.call, EndReason::Cancelled);
        State::Terminated
    }

    pub(super) fn disconnected(self, ctx: &mut Context) -> State {
        ctx.ended(self.outgoing.call, EndReason::ConnectionLost);
        State::Terminated
    }

    pub(super) fn timeout(self, ctx: &mut Context) -> State {
        match self.until <= ctx.now {
            true => self.outgoing.send(ctx, self.invite),
            false => State::Waiting(self),
        }
    }

    pub(super) fn deadline(&self) -> (Instant, Timer) {
        (self.until, Timer::InviteRetry)
    }
}
