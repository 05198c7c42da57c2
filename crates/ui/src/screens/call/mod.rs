//! A call made or taken: from the press on Call to the end.

mod add;
mod hang_up;
mod hold;
mod keys;
mod mute;
mod others;
mod progress;
mod quality;
mod transfer;
mod transfer_form;

pub(crate) use progress::transfer_words;
pub(crate) use transfer::question as transfer_question;

use crate::input::shortcut;
use crate::late::{Late, late};
use crate::parts::caller::{Caller, Party};
use crate::parts::icons::{Icon, icon};
use crate::reactive::{handler, keyed};
use crate::screens::screen::Screen;
use crate::ui::{Call, Tool, Ui};
use crate::words::{Text, text};
use leptos::ev::{ClipboardEvent, KeyboardEvent};
use leptos::prelude::*;
use ringlet_phone::{CallId, CallPhase, CallView};
use std::sync::Arc;

/// What lies above the far end: the quality, a question, the other calls, and the tool that is open.
pub(crate) static ABOVE: Late = late!(calls, above);
/// The buttons that are needed only in some calls.
pub(crate) static TOOLS: Late = late!(calls, tools);

/// One screen for all of a call's phases, so that nothing is rebuilt, and no focus lost, when the
/// far end answers.
pub(crate) fn call(ui: Ui, id: CallId) -> AnyView {
    let Some(call) = ui.call(id) else { return ().into_any() };
    // Whatever it was opened for has happened.
    ui.open_tool(Tool::None);
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
                if !shortcut::is_over(&event, "input") {
                    mute::on_key(ui, call, &event);
                    hold::on_key(ui, call, &event);
                    keys::on_key(ui, call, &event);
                }
            })
            on:paste=handler(move |event: ClipboardEvent| {
                if !shortcut::is_over(&event, "input") {
                    keys::on_paste(ui, call, &event);
                }
            })
        >
            {ABOVE.view(ui)}
            <div class="talk">
                <h2 class="unseen" id="call-title">
                    {title}
                </h2>
                <Caller id="call-party" party alerting />
                {progress::progress(call)}
            </div>
            <div class="foot actions">
                {mute::mute(ui, call)} {TOOLS.view(ui)} {hang_up::hang_up(ui, call)}
            </div>
        </section>
    }
    .into_any()
}

fn above(ui: Ui) -> AnyView {
    let Some(call) = shown(ui) else { return ().into_any() };
    view! {
        {quality::quality(call)}
        {transfer::transfer(ui, call)}
        {others::others(ui, call.id())}
        {keyed(
            move || ui.tool(),
            move |tool| match tool {
                Tool::Keys => keys::keys(ui, call),
                Tool::Transfer => transfer_form::transfer_form(ui, call),
                Tool::None | Tool::NewCall | Tool::Page => ().into_any(),
            },
        )}
    }
    .into_any()
}

fn tools(ui: Ui) -> AnyView {
    let Some(call) = shown(ui) else { return ().into_any() };
    view! {
        {tool(ui, call, Tool::Keys, Icon::Keypad, text::call_keys(), text::call_keys_hint())}
        {hold::hold(ui, call)}
        {tool(
            ui,
            call,
            Tool::Transfer,
            Icon::Transfer,
            text::call_transfer(),
            text::call_transfer_hint(),
        )}
        {add::add(ui, call)}
    }
    .into_any()
}

/// The call that the screen is built for.
fn shown(ui: Ui) -> Option<Call> {
    let Screen::Call(id) = ui.screen() else { return None };
    ui.call(id)
}

/// The button that opens a tool and puts it away.
fn tool(
    ui: Ui,
    call: Call,
    tool: Tool,
    face: Icon,
    label: &'static str,
    hint: &'static str,
) -> AnyView {
    let is_open = move || ui.tool() == tool;
    let toggle = move |_| ui.open_tool(if untrack(is_open) { Tool::None } else { tool });
    view! {
        <button
            type="button"
            class="action"
            title=hint
            hidden=move || !call.with(is_answered)
            aria-pressed=move || if is_open() { "true" } else { "false" }
            on:click=handler(toggle)
        >
            <span class="action-face">{icon(face)}</span>
            <span class="action-label">{label}</span>
        </button>
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
