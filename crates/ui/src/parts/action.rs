//! The round buttons of a call, with their names under them.

use super::icons::{Icon, icon};
use crate::reactive::handler;
use leptos::prelude::*;

/// What a round button is for; it decides the colour.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Plain,
    Good,
    Bad,
}

/// A round button. `hint` adds the keyboard shortcut to the name.
#[component]
pub(crate) fn Action(
    kind: Kind,
    icon: Icon,
    label: &'static str,
    hint: &'static str,
    press: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button type="button" class=class(kind) title=hint on:click=handler(move |_| press())>
            <span class="action-face">{self::icon(icon)}</span>
            <span class="action-label">{label}</span>
        </button>
    }
    .into_any()
}

/// The classes of a round button.
pub(crate) fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Plain => "action",
        Kind::Good => "action action-good",
        Kind::Bad => "action action-bad",
    }
}
