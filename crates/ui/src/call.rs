//! A call made or taken: from the press on Call to the end.

use crate::action::{Kind, action, toggle};
use crate::caller::{Party, caller};
use crate::icons::Icon;
use crate::screen::call_of;
use crate::ui::Ui;
use crate::{duration, text};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use ringlet_phone::{CallId, CallPhase, CallView, Intent};

/// One screen for all of a call's phases, so that nothing is rebuilt, and no focus lost, when the
/// far end answers.
pub(crate) fn call(ui: Ui, id: CallId) -> AnyView {
    let party = Party::memo(ui, move |view| call_of(view, id).map(Party::of_call));
    let read = move |slice: fn(&CallView) -> bool| {
        Memo::new(move |_| ui.read(|view| call_of(view, id).is_some_and(slice)))
    };
    let alerting = read(|call| call.phase == CallPhase::Ringing);
    let answered = read(|call| matches!(call.phase, CallPhase::Active { .. }));
    let without_media = read(|call| matches!(call.phase, CallPhase::Active { media: false, .. }));
    let muted = read(|call| call.muted);
    let talking = read(|call| can_mute(call.phase));

    let note = move || match (without_media.get(), muted.get()) {
        (true, _) => Some((text::call_connecting_audio(), "talk-note talk-busy")),
        (false, true) => Some((text::call_muted(), "talk-note talk-muted")),
        (false, false) => None,
    };
    let set_muted = move || ui.want(Intent::SetMuted(id, !muted.get_untracked()));
    let mute = move || {
        talking.get().then(|| {
            toggle(
                Icon::Microphone,
                Icon::MicrophoneOff,
                text::call_mute(),
                text::call_mute_hint(),
                muted,
                Box::new(set_muted),
            )
        })
    };
    let hang_up = move || {
        let label = if answered.get() { text::call_hangup() } else { text::call_cancel() };
        action(Kind::Bad, Icon::Hangup, label, label, Box::new(move || ui.want(Intent::Hangup(id))))
    };
    view! {
        <section
            class="screen call"
            tabindex="-1"
            data-focus=""
            aria-labelledby="call-title call-party"
            on:keydown=move |event| {
                if talking.get_untracked() && is_m(&event) {
                    set_muted();
                }
            }
        >
            <div class="talk">
                <h2 class="unseen" id="call-title">
                    {move || {
                        if answered.get() { text::call_title() } else { text::call_outgoing_title() }
                    }}
                </h2>
                {caller("call-party", party, alerting.into())}
                <p class="talk-state" class:talk-clock=move || answered.get()>
                    {move || {
                        ui.read(|view| call_of(view, id).map(|call| progress(call.phase)))
                    }}
                </p>
                {move || note().map(|(text, class)| view! { <p class=class>{text}</p> })}
            </div>
            <div class="foot actions">{mute} {hang_up}</div>
        </section>
    }
    .into_any()
}

fn progress(phase: CallPhase) -> String {
    match phase {
        CallPhase::Preparing => text::call_preparing().to_owned(),
        CallPhase::Dialing => text::call_dialing().to_owned(),
        CallPhase::Ringing => text::call_ringing().to_owned(),
        CallPhase::EarlyMedia => text::call_early_media().to_owned(),
        CallPhase::Incoming | CallPhase::Answering => text::call_answering().to_owned(),
        CallPhase::Active { elapsed, .. } => duration::digits(elapsed),
    }
}

/// Before that there is no microphone to turn off.
fn can_mute(phase: CallPhase) -> bool {
    match phase {
        CallPhase::Preparing | CallPhase::Dialing | CallPhase::Ringing | CallPhase::Incoming => {
            false
        }
        CallPhase::EarlyMedia | CallPhase::Answering | CallPhase::Active { .. } => true,
    }
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
