//! A call made or taken: from the press on Call to the end.

use crate::action::{Kind, bare, face};
use crate::caller::{Party, caller};
use crate::dom::{El, Text, el, screen, text as words};
use crate::icons::{Icon, icon};
use crate::screen::{Screen, call_of};
use crate::ui::Ui;
use crate::{duration, text};
use ringlet_phone::{CallId, CallPhase, CallView, Intent, ViewModel};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// One screen for all of a call's phases, so that nothing is rebuilt, and no focus lost, when the
/// far end answers.
pub(crate) fn call(ui: Ui, id: CallId) -> El {
    let title = el("h2", "unseen").set("id", "call-title").live_text(ui, |view| {
        if is_answered(view) { text::call_title() } else { text::call_outgoing_title() }.into()
    });
    let state = el("p", "")
        .live(ui, "class", |view| {
            Some(if is_answered(view) { "talk-state talk-clock" } else { "talk-state" }.into())
        })
        .live_text(ui, |view| front(view).map(|call| progress(call.phase)).unwrap_or_default());
    let note = el("p", "")
        .live(ui, "class", |view| Some(note(view).1.into()))
        .live_text(ui, |view| note(view).0.into());
    let talk = el("div", "talk")
        .with(title)
        .with(caller(
            ui,
            "call-party",
            |view| front(view).map(Party::of_call),
            |view| front(view).is_some_and(|call| call.phase == CallPhase::Ringing),
        ))
        .with(state)
        .with(note);
    screen("section", "call")
        .takes_focus()
        .set("aria-labelledby", "call-title call-party")
        .on("keydown", move |event| {
            if is_m(event.unchecked_ref()) && ui.read(can_mute) {
                toggle_mute(ui, id);
            }
        })
        .with(talk)
        .with(el("div", "foot actions").with(mute(ui, id)).with(hang_up(ui, id)))
}

fn mute(ui: Ui, id: CallId) -> El {
    let face = el("span", "action-face").swap(ui, is_muted, |muted| {
        Some(icon(if muted { Icon::MicrophoneOff } else { Icon::Microphone }))
    });
    bare(Kind::Plain, Box::new(move || toggle_mute(ui, id)))
        .set("title", text::call_mute_hint())
        .live_flag(ui, "hidden", |view| !can_mute(view))
        .live(ui, "aria-pressed", |view| Some(if is_muted(view) { "true" } else { "false" }.into()))
        .with(face)
        .with(words("span", "action-label", text::call_mute()))
}

fn hang_up(ui: Ui, id: CallId) -> El {
    let label = |view: &ViewModel| -> Text {
        if is_answered(view) { text::call_hangup() } else { text::call_cancel() }.into()
    };
    bare(Kind::Bad, Box::new(move || ui.want(Intent::Hangup(id))))
        .with(face(Icon::Hangup))
        .with(el("span", "action-label").live_text(ui, label))
}

fn toggle_mute(ui: Ui, id: CallId) {
    ui.want(Intent::SetMuted(id, !ui.read(is_muted)));
}

/// The call this screen is about; none for the moment between its end and the screen's.
fn front(view: &ViewModel) -> Option<&CallView> {
    match Screen::of(view) {
        Screen::Call(id) => call_of(view, id),
        Screen::Starting | Screen::SignIn | Screen::Microphone | Screen::Keypad | Screen::Ended => {
            None
        }
    }
}

fn is_answered(view: &ViewModel) -> bool {
    front(view).is_some_and(|call| matches!(call.phase, CallPhase::Active { .. }))
}

fn is_muted(view: &ViewModel) -> bool {
    front(view).is_some_and(|call| call.muted)
}

/// What keeps the two from hearing each other, and its classes.
fn note(view: &ViewModel) -> (&'static str, &'static str) {
    match front(view) {
        Some(CallView { phase: CallPhase::Active { media: false, .. }, .. }) => {
            (text::call_connecting_audio(), "talk-note talk-busy")
        }
        Some(CallView { muted: true, .. }) => (text::call_muted(), "talk-note talk-muted"),
        Some(_) | None => ("", "talk-note"),
    }
}

fn progress(phase: CallPhase) -> Text {
    match phase {
        CallPhase::Preparing => text::call_preparing().into(),
        CallPhase::Dialing => text::call_dialing().into(),
        CallPhase::Ringing => text::call_ringing().into(),
        CallPhase::EarlyMedia => text::call_early_media().into(),
        CallPhase::Incoming | CallPhase::Answering => text::call_answering().into(),
        CallPhase::Active { elapsed, .. } => duration::digits(elapsed).into(),
    }
}

/// Before that there is no microphone to turn off.
fn can_mute(view: &ViewModel) -> bool {
    front(view).is_some_and(|call| match call.phase {
        CallPhase::Preparing | CallPhase::Dialing | CallPhase::Ringing | CallPhase::Incoming => {
            false
        }
        CallPhase::EarlyMedia | CallPhase::Answering | CallPhase::Active { .. } => true,
    })
}

/// M alone: with a modifier it belongs to the browser.
fn is_m(event: &KeyboardEvent) -> bool {
    event.key().eq_ignore_ascii_case("m")
        && !(event.ctrl_key() || event.alt_key() || event.meta_key() || event.repeat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_answered_call_shows_its_clock() {
        let phase = CallPhase::Active { elapsed: Duration::from_secs(65), media: true };
        assert_eq!(progress(phase), "1:05");
    }

    #[test]
    fn ringing_is_never_shown_as_answered() {
        assert_eq!(progress(CallPhase::Ringing), text::call_ringing());
        assert_ne!(progress(CallPhase::Ringing), progress(CallPhase::EarlyMedia));
    }
}
