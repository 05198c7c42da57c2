//! The far end asks this side to call somebody else.

use crate::input::focus;
use crate::parts::caller::Party;
use crate::reactive::{handler, keyed};
use crate::ui::{Call, Ui};
use crate::words::{Text, isolated, text};
use leptos::prelude::*;
use ringlet_phone::{CallView, Intent};

/// A strip that asks, as long as the request stands. It comes before everything else on the screen,
/// and so do its buttons when the person goes from one to the next by Tab.
pub(super) fn transfer(ui: Ui, call: Call) -> AnyView {
    let is_asked = move || call.with(|call| call.transfer_request.is_some());
    keyed(is_asked, move |is_asked| is_asked.then(|| request(ui, call)).into_any())
}

fn request(ui: Ui, call: Call) -> AnyView {
    let decide = move |decision: fn(_) -> Intent| {
        ui.want(decision(call.id()));
        // The button that was pressed is about to go.
        focus::to_screen();
    };
    view! {
        <div class="transfer guarded" role="group" aria-labelledby="transfer-text">
            <p class="transfer-text" id="transfer-text">
                {move || Text::from(call.with(question).unwrap_or_default())}
            </p>
            <div class="transfer-buttons">
                <button
                    type="button"
                    class="button"
                    on:click=handler(move |_| decide(Intent::DeclineTransfer))
                >
                    {text::transfer_decline()}
                </button>
                <button
                    type="button"
                    class="button button-primary"
                    on:click=handler(move |_| decide(Intent::AcceptTransfer))
                >
                    {text::transfer_accept()}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// Who asks, and for whom. `None` once the request is gone.
pub(crate) fn question(call: &CallView) -> Option<String> {
    let request = call.transfer_request.as_ref()?;
    let Party { title, detail, .. } = Party::of_target(request);
    let mut target = isolated(&title);
    if !detail.is_empty() {
        target = [&target, " (", &isolated(&detail), ")"].concat();
    }
    Some(text::transfer_question(&isolated(&Party::of_call(call).title), &target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::screen::tests::call;
    use ringlet_phone::{CallPhase, TransferRequest};

    #[test]
    fn the_question_names_who_asks_and_for_whom() {
        let request = TransferRequest { number: "602".to_owned(), name: Some("Ada".to_owned()) };
        let asking = CallView {
            name: Some("Grace".to_owned()),
            transfer_request: Some(request),
            ..call(1, CallPhase::Answering)
        };
        let question = question(&asking).expect("there is a request");
        for part in ["Grace", "Ada", "602"] {
            assert!(question.contains(part), "{question}");
        }
    }

    #[test]
    fn a_target_without_a_name_is_named_by_its_number() {
        let request = TransferRequest { number: "602".to_owned(), name: None };
        let asking = CallView { transfer_request: Some(request), ..call(1, CallPhase::Answering) };
        let question = question(&asking).expect("there is a request");
        assert!(question.contains("602") && !question.contains('('), "{question}");
    }
}
