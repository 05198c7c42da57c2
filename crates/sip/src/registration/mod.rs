//! The registration (RFC 3261 section 10, RFC 5626, RFC 5627).

mod binding;

use crate::auth::Attempts;
use crate::context::{ALLOW, Context};
use crate::message::{CSeq, Method, Request, Response, display};
use crate::output::{Event, Reconnect, RegistrationState};
use crate::reason::RegistrationError;
use crate::time::Instant;
use crate::timer::Timer;
use crate::transaction::Owner;
use std::time::Duration;

/// The first pause before another try; it doubles with each failure.
const BACK_OFF: Duration = Duration::from_secs(4);
/// The longest pause that the agent chooses by itself.
const MAX_BACK_OFF: Duration = Duration::from_secs(300);
/// The longest pause that a server can impose.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(3600);
/// A server that grants less than this would have us register all the time.
const MIN_REFRESH: Duration = Duration::from_secs(5);

/// One binding at one registrar.
pub(crate) struct Registration {
    state: State,
    call_id: String,
    tag: String,
    cseq: u32,
    /// Seconds to ask for; 423 raises it.
    expires: u32,
    /// Whether to ask for RFC 5626; 439 ends it.
    outbound: bool,
    /// Where a 3xx has sent us, for the life of the socket or until that fails.
    redirected: Option<String>,
    failures: u32,
    shown: RegistrationState,
}

enum State {
    /// None held, none wanted.
    Off,
    /// Wanted, but there is no socket.
    Waiting,
    /// A REGISTER is under way.
    Requesting(Goal),
    /// The server has our binding.
    Registered { refresh_at: Instant, expires_at: Instant },
    /// The last try failed; another will follow.
    Retrying { at: Instant },
    /// The last try failed for good, as far as this socket goes.
    Rejected,
}

/// What a REGISTER under way is for. Only one may be under way (RFC 3261 section 10.2), so a
/// change of mind waits for its response.
#[derive(Clone, Copy)]
enum Goal {
    Bind,
    Unbind,
    BindThenUnbind,
    UnbindThenBind,
}

impl Registration {
    pub(crate) fn new(ctx: &mut Context) -> Self {
        Self {
            state: State::Off,
            call_id: ctx.rng.token(),
            tag: ctx.rng.token(),
            cseq: 0,
            expires: ctx.config.register_expires.as_secs().clamp(1, u32::MAX.into()) as u32,
            outbound: true,
            redirected: None,
            failures: 0,
            shown: RegistrationState::Unregistered,
        }
    }

    pub(crate) fn register(&mut self, ctx: &mut Context) {
        match self.state {
            State::Off | State::Retrying { .. } | State::Rejected if ctx.connected => {
                self.failures = 0;
                self.send(ctx, Goal::Bind);
            }
            State::Off | State::Retrying { .. } | State::Rejected => self.state = State::Waiting,
            State::Requesting(Goal::Unbind) => {
                self.state = State::Requesting(Goal::UnbindThenBind);
            }
            State::Requesting(Goal::BindThenUnbind) => self.state = State::Requesting(Goal::Bind),
            State::Requesting(Goal::Bind | Goal::UnbindThenBind)
            | State::Waiting
            | State::Registered { .. } => {}
        }
    }

    pub(crate) fn unregister(&mut self, ctx: &mut Context) {
        match self.state {
            State::Registered { .. } => self.send(ctx, Goal::Unbind),
            State::Requesting(Goal::Bind) => self.state = State::Requesting(Goal::BindThenUnbind),
            State::Requesting(Goal::UnbindThenBind) => {
                self.state = State::Requesting(Goal::Unbind);
            }
            State::Waiting | State::Retrying { .. } | State::Rejected => self.end(ctx),
            State::Off | State::Requesting(Goal::Unbind | Goal::BindThenUnbind) => {}
        }
    }

    /// Gives the binding back now. What a REGISTER under way would still have brought is no
    /// concern any more.
    pub(crate) fn leave(&mut self, ctx: &mut Context) {
        match self.state {
            State::Requesting(Goal::Bind | Goal::BindThenUnbind) => {
                ctx.clients.forget_all_of(Owner::Registration);
                self.send(ctx, Goal::Unbind);
            }
            State::Off
            | State::Waiting
            | State::Requesting(Goal::Unbind | Goal::UnbindThenBind)
            | State::Registered { .. }
            | State::Retrying { .. }
            | State::Rejected => self.unregister(ctx),
        }
    }

    pub(crate) fn connected(&mut self, ctx: &mut Context) {
        match self.state {
            State::Off => {}
            State::Waiting
            | State::Requesting(_)
            | State::Registered { .. }
            | State::Retrying { .. }
            | State::Rejected => {
                self.failures = 0;
                self.redirected = None;
                self.send(ctx, Goal::Bind);
            }
        }
    }

