//! The keyboard, wherever the focus is: digits type a number, Enter answers, Esc closes.
//!
//! M, which turns the microphone off in a call, is not here but on the call's own element: a
//! single letter must work only where the focus is (WCAG 2.2, success criterion 2.1.4).

use crate::focus;
use crate::screen::{Screen, incoming};
use crate::ui::Ui;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use ringlet_phone::Intent;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// For this long after a call came in, Enter is still meant for what was there before it.
const SETTLE_MS: f64 = 700.0;

/// Listens from now on. `shown_at` is when the incoming call was shown, on the page's clock.
pub(crate) fn listen(ui: Ui, shown_at: StoredValue<f64>) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let over = target.is_some_and(|target| {
            target.closest("input, button, [popover]").ok().flatten().is_some()
        });
        let (screen, caller) = ui.view.with_untracked(|view| (Screen::of(view), incoming(view)));
        match (event.key().as_str(), caller, screen) {
            ("Enter", Some(id), _) if !over && !event.repeat() => {
                if event.time_stamp() - shown_at.get_value() > SETTLE_MS {
                    ui.want(Intent::Answer(id));
                }
            }
            (_, Some(_), _) => {}
            ("Escape", None, Screen::Ended) if !menu_is_open() => ui.want(Intent::DismissEnded),
            ("Escape", None, Screen::Microphone) if !menu_is_open() => {
                crate::microphone::dismiss(ui);
            }
            (key, None, Screen::Keypad) if is_for_number(&event, key, over) => {
                // The key itself then goes to what has the focus.
                focus::focus(".number-input");
            }
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

/// What the number field would understand, pressed while the focus is elsewhere on the screen.
/// Enter on a button belongs to the button.
fn is_for_number(event: &KeyboardEvent, key: &str, over: bool) -> bool {
    let control = event.ctrl_key() || event.meta_key();
    match key {
        "v" | "V" => control && !over_input(event),
        "Enter" => !over,
        "Backspace" => !over_input(event),
        _ => {
            !control
                && !event.alt_key()
                && !over_input(event)
                && key.len() == 1
                && key.bytes().all(|byte| byte.is_ascii_digit() || b"*#+".contains(&byte))
        }
    }
}

fn over_input(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.tag_name() == "INPUT")
}

/// Esc then closes the menu, by the browser's own doing.
fn menu_is_open() -> bool {
    document().query_selector(":popover-open").ok().flatten().is_some()
}
