//! A labelled input.

use leptos::html::Input;
use leptos::prelude::*;

/// A field of the form. What is wrong with it, or a word of help, is under it.
#[component]
pub(super) fn Field(
    /// `id` and `name` of the input.
    name: &'static str,
    label: &'static str,
    /// `autocomplete` of the input, so that a password manager knows it.
    autocomplete: &'static str,
    /// What it starts with.
    #[prop(optional)]
    value: String,
    /// Said when it is empty and must not be.
    missing: &'static str,
    /// Said otherwise.
    #[prop(optional)]
    help: &'static str,
    /// Whether what is typed can be read.
    #[prop(into)]
    legible: Signal<bool>,
    /// Whether the form asks for it.
    #[prop(into)]
    asked: Signal<bool>,
    /// It was empty when the form was sent, and must not be.
    #[prop(into)]
    is_missing: Signal<bool>,
    takes_focus: bool,
    input: NodeRef<Input>,
    /// A button at its end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let note = [name, "-note"].concat();
    view! {
        <div class="field" hidden=move || !asked.get()>
            <label class="field-label" for=name>
                {label}
            </label>
            <div class="field-box">
                <input
                    class="field-input"
                    id=name
                    name=name
                    type=move || if legible.get() { "text" } else { "password" }
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    dir="auto"
                    value=value
                    aria-invalid=move || is_missing.get().then_some("true")
                    aria-describedby=note.clone()
                    data-focus=takes_focus.then_some("")
                    node_ref=input
                />
                {children.map(|children| children())}
            </div>
            <p class="field-note" id=note>
                {move || if is_missing.get() { missing } else { help }}
            </p>
        </div>
    }
    .into_any()
}
