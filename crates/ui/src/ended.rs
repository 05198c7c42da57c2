//! A call that is over.

use crate::action::{Kind, action};
use crate::caller::{Party, caller};
use crate::dom::{El, el, screen};
use crate::icons::Icon;
use crate::ui::Ui;
use crate::{cause, duration, text};
use ringlet_contract::event::{Direction, EndCause};
use ringlet_phone::{Ended, Intent, ViewModel};

/// Who it was, why it ended, how long it lasted.
pub(crate) fn ended(ui: Ui) -> El {
    let find = |view: &ViewModel| view.ended.as_ref().map(Party::of_ended);
    let title = el("h2", "")
        .set("id", "ended-cause")
        .live(ui, "class", |view| Some(title_class(cause_of(view)).into()))
        .live_text(ui, |view| cause::words(cause_of(view)).0.into());
    let talk = el("div", "talk")
        .with(caller(ui, "ended-party", find, |_| false))
        .with(title)
        .with(el("p", "talk-state").live_text(ui, |view| cause::words(cause_of(view)).1.into()))
        .with(
            el("p", "talk-state")
                .live_text(ui, |view| view.ended.as_ref().map(lasted).unwrap_or_default().into()),
        );
    let close = action(
        Kind::Plain,
        Icon::Close,
        text::ended_close(),
        text::ended_close_hint(),
        Box::new(move || ui.want(Intent::DismissEnded)),
    );
    let actions = el("div", "foot actions guarded").swap(ui, redial_label, move |label| {
        label.map(|label| {
            let redial = Box::new(move || ui.want(Intent::Redial));
            action(Kind::Good, Icon::Call, label, label, redial)
        })
    });
    screen("section", "ended")
        .takes_focus()
        .set("aria-labelledby", "ended-cause")
        .with(talk)
        .with(actions.with(close))
}

fn cause_of(view: &ViewModel) -> EndCause {
    view.ended.as_ref().map_or(EndCause::Failed, |ended| ended.cause)
}

fn title_class(cause: EndCause) -> &'static str {
    if cause::is_failure(cause) { "ended-cause ended-failure" } else { "ended-cause" }
}

/// Nothing for a call that never was one.
fn lasted(ended: &Ended) -> String {
    if ended.duration.is_zero() {
        String::new()
    } else {
        text::ended_lasted(&duration::digits(ended.duration))
    }
}

/// What calling them is called, where it can be done.
fn redial_label(view: &ViewModel) -> Option<&'static str> {
    let ended = view.ended.as_ref().filter(|ended| view.can_call && !ended.number.is_empty())?;
    Some(match ended.direction {
        Direction::Inbound => text::ended_back(),
        Direction::Outbound => text::ended_again(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::tests::{ended, registered};
    use std::time::Duration;

    #[test]
    fn a_caller_is_called_back_and_a_callee_again() {
        let after =
            |direction| ViewModel { ended: Some(Ended { direction, ..ended() }), ..registered() };
        assert_eq!(redial_label(&after(Direction::Inbound)), Some(text::ended_back()));
        assert_eq!(redial_label(&after(Direction::Outbound)), Some(text::ended_again()));
    }

    #[test]
    fn who_withheld_the_number_cannot_be_called_back() {
        let ended = Ended { number: String::new(), ..ended() };
        assert_eq!(redial_label(&ViewModel { ended: Some(ended), ..registered() }), None);
    }

    #[test]
    fn only_an_answered_call_lasted() {
        assert_eq!(lasted(&ended()), "");
        let answered = Ended { duration: Duration::from_secs(65), ..ended() };
        assert!(lasted(&answered).contains("1:05"));
    }
}
