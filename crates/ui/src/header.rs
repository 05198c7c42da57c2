//! Whose phone it is, whether it works, and the two buttons that are always there.

use crate::icons::{Icon, icon, mark};
use crate::ui::Ui;
use crate::{menu, text};
use leptos::prelude::*;
use ringlet_phone::{Intent, LineView, ViewModel};

/// The strip at the top.
pub(crate) fn header(ui: Ui) -> AnyView {
    let state = ui.memo(state);
    let can_close = ui.memo(|view| view.can_close);
    let account = ui.memo(|view| view.account.as_deref().map(|user| user_part(user).to_owned()));
    let close = move || {
        can_close.get().then(|| {
            view! {
                <button
                    type="button"
                    class="icon-button"
                    aria-label=text::header_close()
                    title=text::header_close()
                    on:click=move |_| ui.want(Intent::Close)
                >
                    {icon(Icon::Close)}
                </button>
            }
        })
    };
    view! {
        <header class="header">
            <div class="header-mark">{mark()}</div>
            <div class="header-text">
                <h1 class="header-name" dir="auto" title=move || name(ui)>{move || name(ui)}</h1>
                <p class="header-status">
                    <span class=move || state.get().0 aria-hidden="true"></span>
                    <span class="header-state">{move || state.get().1}</span>
                    {move || {
                        account
                            .get()
                            .map(|user| view! { <span class="header-user"><bdi>{user}</bdi></span> })
                    }}
                </p>
            </div>
            {menu::menu(ui)}
            {close}
        </header>
    }
    .into_any()
}

fn name(ui: Ui) -> String {
    ui.read(|view| {
        let name = &view.brand_name;
        if name.is_empty() { text::app_name().to_owned() } else { name.clone() }
    })
}

/// The dot's classes, and what the dot means.
fn state(view: &ViewModel) -> (&'static str, &'static str) {
    const BUSY: &str = "dot dot-busy";
    const BAD: &str = "dot dot-bad";
    match view.line {
        LineView::Starting => (BUSY, text::status_starting()),
        _ if !view.online => (BAD, text::status_offline()),
        LineView::SignedOut => ("dot", text::status_signed_out()),
        LineView::Connecting => (BUSY, text::status_connecting()),
        LineView::Registered => ("dot dot-good", text::status_ready()),
        LineView::Reconnecting { .. } => (BUSY, text::status_reconnecting()),
        LineView::Refused { .. } => (BAD, text::status_refused()),
    }
}

/// `agent1` of `agent1@example.org`.
fn user_part(account: &str) -> &str {
    account.split_once('@').map_or(account, |(user, _)| user)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::tests::registered;

    #[test]
    fn without_a_network_no_line_is_ready() {
        assert_eq!(state(&registered()).1, text::status_ready());
        let view = ViewModel { online: false, ..registered() };
        assert_eq!(state(&view).1, text::status_offline());
    }

    #[test]
    fn the_user_is_what_stands_before_the_at_sign() {
        assert_eq!(user_part("agent1@example.org"), "agent1");
        assert_eq!(user_part("agent1"), "agent1");
    }
}
