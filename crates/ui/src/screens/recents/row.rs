//! One call in the list.

use super::List;
use crate::input::focus;
use crate::parts::caller::Party;
use crate::parts::icons::{Icon, icon};
use crate::reactive::handler;
use crate::words::{cause, duration, text};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use ringlet_contract::event::Direction;
use ringlet_phone::{HistoryEntry, Intent};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What was heard so badly is worth a word.
const POOR: u16 = 350;

/// A press on it calls; the button beside it deletes it.
pub(super) fn row(list: List, entry: HistoryEntry) -> AnyView {
    let ui = list.ui;
    let party = Party::of_history(&entry);
    let (direction, drawing) = way(&entry);
    let time = list.dates.with_value(|dates| dates.time(entry.began_ms));
    let outcome = outcome(&entry);
    let delete = text::recents_delete(&party.title);
    let can_call = !entry.number.is_empty();
    let HistoryEntry { id, number, .. } = entry.clone();
    view! {
        <div class="recent" data-missed=entry.is_missed().then_some("")>
            <button
                type="button"
                class="recent-call"
                title=number.clone()
                disabled=move || !can_call || !ui.keypad.with(|keypad| keypad.can_call)
                on:click=handler(move |_| ui.want(Intent::Call(number.clone())))
            >
                {icon(drawing)}
                <span class="unseen">{direction}</span>
                <span class="recent-text">
                    <bdi class="recent-party">{party.title}</bdi>
                    <span class="recent-detail">
                        <bdi>{time}</bdi>
                        <span class="recent-outcome">{outcome}</span>
                        <bdi>{party.detail}</bdi>
                    </span>
                </span>
            </button>
            <button
                type="button"
                class="icon-button recent-delete"
                aria-label=delete.clone()
                title=delete
                on:click=handler(move |event: MouseEvent| {
                    focus_neighbour(&event);
                    ui.want(Intent::DeleteFromHistory(id.clone()));
                })
            >
                {icon(Icon::Close)}
            </button>
        </div>
    }
    .into_any()
}

/// Which way it went, in words and as a drawing.
fn way(entry: &HistoryEntry) -> (&'static str, Icon) {
    match entry.direction {
        Direction::Inbound => (text::recents_incoming(), Icon::Incoming),
        Direction::Outbound => (text::recents_outgoing(), Icon::Outgoing),
    }
}

/// How long it lasted, or why it did not come about.
fn outcome(entry: &HistoryEntry) -> String {
    match entry.duration {
        Some(lasted) => match entry.mos_hundredths {
            Some(mos) if mos < POOR => {
                [&duration::digits(lasted), " · ", text::recents_poor()].concat()
            }
            Some(_) | None => duration::digits(lasted),
        },
        None if entry.is_missed() => text::cause_missed().to_owned(),
        None => cause::words(entry.cause).0.to_owned(),
    }
}

/// Before a row goes, the focus moves to the one that takes its place.
fn focus_neighbour(event: &MouseEvent) {
    let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(row) = pressed.and_then(|pressed| pressed.closest(".recent").ok().flatten()) else {
        return;
    };
    let button = |row: Option<Element>| {
        row?.query_selector(".recent-delete").ok()??.dyn_into::<HtmlElement>().ok()
    };
    let next = button(next_row(&row, Element::next_element_sibling));
    match next.or_else(|| button(next_row(&row, Element::previous_element_sibling))) {
        Some(button) => focus::focus(&button),
        None => focus::to_screen(),
    }
}

/// The next row in a direction; headings are passed over.
fn next_row(row: &Element, step: fn(&Element) -> Option<Element>) -> Option<Element> {
    let mut next = step(row);
    while let Some(element) = next {
        if element.class_list().contains("recent") {
            return Some(element);
        }
        next = step(&element);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::recents::tests::entry;
    use ringlet_contract::event::EndCause;
    use std::time::Duration;

    #[test]
    fn a_call_that_was_answered_says_how_long_and_one_that_was_not_says_why() {
        let answered = HistoryEntry { duration: Some(Duration::from_secs(65)), ..entry("600") };
        assert_eq!(outcome(&answered), "1:05");
        let poor = HistoryEntry { mos_hundredths: Some(349), ..answered.clone() };
        assert!(outcome(&poor).ends_with(text::recents_poor()));
        let fair = HistoryEntry { mos_hundredths: Some(350), ..answered };
        assert_eq!(outcome(&fair), "1:05");
        let busy = HistoryEntry { cause: EndCause::Busy, ..entry("600") };
        assert_eq!(outcome(&busy), text::cause_busy());
        let refused = HistoryEntry { direction: Direction::Inbound, ..busy };
        assert_eq!(outcome(&refused), text::cause_missed(), "it was this side that was busy");
    }
}
