//! Whom to put the far end through to: a number, one of the last numbers, or another call.

use super::is_answered;
use crate::input::{focus, shortcut};
use crate::parts::caller::Party;
use crate::reactive::handler;
use crate::ui::{Call, Tool, Ui};
use crate::words::{Text, isolated, text};
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use ringlet_contract::MAX_NUMBER_CHARS;
use ringlet_phone::{CallId, CallView, HistoryEntry, Intent};

/// How many of the last numbers are on offer.
const RECENT: usize = 3;

pub(super) fn transfer_form(ui: Ui, call: Call) -> AnyView {
    let field = NodeRef::<Input>::new();
    shortcut::on_escape(ui, move || close(ui));
    request_animation_frame(move || {
        if let Some(field) = field.get_untracked() {
            focus::focus(&field);
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let target = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        if !target.trim().is_empty() {
            transfer(ui, call, target);
        }
    };
    let others = ui.calls.with_untracked(|calls| others(calls, call.id()));
    let own = call.with_untracked(|call| call.number.clone());
    let recent = ui.history.with_untracked(|history| recent(&history.entries, &own));
    view! {
        <form class="tool" on:submit=handler(submit)>
            <label class="field-label" for="transfer-target">
                {text::transfer_form_title()}
            </label>
            <div class="field-box">
                <input
                    class="field-input"
                    id="transfer-target"
                    type="tel"
                    autocomplete="off"
                    dir="ltr"
                    maxlength=MAX_NUMBER_CHARS.to_string()
                    placeholder=text::transfer_form_target()
                    node_ref=field
                />
                <button class="field-button">{text::transfer_form_submit()}</button>
            </div>
            <div class="choices" role="group" aria-label=text::transfer_form_recent()>
                {others
                    .into_iter()
                    .map(|(other, title)| {
                        let press = move || {
                            ui.want(Intent::TransferTo(call.id(), other));
                            close(ui);
                        };
                        choice(text::transfer_form_connect(&isolated(&title)).into(), press)
                    })
                    .collect::<Vec<_>>()}
                {recent
                    .into_iter()
                    .map(|number| {
                        let label = isolated(&number).into();
                        choice(label, move || transfer(ui, call, number.clone()))
                    })
                    .collect::<Vec<_>>()}
            </div>
        </form>
    }
    .into_any()
}

fn choice(label: Text, press: impl Fn() + 'static) -> AnyView {
    view! {
        <button type="button" class="choice-button" on:click=handler(move |_| press())>
            {label}
        </button>
    }
    .into_any()
}

fn transfer(ui: Ui, call: Call, target: String) {
    ui.want(Intent::Transfer(call.id(), target));
    close(ui);
}

fn close(ui: Ui) {
    ui.open_tool(Tool::None);
    // The control that had the focus is about to go.
    focus::to_screen();
}

/// The other calls that the far end can be connected with.
fn others(calls: &[CallView], shown: CallId) -> Vec<(CallId, String)> {
    let answered = calls.iter().filter(|call| call.id != shown && is_answered(call));
    answered.map(|call| (call.id, Party::of_call(call).title)).collect()
}

/// The last numbers, each once, without the one that is talked to.
fn recent(entries: &[HistoryEntry], own: &str) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    for HistoryEntry { number, .. } in entries {
        let is_new = !number.is_empty() && number != own && !numbers.contains(number);
        if is_new && numbers.len() < RECENT {
            numbers.push(number.clone());
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::recents::tests::entry;
    use crate::screens::screen::tests::call;
    use ringlet_phone::CallPhase;

    #[test]
    fn only_answered_calls_can_be_connected_with() {
        let active = CallPhase::Active { elapsed: Default::default(), media: true };
        let calls = [call(1, active), call(2, active), call(3, CallPhase::Ringing)];
        assert_eq!(others(&calls, CallId(2)), [(CallId(1), "600".to_owned())]);
    }

    #[test]
    fn the_last_numbers_are_on_offer_once_each_without_the_far_ends_own() {
        let entries = ["601", "600", "601", "", "602", "603", "604"].map(entry);
        assert_eq!(recent(&entries, "600"), ["601", "602", "603"]);
    }
}
