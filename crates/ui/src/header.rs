//! Whose phone it is, whether it works, and the two buttons that are always there.

use crate::dom::{El, Text, button, el};
use crate::icons::{Icon, icon, mark};
use crate::ui::Ui;
use crate::{menu, text};
use ringlet_phone::{Intent, LineView, ViewModel};

/// The strip at the top.
pub(crate) fn header(ui: Ui) -> El {
    let title = el("h1", "header-name")
        .set("dir", "auto")
        .live(ui, "title", |view| Some(name(view)))
        .live_text(ui, name);
    let status =
        el("p", "header-status")
            .with(
                el("span", "")
                    .set("aria-hidden", "true")
                    .live(ui, "class", |view| Some(state(view).0.into())),
            )
            .with(el("span", "header-state").live_text(ui, |view| state(view).1.into()))
            .with(el("bdi", "header-user").live_text(ui, |view| {
                view.account.as_deref().map_or("", user_part).to_owned().into()
            }));
    let close = button("icon-button")
        .named(text::header_close(), text::header_close())
        .live_flag(ui, "hidden", |view| !view.can_close)
        .with(icon(Icon::Close))
        .on("click", move |_| ui.want(Intent::Close));
    let [opener, menu] = menu::menu(ui);
    el("header", "header")
        .with(el("div", "header-mark").with(mark()))
        .with(el("div", "header-text").with(title).with(status))
        .with(opener)
        .with(menu)
        .with(close)
}

fn name(view: &ViewModel) -> Text {
    let name = &view.brand_name;
    if name.is_empty() { text::app_name().into() } else { name.clone().into() }
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
