//! The microphone cannot be used: why, and what helps.

use crate::input::{focus, shortcut};
use crate::parts::icons::{Icon, icon};
use crate::reactive::handler;
use crate::ui::Ui;
use crate::words::text;
use leptos::prelude::*;
use ringlet_contract::event::EndCause;
use ringlet_phone::{Intent, Microphone};

/// The notice in place of the keypad: without a microphone no call is placed.
pub(crate) fn microphone(ui: Ui) -> AnyView {
    let microphone = move || ui.audio.with(|audio| audio.microphone);
    shortcut::on_escape(ui, move || dismiss(ui));
    focus::to_screen();
    view! {
        <section
            class="screen notice"
            tabindex="-1"
            data-focus=""
            aria-labelledby="notice-title"
            aria-describedby="notice-text"
        >
            <div class="notice-body">
                <div class="notice-mark">{icon(Icon::MicrophoneOff)}</div>
                <h2 class="notice-title" id="notice-title">
                    {move || words(microphone()).0}
                </h2>
                <p class="notice-text" id="notice-text">
                    {move || words(microphone()).1}
                </p>
            </div>
            <div class="foot buttons">
                <button
                    type="button"
                    class="button button-primary"
                    hidden=move || !can_retry(microphone())
                    on:click=handler(move |_| ui.want(Intent::RetryMicrophone))
                >
                    {text::microphone_try_again()}
                </button>
                <button type="button" class="button" on:click=handler(move |_| dismiss(ui))>
                    {text::microphone_dismiss()}
                </button>
            </div>
        </section>
    }
    .into_any()
}

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

/// Puts the notice away, and with it the call that ended because of it: one thing happened, so one
/// press is enough.
fn dismiss(ui: Ui) {
    let explains_end = ui.ended.with_untracked(|ended| {
        ended.as_ref().is_some_and(|ended| ended.cause == EndCause::MediaFailed)
    });
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
