//! The way from the keypad back to the call that it was opened in.

use crate::input::shortcut;
use crate::parts::caller::Party;
use crate::reactive::{follow, handler, keyed};
use crate::ui::{Tool, Ui};
use crate::words::{Text, text};
use leptos::prelude::*;
use ringlet_phone::CallId;

pub(super) fn back(ui: Ui) -> AnyView {
    let behind = move || ui.call_behind_keypad();
    shortcut::on_escape(ui, move || ui.open_tool(Tool::None));
    // Another call has come in front: it is the one that was dialled here, or one that was taken.
    let first = untrack(behind);
    follow(move || {
        if behind() != first {
            ui.open_tool(Tool::None);
        }
    });
    keyed(behind, move |id| id.and_then(|id| bar(ui, id)).into_any())
}

fn bar(ui: Ui, id: CallId) -> Option<AnyView> {
    let call = ui.call(id)?;
    let words = move || Text::from(text::keypad_back(&call.with(Party::of_call).title));
    let bar = view! {
        <button
            type="button"
            class="button back-to-call"
            on:click=handler(move |_| ui.open_tool(Tool::None))
        >
            {words}
        </button>
    };
    Some(bar.into_any())
}
