//! Subscriptions (RFC 6665). [`State`] reads as the diagram.

mod list;
mod notify;

use crate::auth::Attempts;
use crate::context::{ALLOW, Context, SUPPORTED};
use crate::dialog::Dialog;
use crate::input::SubscriptionId;
use crate::message::{CSeq, Method, NameAddr, Request, Response};
use crate::output::{Event, Package, SubscriptionState};
use crate::time::Instant;
use crate::timer::{T1_64, Timer};
use crate::transaction::Owner;
use std::time::Duration;

pub(crate) use list::Subscriptions;

/// What is asked for at first, in seconds.
const EXPIRES: u32 = 3600;
/// The first pause before another try; it doubles with each failure.
const BACK_OFF: Duration = Duration::from_secs(4);
/// The longest pause that the agent chooses by itself.
const MAX_BACK_OFF: Duration = Duration::from_secs(300);
/// A server that grants less than this would have us subscribe all the time.
const MIN_REFRESH: Duration = Duration::from_secs(5);
/// A subscription that has lasted this long resets the count of failures.
const SOUND_AFTER: Duration = Duration::from_secs(60);

/// One subscription, across all the dialogs that it takes.
struct Subscription {
    id: SubscriptionId,
    uri: String,
    package: Package,
    state: State,
    /// Seconds to ask for; 423 raises it.
    expires: u32,
    /// In a row.
    failures: u32,
    shown: Option<SubscriptionState>,
}

/// ```text
/// Waiting ─▶ Subscribing ─▶ Subscribed ─▶ Leaving ─▶ Over
///    ▲            │  │          │            ▲
///    │            │  └▶ Abandoned ───────────┘
///    └─ Retrying ◀┴─────────────┘
/// ```
///
/// Every state can also be over at once. In the states after the user's end (`Abandoned`,
/// `Leaving`) nothing is told to the user.
enum State {
    /// There is no socket, or no registration yet.
    Waiting,
    /// SUBSCRIBE is sent. Only NOTIFY makes a dialog (RFC 6665 section 4.4.1).
    Subscribing(Attempt),
    /// There is a dialog.
    Subscribed { dialog: Dialog, since: Instant, refresh_at: Instant, expires_at: Instant },
    /// Not now; a new SUBSCRIBE will follow.
    Retrying { at: Instant },
    /// The user has gone before there was a dialog to unsubscribe in.
    Abandoned(Attempt),
    /// The last SUBSCRIBE is sent; the last NOTIFY is awaited.
    Leaving { dialog: Dialog, give_up_at: Instant },
    /// Nothing left to do.
    Over,
}

/// A SUBSCRIBE that has no dialog yet.
struct Attempt {
    call_id: String,
    tag: String,
    /// Its latest number: a challenge takes another one.
    number: u32,
    /// What its 2xx said.
    granted: Option<u32>,
    /// Timer N (RFC 6665 section 4.1.2.4).
    give_up_at: Instant,
}

impl Subscription {
    fn new(id: SubscriptionId, uri: String, package: Package) -> Self {
        let state = State::Waiting;
        Self { id, uri, package, state, expires: EXPIRES, failures: 0, shown: None }
    }

    /// Subscribes anew.
    fn subscribe(&mut self, ctx: &mut Context) {
        // What is still on the way is about a dialog that nobody wants any more.
        ctx.clients.forget_all_of(Owner::Subscription(self.id));
        let mut request = ctx.standalone(Method::SUBSCRIBE, &self.uri);
        let text = |name| request.headers.get(name).unwrap_or_default();
        let tag = NameAddr::parse(text("From")).and_then(|from| from.tag()).unwrap_or_default();
        let attempt = Attempt {
            call_id: text("Call-ID").to_owned(),
            tag: tag.to_owned(),
            number: 1,
            granted: None,
            give_up_at: ctx.now + T1_64,
        };
        self.complete(ctx, &mut request, self.expires);
        ctx.send(request, Owner::Subscription(self.id));
        self.state = State::Subscribing(attempt);
    }

    /// Sends SUBSCRIBE in the dialog.
    fn refresh(&mut self, ctx: &mut Context) {
        if let State::Subscribed { dialog, refresh_at, .. } = &mut self.state {
            *refresh_at = ctx.now + T1_64;
            let mut request = dialog.request(Method::SUBSCRIBE);
            request.headers.push("User-Agent", &*ctx.config.user_agent);
            self.complete(ctx, &mut request, self.expires);
            ctx.send(request, Owner::Subscription(self.id));
        }
    }

