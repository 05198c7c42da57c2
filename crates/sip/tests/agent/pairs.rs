use ringlet_sip::{Command, EndReason, Event, Refusal};
use ringlet_testkit::{Faults, Network};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const DELAY: Duration = Duration::from_millis(20);
const SECOND: Duration = Duration::from_secs(1);

fn network(faults: Faults) -> (Network, usize, usize) {
    let mut network = Network::new(DELAY, faults);
    let (alice, bob) = (network.add("alice"), network.add("bob"));
    network.pass(SECOND);
    network.events(alice);
    network.events(bob);
    (network, alice, bob)
}

fn all_faults() -> [Faults; 3] {
    let duplicate = Faults { duplicate: true, garbage: false };
    [Faults::default(), duplicate, Faults { duplicate: true, garbage: true }]
}

fn endings(events: &[Event]) -> Vec<EndReason> {
    let reason = |event: &Event| match event {
        Event::Ended(_, ended) => Some(ended.reason),
        _ => None,
    };
    events.iter().filter_map(reason).collect()
}

#[test]
fn two_agents_talk_whatever_the_network_repeats() {
    for faults in all_faults() {
        let (mut network, alice, bob) = network(faults);
        let outgoing = network.call(alice, bob);
        network.pass(SECOND);
        let incoming = network.incoming(bob).unwrap();
        network.command(bob, Command::Answer(incoming));
        network.pass(SECOND);
        assert!(network.events(alice).contains(&Event::Answered(outgoing)), "{faults:?}");
        assert_eq!(network.applied(alice), ["v=0\r\ns=bob\r\n"]);
        assert_eq!(network.applied(bob), ["v=0\r\ns=alice\r\n"]);
        network.command(bob, Command::Hangup(incoming));
        network.pass(SECOND);
        assert_eq!(endings(&network.events(alice)), [EndReason::RemoteHangup]);
        assert_eq!(endings(&network.events(bob)), [EndReason::LocalHangup]);
        network.pass(60 * SECOND);
        assert_eq!((network.load(alice), network.load(bob)), (0, 0), "{faults:?}");
    }
}

#[test]
fn a_refused_call_leaves_nothing_behind() {
    for faults in all_faults() {
        let (mut network, alice, bob) = network(faults);
        network.call(alice, bob);
        network.pass(SECOND);
        let incoming = network.incoming(bob).unwrap();
        network.command(bob, Command::Reject(incoming, Refusal::Decline));
        network.pass(60 * SECOND);
        assert_eq!(endings(&network.events(alice)), [EndReason::Declined]);
        assert_eq!(endings(&network.events(bob)), [EndReason::Rejected]);
        assert_eq!((network.load(alice), network.load(bob)), (0, 0));
    }
}

#[test]
fn hangup_at_any_millisecond_of_the_setup_ends_both_sides_once() {
    for faults in all_faults() {
        for ms in 0..160 {
            let (mut network, alice, bob) = network(faults);
            let outgoing = network.call(alice, bob);
            network.pass(Duration::from_millis(45));
            if let Some(incoming) = network.incoming(bob) {
                network.command(bob, Command::Answer(incoming));
            }
            network.pass(Duration::from_millis(ms));
            network.command(alice, Command::Hangup(outgoing));
            network.pass(90 * SECOND);
            assert_eq!(endings(&network.events(alice)).len(), 1, "{faults:?} {ms}");
            assert_eq!(endings(&network.events(bob)).len(), 1, "{faults:?} {ms}");
            assert_eq!((network.load(alice), network.load(bob)), (0, 0), "{faults:?} {ms}");
        }
    }
}

#[test]
fn cancel_and_answer_may_cross_at_any_millisecond() {
    for ms in 0..120 {
        let (mut network, alice, bob) = network(Faults::default());
        let outgoing = network.call(alice, bob);
        network.pass(SECOND);
        let incoming = network.incoming(bob).unwrap();
        if ms < 60 {
            network.command(alice, Command::Hangup(outgoing));
            network.pass(Duration::from_millis(ms));
            network.command(bob, Command::Answer(incoming));
        } else {
            network.command(bob, Command::Answer(incoming));
            network.pass(Duration::from_millis(ms - 60));
            network.command(alice, Command::Hangup(outgoing));
        }
        network.pass(90 * SECOND);
        assert_eq!(endings(&network.events(alice)).len(), 1, "{ms}");
        assert_eq!(endings(&network.events(bob)).len(), 1, "{ms}");
        assert_eq!((network.load(alice), network.load(bob)), (0, 0), "{ms}");
    }
}

#[test]
fn a_confirmed_call_is_ended_over_the_next_socket() {
    let (mut network, alice, bob) = network(Faults::default());
    let outgoing = network.call(alice, bob);
    network.pass(SECOND);
    let incoming = network.incoming(bob).unwrap();
    network.command(bob, Command::Answer(incoming));
    network.pass(SECOND);
    network.cut(alice);
    network.pass(5 * SECOND);
    network.connect(alice);
    network.pass(SECOND);
    network.command(alice, Command::Hangup(outgoing));
    network.pass(60 * SECOND);
    assert_eq!(endings(&network.events(alice)), [EndReason::LocalHangup]);
    assert_eq!(endings(&network.events(bob)), [EndReason::RemoteHangup]);
    assert_eq!((network.load(alice), network.load(bob)), (0, 0));
}
