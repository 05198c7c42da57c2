//! What is seldom needed: the account, the colour scheme, the way out.

use super::icons::{Icon, icon};
use crate::late::{Late, late};
use crate::reactive::{handler, keyed};
use crate::ui::Ui;
use crate::words::text;
use leptos::prelude::*;
use ringlet_contract::config::Theme;
use ringlet_phone::{Intent, LineStatus, Page};

/// What is in the menu.
pub(crate) static CONTENTS: Late = late!(menu, contents);

/// The button and what it opens: a `popover`, so that the browser itself closes it by Esc or a
/// press elsewhere and gives the focus back. The button is hidden while the menu would be empty;
/// what is in the menu is built when it is first opened.
pub(crate) fn menu(ui: Ui) -> AnyView {
    let was_opened = RwSignal::new(false);
    let contents = move |was_opened: bool| was_opened.then(|| CONTENTS.view(ui)).into_any();
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=text::header_menu()
            title=text::header_menu()
            popovertarget="menu"
            hidden=move || !has_account(ui) && !can_choose_theme(ui)
            on:click=handler(move |_| was_opened.set(true))
        >
            {icon(Icon::Menu)}
        </button>
        <div class="menu" id="menu" popover="auto" role="group" aria-label=text::header_menu()>
            {keyed(move || was_opened.get(), contents)}
        </div>
    }
    .into_any()
}

fn contents(ui: Ui) -> AnyView {
    let account = move || ui.line.with(|line| line.account.clone().unwrap_or_default());
    view! {
        <div class="menu-account" hidden=move || !has_account(ui)>
            <p class="menu-label">{text::menu_signed_in_as()}</p>
            <p class="menu-user" dir="auto">
                {account}
            </p>
        </div>
        <fieldset class="choice" hidden=move || !can_choose_theme(ui)>
            <legend class="menu-label">{text::menu_theme()}</legend>
            <div class="choice-row">
                {choice(ui, Theme::System, text::menu_theme_system())}
                {choice(ui, Theme::Light, text::menu_theme_light())}
                {choice(ui, Theme::Dark, text::menu_theme_dark())}
            </div>
        </fieldset>
        {item(ui, Icon::Call, text::menu_caller_ids(), move || ui.go_to(Page::CallerIds))}
        {item(ui, Icon::Incoming, text::menu_diversion(), move || ui.go_to(Page::Diversion))}
        {item(ui, Icon::Microphone, text::menu_devices(), move || ui.go_to(Page::Devices))}
        {item(ui, Icon::SignOut, text::menu_sign_out(), move || ui.want(Intent::SignOut))}
    }
    .into_any()
}

/// What somebody who is signed in can press; it closes the menu.
fn item(ui: Ui, face: Icon, label: &'static str, press: impl Fn() + 'static) -> AnyView {
    view! {
        <button
            type="button"
            class="menu-item"
            popovertarget="menu"
            popovertargetaction="hide"
            hidden=move || !has_account(ui)
            on:click=handler(move |_| press())
        >
            {icon(face)}
            {label}
        </button>
    }
    .into_any()
}

fn choice(ui: Ui, theme: Theme, label: &'static str) -> AnyView {
    view! {
        <label class="choice-one">
            <input
                class="choice-input"
                type="radio"
                name="theme"
                prop:checked=move || ui.settings.with(|settings| settings.theme == theme)
                on:change=handler(move |_| ui.want(Intent::SetTheme(theme)))
            />
            <span class="choice-label">{label}</span>
        </label>
    }
    .into_any()
}

fn has_account(ui: Ui) -> bool {
    ui.line.with(|line| line.account.is_some())
}

fn can_choose_theme(ui: Ui) -> bool {
    ui.settings.with(|settings| !settings.theme_locked)
        && ui.line.with(|line| line.status != LineStatus::Starting)
}
