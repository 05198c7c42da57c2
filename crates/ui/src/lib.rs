//! The phone's screens: a [`ViewModel`] goes in, [`Intent`]s come out.
//!
//! Nothing here decides, waits, or knows the protocol; nothing outside holds text for people.

mod dispatch;

pub use dispatch::Dispatch;
pub use leptos::prelude::{ReadSignal, Set, WriteSignal, signal};

use ringlet_phone::ViewModel;
use web_sys::HtmlElement;

/// Puts the phone into `parent` (the page's body), for as long as the page lives.
///
/// `view` is read whenever it is set; only what differs from before is touched in the page.
/// `dispatch` is called inside the browser's own event, so that what it does counts as done by a
/// person's press.
pub fn mount(parent: HtmlElement, view: ReadSignal<ViewModel>, dispatch: Dispatch) {
    let _ = dispatch;
    leptos::mount::mount_to(parent, move || {
        use leptos::prelude::*;
        move || view.with(|v| v.brand_name.clone())
    })
    .forget();
}
