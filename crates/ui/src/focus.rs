//! Where the keyboard goes when the screen changes.

use crate::dom::{document, listen};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, Window};

/// The element of a screen that takes the focus carries this attribute. On a screen covered by an
/// incoming call nothing takes it.
const TAKES_FOCUS: &str = "[data-focus]:not([inert] *)";

/// Moves the focus to where it belongs on the screen that is shown now, once it has been drawn.
///
/// Nothing moves while the person is busy elsewhere, above all in the page around the phone: a
/// call that comes in must not swallow what they type there.
pub(crate) fn to_screen() {
    let act = Closure::once_into_js(|| {
        if document().has_focus().unwrap_or(false) {
            focus(TAKES_FOCUS);
        }
    });
    if let Some(window) = web_sys::window() {
        // Fails only where the callback is no function.
        let _ = window.request_animation_frame(act.unchecked_ref());
    }
}

/// Once the person comes to the phone, the focus goes where it would have gone before.
pub(crate) fn when_page_takes_focus(window: &Window) {
    listen(
        window,
        "focus",
        Box::new(|_| {
            let body: Option<Element> = document().body().map(Into::into);
            if document().active_element() == body {
                focus(TAKES_FOCUS);
            }
        }),
    );
}

/// Focuses the first element that matches.
pub(crate) fn focus(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot be focused keeps the focus where it was; nothing to be done.
        let _ = element.focus();
    }
}

/// Whether the pointer is a finger: then an on-screen keyboard would cover the keypad, and the
/// number field does not ask for it.
pub(crate) fn is_touch() -> bool {
    let query = web_sys::window().and_then(|it| it.match_media("(pointer: coarse)").ok().flatten());
    query.is_some_and(|query| query.matches())
}