    pub(crate) fn disconnected(&mut self, ctx: &mut Context) {
        match self.state {
            State::Off => {}
            // The binding dies with the flow, or by its age.
            State::Requesting(Goal::Unbind | Goal::BindThenUnbind) => self.end(ctx),
            State::Waiting
            | State::Requesting(Goal::Bind | Goal::UnbindThenBind)
            | State::Registered { .. }
            | State::Retrying { .. }
            | State::Rejected => {
                self.state = State::Waiting;
                let error = RegistrationError::Disconnected;
                self.show(ctx, RegistrationState::Failed { error, retry_in: None });
            }
        }
    }

    /// Takes the response to a REGISTER. `ended` is the request, if the response is final.
    pub(crate) fn receive(
        &mut self,
        ctx: &mut Context,
        response: &Response,
        ended: Option<(Request, Attempts)>,
    ) {
        let (State::Requesting(goal), Some(ended)) = (&self.state, ended) else { return };
        let goal = *goal;
        match response.status {
            200..300 => self.succeed(ctx, goal, response),
            401 | 407 => match ctx.answer_challenge(ended, response, Owner::Registration) {
                Ok((_, number)) => self.cseq = number,
                Err(crate::auth::Refused) => {
                    ctx.auth.clear();
                    self.fail(ctx, goal, RegistrationError::Credentials, None);
                }
            },
            300..=399 if self.redirected.is_none() => match binding::redirected(response) {
                Some(registrar) => {
                    self.redirected = Some(registrar);
                    self.send(ctx, goal);
                }
                None => self.fail_by_status(ctx, goal, response),
            },
            423 => match response.headers.seconds("Min-Expires") {
                Some(least) if least > self.expires => {
                    self.expires = least;
                    self.send(ctx, goal);
                }
                Some(_) | None => self.fail_by_status(ctx, goal, response),
            },
            // First Hop Lacks Outbound Support (RFC 5626 section 11.6).
            439 if self.outbound => {
                self.outbound = false;
                self.send(ctx, goal);
            }
            _ => self.fail_by_status(ctx, goal, response),
        }
    }

    /// Nobody answered the REGISTER.
    pub(crate) fn request_timeout(&mut self, ctx: &mut Context) {
        if let State::Requesting(goal) = self.state {
            self.fail(ctx, goal, RegistrationError::Timeout, Some(Duration::ZERO));
            // A socket that swallows two requests in a row is not worth keeping.
            if self.failures == 2 {
                ctx.reconnect(Reconnect::DeadFlow);
            }
        }
    }

    /// Refreshes the binding before its time, to see whether the server is still there.
    pub(crate) fn refresh(&mut self, ctx: &mut Context) {
        if let State::Registered { .. } = self.state {
            self.send(ctx, Goal::Bind);
        }
    }

    pub(crate) fn timeout(&mut self, ctx: &mut Context) {
        match self.state {
            State::Registered { refresh_at, expires_at } if refresh_at <= ctx.now => {
                if expires_at <= ctx.now {
                    self.show(ctx, RegistrationState::Registering);
                }
                self.send(ctx, Goal::Bind);
            }
            State::Retrying { at } if at <= ctx.now => self.send(ctx, Goal::Bind),
            State::Off
            | State::Waiting
            | State::Requesting(_)
            | State::Registered { .. }
            | State::Retrying { .. }
            | State::Rejected => {}
        }
    }

    /// Whether nothing more will come of it on this socket: the server has our binding, or none is
    /// to be had.
    pub(crate) fn is_settled(&self) -> bool {
        match self.state {
            State::Off | State::Registered { .. } | State::Rejected => true,
            State::Waiting | State::Requesting(_) | State::Retrying { .. } => false,
        }
    }

    pub(crate) fn deadline(&self) -> Option<(Instant, Timer)> {
        match self.state {
            State::Registered { refresh_at, .. } => Some((refresh_at, Timer::RegistrationRefresh)),
            State::Retrying { at } => Some((at, Timer::RegistrationRetry)),
            State::Off | State::Waiting | State::Requesting(_) | State::Rejected => None,
        }
    }

    fn send(&mut self, ctx: &mut Context, goal: Goal) {
        self.cseq += 1;
        let expires = match goal {
            Goal::Bind | Goal::BindThenUnbind => self.expires,
            Goal::Unbind | Goal::UnbindThenBind => 0,
        };
        let request = self.request(ctx, expires);
        ctx.send(request, Owner::Registration);
        self.state = State::Requesting(goal);
        // A refresh of a live binding is nobody's concern.
        let is_refresh = matches!(self.shown, RegistrationState::Registered { .. });
        if expires > 0 && !is_refresh {
            self.show(ctx, RegistrationState::Registering);
        }
    }

