//! What every screen is given.

use crate::dispatch::Dispatch;
use leptos::prelude::{ReadSignal, RenderEffect, StoredValue, With, WithUntracked};
use ringlet_phone::{Intent, ViewModel};

/// The facts, and the way to say what the person wants.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    pub(crate) view: ReadSignal<ViewModel>,
    pub(crate) dispatch: Dispatch,
}

impl Ui {
    /// Reads the view model once.
    pub(crate) fn read<T>(self, slice: impl FnOnce(&ViewModel) -> T) -> T {
        self.view.with_untracked(slice)
    }

    /// Calls `apply` now and whenever the view model has changed, until the screen around it goes.
    pub(crate) fn follow(self, mut apply: Box<dyn FnMut(&ViewModel)>) {
        let effect = RenderEffect::new(move |_| self.view.with(|view| apply(view)));
        // The owner of the moment, which is the screen's, drops it.
        StoredValue::new_local(effect);
    }

    /// Says what the person wants.
    pub(crate) fn want(self, intent: Intent) {
        self.dispatch.call(intent);
    }
}
