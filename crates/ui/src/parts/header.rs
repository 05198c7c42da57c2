//! Whose phone it is, whether it works, and the two buttons that are always there.

use super::icons::{Icon, icon, mark};
use super::menu;
use crate::reactive::handler;
use crate::ui::Ui;
use crate::words::{Text, text};
use leptos::prelude::*;
use ringlet_phone::{Intent, LineStatus, LineView, SettingsView};

/// The strip at the top.
pub(crate) fn header(ui: Ui) -> AnyView {
    let user = move || {
        ui.line.with(|line| {
            Text::from(user_part(line.account.as_deref().unwrap_or_default()).to_owned())
        })
    };
    let shown = move || match ui.line.with(state) {
        (GOOD, _) if ui.diversion.with(|view| view.do_not_disturb) => {
            (BAD, text::status_do_not_disturb())
        }
        shown => shown,
    };
    view! {
        <header class="header">
            <div class="header-mark">{mark()}</div>
            <div class="header-text">
                <h1 class="header-name" dir="auto" title=move || ui.settings.with(name)>
                    {move || ui.settings.with(name)}
                </h1>
                <p class="header-status">
                    <span class=move || shown().0 aria-hidden="true"></span>
                    <span class="header-state">{move || Text::from(shown().1)}</span>
                    <bdi class="header-user">{user}</bdi>
                </p>
            </div>
            {menu::menu(ui)}
            <button
                type="button"
                class="icon-button"
                aria-label=text::header_close()
                title=text::header_close()
                hidden=move || ui.settings.with(|settings| !settings.can_close)
                on:click=handler(move |_| ui.want(Intent::Close))
            >
                {icon(Icon::Close)}
            </button>
        </header>
    }
    .into_any()
}

fn name(settings: &SettingsView) -> Text {
    let name = &settings.brand_name;
    if name.is_empty() { text::app_name().into() } else { name.clone().into() }
}

const GOOD: &str = "dot dot-good";
const BUSY: &str = "dot dot-busy";
const BAD: &str = "dot dot-bad";

/// The classes of the dot, and what the dot means.
fn state(line: &LineView) -> (&'static str, &'static str) {
    match line.status {
        LineStatus::Starting => (BUSY, text::status_starting()),
        _ if !line.online => (BAD, text::status_offline()),
        LineStatus::SignedOut => ("dot", text::status_signed_out()),
        LineStatus::Connecting => (BUSY, text::status_connecting()),
        LineStatus::Registered => (GOOD, text::status_ready()),
        LineStatus::Reconnecting { .. } => (BUSY, text::status_reconnecting()),
        LineStatus::Refused { .. } => (BAD, text::status_refused()),
    }
}

/// `agent1` of `agent1@example.org`.
fn user_part(account: &str) -> &str {
    account.split_once('@').map_or(account, |(user, _)| user)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::screen::tests::registered;

    #[test]
    fn without_a_network_no_line_is_ready() {
        let line = registered().line;
        assert_eq!(state(&line).1, text::status_ready());
        assert_eq!(state(&LineView { online: false, ..line }).1, text::status_offline());
    }

    #[test]
    fn the_user_is_the_part_before_the_at_sign() {
        assert_eq!(user_part("agent1@example.org"), "agent1");
        assert_eq!(user_part("agent1"), "agent1");
    }
}
