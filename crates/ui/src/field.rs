//! A labelled input.

use leptos::html::Input;
use leptos::prelude::*;

/// What a field is and what it says about itself.
pub(crate) struct Field {
    /// `id` and `name` of the input.
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    /// `autocomplete` of the input, so that a password manager knows it.
    pub(crate) autocomplete: &'static str,
    pub(crate) value: String,
    pub(crate) input: NodeRef<Input>,
    /// What is wrong with what stands in it.
    pub(crate) problem: Signal<Option<&'static str>>,
    /// A word of help under it.
    pub(crate) help: Option<&'static str>,
    /// Where something can be pressed inside it.
    pub(crate) button: Option<AnyView>,
    /// The focus goes here when the screen is shown.
    pub(crate) takes_focus: bool,
    /// `type` of the input.
    pub(crate) kind: Signal<&'static str>,
}

/// Shows a field.
pub(crate) fn field(field: Field) -> AnyView {
    let Field { name, label, autocomplete, value, input, problem, help, button, takes_focus, kind } =
        field;
    let note = [name, "-note"].concat();
    let described = note.clone();
    view! {
        <div class="field">
            <label class="field-label" for=name>{label}</label>
            <div class="field-box">
                <input
                    class="field-input"
                    id=name
                    name=name
                    type=move || kind.get()
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    dir="auto"
                    value=value
                    aria-invalid=move || problem.get().map(|_| "true")
                    aria-describedby=described
                    data-focus=takes_focus.then_some("")
                    node_ref=input
                />
                {button}
            </div>
            <p class="field-note" id=note class:field-problem=move || problem.get().is_some()>
                {move || problem.get().or(help)}
            </p>
        </div>
    }
    .into_any()
}
