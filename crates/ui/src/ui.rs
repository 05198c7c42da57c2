//! What every screen is given.

use crate::dispatch::Dispatch;
use leptos::prelude::{Memo, ReadSignal, With};
use ringlet_phone::{Intent, ViewModel};

/// The facts, and the way to say what the person wants.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    pub(crate) view: ReadSignal<ViewModel>,
    pub(crate) dispatch: Dispatch,
}

impl Ui {
    /// Reads the view model and, inside a closure of a view, reads it again when it changes.
    pub(crate) fn read<T>(self, slice: impl FnOnce(&ViewModel) -> T) -> T {
        self.view.with(slice)
    }

    /// A slice of the view model that wakes its readers only when it differs.
    pub(crate) fn memo<T>(self, slice: fn(&ViewModel) -> T) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| self.view.with(slice))
    }

    /// Says what the person wants.
    pub(crate) fn want(self, intent: Intent) {
        self.dispatch.call(intent);
    }
}
