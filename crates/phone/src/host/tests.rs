use super::*;
use crate::core::tests::core;
use ringlet_contract::event::{HostEvent, Unregistered, UnregisteredReason};
use ringlet_contract::message::CommandResult;
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn call(number: &str) -> CallCommand {
    CallCommand { number: number.into(), caller_id: None, correlation_id: None }
}

fn codes(core: &mut Core) -> Vec<ErrorCode> {
    let results = core.outbox.take_results();
    let code = |(_, result)| match result {
        CommandResult::Failed(error) => Some(error.code),
        CommandResult::Done(_) => None,
    };
    results.into_iter().filter_map(code).collect()
}

#[test]
fn how_the_line_stands_decides_what_becomes_of_a_call() {
    let (mut host, mut core) = (Host::default(), core());
    host.on_call(&mut core, LineStatus::Registered, "1".into(), call("600"));
    assert!(matches!(core.notices()[..], [Notice::Place(_)]));
    host.on_call(&mut core, LineStatus::Connecting, "2".into(), call("600"));
    assert!(core.notices().is_empty() && codes(&mut core).is_empty(), "it waits");
    host.on_call(&mut core, LineStatus::SignedOut, "3".into(), call("600"));
    assert!(matches!(&core.notices()[..], [Notice::Prefill(number)] if number == "600"));
    assert_eq!(codes(&mut core), [ErrorCode::NotRegistered]);
    host.on_call(&mut core, LineStatus::Registered, "4".into(), call("a b"));
    assert_eq!(codes(&mut core), [ErrorCode::InvalidNumber]);
}

#[test]
fn waiting_calls_are_placed_in_order_or_refused_together() {
    for is_registered in [true, false] {
        let (mut host, mut core) = (Host::default(), core());
        for number in ["601", "602"] {
            host.on_call(&mut core, LineStatus::Connecting, number.into(), call(number));
        }
        if is_registered {
            host.on_registered(&mut core, LineStatus::Registered);
            let notices = core.notices();
            let [Notice::Place(first), Notice::Place(second)] = &notices[..] else { panic!() };
            assert_eq!((first.number.as_str(), second.number.as_str()), ("601", "602"));
        } else {
            host.on_unavailable(&mut core, "No");
            assert_eq!(codes(&mut core), [ErrorCode::NotRegistered; 2]);
        }
        assert_eq!(host.deadline(), None);
    }
}

#[test]
fn a_call_that_waited_too_long_stays_on_the_keypad() {
    let (mut host, mut core) = (Host::default(), core());
    host.on_call(&mut core, LineStatus::Connecting, "1".into(), call("600"));
    assert_eq!(host.deadline(), Some(core.now + Duration::from_secs(30)));
    core.advance(Duration::from_secs(30));
    host.timeout(&mut core);
    assert_eq!(codes(&mut core), [ErrorCode::NotRegistered]);
    assert!(matches!(core.notices()[..], [Notice::Prefill(_)]));
    assert_eq!(host.deadline(), None);
}

#[test]
fn the_state_comes_before_the_events_and_the_results_last() {
    let (mut host, mut core) = (Host::default(), core());
    core.outbox.done("1".into());
    let reason = UnregisteredReason::SignedOut;
    core.tell(HostEvent::Unregistered(Unregistered { reason }));
    host.settle(&mut core, Some(Snapshot::default()));
    let order: Vec<_> = core.effects();
    assert!(matches!(
        order[..],
        [
            Effect::Host(HostEffect::Snapshot(_)),
            Effect::Host(HostEffect::Event { seq: 1, .. }),
            Effect::Host(HostEffect::Result { .. })
        ]
    ));
    host.settle(&mut core, Some(Snapshot::default()));
    assert_eq!(core.effects(), [], "an unchanged state is not sent again");
}
