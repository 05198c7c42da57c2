//! Who is at the other end.

use super::icons::{Icon, icon};
use crate::reactive::Derived;
use crate::words::{Text, text};
use leptos::prelude::*;
use ringlet_phone::{CallView, Ended, HistoryEntry, TransferRequest};

/// The far end, in the words it is shown in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Party {
    /// Two letters for the mark; empty where there is no name to take them from.
    pub(crate) initials: String,
    /// The name, or the number where there is none.
    pub(crate) title: String,
    /// The number beside a name, or what is to be said in its place.
    pub(crate) detail: String,
    /// The title is a number: it runs left to right in every language.
    pub(crate) titled_by_number: bool,
}

impl Party {
    pub(crate) fn of_call(call: &CallView) -> Self {
        Self::new(call.name.as_deref(), &call.number)
    }

    pub(crate) fn of_ended(ended: &Ended) -> Self {
        Self::new(ended.name.as_deref(), &ended.number)
    }

    pub(crate) fn of_history(entry: &HistoryEntry) -> Self {
        Self::new(entry.name.as_deref(), &entry.number)
    }

    pub(crate) fn of_target(request: &TransferRequest) -> Self {
        Self::new(request.name.as_deref(), &request.number)
    }

    fn new(name: Option<&str>, number: &str) -> Self {
        let name = name.map(str::trim).filter(|name| !name.is_empty() && *name != number);
        let (title, detail) = match (name, number) {
            (Some(name), number) => (name, number),
            (None, "") => (text::call_unknown(), text::call_withheld()),
            (None, number) => (number, ""),
        };
        Self {
            initials: name.map(initials).unwrap_or_default(),
            title: title.to_owned(),
            detail: detail.to_owned(),
            titled_by_number: name.is_none() && !number.is_empty(),
        }
    }
}

/// The far end: a mark, the name, the number. `id` names the element that holds the name.
#[component]
pub(crate) fn Caller(
    id: &'static str,
    party: Derived<Party>,
    /// The mark pulses: somebody's phone rings.
    alerting: Derived<bool>,
) -> impl IntoView {
    let [marked, styled, directed, titled, detailed] = std::array::from_fn(|_| party.clone());
    let mark = move || {
        let initials = marked().initials;
        if initials.is_empty() { icon(Icon::Person) } else { initials.into_any() }
    };
    view! {
        <div class="caller">
            <div
                class="caller-mark"
                data-alerting=move || alerting().then_some("")
                aria-hidden="true"
            >
                {mark}
            </div>
            <p
                id=id
                class=move || title_class(&styled())
                dir=move || title_direction(&directed())
            >
                {move || Text::from(titled().title)}
            </p>
            <p class="caller-detail" dir="auto">
                {move || Text::from(detailed().detail)}
            </p>
        </div>
    }
    .into_any()
}

fn title_class(party: &Party) -> &'static str {
    if party.title.chars().count() > 32 { "caller-title caller-long" } else { "caller-title" }
}

fn title_direction(party: &Party) -> &'static str {
    if party.titled_by_number { "ltr" } else { "auto" }
}

/// The first letters of the first and the last word; of a script without capitals only the first,
/// since two of its letters would read as a word. The sheet makes them capitals: Rust's own tables
/// of letters are thousands of bytes of wasm.
fn initials(name: &str) -> String {
    let mut letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().next().filter(|first| !first.is_ascii_punctuation()));
    let first = letters.next();
    let last = letters.next_back().filter(|last| *last < FIRST_WITHOUT_CAPITALS);
    first.into_iter().chain(last).collect()
}

/// Latin, Greek, Cyrillic and Armenian come before it in Unicode; from Hebrew on hardly a script
/// has capitals.
const FIRST_WITHOUT_CAPITALS: char = '\u{590}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_before_the_number() {
        let party = Party::new(Some("Ada Lovelace"), "600");
        assert_eq!((party.title.as_str(), party.detail.as_str()), ("Ada Lovelace", "600"));
        assert!(!party.titled_by_number);
    }

    #[test]
    fn a_name_that_only_repeats_the_number_is_left_out() {
        let party = Party::new(Some("600"), "600");
        assert_eq!((party.title.as_str(), party.detail.as_str()), ("600", ""));
        assert!(party.titled_by_number);
    }

    #[test]
    fn a_withheld_number_is_said_to_be_withheld() {
        let party = Party::new(Some(" "), "");
        assert_eq!(party.title, text::call_unknown());
        assert_eq!(party.detail, text::call_withheld());
    }

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        assert_eq!(initials("Ada King (Countess) Lovelace"), "AL");
        assert_eq!(initials("Support (24/7)"), "S");
        assert_eq!(initials("ليلى حداد"), "ل");
        assert_eq!(initials("+ -"), "");
    }
}
