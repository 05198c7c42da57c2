//! Signing in by one press: the host passed everything needed.

use super::TITLE;
use super::attempt::{Submit, is_busy, problem};
use crate::parts::icons::{Icon, icon};
use crate::reactive::handler;
use crate::ui::Ui;
use crate::words::text;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use ringlet_phone::{Intent, SignInView};

/// `other_account` is called when the person wants to sign in as somebody else.
pub(super) fn connect(ui: Ui, other_account: impl Fn() + 'static) -> AnyView {
    let account =
        move || ui.sign_in.with(|sign_in| sign_in.as_ref().map(address).unwrap_or_default());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !is_busy(ui) {
            ui.want(Intent::Connect);
        }
    };
    view! {
        <form
            class="screen sign-in"
            tabindex="-1"
            aria-labelledby=TITLE
            on:submit=handler(submit)
        >
            <div class="sign-in-body sign-in-ready">
                <div class="caller-mark">{icon(Icon::Person)}</div>
                <h2 class="sign-in-title" id=TITLE>
                    {text::sign_in_connect_title()}
                </h2>
                <p class="sign-in-account" dir="auto">
                    {account}
                </p>
                {problem(ui)}
            </div>
            <div class="foot buttons">
                <Submit ui label=text::sign_in_connect() takes_focus=true />
                <button
                    type="button"
                    class="button button-quiet"
                    on:click=handler(move |_| other_account())
                >
                    {text::sign_in_other()}
                </button>
            </div>
        </form>
    }
    .into_any()
}

fn address(sign_in: &SignInView) -> String {
    [&sign_in.form.username, "@", &sign_in.form.domain].concat()
}
