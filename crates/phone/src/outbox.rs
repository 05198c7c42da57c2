//! What is waiting to be done, in order.

use crate::audio::Routes;
use crate::effect::{AudioEffect, Effect, HostEffect};
use crate::view::ViewModel;
use ringlet_contract::error::ErrorBody;
use ringlet_contract::event::HostEvent;
use ringlet_contract::message::{CommandResult, ResultValue, Snapshot};
use std::collections::VecDeque;

/// Collects the effects of one input, and drops what would repeat what was last said.
#[derive(Default)]
pub(crate) struct Outbox {
    effects: VecDeque<Effect>,
    /// Held back until the events of the same input are out, so that whoever awaits a command
    /// finds the state as the command left it.
    results: Vec<HostEffect>,
    last_seq: u32,
    told: Option<Snapshot>,
    routed: Routes,
    shown: Option<ViewModel>,
}

impl Outbox {
    pub(crate) fn push(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }

    pub(crate) fn pop(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    pub(crate) fn event(&mut self, event: HostEvent) {
        self.last_seq += 1;
        self.push(Effect::Host(HostEffect::Event { seq: self.last_seq, event }));
    }

    pub(crate) fn done(&mut self, reply_to: String) {
        self.result(reply_to, CommandResult::Done(ResultValue::default()));
    }

    pub(crate) fn failed(&mut self, reply_to: String, error: ErrorBody) {
        self.result(reply_to, CommandResult::Failed(error));
    }

    pub(crate) fn result(&mut self, reply_to: String, result: CommandResult) {
        self.results.push(HostEffect::Result { reply_to, result });
    }

    /// Sends the results that were held back.
    pub(crate) fn flush_results(&mut self) {
        self.effects.extend(self.results.drain(..).map(Effect::Host));
    }

    pub(crate) fn snapshot(&mut self, snapshot: Snapshot) {
        if self.told.as_ref() != Some(&snapshot) {
            self.push(Effect::Host(HostEffect::Snapshot(snapshot.clone())));
            self.told = Some(snapshot);
        }
    }

    pub(crate) fn route(&mut self, routes: Routes) {
        if self.routed != routes {
            self.push(Effect::Audio(AudioEffect::Route(routes.clone())));
            self.routed = routes;
        }
    }

    pub(crate) fn render(&mut self, view: ViewModel) {
        for slice in view.changes(self.shown.as_ref()) {
            self.push(Effect::Render(slice));
        }
        self.shown = Some(view);
    }
}
