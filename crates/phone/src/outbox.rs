//! What waits to be done, in order.

use crate::effect::Effect;
use ringlet_contract::error::ErrorBody;
use ringlet_contract::event::HostEvent;
use ringlet_contract::message::{CommandResult, ResultValue};
use std::collections::VecDeque;

/// Collects the effects of one input.
///
/// Events and results for the host are held back until the input has been handled: first the
/// state goes out, then the events, then the results. The state that an event handler reads, or
/// the code that awaited a command, is thus never older than the event or the result.
#[derive(Default)]
pub(crate) struct Outbox {
    effects: VecDeque<Effect>,
    events: Vec<HostEvent>,
    results: Vec<(String, CommandResult)>,
}

impl Outbox {
    pub(crate) fn push(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }

    pub(crate) fn pop(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    pub(crate) fn event(&mut self, event: HostEvent) {
        self.events.push(event);
    }

    pub(crate) fn done(&mut self, reply_to: String) {
        self.done_with(reply_to, ResultValue::default());
    }

    pub(crate) fn done_with(&mut self, reply_to: String, value: ResultValue) {
        self.result(reply_to, CommandResult::Done(value));
    }

    pub(crate) fn failed(&mut self, reply_to: String, error: ErrorBody) {
        self.result(reply_to, CommandResult::Failed(error));
    }

    /// Answers a command that returns nothing.
    pub(crate) fn reply(&mut self, reply_to: String, result: Result<(), ErrorBody>) {
        match result {
            Ok(()) => self.done(reply_to),
            Err(error) => self.failed(reply_to, error),
        }
    }

    pub(crate) fn result(&mut self, reply_to: String, result: CommandResult) {
        self.results.push((reply_to, result));
    }

    pub(crate) fn take_events(&mut self) -> Vec<HostEvent> {
        std::mem::take(&mut self.events)
    }

    pub(crate) fn take_results(&mut self) -> Vec<(String, CommandResult)> {
        std::mem::take(&mut self.results)
    }
}
