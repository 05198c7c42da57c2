//! The phone has stopped because of an error in itself, or cannot start.

use crate::parts::icons::{Icon, icon};
use crate::reactive::handler;
use crate::words::text;
use leptos::prelude::*;
use std::cell::Cell;
use web_sys::HtmlElement;

thread_local! {
    static IS_SHOWN: Cell<bool> = const { Cell::new(false) };
}

/// Whether the phone has stopped: then no screen may be built any more.
pub(crate) fn is_shown() -> bool {
    IS_SHOWN.get()
}

/// Replaces all there is in `parent` with the news that the phone has stopped, and a button that
/// calls `reload`.
///
/// After a panic nothing may be relied on, so this reads no signal and starts no effect.
pub fn show_crash(parent: &HtmlElement, reload: impl Fn() + 'static) {
    let button = view! {
        <div class="foot buttons">
            <button
                type="button"
                class="button button-primary"
                on:click=handler(move |_| reload())
            >
                {text::crash_reload()}
            </button>
        </div>
    };
    show(parent, notice(text::crash_title(), text::crash_text(), button.into_any()));
}

/// Replaces all there is in `parent` with the news that the phone cannot run in this browser.
pub fn show_unsupported(parent: &HtmlElement) {
    show(parent, notice(text::unsupported_title(), text::unsupported_text(), ().into_any()));
}

fn show(parent: &HtmlElement, view: AnyView) {
    IS_SHOWN.set(true);
    parent.replace_children_with_node_0();
    let mut shown = view.build();
    shown.mount(parent, None);
    // It stays as long as the page.
    std::mem::forget(shown);
}

fn notice(title: &'static str, text: &'static str, foot: AnyView) -> AnyView {
    view! {
        <div class="phone">
            <main class="main">
                <section class="screen notice" role="alert">
                    <div class="notice-body">
                        <div class="notice-mark">{icon(Icon::Alert)}</div>
                        <h1 class="notice-title">{title}</h1>
                        <p class="notice-text">{text}</p>
                    </div>
                    {foot}
                </section>
            </main>
        </div>
    }
    .into_any()
}
