//! The phone has stopped because of an error in itself.

use crate::parts::icons::{Icon, icon};
use crate::reactive::handler;
use crate::words::text;
use leptos::prelude::*;
use web_sys::HtmlElement;

/// Replaces all there is in `parent` with the news that the phone has stopped, and a button that
/// calls `reload`.
///
/// After a panic nothing may be relied on, so this reads no signal and starts no effect.
pub fn show_crash(parent: &HtmlElement, reload: impl Fn() + 'static) {
    parent.replace_children_with_node_0();
    let mut shown = crash(Box::new(reload)).build();
    shown.mount(parent, None);
    // It stays as long as the page.
    std::mem::forget(shown);
}

fn crash(reload: Box<dyn Fn()>) -> AnyView {
    view! {
        <div class="phone">
            <main class="main">
                <section class="screen notice" role="alert">
                    <div class="notice-body">
                        <div class="notice-mark">{icon(Icon::Alert)}</div>
                        <h1 class="notice-title">{text::crash_title()}</h1>
                        <p class="notice-text">{text::crash_text()}</p>
                    </div>
                    <div class="foot buttons">
                        <button
                            type="button"
                            class="button button-primary"
                            on:click=handler(move |_| reload())
                        >
                            {text::crash_reload()}
                        </button>
                    </div>
                </section>
            </main>
        </div>
    }
    .into_any()
}
