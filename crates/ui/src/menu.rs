//! What is seldom needed: the account, the colour scheme, the way out.

use crate::dom::{El, button, el, text as words};
use crate::icons::{Icon, icon};
use crate::text;
use crate::ui::Ui;
use ringlet_contract::config::Theme;
use ringlet_phone::{Intent, LineView, ViewModel};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The button and what it opens: a `popover`, so that the browser itself closes it by Esc or a
/// press elsewhere and gives the focus back. The button is hidden while the menu would be empty.
pub(crate) fn menu(ui: Ui) -> [El; 2] {
    let opener = button("icon-button")
        .named(text::header_menu(), text::header_menu())
        .set("popovertarget", "menu")
        .live_flag(ui, "hidden", |view| view.account.is_none() && !can_choose_theme(view))
        .with(icon(Icon::Menu));
    let menu = el("div", "menu")
        .set("id", "menu")
        .set("popover", "auto")
        .set("role", "group")
        .set("aria-label", text::header_menu())
        .with(account(ui))
        .with(theme(ui))
        .with(sign_out(ui));
    [opener, menu]
}

fn account(ui: Ui) -> El {
    let user = el("p", "menu-user")
        .set("dir", "auto")
        .live_text(ui, |view| view.account.clone().unwrap_or_default().into());
    el("div", "menu-account")
        .live_flag(ui, "hidden", |view| view.account.is_none())
        .with(words("p", "menu-label", text::menu_signed_in_as()))
        .with(user)
}

fn theme(ui: Ui) -> El {
    let row = el("div", "choice-row")
        .with(choice(ui, Theme::System, text::menu_theme_system()))
        .with(choice(ui, Theme::Light, text::menu_theme_light()))
        .with(choice(ui, Theme::Dark, text::menu_theme_dark()));
    el("fieldset", "choice")
        .live_flag(ui, "hidden", |view| !can_choose_theme(view))
        .with(words("legend", "menu-label", text::menu_theme()))
        .with(row)
}

fn choice(ui: Ui, theme: Theme, label: &'static str) -> El {
    let input = el("input", "choice-input")
        .set("type", "radio")
        .set("name", "theme")
        .on("change", move |_| ui.want(Intent::SetTheme(theme)));
    let radio = input.0.clone().unchecked_into::<HtmlInputElement>();
    ui.follow(Box::new(move |view| radio.set_checked(view.theme == theme)));
    el("label", "choice-one").with(input).with(words("span", "choice-label", label))
}

fn sign_out(ui: Ui) -> El {
    button("menu-item")
        .set("popovertarget", "menu")
        .set("popovertargetaction", "hide")
        .live_flag(ui, "hidden", |view| view.account.is_none())
        .with(icon(Icon::SignOut))
        .say(text::menu_sign_out())
        .on("click", move |_| ui.want(Intent::SignOut))
}

fn can_choose_theme(view: &ViewModel) -> bool {
    !view.theme_locked && view.line != LineView::Starting
}
