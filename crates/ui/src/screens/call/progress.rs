//! How far the call has come, and what keeps the two from hearing each other.

use super::is_answered;
use crate::ui::Call;
use crate::words::{Text, cause, duration, isolated, text};
use leptos::prelude::*;
use ringlet_phone::{CallPhase, CallView, TransferView};

pub(super) fn progress(call: Call) -> AnyView {
    let class = move || if call.with(is_answered) { "talk-state talk-clock" } else { "talk-state" };
    view! {
        <p class=class>{move || call.with(|call| words(call.phase))}</p>
        <p class=move || call.with(note).1>{move || call.with(note).0}</p>
    }
    .into_any()
}

fn words(phase: CallPhase) -> Text {
    match phase {
        CallPhase::Preparing => text::call_preparing().into(),
        CallPhase::Dialing => text::call_dialing().into(),
        CallPhase::Ringing => text::call_ringing().into(),
        CallPhase::EarlyMedia => text::call_early_media().into(),
        CallPhase::Incoming | CallPhase::Answering => text::call_answering().into(),
        CallPhase::Active { elapsed, .. } => duration::digits(elapsed).into(),
    }
}

/// The note and its classes.
fn note(call: &CallView) -> (Text, &'static str) {
    if let Some(transfer) = &call.transfer {
        let failed = transfer.failed.is_some();
        let class = if failed { "talk-note talk-held" } else { "talk-note talk-busy" };
        return (transfer_words(transfer), class);
    }
    let (words, class) = standing(call);
    (words.into(), class)
}

/// How far a transfer is, or why it failed.
pub(crate) fn transfer_words(transfer: &TransferView) -> Text {
    let target = isolated(&transfer.target);
    match transfer.failed {
        Some(cause) => text::call_transfer_failed(&target, cause::words(cause).0).into(),
        None => text::call_transferring(&target).into(),
    }
}

fn standing(call: &CallView) -> (&'static str, &'static str) {
    match call.phase {
        CallPhase::Active { media: false, .. } if !call.held && !call.remote_held => {
            (text::call_connecting_audio(), "talk-note talk-busy")
        }
        _ if call.held && call.remote_held => (text::call_held_both(), "talk-note talk-held"),
        _ if call.held => (text::call_held(), "talk-note talk-held"),
        _ if call.remote_held => (text::call_remote_held(), "talk-note talk-held"),
        _ if call.muted => (text::call_muted(), "talk-note talk-muted"),
        _ if call.unattended => (text::call_unattended(), "talk-note"),
        _ => ("", "talk-note"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_answered_call_shows_its_clock() {
        let phase = CallPhase::Active { elapsed: Duration::from_secs(65), media: true };
        assert_eq!(words(phase), "1:05");
    }

    #[test]
    fn ringing_is_never_shown_as_answered() {
        assert_eq!(words(CallPhase::Ringing), text::call_ringing());
        assert_ne!(words(CallPhase::Ringing), words(CallPhase::EarlyMedia));
    }
}
