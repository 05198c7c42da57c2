//! Somebody calls.

use crate::action::{Kind, action};
use crate::caller::{Party, caller};
use crate::icons::Icon;
use crate::screen::call_of;
use crate::text;
use crate::ui::Ui;
use leptos::prelude::*;
use ringlet_phone::{CallId, Intent};

/// Lies over whatever screen there is, which stays as it was.
///
/// A call must not be taken or refused by a hand that was on its way to something else: the focus
/// goes to the dialog and not to a button, the buttons take no press for the first moment (the
/// sheet's `guarded`), Enter counts only after one (`shortcut`), and Esc does nothing.
pub(crate) fn incoming(ui: Ui, id: CallId) -> AnyView {
    let party = Party::memo(ui, move |view| call_of(view, id).map(Party::of_call));
    view! {
        <div
            class="screen incoming"
            role="dialog"
            tabindex="-1"
            data-focus=""
            aria-labelledby="incoming-title incoming-party"
        >
            <div class="talk">
                <h2 class="talk-title" id="incoming-title">{text::incoming_title()}</h2>
                {caller("incoming-party", party, Signal::stored(true))}
            </div>
            <div class="foot actions guarded">
                {action(
                    Kind::Bad,
                    Icon::Hangup,
                    text::incoming_decline(),
                    text::incoming_decline(),
                    Box::new(move || ui.want(Intent::Reject(id))),
                )}
                {action(
                    Kind::Good,
                    Icon::Call,
                    text::incoming_answer(),
                    text::incoming_answer_hint(),
                    Box::new(move || ui.want(Intent::Answer(id))),
                )}
            </div>
        </div>
    }
    .into_any()
}
