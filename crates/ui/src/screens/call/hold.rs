//! Puts the call on hold and takes it back, by a button and by H.

use super::is_answered;
use crate::parts::icons::{Icon, icon};
use crate::reactive::handler;
use crate::ui::{Call, Ui};
use crate::words::text;
use leptos::prelude::*;
use ringlet_phone::Intent;
use web_sys::KeyboardEvent;

pub(super) fn hold(ui: Ui, call: Call) -> AnyView {
    view! {
        <button
            type="button"
            class="action"
            title=text::call_hold_hint()
            hidden=move || !call.with(is_answered)
            aria-pressed=move || if call.with(|call| call.held) { "true" } else { "false" }
            on:click=handler(move |_| toggle(ui, call))
        >
            <span class="action-face">{icon(Icon::Hold)}</span>
            <span class="action-label">{text::call_hold()}</span>
        </button>
    }
    .into_any()
}

/// Handles a key pressed on the call's screen.
pub(super) fn on_key(ui: Ui, call: Call, event: &KeyboardEvent) {
    if super::is_letter(event, "h") && call.with_untracked(is_answered) {
        toggle(ui, call);
    }
}

fn toggle(ui: Ui, call: Call) {
    let held = call.with_untracked(|call| call.held);
    ui.want(Intent::SetHeld(call.id(), !held));
}
