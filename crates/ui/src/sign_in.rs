//! Signing in: one press where the host passed everything, else a form.

use crate::dom::{El, Text, button, el, screen, text as words};
use crate::focus;
use crate::form::form;
use crate::icons::{Icon, icon};
use crate::text;
use crate::ui::Ui;
use leptos::prelude::{Get, RwSignal, Set};
use ringlet_contract::config::HostMode;
use ringlet_phone::{Intent, SignInError, SignInView, ViewModel};

/// The id of either screen's title.
pub(crate) const TITLE: &str = "sign-in-title";

/// Shows the one-press screen until it fails or the person wants another account, then the form.
pub(crate) fn sign_in(ui: Ui) -> El {
    let other_account = RwSignal::new(false);
    let is_one_press = move |view: &ViewModel| {
        !other_account.get() && view.sign_in.as_ref().is_some_and(is_one_press)
    };
    el("div", "stage-layer").swap(ui, is_one_press, move |one_press| {
        focus::to_screen();
        Some(if one_press { connect(ui, other_account) } else { form(ui) })
    })
}

/// Wrong credentials cannot be mended by pressing Connect again.
fn is_one_press(sign_in: &SignInView) -> bool {
    let asks = match sign_in.mode {
        HostMode::Confirm | HostMode::Autologin => false,
        HostMode::Prefilled => true,
    };
    sign_in.complete && !asks && sign_in.error != Some(SignInError::Credentials)
}

fn connect(ui: Ui, other_account: RwSignal<bool>) -> El {
    let body = el("div", "sign-in-body sign-in-ready")
        .with(el("div", "caller-mark").with(icon(Icon::Person)))
        .with(words("h2", "sign-in-title", text::sign_in_connect_title()).set("id", TITLE))
        .with(el("p", "sign-in-account").set("dir", "auto").live_text(ui, |view| {
            let form = view.sign_in.as_ref().map(|it| &it.form);
            form.map(|form| [&form.username, "@", &form.domain].concat()).unwrap_or_default().into()
        }))
        .with(problem(ui));
    let other = button("button button-quiet")
        .say(text::sign_in_other())
        .on("click", move |_| other_account.set(true));
    screen("form", "sign-in")
        .set("aria-labelledby", TITLE)
        .on("submit", move |event| {
            event.prevent_default();
            if !ui.read(is_busy) {
                ui.want(Intent::Connect);
            }
        })
        .with(body)
        .with(
            el("div", "foot buttons")
                .with(submit_button(ui, text::sign_in_connect()).takes_focus())
                .with(other),
        )
}

/// The button that signs in, and says so while it lasts.
pub(crate) fn submit_button(ui: Ui, label: &'static str) -> El {
    el("button", "")
        .live(ui, "class", |view| {
            let class = if is_busy(view) {
                "button button-primary button-busy"
            } else {
                "button button-primary"
            };
            Some(class.into())
        })
        .live(ui, "aria-disabled", |view| is_busy(view).then_some("true".into()))
        .live_text(ui, move |view| if is_busy(view) { text::sign_in_busy() } else { label }.into())
}

/// Why the last attempt failed. The element is always there, so that its words are read out.
pub(crate) fn problem(ui: Ui) -> El {
    let shown =
        |view: &ViewModel| view.sign_in.as_ref().filter(|it| !it.busy).and_then(|it| it.error);
    el("div", "sign-in-problem").set("role", "alert").swap(ui, shown, |error| {
        error.map(|error| {
            // The fields say what is missing; only who cannot see them is told twice.
            let class = if error == SignInError::Incomplete { "unseen" } else { "" };
            el("p", class).with(icon(Icon::Alert)).with(words("span", "", &explain(error)))
        })
    })
}

/// Signing in is under way.
pub(crate) fn is_busy(view: &ViewModel) -> bool {
    view.sign_in.as_ref().is_some_and(|it| it.busy)
}

fn explain(error: SignInError) -> Text {
    match error {
        SignInError::Incomplete => text::sign_in_error_incomplete().into(),
        SignInError::Credentials => text::sign_in_error_credentials().into(),
        SignInError::Unreachable => text::sign_in_error_unreachable().into(),
        SignInError::Server { status } => text::sign_in_error_server(&status.to_string()).into(),
    }
}
