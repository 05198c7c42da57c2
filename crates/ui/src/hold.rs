//! A press that means something else when it lasts.

use crate::dom::El;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// How long a press has to last.
const HOLD_MS: i32 = 500;

/// Gives a button both meanings. Every short press ends in a click, and so does every long one:
/// the click after a long press is swallowed.
pub(crate) fn on_press(button: El, short: Box<dyn Fn()>, long: Box<dyn Fn()>) -> El {
    let Some(window) = web_sys::window() else { return button };
    let timer = Rc::new(Cell::new(None));
    let held = Rc::new(Cell::new(false));

    let later = Closure::<dyn Fn()>::new({
        let held = Rc::clone(&held);
        move || {
            held.set(true);
            long();
        }
    })
    .into_js_value();
    let (clock, started, pressed) = (window.clone(), Rc::clone(&timer), Rc::clone(&held));
    let start = move |_| {
        pressed.set(false);
        let set = clock
            .set_timeout_with_callback_and_timeout_and_arguments_0(later.unchecked_ref(), HOLD_MS);
        // Without a timer the press is a short one.
        started.set(set.ok());
    };
    let stop = move |_| {
        if let Some(timer) = timer.take() {
            window.clear_timeout_with_handle(timer);
        }
    };
    let click = move |_| {
        if !held.take() {
            short();
        }
    };
    button
        .on("pointerdown", start)
        .on("pointerup", stop.clone())
        .on("pointerleave", stop)
        .on("click", click)
}
