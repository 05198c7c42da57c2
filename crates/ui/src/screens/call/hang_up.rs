//! Ends the call, or the attempt.

use super::is_answered;
use crate::parts::action::{Kind, class};
use crate::parts::icons::{Icon, icon};
use crate::reactive::handler;
use crate::ui::{Call, Ui};
use crate::words::{Text, text};
use leptos::prelude::*;
use ringlet_phone::Intent;

pub(super) fn hang_up(ui: Ui, call: Call) -> AnyView {
    let label = move || {
        let is_answered = call.with(is_answered);
        Text::from(if is_answered { text::call_hangup() } else { text::call_cancel() })
    };
    let press = move |_| ui.want(Intent::Hangup(call.id()));
    view! {
        <button type="button" class=class(Kind::Bad) on:click=handler(press)>
            <span class="action-face">{icon(Icon::Hangup)}</span>
            <span class="action-label">{label}</span>
        </button>
    }
    .into_any()
}
