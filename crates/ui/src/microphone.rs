//! The microphone cannot be used: why, and what helps.

use crate::dom::{El, button, el, screen};
use crate::icons::{Icon, icon};
use crate::text;
use crate::ui::Ui;
use ringlet_contract::event::EndCause;
use ringlet_phone::{Intent, Microphone};

/// What is wrong and the remedy.
pub(crate) fn words(microphone: Microphone) -> (&'static str, &'static str) {
    match microphone {
        Microphone::Fine => ("", ""),
        Microphone::Denied => (text::microphone_denied_title(), text::microphone_denied_text()),
        Microphone::Blocked => (text::microphone_blocked_title(), text::microphone_blocked_text()),
        Microphone::Unavailable => {
            (text::microphone_unavailable_title(), text::microphone_unavailable_text())
        }
    }
}

/// Asking again cannot help against a page's policy, which lasts as long as the page.
fn can_retry(microphone: Microphone) -> bool {
    match microphone {
        Microphone::Blocked => false,
        Microphone::Fine | Microphone::Denied | Microphone::Unavailable => true,
    }
}

/// The notice in place of the keypad: without a microphone no call is placed.
pub(crate) fn microphone(ui: Ui) -> El {
    let body = el("div", "notice-body")
        .with(el("div", "notice-mark").with(icon(Icon::MicrophoneOff)))
        .with(
            el("h2", "notice-title")
                .set("id", "notice-title")
                .live_text(ui, |view| words(view.microphone).0.into()),
        )
        .with(
            el("p", "notice-text")
                .set("id", "notice-text")
                .live_text(ui, |view| words(view.microphone).1.into()),
        );
    let retry = button("button button-primary")
        .live_flag(ui, "hidden", |view| !can_retry(view.microphone))
        .say(text::microphone_try_again())
        .on("click", move |_| ui.want(Intent::RetryMicrophone));
    let dismiss =
        button("button").say(text::microphone_dismiss()).on("click", move |_| dismiss(ui));
    screen("section", "notice")
        .takes_focus()
        .set("aria-labelledby", "notice-title")
        .set("aria-describedby", "notice-text")
        .with(body)
        .with(el("div", "foot buttons").with(retry).with(dismiss))
}

/// Puts the notice away, and with it the call that ended because of it: one thing happened, so one
/// press is enough.
pub(crate) fn dismiss(ui: Ui) {
    let explains_end = ui
        .read(|view| view.ended.as_ref().is_some_and(|ended| ended.cause == EndCause::MediaFailed));
    ui.want(Intent::DismissMicrophone);
    if explains_end {
        ui.want(Intent::DismissEnded);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_causes_have_three_titles_and_three_remedies() {
        let states = [Microphone::Denied, Microphone::Blocked, Microphone::Unavailable];
        let [a, b, c] = states.map(words);
        assert!(a.0 != b.0 && b.0 != c.0 && a.0 != c.0);
        assert!(a.1 != b.1 && b.1 != c.1 && a.1 != c.1);
    }

    #[test]
    fn asking_again_is_offered_only_where_it_can_help() {
        assert!(can_retry(Microphone::Denied) && can_retry(Microphone::Unavailable));
        assert!(!can_retry(Microphone::Blocked));
    }
}
