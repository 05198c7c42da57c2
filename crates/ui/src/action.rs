//! The round buttons of a call, with their names under them.

use crate::icons::{Icon, icon};
use leptos::prelude::*;

/// What a round button is for; it decides the colour.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Plain,
    Good,
    Bad,
}

/// A round button. `hint` adds the keyboard way to the name.
pub(crate) fn action(
    kind: Kind,
    drawing: Icon,
    label: &'static str,
    hint: &'static str,
    press: Box<dyn Fn()>,
) -> AnyView {
    let class = match kind {
        Kind::Plain => "action",
        Kind::Good => "action action-good",
        Kind::Bad => "action action-bad",
    };
    view! {
        <button type="button" class=class title=hint on:click=move |_| press()>
            <span class="action-face">{icon(drawing)}</span>
            <span class="action-label">{label}</span>
        </button>
    }
    .into_any()
}

/// A round button that stays pressed while `on` says so.
pub(crate) fn toggle(
    drawing: Icon,
    pressed_drawing: Icon,
    label: &'static str,
    hint: &'static str,
    on: Memo<bool>,
    press: Box<dyn Fn()>,
) -> AnyView {
    view! {
        <button
            type="button"
            class="action"
            title=hint
            aria-pressed=move || if on.get() { "true" } else { "false" }
            on:click=move |_| press()
        >
            <span class="action-face">
                {move || icon(if on.get() { pressed_drawing } else { drawing })}
            </span>
            <span class="action-label">{label}</span>
        </button>
    }
    .into_any()
}
