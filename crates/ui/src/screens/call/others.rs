//! The calls beside the one that is shown: who waits, for how long, and the way back to them.

use super::is_answered;
use crate::parts::caller::Party;
use crate::parts::icons::{Icon, icon};
use crate::reactive::{handler, keyed};
use crate::ui::{Call, Ui};
use crate::words::{Text, duration, text};
use leptos::prelude::*;
use ringlet_phone::{CallId, CallPhase, CallView, Intent};

pub(super) fn others(ui: Ui, shown: CallId) -> AnyView {
    // A signal's closure is copied; the list is read anew, and the rows stay while it is the same.
    keyed(
        move || ui.calls.with(|calls| beside(calls, shown)),
        move |ids| {
            let rows: Vec<AnyView> =
                ids.into_iter().filter_map(|id| ui.call(id)).map(|call| row(ui, call)).collect();
            if rows.is_empty() {
                return ().into_any();
            }
            view! {
                <ul class="others" aria-label=text::others_title()>
                    {rows}
                </ul>
            }
            .into_any()
        },
    )
}

/// A call that rings has its own dialog.
fn beside(calls: &[CallView], shown: CallId) -> Vec<CallId> {
    let beside = |call: &&CallView| call.id != shown && call.phase != CallPhase::Incoming;
    calls.iter().filter(beside).map(|call| call.id).collect()
}

fn row(ui: Ui, call: Call) -> AnyView {
    let title = move || Text::from(call.with(Party::of_call).title);
    view! {
        <li class="other">
            <span class="other-party">
                <span class="other-name" dir="auto">
                    {title}
                </span>
                <span class="other-state">{move || call.with(state)}</span>
            </span>
            <button
                type="button"
                class="button other-swap"
                disabled=move || !call.with(is_answered)
                on:click=handler(move |_| ui.want(Intent::SetHeld(call.id(), false)))
            >
                {icon(Icon::Swap)}
                {text::others_swap()}
                <span class="unseen">{title}</span>
            </button>
        </li>
    }
    .into_any()
}

fn state(call: &CallView) -> Text {
    match call.phase {
        CallPhase::Active { elapsed, .. } if call.held => {
            text::others_held(&duration::digits(elapsed)).into()
        }
        CallPhase::Active { elapsed, .. } => duration::digits(elapsed).into(),
        CallPhase::Incoming | CallPhase::Answering => text::call_answering().into(),
        CallPhase::Preparing | CallPhase::Dialing | CallPhase::Ringing | CallPhase::EarlyMedia => {
            text::call_dialing().into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::screen::tests::call;

    #[test]
    fn calls_that_ring_and_the_one_that_is_shown_are_not_beside_it() {
        let active = CallPhase::Active { elapsed: Default::default(), media: true };
        let calls = [call(1, active), call(2, active), call(3, CallPhase::Incoming)];
        assert_eq!(beside(&calls, CallId(2)), [CallId(1)]);
        assert_eq!(beside(&calls[1..], CallId(2)), []);
    }
}
