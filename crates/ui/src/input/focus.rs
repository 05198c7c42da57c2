//! Where the keyboard goes when the screen changes.

use crate::reactive::follow as follow_slices;
use crate::ui::Ui;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The element of a screen that takes the focus carries this attribute. On a screen covered by an
/// incoming call nothing takes it.
const TAKES_FOCUS: &str = "[data-focus]:not([inert] *)";

/// Lets the focus follow the screens, and come back when the person comes back to the page.
pub(crate) fn follow(ui: Ui) {
    let mut before = None;
    follow_slices(move || {
        let now = Some((ui.screen(), ui.ringing()));
        if before != now {
            before = now;
            to_screen();
        }
    });
    let listener = window_event_listener(ev::focus, |_| {
        let body: Option<Element> = document().body().map(Into::into);
        if document().active_element() == body {
            take_focus();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Moves the focus to where it belongs on the screen that is shown now, once it has been drawn.
pub(crate) fn to_screen() {
    request_animation_frame(take_focus);
}

/// Gives an element the focus, unless the person is busy elsewhere, above all in the page around
/// the phone: a call that comes in must not swallow what they type there.
pub(crate) fn focus(element: &HtmlElement) {
    if document().has_focus().unwrap_or(false) {
        // An element that cannot be focused leaves the focus where it was.
        let _ = element.focus();
    }
}

fn take_focus() {
    let found = document().query_selector(TAKES_FOCUS).ok().flatten();
    if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        focus(&element);
    }
}

/// Whether the pointer is a finger: then an on-screen keyboard would cover the keypad, and the
/// number field does not ask for it.
pub(crate) fn is_touch() -> bool {
    let query = window().match_media("(pointer: coarse)").ok().flatten();
    query.is_some_and(|query| query.matches())
}
