//! The top of a screen that a person has gone to: the way back, the title, what is done with it all.

use super::icons::{Icon, icon};
use crate::reactive::handler;
use crate::ui::{Tool, Ui};
use crate::words::text;
use leptos::prelude::*;
use ringlet_phone::{Intent, Page};

/// `id` is that of the title; `actions` are icon buttons.
pub(crate) fn page_bar(ui: Ui, id: &'static str, title: &'static str, actions: AnyView) -> AnyView {
    view! {
        <div class="page-bar">
            <button
                type="button"
                class="icon-button page-back"
                aria-label=text::page_back()
                title=text::page_back_hint()
                on:click=handler(move |_| close(ui))
            >
                {icon(Icon::Back)}
            </button>
            <h2 class="page-title" id=id>
                {title}
            </h2>
            {actions}
        </div>
    }
    .into_any()
}

/// Goes back to where the page was opened: the keypad, or a call.
pub(crate) fn close(ui: Ui) {
    if untrack(|| ui.tool()) == Tool::Page {
        ui.open_tool(Tool::None);
    }
    ui.want(Intent::ShowPage(Page::Keypad));
}
