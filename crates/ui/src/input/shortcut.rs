//! Keys that work wherever the focus is: digits type a number, Enter answers, Esc closes.
//!
//! Each screen listens for its own, as long as it stands. M, which turns the microphone off in a
//! call, is not one of them but belongs to the call's own element: a single letter must work only
//! where the focus is (WCAG 2.2, success criterion 2.1.4).

use crate::ui::Ui;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};

/// Listens to every key in the page until the current owner is cleaned up.
pub(crate) fn on_key(handle: impl Fn(&KeyboardEvent) + 'static) {
    let listener = window_event_listener(ev::keydown, move |event| handle(&event));
    on_cleanup(move || listener.remove());
}

/// Does the same for a screen: while an incoming call lies over it, no key reaches it.
pub(crate) fn on_screen_key(ui: Ui, handle: impl Fn(&KeyboardEvent) + 'static) {
    on_key(move |event| {
        if untrack(|| ui.ringing()).is_none() {
            handle(event);
        }
    });
}

/// Puts a screen away by Esc, unless the menu is open: then the browser closes that.
pub(crate) fn on_escape(ui: Ui, close: impl Fn() + 'static) {
    on_screen_key(ui, move |event| {
        if event.key() == "Escape" && !menu_is_open() {
            close();
        }
    });
}

/// Whether the key was pressed where it has a meaning of its own.
pub(crate) fn is_over_control(event: &KeyboardEvent) -> bool {
    is_over(event, "input, button, [popover]")
}

/// Whether something happened in an element that matches.
pub(crate) fn is_over(event: &Event, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest(selector).ok().flatten().is_some())
}

fn menu_is_open() -> bool {
    document().query_selector(":popover-open").ok().flatten().is_some()
}
