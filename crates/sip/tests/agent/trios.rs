//! Three agents behind one proxy: transfers from end to end.

use ringlet_sip::{CallId, Command, EndReason, Event, TransferProgress};
use ringlet_testkit::{Faults, Network};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const SECOND: Duration = Duration::from_secs(1);
const ALICE: usize = 0;
const BOB: usize = 1;
const CAROL: usize = 2;

fn network(faults: Faults) -> Network {
    let mut network = Network::new(Duration::from_millis(20), faults);
    ["alice", "bob", "carol"].iter().for_each(|user| {
        network.add(user);
    });
    network.pass(SECOND);
    (ALICE..=CAROL).for_each(|phone| drop(network.events(phone)));
    network
}

fn all_faults() -> [Faults; 2] {
    [Faults::default(), Faults { duplicate: true, garbage: true }]
}

/// An answered call: its name at either end.
fn call(network: &mut Network, from: usize, to: usize) -> (CallId, CallId) {
    let outgoing = network.call(from, to);
    network.pass(SECOND);
    let incoming = network.incoming(to).expect("it rings");
    network.command(to, Command::Answer(incoming));
    network.pass(SECOND);
    assert!(network.events(from).contains(&Event::Answered(outgoing)));
    network.events(to);
    (outgoing, incoming)
}

/// The call that a phone is asked to give up for another one.
fn requested(network: &mut Network, phone: usize) -> (CallId, String, bool) {
    let events = network.events(phone);
    let found = events.iter().find_map(|event| match event {
        Event::TransferRequested { call, target, attended } => {
            Some((*call, target.number.clone(), *attended))
        }
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no request in {events:?}"))
}

fn progress(events: &[Event]) -> Vec<TransferProgress> {
    let of = |event: &Event| match event {
        Event::Transfer { progress, .. } => Some(*progress),
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

fn endings(events: &[Event]) -> Vec<EndReason> {
    let of = |event: &Event| match event {
        Event::Ended(_, ended) => Some(ended.reason),
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

#[test]
fn a_blind_transfer_joins_the_other_two() {
    for faults in all_faults() {
        let mut network = network(faults);
        let (mine, theirs) = call(&mut network, ALICE, BOB);
        network.command(ALICE, Command::Transfer { call: mine, target: "carol".into() });
        network.pass(SECOND);
        assert_eq!(requested(&mut network, BOB), (theirs, "carol".into(), false));
        let new = network.new_call(BOB);
        network.command(BOB, Command::AcceptTransfer { call: theirs, new });
        network.pass(SECOND);
        let ringing = network.incoming(CAROL).expect("it rings");
        network.command(CAROL, Command::Answer(ringing));
        network.pass(SECOND);
        let told = [
            TransferProgress::Accepted,
            TransferProgress::Trying(100),
            TransferProgress::Trying(180),
            TransferProgress::Done,
        ];
        let events = network.events(ALICE);
        assert_eq!(progress(&events), told, "{faults:?}");
        network.command(ALICE, Command::Hangup(mine));
        network.pass(SECOND);
        assert_eq!(endings(&network.events(ALICE)), [EndReason::LocalHangup]);
        assert_eq!(endings(&network.events(BOB)), [EndReason::RemoteHangup]);
        network.command(CAROL, Command::Hangup(ringing));
        network.pass(60 * SECOND);
        assert_eq!(endings(&network.events(BOB)), [EndReason::RemoteHangup]);
        assert_eq!([ALICE, BOB, CAROL].map(|phone| network.load(phone)), [0; 3], "{faults:?}");
    }
}

#[test]
fn an_attended_transfer_joins_the_other_two_and_replaces_the_consultation() {
    for faults in all_faults() {
        let mut network = network(faults);
        let (first, bobs) = call(&mut network, ALICE, BOB);
        let (second, carols) = call(&mut network, ALICE, CAROL);
        network.command(ALICE, Command::TransferTo { call: first, other: second });
        network.pass(SECOND);
        assert_eq!(requested(&mut network, BOB), (bobs, "carol".into(), true));
        let new = network.new_call(BOB);
        network.command(BOB, Command::AcceptTransfer { call: bobs, new });
        network.pass(2 * SECOND);
        let at_carol = network.events(CAROL);
        let by = at_carol.iter().find_map(|event| match event {
            Event::Replaced { call, by } if *call == carols => Some(*by),
            _ => None,
        });
        assert!(by.is_some(), "{at_carol:?}");
        let events = network.events(ALICE);
        assert_eq!(progress(&events).last(), Some(&TransferProgress::Done), "{events:?}");
        assert_eq!(endings(&events), [EndReason::RemoteHangup], "the consultation is over");
        network.command(ALICE, Command::Hangup(first));
        network.command(BOB, Command::Hangup(new));
        network.pass(60 * SECOND);
        assert_eq!([ALICE, BOB, CAROL].map(|phone| network.load(phone)), [0; 3], "{faults:?}");
    }
}

#[test]
fn a_transfer_that_nobody_answers_leaves_the_call() {
    let mut network = network(Faults::default());
    let (mine, theirs) = call(&mut network, ALICE, BOB);
    network.command(ALICE, Command::Transfer { call: mine, target: "nobody".into() });
    network.pass(SECOND);
    let (call, ..) = requested(&mut network, BOB);
    let new = network.new_call(BOB);
    network.command(BOB, Command::AcceptTransfer { call, new });
    network.pass(SECOND);
    let events = network.events(ALICE);
    assert_eq!(progress(&events).last(), Some(&TransferProgress::Failed(Some(480))));
    assert_eq!(endings(&events), []);
    network.command(BOB, Command::Hangup(theirs));
    network.pass(60 * SECOND);
    assert_eq!(endings(&network.events(ALICE)), [EndReason::RemoteHangup]);
    assert_eq!([ALICE, BOB].map(|phone| network.load(phone)), [0; 2]);
}

#[test]
fn signals_and_messages_arrive() {
    let mut network = network(Faults::default());
    let (mine, theirs) = call(&mut network, ALICE, BOB);
    for signal in ['1', '*', 'D'] {
        let duration = Duration::from_millis(100);
        network.command(ALICE, Command::Dtmf { call: mine, signal, duration });
    }
    network.pass(SECOND);
    let events = network.events(BOB);
    let expected = ['1', '*', 'D'].map(|signal| Event::Dtmf { call: theirs, signal });
    assert_eq!(events, expected);

    let message = ringlet_sip::MessageId(1);
    let (target, content_type) = ("bob".into(), "text/plain".into());
    let body = b"hello".to_vec();
    network.command(ALICE, Command::SendMessage { message, target, content_type, body });
    network.pass(SECOND);
    let status = Some(200);
    assert_eq!(network.events(ALICE), [Event::MessageDone { message, status }]);
    let events = network.events(BOB);
    assert!(
        matches!(&events[..], [Event::Message { from, body, .. }]
            if from.number == "alice" && body == b"hello"),
        "{events:?}"
    );
}
