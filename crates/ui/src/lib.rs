//! The phone's screens: slices of the view model go in, [`Intent`]s come out.
//!
//! Nothing here decides, waits, or knows the protocol; nothing outside holds text for people.
//!
//! - [`Slices`] — one signal for each slice; a component reads the slices it shows, so a change
//!   in one slice touches nothing else
//! - [`mount`] — builds the phone around them, as late as the page likes
//! - `screens` — which screen is shown, and one file or folder for each, its style sheet beside it
//! - `parts` — what several screens share, and what is always there: header, menu, banner
//! - `input` — keyboard, focus, long presses
//! - `late` — screens in wasm files of their own, and how a screen becomes one
//! - `look` — colour scheme and the tenant's accent
//! - `words` — every text, from `locales/`
//!
//! A screen is a function from [`ui::Ui`] to a view. It is built when it is first shown and keeps
//! its elements, and with them the focus, until another screen takes its place.

#![expect(unreachable_pub, reason = "`#[component]` makes what it generates public")]

mod input;
mod late;
mod look;
mod parts;
mod reactive;
mod screens;
mod slices;
mod ui;
mod words;

pub use screens::crash::{show_crash, show_unsupported};
pub use slices::Slices;

use leptos::mount::mount_to;
use ringlet_phone::Intent;
use ui::Ui;
use web_sys::HtmlElement;

/// Builds the phone in `parent` (the page's body), for as long as the page lives.
///
/// It shows what `slices` hold now, and follows them. `dispatch` is called inside the browser's
/// own event, so that the browser counts what it does as done by a person's press; it may update
/// `slices` at once.
pub fn mount(parent: HtmlElement, slices: Slices, dispatch: impl Fn(Intent) + 'static) {
    mount_to(parent, move || screens::phone::phone(Ui::new(slices, dispatch))).forget();
}
