//! How the attempt to sign in stands: what both ways of signing in show of it.

use crate::parts::icons::{Icon, icon};
use crate::ui::Ui;
use crate::words::{Text, text};
use leptos::prelude::*;
use ringlet_phone::{SignInError, SignInView};

/// The button that signs in, and says so while it lasts.
#[component]
pub(super) fn Submit(
    ui: Ui,
    label: &'static str,
    #[prop(optional)] takes_focus: bool,
) -> impl IntoView {
    let class = move || {
        if is_busy(ui) { "button button-primary button-busy" } else { "button button-primary" }
    };
    view! {
        <button
            class=class
            aria-disabled=move || is_busy(ui).then_some("true")
            data-focus=takes_focus.then_some("")
        >
            {move || if is_busy(ui) { text::sign_in_busy() } else { label }}
        </button>
    }
    .into_any()
}

/// Why the last attempt failed. The element is always there, so that its words are read out.
pub(super) fn problem(ui: Ui) -> AnyView {
    let error = move || ui.sign_in.with(|sign_in| sign_in.as_ref().and_then(failure));
    view! {
        <div class="sign-in-problem" role="alert">
            {move || error().map(explanation)}
        </div>
    }
    .into_any()
}

/// Why the last attempt failed, unless another one is under way.
pub(super) fn failure(sign_in: &SignInView) -> Option<SignInError> {
    if sign_in.busy { None } else { sign_in.error }
}

/// Signing in is under way.
pub(super) fn is_busy(ui: Ui) -> bool {
    ui.sign_in.with(|sign_in| sign_in.as_ref().is_some_and(|sign_in| sign_in.busy))
}

fn explanation(error: SignInError) -> AnyView {
    // The fields say what is missing; only those who cannot see them are told twice.
    let class = if error == SignInError::Incomplete { "unseen" } else { "" };
    view! {
        <p class=class>
            {icon(Icon::Alert)}
            <span>{words(error)}</span>
        </p>
    }
    .into_any()
}

fn words(error: SignInError) -> Text {
    match error {
        SignInError::Incomplete => text::sign_in_error_incomplete().into(),
        SignInError::Credentials => text::sign_in_error_credentials().into(),
        SignInError::Unreachable => text::sign_in_error_unreachable().into(),
        SignInError::Server { status } => text::sign_in_error_server(&status.to_string()).into(),
    }
}
