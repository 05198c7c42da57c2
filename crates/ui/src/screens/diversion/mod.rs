//! What becomes of calls that come in.

use crate::input::{focus, shortcut};
use crate::parts::page_bar::{close, page_bar};
use crate::reactive::handler;
use crate::ui::Ui;
use crate::words::text;
use leptos::ev::{Event, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;
use ringlet_contract::MAX_NUMBER_CHARS;
use ringlet_phone::{DiversionError, DiversionView, Intent};

/// Switches do-not-disturb, and takes the numbers to forward to.
pub(crate) fn diversion(ui: Ui) -> AnyView {
    shortcut::on_escape(ui, move || close(ui));
    focus::to_screen();
    view! {
        <section class="screen page" tabindex="-1" data-focus="" aria-labelledby="diversion">
            {page_bar(ui, "diversion", text::diversion_title(), ().into_any())}
            <div class="option">
                <label class="option-choice">
                    <input
                        class="option-mark"
                        type="checkbox"
                        prop:checked=move || ui.diversion.with(|view| view.do_not_disturb)
                        on:change=handler(move |event: Event| {
                            ui.want(Intent::SetDoNotDisturb(event_target_checked(&event)));
                        })
                    />
                    <span class="option-text">
                        {text::diversion_do_not_disturb()}
                        <span class="option-note">{text::diversion_do_not_disturb_note()}</span>
                    </span>
                </label>
            </div>
            {forward(ui)}
        </section>
    }
    .into_any()
}

/// The form. What was refused stays in its field.
fn forward(ui: Ui) -> AnyView {
    let (busy, no_answer) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    // Whether what is in the fields was taken; nothing is said of it before.
    let saved = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = |field: NodeRef<Input>| {
            field.get_untracked().map(|field| field.value()).unwrap_or_default()
        };
        ui.want(Intent::Forward { busy: typed(busy), no_answer: typed(no_answer) });
        let error = ui.diversion.with_untracked(|view| view.error);
        saved.set(error.is_none());
        let wrong = match error {
            None => return,
            Some(DiversionError::Busy) => busy,
            Some(DiversionError::NoAnswer) => no_answer,
        };
        if let Some(wrong) = wrong.get_untracked() {
            focus::focus(&wrong);
        }
    };
    let note = move || match ui.diversion.with(|view| view.error) {
        Some(_) => text::diversion_invalid(),
        None if saved.get() => text::diversion_saved(),
        None => "",
    };
    view! {
        <form class="stack" on:submit=handler(submit)>
            {field(ui, Reason { id: "diversion-busy", label: text::diversion_busy(), error: DiversionError::Busy, number: |view| &view.busy }, busy)}
            {field(ui, Reason { id: "diversion-no-answer", label: text::diversion_no_answer(), error: DiversionError::NoAnswer, number: |view| &view.no_answer }, no_answer)}
            <p class="field-note" id="diversion-note" role="status">
                {note}
            </p>
            <button class="button button-primary">{text::diversion_save()}</button>
        </form>
    }
    .into_any()
}

/// Why a caller is sent on, as its field shows it.
struct Reason {
    id: &'static str,
    label: &'static str,
    error: DiversionError,
    number: fn(&DiversionView) -> &String,
}

fn field(ui: Ui, reason: Reason, node_ref: NodeRef<Input>) -> AnyView {
    let Reason { id, label, error, number } = reason;
    let is_wrong = move || ui.diversion.with(|view| view.error == Some(error));
    view! {
        <div class="field">
            <label class="field-label" for=id>
                {label}
            </label>
            <div class="field-box">
                <input
                    class="field-input"
                    id=id
                    type="tel"
                    autocomplete="off"
                    dir="ltr"
                    maxlength=MAX_NUMBER_CHARS.to_string()
                    placeholder=text::diversion_nowhere()
                    aria-describedby="diversion-note"
                    aria-invalid=move || is_wrong().then_some("true")
                    prop:value=ui.diversion.with_untracked(|view| number(view).clone())
                    node_ref=node_ref
                />
            </div>
        </div>
    }
    .into_any()
}
