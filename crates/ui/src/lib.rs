//! The phone's screens: a [`ViewModel`] goes in, [`Intent`](ringlet_phone::Intent)s come out.
//!
//! Nothing here decides, waits, or knows the protocol; nothing outside holds text for people.
//!
//! - [`mount`] — the one way in
//! - `screen` — which screen a view model asks for; the rest of the files are one screen or one
//!   part each, with its sheet beside it
//! - `text` — every word, from `locales/`
//!
//! - `dom` — how elements are made and how they follow the view model
//!
//! A screen is a function from `Ui` to an element. What changes inside a screen is a closure over
//! the view model that touches the page only where its value differs; only a change of screen
//! builds new elements.

mod action;
mod announce;
mod banner;
mod call;
mod caller;
mod cause;
mod contrast;
mod dispatch;
mod dom;
mod duration;
mod ended;
mod field;
mod focus;
mod form;
mod header;
mod hold;
mod icons;
mod incoming;
mod keypad;
mod menu;
mod microphone;
mod phone;
mod screen;
mod shortcut;
mod sign_in;
mod starting;
mod text;
mod theme;
mod ui;

pub use dispatch::Dispatch;
pub use leptos::prelude::{ReadSignal, Set, WriteSignal, signal};

use any_spawner::Executor;
use leptos::prelude::Owner;
use ringlet_phone::ViewModel;
use web_sys::HtmlElement;

/// Puts the phone into `parent` (the page's body), for as long as the page lives.
///
/// `view` is read whenever it is set; only what differs from before is touched in the page.
/// `dispatch` is called inside the browser's own event, so that what it does counts as done by a
/// person's press.
pub fn mount(parent: HtmlElement, view: ReadSignal<ViewModel>, dispatch: Dispatch) {
    let Some(window) = web_sys::window() else { return };
    // Fails only where there is an executor already, which will do.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let phone = owner.with(|| phone::phone(ui::Ui { view, dispatch }, window));
    dom::El(parent.into()).with(phone);
    // What follows the view model does so as long as the page lives.
    std::mem::forget(owner);
}
