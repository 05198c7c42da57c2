//! Somebody calls.

use crate::input::shortcut;
use crate::parts::action::{Action, Kind};
use crate::parts::caller::{Caller, Party};
use crate::parts::icons::Icon;
use crate::reactive::keyed;
use crate::ui::Ui;
use crate::words::text;
use leptos::prelude::*;
use ringlet_phone::{CallId, CallPhase, CallView, Intent};
use std::sync::Arc;
use web_sys::KeyboardEvent;

/// For this long after a call came in, Enter is still meant for what was there before it.
const SETTLE_MS: f64 = 700.0;

/// Lies over whatever screen there is, which stays as it was.
///
/// A call must not be taken or refused by a hand that was on its way to something else: the focus
/// goes to the dialog and not to a button, the buttons take no press for the first moment (the
/// style sheet's `guarded`), Enter counts only after one, and Esc does nothing.
pub(crate) fn incoming(ui: Ui, id: CallId) -> AnyView {
    let Some(call) = ui.call(id) else { return ().into_any() };
    let party = Arc::new(move || call.with(Party::of_call));
    answer_on_enter(ui, id);
    view! {
        <div
            class="screen incoming"
            role="dialog"
            tabindex="-1"
            data-focus=""
            aria-labelledby="incoming-title incoming-party"
        >
            <div class="talk">
                <h2 class="talk-title" id="incoming-title">
                    {text::incoming_title()}
                </h2>
                <Caller id="incoming-party" party alerting=Arc::new(|| true) />
            </div>
            <div class="foot actions guarded">
                <Action
                    kind=Kind::Bad
                    icon=Icon::Hangup
                    label=text::incoming_decline()
                    hint=text::incoming_decline()
                    press=move || ui.want(Intent::Reject(id))
                />
                {keyed(move || ui.calls.with(|calls| is_talking(calls)), move |talks| answers(ui, id, talks))}
            </div>
        </div>
    }
    .into_any()
}

/// The ways to take the call: one, or two for somebody who is talking already.
fn answers(ui: Ui, id: CallId, talks: bool) -> AnyView {
    let (label, hint) = if talks {
        (text::incoming_hold_and_answer(), text::incoming_hold_and_answer_hint())
    } else {
        (text::incoming_answer(), text::incoming_answer_hint())
    };
    let end = talks.then(|| {
        view! {
            <Action
                kind=Kind::Plain
                icon=Icon::Swap
                label=text::incoming_end_and_answer()
                hint=text::incoming_end_and_answer()
                press=move || ui.want(Intent::EndAndAnswer(id))
            />
        }
    });
    view! {
        {end}
        <Action
            kind=Kind::Good
            icon=Icon::Call
            label=label
            hint=hint
            press=move || ui.want(Intent::Answer(id))
        />
    }
    .into_any()
}

fn is_talking(calls: &[CallView]) -> bool {
    calls.iter().any(|call| call.phase != CallPhase::Incoming && !call.held)
}

fn answer_on_enter(ui: Ui, id: CallId) {
    // The clock that events are stamped with.
    let shown_at = window().performance().map_or(0.0, |clock| clock.now());
    let has_settled = move |event: &KeyboardEvent| event.time_stamp() - shown_at > SETTLE_MS;
    shortcut::on_key(move |event| {
        if event.key() == "Enter"
            && !event.repeat()
            && !shortcut::is_over_control(event)
            && has_settled(event)
        {
            ui.want(Intent::Answer(id));
        }
    });
}
