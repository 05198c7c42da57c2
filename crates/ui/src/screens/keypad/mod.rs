//! The number, the twelve keys, and Call.

mod back;
mod number;

use crate::input::long_press::long_press;
use crate::input::{focus, shortcut};
use crate::parts::icons::{Icon, icon};
use crate::reactive::handler;
use crate::ui::Ui;
use crate::words::{Text, isolated, text};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;
use number::{backspace, insert, number};
use ringlet_phone::{Intent, KeypadView, Page};

/// What a key types, and the letters on it.
pub(crate) const KEYS: [(&str, &str); 12] = [
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

/// Shows the number to call, and calls it.
pub(crate) fn keypad(ui: Ui) -> AnyView {
    let field = NodeRef::<Input>::new();
    // An on-screen keyboard would cover the keypad.
    let touch = focus::is_touch();
    type_anywhere(ui, field);
    focus::to_screen();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if ui.keypad.with_untracked(can_call) {
            ui.want(Intent::Call(ui.keypad.with_untracked(|keypad| keypad.number.clone())));
        }
    };
    view! {
        <form
            class="screen keypad"
            tabindex="-1"
            aria-label=text::keypad_title()
            data-focus=touch.then_some("")
            on:submit=handler(submit)
        >
            <h2 class="unseen">{text::keypad_title()}</h2>
            {back::back(ui)}
            <div class="number">
                {number(ui, field, touch)} {backspace(ui, field)}
            </div>
            {calling_as(ui)}
            <div class="keys" role="group" aria-label=text::keypad_keys()>
                {KEYS.map(|(digit, letters)| key(ui, field, digit, letters))}
            </div>
            <div class="foot keypad-foot">
                <button
                    class="button button-call"
                    title=move || ui.keypad.with(hint)
                    disabled=move || !ui.keypad.with(can_call)
                >
                    {icon(Icon::Call)}
                    {text::keypad_call()}
                </button>
                {recents(ui)}
            </div>
        </form>
    }
    .into_any()
}

fn can_call(keypad: &KeypadView) -> bool {
    keypad.can_call && (keypad.can_recall || !keypad.number.trim().is_empty())
}

/// An empty number is brought back before it is called.
fn hint(keypad: &KeypadView) -> &'static str {
    if keypad.can_recall && keypad.number.trim().is_empty() {
        text::keypad_recall_hint()
    } else {
        text::keypad_call_hint()
    }
}

/// What calls go out as, where there is a choice; a press leads to the list.
fn calling_as(ui: Ui) -> AnyView {
    let words = move || match ui.caller_ids.with(|ids| ids.chosen.clone()) {
        Some(number) => Text::from(text::keypad_calling_as(&isolated(&number))),
        None => text::keypad_calling_as_account().into(),
    };
    view! {
        <button
            type="button"
            class="calling-as"
            hidden=move || ui.caller_ids.with(|ids| ids.list.is_empty())
            on:click=handler(move |_| ui.want(Intent::ShowPage(Page::CallerIds)))
        >
            {words}
        </button>
    }
    .into_any()
}

/// The way to the calls of the past, and how many of them were missed.
fn recents(ui: Ui) -> AnyView {
    let badge = move || match ui.history.with(|history| history.unseen) {
        0 => String::new(),
        unseen @ 1..=99 => unseen.to_string(),
        _ => String::from("99+"),
    };
    let label = move || match badge() {
        none if none.is_empty() => Text::from(text::keypad_recents()),
        unseen => text::keypad_recents_missed(&unseen).into(),
    };
    view! {
        <button
            type="button"
            class="button keypad-recents"
            aria-label=label
            title=label
            on:click=handler(move |_| ui.want(Intent::ShowPage(Page::Recents)))
        >
            {icon(Icon::Recent)}
            <span class="badge" aria-hidden="true">
                {badge}
            </span>
        </button>
    }
    .into_any()
}

fn key(ui: Ui, field: NodeRef<Input>, digit: &'static str, letters: &'static str) -> AnyView {
    let is_zero = digit == "0";
    let long = if is_zero { "+" } else { digit };
    let presses = long_press(move || insert(ui, field, digit), move || insert(ui, field, long));
    view! {
        <button
            type="button"
            class="key"
            aria-label=key_name(digit)
            title=is_zero.then(text::keypad_zero_hint)
            {..presses}
        >
            <span class="key-digit">{digit}</span>
            <span class=if is_zero { "key-letters key-plus" } else { "key-letters" }>
                {letters}
            </span>
        </button>
    }
    .into_any()
}

/// What a key is called that is no digit.
pub(crate) fn key_name(digit: &str) -> Option<&'static str> {
    match digit {
        "*" => Some(text::keypad_star()),
        "#" => Some(text::keypad_hash()),
        _ => None,
    }
}

/// Lets keys pressed elsewhere on the screen reach the number: the key itself then goes to what
/// has the focus.
fn type_anywhere(ui: Ui, field: NodeRef<Input>) {
    shortcut::on_screen_key(ui, move |event| {
        if is_for_number(event)
            && let Some(field) = field.get_untracked()
        {
            focus::focus(&field);
        }
    });
}

/// Whether the number field would understand a key that was pressed outside of it. Enter on a
/// button belongs to the button.
fn is_for_number(event: &KeyboardEvent) -> bool {
    let control = event.ctrl_key() || event.meta_key();
    let typed_here = shortcut::is_over(event, "input");
    match event.key().as_str() {
        "v" | "V" => control && !typed_here,
        "Enter" => !shortcut::is_over_control(event),
        "Backspace" => !typed_here,
        key => {
            !control
                && !event.alt_key()
                && !typed_here
                && key.len() == 1
                && key.bytes().all(|byte| byte.is_ascii_digit() || b"*#+".contains(&byte))
        }
    }
}