    fn unsubscribe(&mut self, ctx: &mut Context) {
        self.state = match std::mem::replace(&mut self.state, State::Over) {
            State::Subscribing(attempt) => State::Abandoned(attempt),
            State::Subscribed { dialog, .. } if ctx.connected => self.leave(ctx, dialog),
            State::Waiting | State::Subscribed { .. } | State::Retrying { .. } => State::Over,
            state @ (State::Abandoned(_) | State::Leaving { .. } | State::Over) => {
                self.state = state;
                return;
            }
        };
        self.show(ctx, SubscriptionState::Ended(None));
    }

    fn leave(&self, ctx: &mut Context, mut dialog: Dialog) -> State {
        ctx.clients.forget_all_of(Owner::Subscription(self.id));
        let mut request = dialog.request(Method::SUBSCRIBE);
        request.headers.push("User-Agent", &*ctx.config.user_agent);
        self.complete(ctx, &mut request, 0);
        ctx.send(request, Owner::Subscription(self.id));
        State::Leaving { dialog, give_up_at: ctx.now + T1_64 }
    }

    fn complete(&self, ctx: &Context, request: &mut Request, expires: u32) {
        let (event, accept) = notify::names(self.package);
        let headers = &mut request.headers;
        headers.push("Contact", ctx.dialog_contact());
        headers.push("Event", event);
        headers.push("Accept", accept);
        headers.push("Expires", expires.to_string());
        headers.push("Allow", ALLOW);
        headers.push("Supported", SUPPORTED);
    }

    /// The final response to a SUBSCRIBE.
    fn response(&mut self, ctx: &mut Context, response: &Response, ended: (Request, Attempts)) {
        match response.status {
            200..300 => self.accepted(ctx, response),
            401 | 407 => self.challenged(ctx, response, ended),
            423 => match response.headers.seconds("Min-Expires") {
                Some(least) if least > self.expires => {
                    self.expires = least;
                    self.again(ctx, ended.0);
                }
                Some(_) | None => self.end(ctx, Some(response.status)),
            },
            481 if matches!(self.state, State::Subscribed { .. }) => self.subscribe(ctx),
            501 | 505 | 513 => self.end(ctx, Some(response.status)),
            408 | 429 | 480 | 500..600 => {
                let asked = response.headers.seconds("Retry-After").unwrap_or(0);
                self.fail(ctx, Duration::from_secs(asked.into()));
            }
            status => self.end(ctx, Some(status)),
        }
    }

    fn accepted(&mut self, ctx: &Context, response: &Response) {
        let granted = response.headers.seconds("Expires");
        match &mut self.state {
            State::Subscribing(attempt) => attempt.granted = granted,
            State::Subscribed { since, refresh_at, expires_at, .. } => {
                if ctx.now.since(*since) >= SOUND_AFTER {
                    self.failures = 0;
                }
                let granted = granted.unwrap_or(self.expires);
                (*refresh_at, *expires_at) = times(ctx.now, granted);
            }
            State::Waiting
            | State::Retrying { .. }
            | State::Abandoned(_)
            | State::Leaving { .. }
            | State::Over => {}
        }
    }

    fn challenged(&mut self, ctx: &mut Context, response: &Response, ended: (Request, Attempts)) {
        let owner = Owner::Subscription(self.id);
        let answered = match &mut self.state {
            State::Subscribing(attempt) | State::Abandoned(attempt) => {
                attempt.give_up_at = ctx.now + T1_64;
                let sent = ctx.answer_challenge(ended, response, owner);
                sent.map(|(_, number)| attempt.number = number).is_ok()
            }
            State::Subscribed { dialog, .. } | State::Leaving { dialog, .. } => {
                dialog.answer_challenge(ctx, ended, response, owner).is_ok()
            }
            State::Waiting | State::Retrying { .. } | State::Over => return,
        };
        if !answered {
            self.end(ctx, Some(response.status));
        }
    }

    /// Repeats a SUBSCRIBE that was refused with the interval that it should have had. Before there
    /// is a dialog, Call-ID, To and From stay and CSeq goes up by one (RFC 3261 section 8.1.3.5).
    fn again(&mut self, ctx: &mut Context, mut request: Request) {
        match &mut self.state {
            State::Subscribing(attempt) => {
                attempt.number += 1;
                attempt.give_up_at = ctx.now + T1_64;
                let cseq = CSeq { number: attempt.number, method: Method::SUBSCRIBE };
                for name in ["Via", "Authorization", "Proxy-Authorization"] {
                    request.headers.remove(name);
                }
                request.headers.set("CSeq", cseq.value());
                request.headers.set("Expires", self.expires.to_string());
                ctx.send(request, Owner::Subscription(self.id));
            }
            State::Subscribed { .. } => self.refresh(ctx),
            State::Abandoned(_) | State::Leaving { .. } => self.state = State::Over,
            State::Waiting | State::Retrying { .. } | State::Over => {}
        }
    }

