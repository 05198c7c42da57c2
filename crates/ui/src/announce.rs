//! What a screen reader is told without being asked.

use crate::caller::Party;
use crate::dom::{El, Text, el};
use crate::screen::{Screen, call_of, incoming};
use crate::ui::Ui;
use crate::{banner, cause, text};
use ringlet_phone::{CallPhase, ViewModel};

/// Two live regions: an incoming call interrupts, everything else waits for a pause. They exist
/// from the start, since a region that arrives with its text in it is not read.
pub(crate) fn announce(ui: Ui) -> [El; 2] {
    let region = |role: &str, words: fn(&ViewModel) -> Text| {
        el("p", "unseen").set("role", role).live_text(ui, words)
    };
    [region("status", politely), region("alert", urgently)]
}

fn urgently(view: &ViewModel) -> Text {
    match incoming(view).and_then(|id| call_of(view, id)) {
        Some(call) => text::say_incoming(&Party::of_call(call).title).into(),
        None => Text::default(),
    }
}

/// Says how far things are, never how long they take: a clock must not be read out each second.
fn politely(view: &ViewModel) -> Text {
    match Screen::of(view) {
        Screen::Call(id) => call_of(view, id).map_or_else(Text::default, |call| {
            let who = Party::of_call(call).title;
            match call.phase {
                CallPhase::Preparing | CallPhase::Dialing => text::say_calling(&who).into(),
                CallPhase::Ringing => text::say_ringing().into(),
                CallPhase::EarlyMedia | CallPhase::Incoming | CallPhase::Answering => {
                    text::call_answering().into()
                }
                CallPhase::Active { .. } if call.muted => text::say_muted().into(),
                CallPhase::Active { .. } => text::say_in_call(&who).into(),
            }
        }),
        Screen::Ended => view.ended.as_ref().map_or_else(Text::default, |ended| {
            let (cause, detail) = cause::words(ended.cause);
            text::say_ended(cause, detail).into()
        }),
        Screen::Keypad => match banner::Banner::of(view) {
            Some(banner) => banner.spoken(),
            None => text::status_ready().into(),
        },
        Screen::Microphone => crate::microphone::words(view.microphone).0.into(),
        Screen::SignIn | Screen::Starting => Text::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::tests::{call, registered};
    use ringlet_phone::LineView;
    use std::time::Duration;

    #[test]
    fn a_running_clock_is_not_read_out() {
        let at = |seconds| {
            let elapsed = Duration::from_secs(seconds);
            let phase = CallPhase::Active { elapsed, media: true };
            politely(&ViewModel { calls: vec![call(1, phase)], ..registered() })
        };
        assert_eq!(at(1), at(2));
        assert!(at(1).contains("600"));
    }

    #[test]
    fn a_countdown_is_not_read_out() {
        let at = |seconds| {
            let line = LineView::Reconnecting { retry_in: Duration::from_secs(seconds) };
            politely(&ViewModel { line, ..registered() })
        };
        assert_eq!(at(5), at(4));
    }

    #[test]
    fn an_incoming_call_interrupts_and_names_the_caller() {
        let view = ViewModel { calls: vec![call(1, CallPhase::Incoming)], ..registered() };
        assert!(urgently(&view).contains("600"));
        assert!(urgently(&registered()).is_empty());
    }
}
