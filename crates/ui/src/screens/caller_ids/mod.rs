//! The numbers to call as.

use crate::input::{focus, shortcut};
use crate::parts::icons::{Icon, icon};
use crate::parts::page_bar::{close, page_bar};
use crate::reactive::handler;
use crate::ui::Ui;
use crate::words::text;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use ringlet_contract::MAX_NUMBER_CHARS;
use ringlet_phone::{CallerIdError, CallerIdView, Intent};

/// Shows them, with the one that calls go out as; adds others, and deletes those again.
pub(crate) fn caller_ids(ui: Ui) -> AnyView {
    shortcut::on_escape(ui, move || close(ui));
    focus::to_screen();
    let account = move || ui.line.with(|line| line.account.clone().unwrap_or_default());
    view! {
        <section class="screen page" tabindex="-1" data-focus="" aria-labelledby="caller-ids">
            {page_bar(ui, "caller-ids", text::caller_ids_title(), ().into_any())}
            <fieldset class="options">
                <legend class="field-label">{text::caller_ids_choose()}</legend>
                <div class="option">
                    <label class="option-choice">
                        {radio(ui, None)} <span class="option-text">
                            {text::caller_ids_account()}
                            <bdi class="option-note">{account}</bdi>
                        </span>
                    </label>
                </div>
                <For
                    each=move || ui.caller_ids.with(|ids| ids.list.clone())
                    key=|id| id.number.clone()
                    let:id
                >
                    {row(ui, id)}
                </For>
            </fieldset>
            {add(ui)}
        </section>
    }
    .into_any()
}

fn row(ui: Ui, id: CallerIdView) -> AnyView {
    let CallerIdView { number, is_own } = id;
    let delete = text::caller_ids_delete(&number);
    let deleted = number.clone();
    view! {
        <div class="option">
            <label class="option-choice">
                {radio(ui, Some(number.clone()))}
                <span class="option-text"><bdi>{number}</bdi></span>
            </label>
            <button
                type="button"
                class="icon-button"
                aria-label=delete.clone()
                title=delete
                hidden=!is_own
                on:click=handler(move |_| {
                    ui.want(Intent::DeleteCallerId(deleted.clone()));
                    focus::to_screen();
                })
            >
                {icon(Icon::Close)}
            </button>
        </div>
    }
    .into_any()
}

fn radio(ui: Ui, number: Option<String>) -> AnyView {
    let own = number.clone();
    view! {
        <input
            class="option-mark"
            type="radio"
            name="caller-id"
            prop:checked=move || ui.caller_ids.with(|ids| ids.chosen == own)
            on:change=handler(move |_| ui.want(Intent::ChooseCallerId(number.clone())))
        />
    }
    .into_any()
}

/// The form that adds one. What was refused stays in the field.
fn add(ui: Ui) -> AnyView {
    let field = NodeRef::<Input>::new();
    let error = move || ui.caller_ids.with(|ids| ids.error);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        ui.want(Intent::AddCallerId(field.value()));
        if ui.caller_ids.with_untracked(|ids| ids.error.is_none()) {
            field.set_value("");
        }
        focus::focus(&field);
    };
    view! {
        <form class="field" on:submit=handler(submit)>
            <label class="field-label" for="caller-id-new">
                {text::caller_ids_new()}
            </label>
            <div class="field-box">
                <input
                    class="field-input"
                    id="caller-id-new"
                    type="tel"
                    autocomplete="off"
                    dir="ltr"
                    maxlength=MAX_NUMBER_CHARS.to_string()
                    aria-describedby="caller-id-note"
                    aria-invalid=move || error().map(|_| "true")
                    node_ref=field
                />
                <button class="field-button">{text::caller_ids_add()}</button>
            </div>
            <p class="field-note" id="caller-id-note" role="status">
                {move || error().map_or(text::caller_ids_note(), problem)}
            </p>
        </form>
    }
    .into_any()
}

fn problem(error: CallerIdError) -> &'static str {
    match error {
        CallerIdError::Invalid => text::caller_ids_invalid(),
        CallerIdError::Known => text::caller_ids_known(),
        CallerIdError::Full => text::caller_ids_full(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_has_words_of_its_own() {
        let problems = [CallerIdError::Invalid, CallerIdError::Known, CallerIdError::Full];
        let [a, b, c] = problems.map(problem);
        assert!(a != b && b != c && a != c);
    }
}
