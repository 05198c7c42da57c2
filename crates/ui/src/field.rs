//! A labelled input.

use crate::dom::{El, Text, el, text};
use crate::ui::Ui;
use ringlet_phone::ViewModel;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// What a field is and what it says about itself.
pub(crate) struct Field {
    /// `id` and `name` of the input.
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    /// `autocomplete` of the input, so that a password manager knows it.
    pub(crate) autocomplete: &'static str,
    /// Said when it is empty and must not be.
    pub(crate) missing: &'static str,
    /// A word of help under it.
    pub(crate) help: &'static str,
}

/// Makes a field, and the input in it.
///
/// `faulty` says whether an empty field is to be complained about; it is asked when the view model
/// changes, so the complaint stays while the person types the remedy.
pub(crate) fn field(
    ui: Ui,
    field: Field,
    value: &str,
    faulty: fn(&ViewModel) -> bool,
) -> (El, HtmlInputElement) {
    let Field { name, label, autocomplete, missing, help } = field;
    let note = [name, "-note"].concat();
    let entry = el("input", "field-input")
        .set("id", name)
        .set("name", name)
        .set("autocomplete", autocomplete)
        .set("autocapitalize", "none")
        .set("spellcheck", "false")
        .set("dir", "auto")
        .set("value", value)
        .set("aria-describedby", &note);
    let input = entry.0.clone().unchecked_into::<HtmlInputElement>();

    let asked = input.clone();
    let is_wrong = move |view: &ViewModel| faulty(view) && asked.value().trim().is_empty();
    let told = is_wrong.clone();
    let entry = entry
        .live(ui, "aria-invalid", move |view| is_wrong(view).then_some(Text::Borrowed("true")));
    let words = el("p", "field-note")
        .set("id", &note)
        .live_text(ui, move |view| if told(view) { missing } else { help }.into());

    let whole = el("div", "field")
        .with(text("label", "field-label", label).set("for", name))
        .with(el("div", "field-box").with(entry))
        .with(words);
    (whole, input)
}
