//! The session timer (RFC 4028): one side refreshes, the other ends the call when that fails.

use super::Confirmed;
use crate::auth::Attempts;
use crate::call::State;
use crate::call::session_interval::{SessionTimerTerms, demanded};
use crate::context::Context;
use crate::message::{Headers, Method, MinSe, Refresher, Request, Response, SessionExpires};
use crate::time::Instant;
use crate::timer::Timer;
use crate::transaction::{ClientId, Errand, Owner};
use std::time::Duration;

/// The least time between two refreshes, the first of which failed.
const REFRESH_AGAIN: Duration = Duration::from_secs(5);
/// How long before its end a session counts as over where the far end refreshes (section 10).
const MARGIN: Duration = Duration::from_secs(32);
/// How often a 422 may raise the interval of one refresh.
const MAX_RAISES: u32 = 4;

/// The timer of one call.
#[derive(Default)]
pub(super) struct SessionTimer {
    running: Option<Running>,
    /// The Min-SE of a 422.
    min_se: Option<u32>,
    raises: u32,
    /// Our UPDATE that refreshes.
    pub(super) update: Option<ClientId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Running {
    terms: SessionTimerTerms,
    /// This side refreshes then; `None`: the far end does, or a refresh is wanted already.
    refresh_at: Option<Instant>,
    ends_at: Instant,
}

impl SessionTimer {
    /// Begins with the call, as its INVITE and the 2xx have settled.
    pub(super) fn new(now: Instant, terms: Option<SessionTimerTerms>) -> Self {
        let mut timer = Self::default();
        timer.settle(now, terms);
        timer
    }

    /// Begins anew, as the 2xx to an INVITE or an UPDATE says; `None`: no timer runs.
    pub(super) fn settle(&mut self, now: Instant, terms: Option<SessionTimerTerms>) {
        self.raises = 0;
        self.running = terms.map(|terms| Running::new(now, terms, terms.interval));
    }

    /// Goes on in another agent, with so much left.
    pub(super) fn resumed(now: Instant, timer: Option<(SessionTimerTerms, Duration)>) -> Self {
        let running = timer.map(|(terms, left)| Running::new(now, terms, left));
        Self { running, ..Self::default() }
    }

    /// What was settled, and how long the session has left.
    pub(super) fn left(&self, now: Instant) -> Option<(SessionTimerTerms, Duration)> {
        let running = self.running?;
        let margin = margin(running.terms);
        Some((running.terms, running.ends_at.since(now) + margin))
    }

    /// Puts the wish to go on like this into our INVITE or UPDATE (section 7.4).
    pub(super) fn ask(&self, headers: &mut Headers) {
        let Some(Running { terms, .. }) = &self.running else { return };
        let seconds = u32::try_from(terms.interval.as_secs()).unwrap_or(u32::MAX);
        let seconds = seconds.max(self.min_se.unwrap_or_default());
        let refresher = Some(if terms.we_refresh { Refresher::Uac } else { Refresher::Uas });
        headers.push("Session-Expires", SessionExpires { seconds, refresher }.value());
        if let Some(seconds) = self.min_se {
            headers.push("Min-SE", MinSe { seconds }.value());
        }
    }

    /// Takes the demand of a 422; false if there is nothing to be done about it.
    pub(super) fn raise(&mut self, headers: &Headers) -> bool {
        let min_se = demanded(headers).filter(|min| self.min_se.is_none_or(|asked| *min > asked));
        self.raises += 1;
        if min_se.is_none() || self.running.is_none() || self.raises > MAX_RAISES {
            return false;
        }
        self.min_se = min_se;
        true
    }

    /// A refresh was refused: another is tried in half the time that is left.
    pub(super) fn refresh_later(&mut self, now: Instant) {
        if let Some(running) = &mut self.running
            && running.terms.we_refresh
        {
            let pause = (running.ends_at.since(now) / 2).max(REFRESH_AGAIN);
            running.refresh_at = Some(now + pause);
        }
    }

    /// Whether the session is over.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.running.is_some_and(|running| running.ends_at <= now)
    }

    /// Whether it is time to refresh; true once for each time.
    pub(super) fn wants_refresh(&mut self, now: Instant) -> bool {
        let running = self.running.as_mut();
        running.and_then(|running| running.refresh_at.take_if(|at| *at <= now)).is_some()
    }

    pub(super) fn deadline(&self) -> Option<(Instant, Timer)> {
        let running = self.running?;
        Some(match running.refresh_at {
            Some(at) if at < running.ends_at => (at, Timer::SessionRefresh),
            Some(_) | None => (running.ends_at, Timer::SessionExpiry),
        })
    }
}

impl Running {
    fn new(now: Instant, terms: SessionTimerTerms, left: Duration) -> Self {
        let half = left.saturating_sub(terms.interval / 2);
        let refresh_at = terms.we_refresh.then(|| now + half);
        Self { terms, refresh_at, ends_at: now + left.saturating_sub(margin(terms)) }
    }
}

/// How much earlier than agreed this side ends the session.
fn margin(terms: SessionTimerTerms) -> Duration {
    match terms.we_refresh {
        true => Duration::ZERO,
        false => MARGIN.min(terms.interval / 3),
    }
}

impl Confirmed {
    /// What the 2xx to our INVITE or UPDATE says of the session.
    pub(super) fn settle(&mut self, ctx: &Context, headers: &Headers) {
        self.wishes.refresh = false;
        self.session_timer.settle(ctx.now, SessionTimerTerms::of_answer(headers));
    }

    /// Refreshes without SDP (RFC 3311): media need not do anything.
    pub(super) fn send_update(&mut self, ctx: &mut Context) {
        let mut update = self.dialog.request(Method::UPDATE);
        self.complete(ctx, &mut update.headers);
        let owner = Owner::InDialog(self.call, Errand::Update);
        self.session_timer.update = Some(ctx.send(update, owner));
    }

    pub(super) fn update_response(
        mut self,
        ctx: &mut Context,
        client: ClientId,
        response: &Response,
        ended: Option<(Request, Attempts)>,
    ) -> State {
        let errand = Errand::Update;
        if self.session_timer.update != Some(client) || response.status < 200 {
            return self.stay(ctx);
        }
        self.session_timer.update = match (response.status, ended) {
            (200..300, _) => {
                self.dialog.refresh(&response.headers);
                self.settle(ctx, &response.headers);
                return self.stay(ctx);
            }
            (408 | 481, _) => return self.gone(ctx, response),
            (401 | 407, Some(ended)) => self.answer_challenge(ctx, ended, response, errand),
            (422, Some((update, _))) => self.raise_interval(ctx, update, response, errand),
            (405 | 501, _) => {
                self.dialog.allows_update = false;
                self.wishes.refresh = true;
                self.session_timer.update = None;
                return self.stay(ctx);
            }
            (_, _) => None,
        };
        if self.session_timer.update.is_none() {
            self.session_timer.refresh_later(ctx.now);
        }
        self.stay(ctx)
    }
}
