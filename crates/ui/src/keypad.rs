//! The number, the twelve keys, and Call.

use crate::focus;
use crate::hold::Hold;
use crate::icons::{Icon, icon};
use crate::text;
use crate::ui::Ui;
use leptos::ev::{Event, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;
use ringlet_contract::MAX_NUMBER_CHARS;
use ringlet_phone::Intent;
use web_sys::{HtmlInputElement, SelectionMode};

/// What a key types, and the letters on it.
const KEYS: [(&str, &str); 12] = [
    ("1", ""),
    ("2", "ABC"),
    ("3", "DEF"),
    ("4", "GHI"),
    ("5", "JKL"),
    ("6", "MNO"),
    ("7", "PQRS"),
    ("8", "TUV"),
    ("9", "WXYZ"),
    ("*", ""),
    ("0", "+"),
    ("#", ""),
];

/// The number field is an ordinary one: it takes letters (SIP users have them), the clipboard and
/// the caret. Keys of the keyboard pressed elsewhere on the screen reach it by `shortcut`.
pub(crate) fn keypad(ui: Ui) -> AnyView {
    let field = NodeRef::<Input>::new();
    let number = ui.memo(|view| view.number.clone());
    let size = move || match number.with(|number| number.chars().count()) {
        0..=13 => "l",
        14..=19 => "m",
        _ => "s",
    };
    let cannot_call = ui.memo(|view| !view.can_call || view.number.trim().is_empty());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !cannot_call.get_untracked() {
            ui.want(Intent::Call(number.get_untracked()));
        }
    };
    let touch = focus::is_touch();
    view! {
        <form
            class="screen keypad"
            aria-label=text::keypad_title()
            tabindex="-1"
            data-focus=touch.then_some("")
            on:submit=submit
        >
            <h2 class="unseen">{text::keypad_title()}</h2>
            <div class="number">
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
                    data-size=size
                    prop:value=move || number.get()
                    on:input=move |event: Event| {
                        ui.want(Intent::EditNumber(event_target_value(&event)));
                    }
                    node_ref=field
                />
                {backspace(ui, field)}
            </div>
            <div class="keys" role="group" aria-label=text::keypad_keys()>
                {Vec::from(KEYS.map(|(digit, letters)| key(ui, field, digit, letters)))}
            </div>
            <div class="foot">
                <button
                    type="submit"
                    class="button button-call"
                    title=text::keypad_call_hint()
                    disabled=move || cannot_call.get()
                >
                    {icon(Icon::Call)}
                    {text::keypad_call()}
                </button>
            </div>
        </form>
    }
    .into_any()
}

fn key(ui: Ui, field: NodeRef<Input>, digit: &'static str, letters: &'static str) -> AnyView {
    let hold = Hold::new();
    let name = match digit {
        "*" => Some(text::keypad_star()),
        "#" => Some(text::keypad_hash()),
        _ => None,
    };
    view! {
        <button
            type="button"
            class="key"
            aria-label=name
            title=(digit == "0").then(text::keypad_zero_hint)
            on:pointerdown=move |_| {
                if digit == "0" {
                    hold.start(move || insert(ui, field, "+"));
                }
            }
            on:pointerup=move |_| hold.stop()
            on:pointerleave=move |_| hold.stop()
            on:click=move |_| {
                if !hold.swallows_click() {
                    insert(ui, field, digit);
                }
            }
        >
            <span class="key-digit">{digit}</span>
            <span class=if letters == "+" { "key-letters key-plus" } else { "key-letters" }>
                {letters}
            </span>
        </button>
    }
    .into_any()
}

fn backspace(ui: Ui, field: NodeRef<Input>) -> AnyView {
    let hold = Hold::new();
    let empty = ui.memo(|view| view.number.is_empty());
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=text::keypad_backspace()
            title=text::keypad_backspace_hint()
            hidden=move || empty.get()
            on:pointerdown=move |_| {
                hold.start(move || {
                    ui.want(Intent::EditNumber(String::new()));
                    focus::to_screen();
                })
            }
            on:pointerup=move |_| hold.stop()
            on:pointerleave=move |_| hold.stop()
            on:click=move |_| {
                if !hold.swallows_click() {
                    delete(ui, field);
                }
            }
        >
            {icon(Icon::Backspace)}
        </button>
    }
    .into_any()
}

/// Types at the caret, in place of what is selected.
fn insert(ui: Ui, field: NodeRef<Input>, digit: &str) {
    if let Some(input) = field.get_untracked() {
        let (from, to) = selection(&input);
        if input.value().chars().count() < MAX_NUMBER_CHARS || from != to {
            replace(ui, &input, digit, from, to);
        }
    }
}

/// Deletes what is selected, or the character before the caret.
fn delete(ui: Ui, field: NodeRef<Input>) {
    if let Some(input) = field.get_untracked() {
        let (from, to) = selection(&input);
        let from = if from == to { from.saturating_sub(1) } else { from };
        replace(ui, &input, "", from, to);
        if input.value().is_empty() {
            // The button that was pressed is about to go.
            focus::to_screen();
        }
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
