//! The number, the twelve keys, and Call.

use crate::dom::{El, button, el, screen, text as words};
use crate::focus;
use crate::hold::on_press;
use crate::icons::{Icon, icon};
use crate::text;
use crate::ui::Ui;
use ringlet_contract::MAX_NUMBER_CHARS;
use ringlet_phone::{Intent, ViewModel};
use wasm_bindgen::JsCast;
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
pub(crate) fn keypad(ui: Ui) -> El {
    let touch = focus::is_touch();
    let (field, input) = number_field(ui, touch);
    let mut keys = el("div", "keys").set("role", "group").set("aria-label", text::keypad_keys());
    for (digit, letters) in KEYS {
        keys = keys.with(key(ui, &input, digit, letters));
    }
    let call = el("button", "button button-call")
        .set("title", text::keypad_call_hint())
        .live_flag(ui, "disabled", cannot_call)
        .with(icon(Icon::Call))
        .say(text::keypad_call());
    screen("form", "keypad")
        .set("aria-label", text::keypad_title())
        .set_if(touch, "data-focus", "")
        .on("submit", move |event| {
            event.prevent_default();
            if !ui.read(cannot_call) {
                ui.want(Intent::Call(ui.read(|view| view.number.clone())));
            }
        })
        .with(words("h2", "unseen", text::keypad_title()))
        .with(el("div", "number").with(field).with(backspace(ui, input)))
        .with(keys)
        .with(el("div", "foot").with(call))
}

fn number_field(ui: Ui, touch: bool) -> (El, HtmlInputElement) {
    let field = el("input", "number-input")
        .set("type", "tel")
        .set("inputmode", if touch { "none" } else { "tel" })
        .set("enterkeyhint", "go")
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .set("maxlength", &MAX_NUMBER_CHARS.to_string())
        .set("dir", "ltr")
        .set("aria-label", text::keypad_number())
        .set("placeholder", text::keypad_placeholder())
        .set_if(!touch, "data-focus", "")
        .live(ui, "data-size", |view| Some(size(view).into()));
    let input = field.0.clone().unchecked_into::<HtmlInputElement>();
    let shown = input.clone();
    ui.follow(Box::new(move |view| {
        // Setting it moves the caret to the end.
        if shown.value() != view.number {
            shown.set_value(&view.number);
        }
    }));
    let typed = input.clone();
    (field.on("input", move |_| ui.want(Intent::EditNumber(typed.value()))), input)
}

fn cannot_call(view: &ViewModel) -> bool {
    !view.can_call || view.number.trim().is_empty()
}

fn size(view: &ViewModel) -> &'static str {
    match view.number.chars().count() {
        0..=13 => "l",
        14..=19 => "m",
        _ => "s",
    }
}

fn key(ui: Ui, input: &HtmlInputElement, digit: &'static str, letters: &str) -> El {
    let name = match digit {
        "*" => text::keypad_star(),
        "#" => text::keypad_hash(),
        _ => "",
    };
    let is_zero = digit == "0";
    let key = button("key")
        .set_if(!name.is_empty(), "aria-label", name)
        .set_if(is_zero, "title", text::keypad_zero_hint())
        .with(words("span", "key-digit", digit))
        .with(words("span", if is_zero { "key-letters key-plus" } else { "key-letters" }, letters));
    let (short, long) = (input.clone(), input.clone());
    on_press(
        key,
        Box::new(move || insert(ui, &short, digit)),
        Box::new(move || insert(ui, &long, if is_zero { "+" } else { digit })),
    )
}

fn backspace(ui: Ui, input: HtmlInputElement) -> El {
    let button = button("icon-button")
        .named(text::keypad_backspace(), text::keypad_backspace_hint())
        .live_flag(ui, "hidden", |view| view.number.is_empty())
        .with(icon(Icon::Backspace));
    let clear = move || {
        ui.want(Intent::EditNumber(String::new()));
        focus::to_screen();
    };
    on_press(button, Box::new(move || delete(ui, &input)), Box::new(clear))
}

/// Types at the caret, in place of what is selected.
fn insert(ui: Ui, input: &HtmlInputElement, digit: &str) {
    let (from, to) = selection(input);
    if input.value().chars().count() < MAX_NUMBER_CHARS || from != to {
        replace(ui, input, digit, from, to);
    }
}

/// Deletes what is selected, or the character before the caret.
fn delete(ui: Ui, input: &HtmlInputElement) {
    let (from, to) = selection(input);
    let from = if from == to { from.saturating_sub(1) } else { from };
    replace(ui, input, "", from, to);
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