    fn request(&self, ctx: &Context, expires: u32) -> Request {
        let registrar = self.redirected.clone();
        let registrar = registrar.unwrap_or_else(|| ["sip:", &*ctx.config.domain].concat());
        let mut request = Request::new(Method::REGISTER, registrar);
        let address = ctx.address_of_record();
        let mut from = address.clone();
        from.push_str(";tag=");
        from.push_str(&self.tag);
        let mut contact = String::from("<");
        contact.push_str(&ctx.contact_uri());
        contact.push('>');
        contact.push_str(";+sip.instance=\"<urn:uuid:");
        contact.push_str(&ctx.config.instance_id);
        contact.push_str(">\"");
        if self.outbound {
            contact.push_str(";reg-id=1");
        }
        let expires = expires.to_string();
        contact.push_str(";expires=");
        contact.push_str(&expires);

        let headers = &mut request.headers;
        headers.push("Max-Forwards", "70");
        headers.push("From", from);
        headers.push("To", address);
        headers.push("Call-ID", &*self.call_id);
        headers.push("CSeq", CSeq { number: self.cseq, method: Method::REGISTER }.value());
        headers.push("Contact", contact);
        headers.push("Expires", expires);
        let supported = if self.outbound { "path, gruu, outbound" } else { "path, gruu" };
        headers.push("Supported", supported);
        headers.push("Allow", ALLOW);
        headers.push("User-Agent", &*ctx.config.user_agent);
        request
    }

    fn succeed(&mut self, ctx: &mut Context, goal: Goal, response: &Response) {
        self.failures = 0;
        match goal {
            Goal::Unbind => self.end(ctx),
            Goal::UnbindThenBind => self.send(ctx, Goal::Bind),
            Goal::BindThenUnbind => self.send(ctx, Goal::Unbind),
            Goal::Bind => {
                let granted = self.granted(ctx, response);
                if granted.is_zero() {
                    return self.fail_by_status(ctx, goal, response);
                }
                let routes = response.headers.list("Service-Route");
                ctx.service_route = routes.map(str::to_owned).collect();
                ctx.gruu = binding::gruu(ctx, response);
                let refresh = (granted * 17 / 20).max(MIN_REFRESH.min(granted));
                let (refresh_at, expires_at) = (ctx.now + refresh, ctx.now + granted);
                self.state = State::Registered { refresh_at, expires_at };
                self.show(ctx, RegistrationState::Registered { expires: granted });
            }
        }
    }

    fn fail_by_status(&mut self, ctx: &mut Context, goal: Goal, response: &Response) {
        let asked = response.headers.seconds("Retry-After");
        let asked = asked.map(|s| Duration::from_secs(s.into()).min(MAX_RETRY_AFTER));
        let elsewhere = matches!(response.status, 300..=399 | 503);
        let passing = matches!(response.status, 200..300 | 408 | 429 | 480 | 500..600);
        let retry = (elsewhere || passing || asked.is_some()).then(|| asked.unwrap_or_default());
        let error = RegistrationError::Status(response.status, display(&response.phrase));
        let wanted = matches!(goal, Goal::Bind);
        self.fail(ctx, goal, error, retry);
        if wanted && elsewhere {
            ctx.reconnect(Reconnect::ServerUnavailable { retry_after: asked });
        }
    }

    /// `retry`: try again, but not before so long.
    fn fail(
        &mut self,
        ctx: &mut Context,
        goal: Goal,
        error: RegistrationError,
        retry: Option<Duration>,
    ) {
        self.failures += 1;
        self.redirected = None;
        match goal {
            Goal::Unbind | Goal::BindThenUnbind => return self.end(ctx),
            Goal::UnbindThenBind => return self.send(ctx, Goal::Bind),
            Goal::Bind => {}
        }
        let retry_in = retry.map(|at_least| self.back_off(ctx).max(at_least));
        self.state = match retry_in {
            Some(pause) => State::Retrying { at: ctx.now + pause },
            None => State::Rejected,
        };
        self.show(ctx, RegistrationState::Failed { error, retry_in });
    }

    /// Half to all of a pause that doubles each time, so that a server that comes back is not
    /// met by all its phones at once.
    fn back_off(&self, ctx: &mut Context) -> Duration {
        let doublings = self.failures.saturating_sub(1).min(16);
        let longest = (BACK_OFF * 2u32.pow(doublings)).min(MAX_BACK_OFF).as_millis() as u64;
        Duration::from_millis(ctx.rng.between(longest / 2, longest))
    }

    fn end(&mut self, ctx: &mut Context) {
        self.state = State::Off;
        self.redirected = None;
        ctx.service_route.clear();
        ctx.gruu = None;
        self.show(ctx, RegistrationState::Unregistered);
    }

    fn show(&mut self, ctx: &mut Context, state: RegistrationState) {
        if self.shown != state {
            self.shown = state.clone();
            ctx.event(Event::Registration(state));
        }
    }
}