    /// Handles a temporary failure: SUBSCRIBE is sent again, no earlier than `at_least` from now.
    fn fail(&mut self, ctx: &mut Context, at_least: Duration) {
        if let State::Abandoned(_) | State::Leaving { .. } = self.state {
            self.state = State::Over;
            return;
        }
        self.failures += 1;
        let pause = self.back_off(ctx).max(at_least);
        let at = ctx.now + pause;
        match &mut self.state {
            // What was subscribed to before lives on (RFC 6665 section 4.1.2.2).
            State::Subscribed { refresh_at, expires_at, .. } if at < *expires_at => {
                *refresh_at = at;
            }
            State::Waiting
            | State::Subscribing(_)
            | State::Subscribed { .. }
            | State::Retrying { .. }
            | State::Abandoned(_)
            | State::Leaving { .. }
            | State::Over => self.retry(ctx, pause),
        }
    }

    fn retry(&mut self, ctx: &mut Context, pause: Duration) {
        ctx.clients.forget_all_of(Owner::Subscription(self.id));
        self.state = State::Retrying { at: ctx.now + pause };
        self.show(ctx, SubscriptionState::Retrying(pause));
    }

    /// Half to all of a pause that doubles each time, so that a server that comes back is not
    /// met by all its phones at once.
    fn back_off(&self, ctx: &mut Context) -> Duration {
        let doublings = self.failures.saturating_sub(1).min(16);
        let longest = (BACK_OFF * 2u32.pow(doublings)).min(MAX_BACK_OFF).as_millis() as u64;
        Duration::from_millis(ctx.rng.between(longest / 2, longest))
    }

    fn end(&mut self, ctx: &mut Context, status: Option<u16>) {
        ctx.clients.forget_all_of(Owner::Subscription(self.id));
        let unwanted = matches!(self.state, State::Abandoned(_) | State::Leaving { .. });
        self.state = State::Over;
        if !unwanted {
            self.show(ctx, SubscriptionState::Ended(status));
        }
    }

    /// The socket is gone. What the server knows of this side leads nowhere now, so that a new
    /// subscription is the only one that will be heard of.
    fn disconnected(&mut self, ctx: &mut Context) {
        self.failures = 0;
        match self.state {
            State::Waiting | State::Over => {}
            State::Abandoned(_) | State::Leaving { .. } => self.state = State::Over,
            State::Subscribing(_) | State::Subscribed { .. } | State::Retrying { .. } => {
                self.state = State::Waiting;
                self.show(ctx, SubscriptionState::Retrying(Duration::ZERO));
            }
        }
    }

    fn timeout(&mut self, ctx: &mut Context) {
        match &self.state {
            State::Subscribing(Attempt { give_up_at, .. }) if *give_up_at <= ctx.now => {
                self.fail(ctx, Duration::ZERO);
            }
            State::Subscribed { expires_at: at, .. } | State::Retrying { at } if *at <= ctx.now => {
                self.state = State::Waiting;
            }
            State::Subscribed { refresh_at, .. } if *refresh_at <= ctx.now => self.refresh(ctx),
            State::Abandoned(Attempt { give_up_at, .. }) | State::Leaving { give_up_at, .. }
                if *give_up_at <= ctx.now =>
            {
                self.state = State::Over;
            }
            State::Waiting
            | State::Subscribing(_)
            | State::Subscribed { .. }
            | State::Retrying { .. }
            | State::Abandoned(_)
            | State::Leaving { .. }
            | State::Over => {}
        }
    }

    fn deadline(&self) -> Option<(Instant, Timer)> {
        match &self.state {
            State::Subscribing(Attempt { give_up_at, .. })
            | State::Abandoned(Attempt { give_up_at, .. })
            | State::Leaving { give_up_at, .. } => Some((*give_up_at, Timer::AwaitedNotify)),
            State::Subscribed { refresh_at, expires_at, .. } => {
                Some(((*refresh_at).min(*expires_at), Timer::SubscriptionRefresh))
            }
            State::Retrying { at } => Some((*at, Timer::SubscriptionRetry)),
            State::Waiting | State::Over => None,
        }
    }

    fn show(&mut self, ctx: &mut Context, state: SubscriptionState) {
        if self.shown != Some(state) {
            self.shown = Some(state);
            ctx.event(Event::Subscription { subscription: self.id, state });
        }
    }
}

/// When to refresh what was granted for so many seconds, and when it is over.
fn times(now: Instant, granted: u32) -> (Instant, Instant) {
    let granted = Duration::from_secs(granted.into()).max(MIN_REFRESH);
    (now + granted * 17 / 20, now + granted)
}
