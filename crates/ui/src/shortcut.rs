//! The keyboard, wherever the focus is: digits type a number, Enter answers, Esc closes.
//!
//! M, which turns the microphone off in a call, is not here but on the call's own element: a
//! single letter must work only where the focus is (WCAG 2.2, success criterion 2.1.4).

use crate::dom::{self, document};
use crate::focus;
use crate::screen::{Screen, incoming};
use crate::ui::Ui;
use ringlet_phone::Intent;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, Window};

/// For this long after a call came in, Enter is still meant for what was there before it.
const SETTLE_MS: f64 = 700.0;

/// Listens from now on. `shown_at` is when the incoming call was shown, on the page's clock.
pub(crate) fn listen(ui: Ui, window: &Window, shown_at: Rc<Cell<f64>>) {
    let act = move |event: Event| {
        let event: &KeyboardEvent = event.unchecked_ref();
        let over = is_over(event, "input, button, [popover]");
        let (screen, caller) = ui.read(|view| (Screen::of(view), incoming(view)));
        match (event.key().as_str(), caller, screen) {
            ("Enter", Some(id), _) if !over && !event.repeat() && has_settled(event, &shown_at) => {
                ui.want(Intent::Answer(id));
            }
            (_, Some(_), _) => {}
            ("Escape", None, Screen::Ended) if !menu_is_open() => ui.want(Intent::DismissEnded),
            ("Escape", None, Screen::Microphone) if !menu_is_open() => {
                crate::microphone::dismiss(ui);
            }
            (key, None, Screen::Keypad) if is_for_number(event, key, over) => {
                // The key itself then goes to what has the focus.
                focus::focus(".number-input");
            }
            _ => {}
        }
    };
    dom::listen(window, "keydown", Box::new(act));
}

fn has_settled(event: &Event, shown_at: &Cell<f64>) -> bool {
    event.time_stamp() - shown_at.get() > SETTLE_MS
}

/// What the number field would understand, pressed while the focus is elsewhere on the screen.
/// Enter on a button belongs to the button.
fn is_for_number(event: &KeyboardEvent, key: &str, over: bool) -> bool {
    let control = event.ctrl_key() || event.meta_key();
    match key {
        "v" | "V" => control && !is_over(event, "input"),
        "Enter" => !over,
        "Backspace" => !is_over(event, "input"),
        _ => {
            !control
                && !event.alt_key()
                && !is_over(event, "input")
                && key.len() == 1
                && key.bytes().all(|byte| byte.is_ascii_digit() || b"*#+".contains(&byte))
        }
    }
}

fn is_over(event: &KeyboardEvent, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest(selector).ok().flatten().is_some())
}

/// Esc then closes the menu, by the browser's own doing.
fn menu_is_open() -> bool {
    document().query_selector(":popover-open").ok().flatten().is_some()
}
