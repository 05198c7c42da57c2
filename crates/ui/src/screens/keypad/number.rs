//! The number field, and what keys do to it.

use crate::input::focus;
use crate::input::long_press::long_press;
use crate::parts::icons::{Icon, icon};
use crate::reactive::handler;
use crate::ui::Ui;
use crate::words::text;
use leptos::ev::Event;
use leptos::html::Input;
use leptos::prelude::*;
use ringlet_contract::MAX_NUMBER_CHARS;
use ringlet_phone::{Intent, KeypadView};
use web_sys::{HtmlInputElement, SelectionMode};

/// An ordinary text field: it takes letters (SIP users have them), the clipboard and the caret.
pub(super) fn number(ui: Ui, field: NodeRef<Input>, touch: bool) -> AnyView {
    view! {
        <input
            class="number-input"
            type="tel"
            inputmode=if touch { "none" } else { "tel" }
            enterkeyhint="go"
            autocomplete="off"
            spellcheck="false"
            maxlength=MAX_NUMBER_CHARS.to_string()
            dir="ltr"
            aria-label=text::keypad_number()
            placeholder=text::keypad_placeholder()
            data-focus=(!touch).then_some("")
            data-size=move || ui.keypad.with(size)
            prop:value=move || ui.keypad.with(|keypad| keypad.number.clone())
            on:input=handler(move |event: Event| {
                ui.want(Intent::EditNumber(event_target_value(&event)));
            })
            node_ref=field
        />
    }
    .into_any()
}

fn size(keypad: &KeypadView) -> &'static str {
    match keypad.number.chars().count() {
        0..=13 => "l",
        14..=19 => "m",
        _ => "s",
    }
}

/// Deletes the last digit; held, everything.
pub(super) fn backspace(ui: Ui, field: NodeRef<Input>) -> AnyView {
    let clear = move || {
        ui.want(Intent::EditNumber(String::new()));
        focus::to_screen();
    };
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=text::keypad_backspace()
            title=text::keypad_backspace_hint()
            hidden=move || ui.keypad.with(|keypad| keypad.number.is_empty())
            {..long_press(move || delete(ui, field), clear)}
        >
            {icon(Icon::Backspace)}
        </button>
    }
    .into_any()
}

/// Types at the caret, in place of what is selected.
pub(super) fn insert(ui: Ui, field: NodeRef<Input>, digit: &str) {
    let Some(input) = field.get_untracked() else { return };
    let (from, to) = selection(&input);
    if input.value().chars().count() < MAX_NUMBER_CHARS || from != to {
        replace(ui, &input, digit, from, to);
    }
}

/// Deletes what is selected, or the character before the caret.
fn delete(ui: Ui, field: NodeRef<Input>) {
    let Some(input) = field.get_untracked() else { return };
    let (from, to) = selection(&input);
    let from = if from == to { from.saturating_sub(1) } else { from };
    replace(ui, &input, "", from, to);
    if input.value().is_empty() {
        // The button that was pressed is about to go.
        focus::to_screen();
    }
}

fn replace(ui: Ui, input: &HtmlInputElement, text: &str, from: u32, to: u32) {
    // Fails only for a range that ends before it begins.
    let _ = input.set_range_text_with_start_and_end_and_selection_mode(
        text,
        from,
        to,
        SelectionMode::End,
    );
    ui.want(Intent::EditNumber(input.value()));
}

fn selection(input: &HtmlInputElement) -> (u32, u32) {
    let end = input.value().encode_utf16().count() as u32;
    let from = input.selection_start().ok().flatten().unwrap_or(end);
    let to = input.selection_end().ok().flatten().unwrap_or(end);
    (from, to)
}
