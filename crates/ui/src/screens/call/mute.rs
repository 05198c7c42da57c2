//! Turns the microphone off and on, by a button and by M.

use crate::parts::icons::{Icon, icon};
use crate::reactive::handler;
use crate::ui::{Call, Ui};
use crate::words::text;
use leptos::prelude::*;
use ringlet_phone::{CallPhase, CallView, Intent};
use web_sys::KeyboardEvent;

pub(super) fn mute(ui: Ui, call: Call) -> AnyView {
    let is_muted = move || call.with(|call| call.muted);
    let face = move || icon(if is_muted() { Icon::MicrophoneOff } else { Icon::Microphone });
    view! {
        <button
            type="button"
            class="action action-mute"
            title=text::call_mute_hint()
            hidden=move || !call.with(can_mute)
            aria-pressed=move || if is_muted() { "true" } else { "false" }
            on:click=handler(move |_| toggle(ui, call))
        >
            <span class="action-face">{face}</span>
            <span class="action-label">{text::call_mute()}</span>
        </button>
    }
    .into_any()
}

/// Handles a key pressed on the call's screen.
pub(super) fn on_key(ui: Ui, call: Call, event: &KeyboardEvent) {
    if super::is_letter(event, "m") && call.with_untracked(can_mute) {
        toggle(ui, call);
    }
}

fn toggle(ui: Ui, call: Call) {
    let muted = call.with_untracked(|call| call.muted);
    ui.want(Intent::SetMuted(call.id(), !muted));
}

/// Before that there is no microphone to turn off.
fn can_mute(call: &CallView) -> bool {
    match call.phase {
        CallPhase::Preparing | CallPhase::Dialing | CallPhase::Ringing | CallPhase::Incoming => {
            false
        }
        CallPhase::EarlyMedia | CallPhase::Answering | CallPhase::Active { .. } => true,
    }
}
