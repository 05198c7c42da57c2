//! What a screen reader is told without being asked.

use super::banner::Banner;
use super::caller::Party;
use crate::screens::call::{transfer_question, transfer_words};
use crate::screens::microphone;
use crate::screens::screen::{Screen, call_of};
use crate::ui::Ui;
use crate::words::{Text, cause, text};
use leptos::prelude::*;
use ringlet_phone::{CallPhase, CallView, Ended};

/// Two live regions: what waits for an answer interrupts, everything else waits for a pause. They
/// exist from the start, since a region that arrives with its text in it is not read.
pub(crate) fn announce(ui: Ui) -> AnyView {
    view! {
        <p class="unseen" role="status">
            {move || politely(ui)}
        </p>
        <p class="unseen" role="alert">
            {move || urgently(ui)}
        </p>
    }
    .into_any()
}

fn urgently(ui: Ui) -> Text {
    let (ringing, screen) = (ui.ringing(), ui.screen());
    ui.calls.with(|calls| match (ringing, screen) {
        (Some(id), _) => call_of(calls, id)
            .map(|call| text::say_incoming(&Party::of_call(call).title).into())
            .unwrap_or_default(),
        (None, Screen::Call(id)) => {
            call_of(calls, id).and_then(transfer_question).map(Text::from).unwrap_or_default()
        }
        (None, _) => Text::default(),
    })
}

/// Says how far things are, never how long they take: a clock must not be read out each second.
fn politely(ui: Ui) -> Text {
    match ui.screen() {
        Screen::Call(id) => {
            ui.calls.with(|calls| call_of(calls, id).map(progress).unwrap_or_default())
        }
        Screen::Ended => ui.ended.with(|ended| ended.as_ref().map(end).unwrap_or_default()),
        Screen::Keypad => ui.banner().map_or(text::status_ready().into(), Banner::spoken),
        Screen::Microphone => microphone::words(ui.audio.with(|audio| audio.microphone)).0.into(),
        Screen::SignIn
        | Screen::Starting
        | Screen::Recents
        | Screen::CallerIds
        | Screen::Diversion
        | Screen::Devices => Text::default(),
    }
}

fn progress(call: &CallView) -> Text {
    if let Some(transfer) = &call.transfer {
        return transfer_words(transfer);
    }
    let who = Party::of_call(call).title;
    match call.phase {
        CallPhase::Preparing | CallPhase::Dialing => text::say_calling(&who).into(),
        CallPhase::Ringing => text::say_ringing().into(),
        CallPhase::EarlyMedia | CallPhase::Incoming | CallPhase::Answering => {
            text::call_answering().into()
        }
        CallPhase::Active { .. } if call.held => text::say_held(&who).into(),
        CallPhase::Active { .. } if call.remote_held => text::say_remote_held(&who).into(),
        CallPhase::Active { .. } if call.muted => text::say_muted().into(),
        CallPhase::Active { .. } => text::say_in_call(&who).into(),
    }
}

fn end(ended: &Ended) -> Text {
    let (cause, detail) = cause::words(ended.cause);
    text::say_ended(cause, detail).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::screen::tests::{call, registered, with_line};
    use crate::ui::tests::read;
    use ringlet_phone::{LineStatus, TransferRequest, ViewModel};
    use std::time::Duration;

    #[test]
    fn a_running_clock_is_not_read_out() {
        let at = |seconds| {
            let elapsed = Duration::from_secs(seconds);
            let phase = CallPhase::Active { elapsed, media: true };
            read(ViewModel { calls: vec![call(1, phase)], ..registered() }, politely)
        };
        assert_eq!(at(1), at(2));
        assert!(at(1).contains("600"));
    }

    #[test]
    fn a_countdown_is_not_read_out() {
        let at = |seconds| {
            let retry_in = Duration::from_secs(seconds);
            read(with_line(LineStatus::Reconnecting { retry_in }), politely)
        };
        assert_eq!(at(5), at(4));
        assert!(!at(5).is_empty());
    }

    #[test]
    fn an_incoming_call_interrupts_and_names_the_caller() {
        let view = ViewModel { calls: vec![call(1, CallPhase::Incoming)], ..registered() };
        assert!(read(view, urgently).contains("600"));
        assert!(read(registered(), urgently).is_empty());
    }

    #[test]
    fn a_far_end_that_asks_to_transfer_interrupts() {
        let elapsed = Duration::from_secs(1);
        let active = call(1, CallPhase::Active { elapsed, media: true });
        let request = TransferRequest { number: "602".to_owned(), name: None };
        let asking = CallView { transfer_request: Some(request), ..active.clone() };
        let said = |call| read(ViewModel { calls: vec![call], ..registered() }, urgently);
        assert!(said(asking).contains("602"));
        assert!(said(active).is_empty());
    }
}
