//! Somebody calls.

use crate::action::{Kind, action};
use crate::caller::{Party, caller};
use crate::dom::{El, el, screen, text as words};
use crate::icons::Icon;
use crate::screen::{call_of, incoming as incoming_call};
use crate::text;
use crate::ui::Ui;
use ringlet_phone::{CallId, Intent};

/// Lies over whatever screen there is, which stays as it was.
///
/// A call must not be taken or refused by a hand that was on its way to something else: the focus
/// goes to the dialog and not to a button, the buttons take no press for the first moment (the
/// sheet's `guarded`), Enter counts only after one (`shortcut`), and Esc does nothing.
pub(crate) fn incoming(ui: Ui, id: CallId) -> El {
    let find = |view: &_| incoming_call(view).and_then(|id| call_of(view, id)).map(Party::of_call);
    let talk = el("div", "talk")
        .with(words("h2", "talk-title", text::incoming_title()).set("id", "incoming-title"))
        .with(caller(ui, "incoming-party", find, |_| true));
    let decline = action(
        Kind::Bad,
        Icon::Hangup,
        text::incoming_decline(),
        text::incoming_decline(),
        Box::new(move || ui.want(Intent::Reject(id))),
    );
    let answer = action(
        Kind::Good,
        Icon::Call,
        text::incoming_answer(),
        text::incoming_answer_hint(),
        Box::new(move || ui.want(Intent::Answer(id))),
    );
    screen("div", "incoming")
        .takes_focus()
        .set("role", "dialog")
        .set("aria-labelledby", "incoming-title incoming-party")
        .with(talk)
        .with(el("div", "foot actions guarded").with(decline).with(answer))
}
