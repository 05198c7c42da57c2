//! A call made or taken: from the press on Call to the end.

mod add;
mod hang_up;
mod hold;
mod mute;
mod others;
mod progress;
mod transfer;

pub(crate) use transfer::question as transfer_question;

use crate::parts::caller::{Caller, Party};
use crate::reactive::handler;
use crate::ui::Ui;
use crate::words::{Text, text};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use ringlet_phone::{CallId, CallPhase, CallView};
use std::sync::Arc;

/// One screen for all of a call's phases, so that nothing is rebuilt, and no focus lost, when the
/// far end answers.
pub(crate) fn call(ui: Ui, id: CallId) -> AnyView {
    let Some(call) = ui.call(id) else { return ().into_any() };
    // Whatever the keypad was wanted for has happened.
    ui.add_call(false);
    let party = Arc::new(move || call.with(Party::of_call));
    let alerting = Arc::new(move || call.with(|call| call.phase == CallPhase::Ringing));
    let title = move || {
        Text::from(if call.with(is_answered) {
            text::call_title()
        } else {
            text::call_outgoing_title()
        })
    };
    view! {
        <section
            class="screen call"
            tabindex="-1"
            data-focus=""
            aria-labelledby="call-title call-party"
            on:keydown=handler(move |event: KeyboardEvent| {
                mute::on_key(ui, call, &event);
                hold::on_key(ui, call, &event);
            })
        >
            {transfer::transfer(ui, call)} {others::others(ui, id)}
            <div class="talk">
                <h2 class="unseen" id="call-title">
                    {title}
                </h2>
                <Caller id="call-party" party alerting />
                {progress::progress(call)}
            </div>
            <div class="foot actions">
                {mute::mute(ui, call)} {hold::hold(ui, call)} {add::add(ui, call)} {hang_up::hang_up(ui, call)}
            </div>
        </section>
    }
    .into_any()
}

fn is_answered(call: &CallView) -> bool {
    matches!(call.phase, CallPhase::Active { .. })
}

/// This letter alone: with a modifier it belongs to the browser.
fn is_letter(event: &KeyboardEvent, letter: &str) -> bool {
    event.key().eq_ignore_ascii_case(letter)
        && !(event.ctrl_key() || event.alt_key() || event.meta_key() || event.repeat())
}
