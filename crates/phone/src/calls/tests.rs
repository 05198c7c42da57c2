use super::*;
use crate::core::tests::connected;
use crate::effect::{AudioEffect, Effect, PeerEffect};
use crate::input::{MediaError, PeerInput};
use crate::line::LineStatus;
use crate::notice::Notice;
use crate::number::Number;
use outgoing::Barred;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::{EndCause, HostEvent};
use ringlet_contract::message::{CallRef, CommandResult};
use ringlet_sip::{EndReason, MediaRequest, OpId, Party, Terms};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const REGISTERED: LineStatus = LineStatus::Registered;

fn to(number: &str, reply_to: Option<&str>) -> Outgoing {
    Outgoing {
        number: Number::parse(number).unwrap(),
        caller_id: None,
        correlation_id: None,
        reply_to: reply_to.map(str::to_owned),
    }
}

/// A call from the host that waits for its offer.
fn preparing() -> (Calls, Core, CallId) {
    let (mut calls, mut core) = (Calls::default(), connected());
    calls.place(&mut core, REGISTERED, to("600", Some("call")));
    let id = calls.focus().unwrap().id();
    calls.on_media_request(&mut core, OpId(1), id, MediaRequest::CreateOffer(Terms::default()));
    (calls, core, id)
}

fn active() -> (Calls, Core, CallId) {
    let (mut calls, mut core, id) = preparing();
    done(&mut calls, &mut core, Ok(String::new()));
    calls.on_answered(&mut core, id);
    (calls, core, id)
}

fn ringing() -> (Calls, Core, CallId) {
    let (mut calls, mut core) = (Calls::default(), connected());
    let id = core.agent.new_call().unwrap();
    let from = Party { number: "700".into(), display_name: None };
    calls.on_incoming(&mut core, id, from, &Default::default(), &Default::default());
    (calls, core, id)
}

fn done(calls: &mut Calls, core: &mut Core, result: Result<String, MediaError>) {
    calls.on_peer(core, REGISTERED, PeerInput::Done(OpId(1), result));
}

fn end(calls: &mut Calls, core: &mut Core, id: CallId, reason: EndReason) {
    calls.on_ended(core, id, &ringlet_sip::Ended { reason, status: None, phrase: None });
}

fn events(core: &mut Core) -> Vec<HostEvent> {
    core.outbox.take_events()
}

fn errors(core: &mut Core) -> Vec<ErrorCode> {
    let failed = |result| match result {
        CommandResult::Failed(error) => Some(error.code),
        CommandResult::Done(_) => None,
    };
    core.outbox.take_results().into_iter().filter_map(|(_, result)| failed(result)).collect()
}

#[test]
fn a_call_needs_a_registered_line_and_room() {
    let (mut calls, mut core, _) = preparing();
    assert_eq!(calls.may_place(&core, REGISTERED), Err(Barred::Limit));
    assert_eq!(calls.may_place(&core, LineStatus::Connecting), Err(Barred::NotRegistered));
    calls.place(&mut core, REGISTERED, to("601", Some("second")));
    assert_eq!(errors(&mut core), [ErrorCode::CallLimit]);
    assert_eq!(calls.len(), 1);
    core.settings.max_calls = 2;
    assert_eq!(calls.may_place(&core, REGISTERED), Ok(()));
}

#[test]
fn the_answered_call_has_the_focus_else_the_oldest() {
    let (mut calls, mut core, first) = preparing();
    core.settings.max_calls = 2;
    calls.place(&mut core, REGISTERED, to("601", None));
    let second = calls.ids()[1];
    assert_eq!(calls.focus().map(Call::id), Some(first));
    calls.on_answered(&mut core, second);
    assert_eq!(calls.focus().map(Call::id), Some(second));
    end(&mut calls, &mut core, second, EndReason::RemoteHangup);
    assert_eq!(calls.focus().map(Call::id), Some(first));
}

#[test]
fn a_call_that_waits_for_the_microphone_counts_but_has_not_started() {
    let (mut calls, mut core, id) = preparing();
    assert_eq!(calls.len(), 1);
    assert_eq!(events(&mut core), []);
    assert_eq!(calls.host_hangs_up(&mut core, &CallRef::default()), Ok(()));
    end(&mut calls, &mut core, id, EndReason::Cancelled);
    assert_eq!(errors(&mut core), [ErrorCode::CallFailed]);
    assert_eq!(events(&mut core), [], "what has not started does not end");
    done(&mut calls, &mut core, Ok("too late".into()));
    assert_eq!(events(&mut core), []);
}

#[test]
fn an_offer_starts_the_call_and_its_end_is_told_once() {
    let (mut calls, mut core, id) = preparing();
    done(&mut calls, &mut core, Ok("v=0".into()));
    done(&mut calls, &mut core, Ok("v=0".into()));
    assert!(matches!(events(&mut core)[..], [HostEvent::CallStarted(_)]));
    core.notices();
    end(&mut calls, &mut core, id, EndReason::Busy);
    end(&mut calls, &mut core, id, EndReason::Busy);
    assert!(matches!(events(&mut core)[..], [HostEvent::CallEnded(_)]));
    let notices = core.notices();
    let [Notice::CallEnded(EndCause::Busy), Notice::CallFinished(call)] = &notices[..] else {
        panic!("{notices:?}")
    };
    assert_eq!((call.number.as_str(), call.duration), ("600", None));
    assert_eq!(calls.last_ended().unwrap().cause, EndCause::Busy);
    assert_eq!(calls.deadline(core.now), None, "an unexpected end stays on the screen");
}

