//! Another call beside this one: the keypad, which holds this call once the other is placed.

use super::is_answered;
use crate::parts::icons::{Icon, icon};
use crate::reactive::handler;
use crate::ui::{Call, Tool, Ui};
use crate::words::text;
use leptos::prelude::*;
use ringlet_phone::{Intent, Page};

pub(super) fn add(ui: Ui, call: Call) -> AnyView {
    let may = move || call.with(is_answered) && ui.keypad.with(|keypad| keypad.can_call);
    view! {
        <button
            type="button"
            class="action"
            title=text::call_add_hint()
            hidden=move || !may()
            on:click=handler(move |_| {
                ui.want(Intent::ShowPage(Page::Keypad));
                ui.open_tool(Tool::NewCall);
            })
        >
            <span class="action-face">{icon(Icon::Add)}</span>
            <span class="action-label">{text::call_add()}</span>
        </button>
    }
    .into_any()
}
