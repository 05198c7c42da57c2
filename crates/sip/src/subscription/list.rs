//! Every subscription there is.

use super::{State, Subscription};
use crate::auth::Attempts;
use crate::context::Context;
use crate::input::SubscriptionId;
use crate::message::{Request, Response};
use crate::output::{Event, Package, SubscriptionState};
use crate::time::Instant;
use crate::timer::Timer;
use crate::transaction::ServerId;
use std::time::Duration;

/// The most subscriptions at once, those being wound up included.
pub(crate) const MAX_SUBSCRIPTIONS: usize = 64;

/// Every subscription there is.
#[derive(Default)]
pub(crate) struct Subscriptions {
    list: Vec<Subscription>,
}

impl Subscriptions {
    /// Subscribes as soon as [`Subscriptions::start`] allows it. `uri`: whose state, if there is
    /// such an address.
    pub(crate) fn subscribe(
        &mut self,
        ctx: &mut Context,
        id: SubscriptionId,
        uri: Option<String>,
        package: Package,
    ) {
        if self.list.iter().any(|known| known.id == id) {
            return;
        }
        match uri.filter(|_| self.list.len() < MAX_SUBSCRIPTIONS) {
            Some(uri) => self.list.push(Subscription::new(id, uri, package)),
            None => {
                let state = SubscriptionState::Ended(None);
                ctx.event(Event::Subscription { subscription: id, state });
            }
        }
    }

    pub(crate) fn unsubscribe(&mut self, ctx: &mut Context, id: SubscriptionId) {
        if let Some(subscription) = self.find(id) {
            subscription.unsubscribe(ctx);
        }
    }

    /// Ends them all.
    pub(crate) fn leave(&mut self, ctx: &mut Context) {
        self.list.iter_mut().for_each(|subscription| subscription.unsubscribe(ctx));
    }

    /// There is a socket, and a registration if one is wanted.
    pub(crate) fn start(&mut self, ctx: &mut Context) {
        for subscription in &mut self.list {
            if let State::Waiting = subscription.state {
                subscription.subscribe(ctx);
            }
        }
    }

    pub(crate) fn response(
        &mut self,
        ctx: &mut Context,
        id: SubscriptionId,
        response: &Response,
        ended: (Request, Attempts),
    ) {
        if let Some(subscription) = self.find(id) {
            subscription.response(ctx, response, ended);
        }
    }

    /// Nobody answered a SUBSCRIBE.
    pub(crate) fn unanswered(&mut self, ctx: &mut Context, id: SubscriptionId) {
        if let Some(subscription) = self.find(id) {
            subscription.fail(ctx, Duration::ZERO);
        }
    }

    /// A request with a To tag; false if it belongs to none of them.
    pub(crate) fn request(
        &mut self,
        ctx: &mut Context,
        server: ServerId,
        request: &Request,
    ) -> bool {
        let found = self.list.iter_mut().find(|subscription| subscription.is_for(request));
        if let Some(subscription) = found {
            subscription.request(ctx, server, request);
            return true;
        }
        false
    }

    pub(crate) fn disconnected(&mut self, ctx: &mut Context) {
        self.list.iter_mut().for_each(|subscription| subscription.disconnected(ctx));
    }

    pub(crate) fn timeout(&mut self, ctx: &mut Context) {
        self.list.iter_mut().for_each(|subscription| subscription.timeout(ctx));
    }

    pub(crate) fn deadline(&self) -> Option<(Instant, Timer)> {
        self.list.iter().filter_map(Subscription::deadline).min_by_key(|(at, _)| *at)
    }

    pub(crate) fn forget_ended(&mut self) {
        self.list.retain(|subscription| !matches!(subscription.state, State::Over));
    }

    /// How many are being wound up.
    pub(crate) fn leaving(&self) -> usize {
        let is_leaving =
            |s: &&Subscription| matches!(s.state, State::Abandoned(_) | State::Leaving { .. });
        self.list.iter().filter(is_leaving).count()
    }

    fn find(&mut self, id: SubscriptionId) -> Option<&mut Subscription> {
        self.list.iter_mut().find(|subscription| subscription.id == id)
    }
}
