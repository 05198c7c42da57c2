//! A press that means something else when it lasts.

use crate::reactive::handler;
use leptos::attr::Attribute;
use leptos::ev::{self, on};
use leptos::prelude::*;
use std::time::Duration;

/// How long a press has to last.
const LONG: Duration = Duration::from_millis(500);

/// Gives a button both meanings; spread it on the button. Every press ends in a click, however
/// long it was: the click after a long press is swallowed.
pub(crate) fn long_press(
    short: impl Fn() + 'static,
    long: impl Fn() + Copy + 'static,
) -> impl Attribute {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let was_long = StoredValue::new(false);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
    };
    let start = move || {
        stop();
        was_long.set_value(false);
        let ripen = move || {
            was_long.set_value(true);
            long();
        };
        // Without a timer the press is a short one.
        timer.set_value(set_timeout_with_handle(ripen, LONG).ok());
    };
    let click = move || {
        if !was_long.try_update_value(std::mem::take).unwrap_or(false) {
            short();
        }
    };
    on_cleanup(stop);
    (
        on(ev::pointerdown, handler(move |_| start())),
        on(ev::pointerup, handler(move |_| stop())),
        on(ev::pointerleave, handler(move |_| stop())),
        on(ev::click, handler(move |_| click())),
    )
}
