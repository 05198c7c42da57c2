//! The calls of the past.

mod csv;
mod dates;
mod download;
mod row;
mod search;

use crate::input::{focus, shortcut};
use crate::parts::icons::{Icon, icon};
use crate::parts::page_bar::{close, page_bar};
use crate::reactive::{handler, keyed};
use crate::ui::Ui;
use crate::words::text;
use dates::Dates;
use leptos::ev::Event;
use leptos::html;
use leptos::prelude::*;
use ringlet_phone::{HistoryEntry, Intent};

/// Shows the calls by day, calls them again, deletes them, hands them out as a file.
pub(crate) fn recents(ui: Ui) -> AnyView {
    let list = List {
        ui,
        query: RwSignal::new(String::new()),
        dates: StoredValue::new_local(Dates::new()),
    };
    let asks = RwSignal::new(false);
    shortcut::on_escape(ui, move || {
        if asks.get_untracked() {
            asks.set(false);
            focus::to_screen();
        } else if list.query.with_untracked(String::is_empty) {
            close(ui);
        } else {
            list.query.set(String::new());
        }
    });
    focus::to_screen();
    view! {
        <section class="screen page recents" tabindex="-1" data-focus="" aria-labelledby="recents-title">
            {page_bar(ui, "recents-title", text::recents_title(), actions(list, asks))}
            <p class="recents-note" hidden=move || !ui.history.with(|history| history.not_kept)>
                {text::recents_not_kept()}
            </p>
            <div class="field-box recents-search" hidden=move || is_empty(ui)>
                <input
                    class="field-input"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    aria-label=text::recents_search()
                    placeholder=text::recents_search()
                    prop:value=move || list.query.get()
                    on:input=handler(move |event: Event| list.query.set(event_target_value(&event)))
                />
            </div>
            <div class="recents-list">
                <For each=move || list.items() key=Item::key let:item>
                    {item.view(list)}
                </For>
                <p class="recents-empty" role="status">{move || list.nothing()}</p>
            </div>
            {keyed(move || asks.get(), move |asked| if asked { question(ui, asks) } else { ().into_any() })}
        </section>
    }
    .into_any()
}

/// What the parts of the screen share.
#[derive(Clone, Copy)]
struct List {
    ui: Ui,
    query: RwSignal<String>,
    dates: StoredValue<Dates, LocalStorage>,
}

/// One line of the list.
enum Item {
    /// The day of the calls below.
    Day(i64, String),
    Call(HistoryEntry),
}

impl List {
    fn items(self) -> Vec<Item> {
        let query = self.query.with(|query| search::Query::new(query));
        let mut items = Vec::new();
        let mut last = None;
        self.ui.history.with(|history| {
            self.dates.with_value(|dates| {
                for entry in history.entries.iter().filter(|entry| query.finds(entry)) {
                    let day = dates.day(entry.began_ms);
                    if last.replace(day) != Some(day) {
                        items.push(Item::Day(day, dates.name_of_day(entry.began_ms)));
                    }
                    items.push(Item::Call(entry.clone()));
                }
            });
        });
        items
    }

    /// Why the list is empty, if it is.
    fn nothing(self) -> &'static str {
        let query = self.query.with(|query| search::Query::new(query));
        if is_empty(self.ui) {
            text::recents_empty()
        } else if self.ui.history.with(|history| !history.entries.iter().any(|e| query.finds(e))) {
            text::recents_nothing_found()
        } else {
            ""
        }
    }
}

impl Item {
    fn key(&self) -> String {
        match self {
            Self::Day(day, _) => day.to_string(),
            Self::Call(entry) => entry.id.clone(),
        }
    }

    fn view(self, list: List) -> AnyView {
        match self {
            Self::Day(_, name) => view! { <h3 class="recents-day">{name}</h3> }.into_any(),
            Self::Call(entry) => row::row(list, entry),
        }
    }
}

/// What is done with the whole list.
fn actions(list: List, asks: RwSignal<bool>) -> AnyView {
    let ui = list.ui;
    let export = move || {
        list.dates.with_value(|dates| {
            let csv = ui.history.with_untracked(|history| csv::csv(&history.entries, dates));
            download::download(&dates.file_name(), "text/csv", &csv);
        });
    };
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=text::recents_export()
            title=text::recents_export()
            hidden=move || is_empty(ui)
            on:click=handler(move |_| export())
        >
            {icon(Icon::Save)}
        </button>
        <button
            type="button"
            class="icon-button"
            aria-label=text::recents_delete_all()
            title=text::recents_delete_all()
            hidden=move || is_empty(ui)
            on:click=handler(move |_| asks.set(true))
        >
            {icon(Icon::Delete)}
        </button>
    }
    .into_any()
}

/// Whether all of them shall really go.
fn question(ui: Ui, asks: RwSignal<bool>) -> AnyView {
    let no = NodeRef::<html::Button>::new();
    request_animation_frame(move || {
        if let Some(no) = no.get_untracked() {
            focus::focus(&no);
        }
    });
    let done = move || {
        asks.set(false);
        focus::to_screen();
    };
    view! {
        <div
            class="foot buttons recents-question guarded"
            role="alertdialog"
            aria-labelledby="recents-question"
        >
            <p id="recents-question">{text::recents_question()}</p>
            <button
                type="button"
                class="button recents-yes"
                on:click=handler(move |_| {
                    ui.want(Intent::DeleteHistory);
                    done();
                })
            >
                {text::recents_delete_all()}
            </button>
            <button type="button" class="button" node_ref=no on:click=handler(move |_| done())>
                {text::recents_keep()}
            </button>
        </div>
    }
    .into_any()
}

fn is_empty(ui: Ui) -> bool {
    ui.history.with(|history| history.entries.is_empty())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use ringlet_contract::event::{Direction, EndCause};

    /// An outgoing call that was not answered.
    pub(crate) fn entry(number: &str) -> HistoryEntry {
        HistoryEntry {
            id: "7".to_owned(),
            direction: Direction::Outbound,
            cause: EndCause::RemoteHangup,
            began_ms: 7,
            duration: None,
            number: number.to_owned(),
            name: None,
            uri: None,
            caller_id: None,
            mos_hundredths: None,
        }
    }
}
