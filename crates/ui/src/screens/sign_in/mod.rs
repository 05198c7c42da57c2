//! Signing in: one press where the host passed everything, else a form.

mod attempt;
mod connect;
mod field;
mod form;

use crate::input::focus;
use crate::reactive::keyed;
use crate::ui::Ui;
use leptos::prelude::*;
use ringlet_contract::config::HostMode;
use ringlet_phone::{SignInError, SignInView};

/// The id of either screen's title.
const TITLE: &str = "sign-in-title";

/// Shows the one-press screen until it fails or the person wants another account, then the form.
pub(crate) fn sign_in(ui: Ui) -> AnyView {
    let other_account = RwSignal::new(false);
    let one_press = move || {
        !other_account.get()
            && ui.sign_in.with(|sign_in| sign_in.as_ref().is_some_and(is_one_press))
    };
    keyed(one_press, move |one_press| {
        focus::to_screen();
        if one_press {
            connect::connect(ui, move || other_account.set(true))
        } else {
            form::form(ui)
        }
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
