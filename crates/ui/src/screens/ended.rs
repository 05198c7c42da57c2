//! A call that is over.

use crate::input::{focus, shortcut};
use crate::parts::action::{Action, Kind};
use crate::parts::caller::{Caller, Party};
use crate::parts::icons::Icon;
use crate::reactive::keyed;
use crate::slices::SliceSignal;
use crate::ui::Ui;
use crate::words::{cause, duration, text};
use leptos::prelude::*;
use ringlet_contract::event::{Direction, EndCause};
use ringlet_phone::{Ended, Intent};
use std::sync::Arc;

/// Who it was, why it ended, how long it lasted.
pub(crate) fn ended(ui: Ui) -> AnyView {
    let Some(first) = ui.ended.with_untracked(Option::clone) else { return ().into_any() };
    let ended = Shown { ended: ui.ended, first: StoredValue::new(first) };
    let cause = move || ended.with(|ended| ended.cause);
    let label = move || {
        let can_call = ui.keypad.with(|keypad| keypad.can_call);
        ended.with(|ended| redial_label(ended, can_call))
    };
    shortcut::on_escape(ui, move || ui.want(Intent::DismissEnded));
    focus::to_screen();
    view! {
        <section class="screen ended" tabindex="-1" data-focus="" aria-labelledby="ended-cause">
            <div class="talk">
                <Caller
                    id="ended-party"
                    party=Arc::new(move || ended.with(Party::of_ended))
                    alerting=Arc::new(|| false)
                />
                <h2 id="ended-cause" class=move || title_class(cause())>
                    {move || cause::words(cause()).0}
                </h2>
                <p class="talk-state">{move || cause::words(cause()).1}</p>
                <p class="talk-state">{move || ended.with(lasted)}</p>
            </div>
            <div class="foot actions guarded">
                {keyed(label, move |label| label.map(|label| redial(ui, label)).into_any())}
                <Action
                    kind=Kind::Plain
                    icon=Icon::Close
                    label=text::ended_close()
                    hint=text::ended_close_hint()
                    press=move || ui.want(Intent::DismissEnded)
                />
            </div>
        </section>
    }
    .into_any()
}

/// The call as this screen reads it; see [`crate::ui::Call`].
#[derive(Clone, Copy)]
struct Shown {
    ended: SliceSignal<Option<Ended>>,
    first: StoredValue<Ended>,
}

impl Shown {
    fn with<T>(self, read: impl FnOnce(&Ended) -> T) -> T {
        self.ended.with(|ended| match ended {
            Some(ended) => read(ended),
            None => self.first.with_value(read),
        })
    }
}

fn redial(ui: Ui, label: &'static str) -> AnyView {
    let press = move || ui.want(Intent::Redial);
    view! { <Action kind=Kind::Good icon=Icon::Call label hint=label press /> }.into_any()
}

fn title_class(cause: EndCause) -> &'static str {
    if cause::is_failure(cause) { "ended-cause ended-failure" } else { "ended-cause" }
}

/// Empty for a call that was never answered.
fn lasted(ended: &Ended) -> String {
    if ended.duration.is_zero() {
        String::new()
    } else {
        text::ended_lasted(&duration::digits(ended.duration))
    }
}

/// What calling them again is called, where it can be done.
fn redial_label(ended: &Ended, can_call: bool) -> Option<&'static str> {
    if !can_call || ended.number.is_empty() {
        return None;
    }
    Some(match ended.direction {
        Direction::Inbound => text::ended_back(),
        Direction::Outbound => text::ended_again(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::screen::tests::ended;
    use std::time::Duration;

    #[test]
    fn a_caller_is_called_back_and_a_callee_again() {
        let label = |direction| redial_label(&Ended { direction, ..ended() }, true);
        assert_eq!(label(Direction::Inbound), Some(text::ended_back()));
        assert_eq!(label(Direction::Outbound), Some(text::ended_again()));
    }

    #[test]
    fn who_withheld_the_number_cannot_be_called_back() {
        assert_eq!(redial_label(&Ended { number: String::new(), ..ended() }, true), None);
    }

    #[test]
    fn nobody_is_called_again_while_no_call_can_be_placed() {
        assert_eq!(redial_label(&ended(), false), None);
    }

    #[test]
    fn only_an_answered_call_lasted() {
        assert_eq!(lasted(&ended()), "");
        let answered = Ended { duration: Duration::from_secs(65), ..ended() };
        assert!(lasted(&answered).contains("1:05"));
    }
}
