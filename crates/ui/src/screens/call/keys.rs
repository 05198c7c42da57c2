//! DTMF: by twelve keys on the screen, by the keyboard, and by pasting.

use crate::input::shortcut;
use crate::reactive::handler;
use crate::screens::keypad::{KEYS, key_name};
use crate::ui::{Call, Tool, Ui};
use crate::words::{Text, text};
use leptos::prelude::*;
use ringlet_phone::Intent;
use web_sys::{ClipboardEvent, KeyboardEvent};

/// The keys, and what has been sent by them.
pub(super) fn keys(ui: Ui, call: Call) -> AnyView {
    shortcut::on_escape(ui, move || ui.open_tool(Tool::None));
    let sent = move || match call.with(|call| call.tones_sent.clone()) {
        none if none.is_empty() => Text::default(),
        tones => text::tones_sent(&tones).into(),
    };
    let key = move |(digit, letters): (&'static str, &'static str)| {
        view! {
            <button
                type="button"
                class="key"
                aria-label=key_name(digit)
                disabled=move || !call.with(|call| call.takes_dtmf)
                on:click=handler(move |_| send(ui, call, digit.to_owned()))
            >
                <span class="key-digit">{digit}</span>
                <span class="key-letters">{letters.trim_matches('+')}</span>
            </button>
        }
        .into_any()
    };
    view! {
        <div class="tool" role="group" aria-label=text::tones_title()>
            <p class="tones" dir="ltr" role="status">
                {sent}
            </p>
            <div class="keys">{KEYS.map(key)}</div>
        </div>
    }
    .into_any()
}

/// Handles a key pressed on the call's screen.
pub(super) fn on_key(ui: Ui, call: Call, event: &KeyboardEvent) {
    let key = event.key();
    let is_tone = matches!(key.as_bytes(), [b'0'..=b'9' | b'*' | b'#']);
    if is_tone && !(event.ctrl_key() || event.alt_key() || event.meta_key() || event.repeat()) {
        send(ui, call, key);
    }
}

/// Sends what is pasted; a comma is a pause.
pub(super) fn on_paste(ui: Ui, call: Call, event: &ClipboardEvent) {
    let pasted = event.clipboard_data().and_then(|data| data.get_data("text").ok());
    if let Some(pasted) = pasted {
        send(ui, call, pasted);
    }
}

fn send(ui: Ui, call: Call, tones: String) {
    ui.want(Intent::SendDtmf(call.id(), tones));
}
