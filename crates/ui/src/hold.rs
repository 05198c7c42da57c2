//! A press that means something else when it lasts.

use leptos::prelude::*;
use std::time::Duration;

/// How long a press has to last.
const HOLD: Duration = Duration::from_millis(500);

/// One button's press. Every short press ends in a click, and so does every long one: the click
/// after a long press is swallowed.
#[derive(Clone, Copy)]
pub(crate) struct Hold {
    timer: StoredValue<Option<TimeoutHandle>>,
    held: StoredValue<bool>,
}

impl Hold {
    pub(crate) fn new() -> Self {
        Self { timer: StoredValue::new(None), held: StoredValue::new(false) }
    }

    /// The button went down; `act` is called if it stays there.
    pub(crate) fn start(self, act: impl FnOnce() + 'static) {
        self.stop();
        self.held.set_value(false);
        let later = move || {
            self.held.set_value(true);
            act();
        };
        self.timer.set_value(set_timeout_with_handle(later, HOLD).ok());
    }

    /// The button went up, or the pointer left it.
    pub(crate) fn stop(self) {
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
    }

    /// Whether the click that just happened ends a long press.
    pub(crate) fn swallows_click(self) -> bool {
        self.held.try_update_value(std::mem::take).unwrap_or(false)
    }
}
