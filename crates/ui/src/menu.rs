//! What is seldom needed: the account, the colour scheme, the way out.

use crate::icons::{Icon, icon};
use crate::text;
use crate::ui::Ui;
use leptos::prelude::*;
use ringlet_contract::config::Theme;
use ringlet_phone::{Intent, LineView, ViewModel};

/// The button and what it opens: a `popover`, so that the browser itself closes it by Esc or a
/// press elsewhere and gives the focus back. Nothing is shown when it would be empty.
pub(crate) fn menu(ui: Ui) -> AnyView {
    let useful = ui.memo(|view| view.account.is_some() || can_choose_theme(view));
    (move || {
        useful.get().then(|| {
            view! {
                <button
                    type="button"
                    class="icon-button"
                    aria-label=text::header_menu()
                    title=text::header_menu()
                    popovertarget="menu"
                >
                    {icon(Icon::Menu)}
                </button>
                <div class="menu" id="menu" popover="auto" role="group" aria-label=text::header_menu()>
                    {account(ui)}
                    {theme(ui)}
                    {sign_out(ui)}
                </div>
            }
        })
    })
    .into_any()
}

fn account(ui: Ui) -> AnyView {
    let account = ui.memo(|view| view.account.clone());
    (move || {
        account.get().map(|account| {
            view! {
                <div class="menu-account">
                    <p class="menu-label">{text::menu_signed_in_as()}</p>
                    <p class="menu-user" dir="auto">{account}</p>
                </div>
            }
        })
    })
    .into_any()
}

fn theme(ui: Ui) -> AnyView {
    let shown = ui.memo(can_choose_theme);
    (move || {
        shown.get().then(|| {
            view! {
                <fieldset class="choice">
                    <legend class="menu-label">{text::menu_theme()}</legend>
                    <div class="choice-row">
                        {choice(ui, Theme::System, text::menu_theme_system())}
                        {choice(ui, Theme::Light, text::menu_theme_light())}
                        {choice(ui, Theme::Dark, text::menu_theme_dark())}
                    </div>
                </fieldset>
            }
        })
    })
    .into_any()
}

fn choice(ui: Ui, theme: Theme, label: &'static str) -> AnyView {
    view! {
        <label class="choice-one">
            <input
                class="choice-input"
                type="radio"
                name="theme"
                prop:checked=move || ui.read(|view| view.theme == theme)
                on:change=move |_| ui.want(Intent::SetTheme(theme))
            />
            <span class="choice-label">{label}</span>
        </label>
    }
    .into_any()
}

fn sign_out(ui: Ui) -> AnyView {
    let shown = ui.memo(|view| view.account.is_some());
    (move || {
        shown.get().then(|| {
            view! {
                <button
                    type="button"
                    class="menu-item"
                    popovertarget="menu"
                    popovertargetaction="hide"
                    on:click=move |_| ui.want(Intent::SignOut)
                >
                    {icon(Icon::SignOut)}
                    {text::menu_sign_out()}
                </button>
            }
        })
    })
    .into_any()
}

fn can_choose_theme(view: &ViewModel) -> bool {
    !view.theme_locked && view.line != LineView::Starting
}