#[test]
fn a_refused_microphone_leaves_nothing_but_the_error() {
    let (mut calls, mut core, id) = preparing();
    core.notices();
    done(&mut calls, &mut core, Err(MediaError::MicrophoneDenied));
    end(&mut calls, &mut core, id, EndReason::MediaFailed);
    assert_eq!(errors(&mut core), [ErrorCode::MicrophoneDenied]);
    assert_eq!(events(&mut core), []);
    assert!(matches!(core.notices()[..], [Notice::MediaFailed(MediaError::MicrophoneDenied)]));
    assert_eq!(calls.last_ended(), None);
}

#[test]
fn a_second_caller_is_not_let_in() {
    let (mut calls, mut core, _) = active();
    events(&mut core);
    let id = core.agent.new_call().unwrap();
    calls.on_incoming(&mut core, id, Party::default(), &Default::default(), &Default::default());
    assert_eq!(calls.len(), 1);
    assert_eq!(events(&mut core), []);
}

#[test]
fn a_call_is_taken_when_the_probe_says_that_the_microphone_works() {
    for (result, is_ringing) in
        [(Ok(()), false), (Err(ErrorBody::new(ErrorCode::MicrophoneDenied, "No")), true)]
    {
        let (mut calls, mut core, id) = ringing();
        core.effects();
        calls.answer(&mut core, id, Some("answer".into()), false);
        assert_eq!(core.effects(), [Effect::Audio(AudioEffect::ProbeMicrophone)]);
        assert!(!calls.focus().unwrap().is_ringing_here(), "the ringing stops at once");
        calls.on_probed(&mut core, &result);
        assert_eq!(calls.focus().unwrap().is_ringing_here(), is_ringing);
        assert_eq!(errors(&mut core).len(), usize::from(is_ringing));
    }
}

#[test]
fn a_call_that_is_hung_up_during_the_probe_ends_once_and_fails_the_answer() {
    let (mut calls, mut core, id) = ringing();
    events(&mut core);
    calls.answer(&mut core, id, Some("answer".into()), false);
    assert_eq!(calls.host_hangs_up(&mut core, &CallRef::default()), Ok(()));
    end(&mut calls, &mut core, id, EndReason::Rejected);
    assert_eq!(errors(&mut core), [ErrorCode::CallFailed]);
    assert!(matches!(events(&mut core)[..], [HostEvent::CallEnded(_)]));
    calls.on_probed(&mut core, &Ok(()));
    assert!(calls.is_empty());
}

#[test]
fn a_broken_peer_connection_has_time_until_the_deadline() {
    let (mut calls, mut core, id) = active();
    calls.on_peer(&mut core, LineStatus::Connecting, PeerInput::Failed(id));
    core.advance(Duration::from_secs(44));
    calls.timeout(&mut core, true);
    assert!(calls.get(id).unwrap().fate.is_none());
    core.now = calls.deadline(core.now).unwrap();
    calls.timeout(&mut core, true);
    assert!(calls.get(id).unwrap().fate.is_some());
    end(&mut calls, &mut core, id, EndReason::LocalHangup);
    assert_eq!(calls.last_ended().unwrap().cause, EndCause::MediaFailed);
}

#[test]
fn only_a_refusal_that_is_final_ends_the_wait() {
    for (will_retry, gives_up) in [(true, false), (false, true)] {
        let (mut calls, mut core, id) = active();
        calls.on_change_failed(&mut core, id, will_retry);
        assert!(calls.get(id).unwrap().fate.is_none(), "nothing is broken");
        calls.on_peer(&mut core, REGISTERED, PeerInput::Failed(id));
        calls.on_change_failed(&mut core, id, will_retry);
        assert_eq!(calls.get(id).unwrap().fate.is_some(), gives_up);
    }
}

#[test]
fn a_clock_wakes_the_calls_at_every_second_of_an_answered_call() {
    let (calls, mut core, _) = active();
    let start = core.now;
    core.advance(Duration::from_millis(2_500));
    assert_eq!(calls.deadline(core.now), Some(start + Duration::from_secs(3)));
}

#[test]
fn an_expected_end_is_shown_for_a_while() {
    let (mut calls, mut core, id) = active();
    end(&mut calls, &mut core, id, EndReason::RemoteHangup);
    assert!(core.effects().contains(&Effect::Peer(PeerEffect::Close(id))));
    core.now = calls.deadline(core.now).unwrap();
    calls.timeout(&mut core, true);
    assert_eq!(calls.last_ended(), None);
    assert_eq!(calls.deadline(core.now), None);
}

#[test]
fn calls_that_the_agent_left_behind_end_here() {
    let (mut calls, mut core, id) = active();
    calls.on_session_ended(&mut core);
    assert!(calls.is_empty());
    end(&mut calls, &mut core, id, EndReason::LocalHangup);
    let ends = events(&mut core).into_iter().filter(|e| matches!(e, HostEvent::CallEnded(_)));
    assert_eq!(ends.count(), 1);
}
