//! What stands in for the module `subscription` without the feature of that name: there are none.

use crate::context::Context;
use crate::message::Request;
use crate::time::Instant;
use crate::timer::Timer;
use crate::transaction::ServerId;

/// No subscriptions.
#[derive(Default)]
pub(crate) struct Subscriptions {}

impl Subscriptions {
    pub(crate) fn leave(&mut self, _: &mut Context) {}

    pub(crate) fn start(&mut self, _: &mut Context) {}

    pub(crate) fn request(&mut self, _: &mut Context, _: ServerId, _: &Request) -> bool {
        false
    }

    pub(crate) fn disconnected(&mut self, _: &mut Context) {}

    pub(crate) fn timeout(&mut self, _: &mut Context) {}

    pub(crate) fn deadline(&self) -> Option<(Instant, Timer)> {
        None
    }

    pub(crate) fn forget_ended(&mut self) {}

    pub(crate) fn leaving(&self) -> usize {
        0
    }
}
