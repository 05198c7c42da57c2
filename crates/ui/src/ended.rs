//! A call that is over.

use crate::action::{Kind, action};
use crate::caller::{Party, caller};
use crate::icons::Icon;
use crate::ui::Ui;
use crate::{cause, duration, text};
use leptos::prelude::*;
use ringlet_contract::event::{Direction, EndCause};
use ringlet_phone::Intent;

/// Who it was, why it ended, how long it lasted.
pub(crate) fn ended(ui: Ui) -> AnyView {
    let party = Party::memo(ui, |view| view.ended.as_ref().map(Party::of_ended));
    let cause = ui.memo(|view| view.ended.as_ref().map_or(EndCause::Failed, |ended| ended.cause));
    let lasted = move || {
        ui.read(|view| {
            let duration = view.ended.as_ref().map(|ended| ended.duration);
            duration
                .filter(|duration| !duration.is_zero())
                .map(|duration| text::ended_lasted(&duration::digits(duration)))
        })
    };
    let can_redial = ui.memo(|view| {
        view.can_call && view.ended.as_ref().is_some_and(|ended| !ended.number.is_empty())
    });
    let called_us = ui.memo(|view| {
        view.ended.as_ref().is_some_and(|ended| ended.direction == Direction::Inbound)
    });
    let redial = move || {
        can_redial.get().then(|| {
            let label = if called_us.get() { text::ended_back() } else { text::ended_again() };
            action(Kind::Good, Icon::Call, label, label, Box::new(move || ui.want(Intent::Redial)))
        })
    };
    view! {
        <section class="screen ended" tabindex="-1" data-focus="" aria-labelledby="ended-cause">
            <div class="talk">
                {caller("ended-party", party, Signal::stored(false))}
                <h2
                    class="ended-cause"
                    class:ended-failure=move || cause::is_failure(cause.get())
                    id="ended-cause"
                >
                    {move || cause::words(cause.get()).0}
                </h2>
                <p class="talk-state">{move || cause::words(cause.get()).1}</p>
                <p class="talk-state">{lasted}</p>
            </div>
            <div class="foot actions guarded">
                {redial}
                {action(
                    Kind::Plain,
                    Icon::Close,
                    text::ended_close(),
                    text::ended_close_hint(),
                    Box::new(move || ui.want(Intent::DismissEnded)),
                )}
            </div>
        </section>
    }
    .into_any()
}
