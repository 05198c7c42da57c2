//! Who is on the other side: a mark, a name, a number.

use crate::icons::{Icon, icon};
use crate::text;
use crate::ui::Ui;
use leptos::prelude::*;
use ringlet_phone::{CallView, Ended, ViewModel};

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

    /// Follows a party. A screen outlives its call by a moment: then the last word stays.
    pub(crate) fn memo(
        ui: Ui,
        find: impl Fn(&ViewModel) -> Option<Self> + Send + Sync + 'static,
    ) -> Memo<Self> {
        Memo::new(move |before: Option<&Self>| {
            ui.read(&find).or_else(|| before.cloned()).unwrap_or_else(|| Self::new(None, ""))
        })
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

    /// Who it is, in one breath.
    pub(crate) fn spoken(&self) -> String {
        self.title.clone()
    }
}

/// Shows the far end; `id` names the element that holds its name.
pub(crate) fn caller(id: &'static str, party: Memo<Party>, alerting: Signal<bool>) -> AnyView {
    let has_initials = Memo::new(move |_| party.with(|party| !party.initials.is_empty()));
    view! {
        <div class="caller">
            <div class="caller-mark" class:caller-alerting=move || alerting.get() aria-hidden="true">
                {move || {
                    if has_initials.get() {
                        (move || party.with(|party| party.initials.clone())).into_any()
                    } else {
                        icon(Icon::Person)
                    }
                }}
            </div>
            <p
                class="caller-title"
                class:caller-long=move || party.with(|party| party.title.chars().count() > 32)
                id=id
                dir=move || party.with(|party| if party.titled_by_number { "ltr" } else { "auto" })
            >
                {move || party.with(|party| party.title.clone())}
            </p>
            <p class="caller-detail" dir="auto">{move || party.with(|party| party.detail.clone())}</p>
        </div>
    }
    .into_any()
}

/// The first letters of the first and the last word that begin with a letter or a digit; of a
/// script without capitals only the first, since two of its letters would read as a word.
fn initials(name: &str) -> String {
    let mut letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().next().filter(|first| first.is_alphanumeric()));
    let first = letters.next();
    let last = letters.next_back().filter(|last| last.is_uppercase() || last.is_lowercase());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

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
        assert_eq!(initials("ada king (countess) lovelace"), "AL");
        assert_eq!(initials("Support"), "S");
        assert_eq!(initials("ليلى حداد"), "ل");
        assert_eq!(initials("+ -"), "");
    }
}
