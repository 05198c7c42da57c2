//! Our reader held to those of rsip, rsipstack and ezk: they read the same messages, and wherever
//! one of them differs from ours, [`disagreements`] says why, by which section, and who is right.
//!
//! The messages are those of the torture test, the fuzzer's corpus, the measurements, and some
//! thousands that [`generate`] makes. A disagreement that is not listed fails the test, and so does
//! one that is listed and does not occur any more.

#![cfg(not(target_arch = "wasm32"))]

mod disagreements;
mod generate;
mod messages;
mod reading;
mod sample;
mod stacks;

use disagreements::Disagreement;
use reading::{Difference, differences};
use sample::Sample;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// How many examples of an unlisted disagreement are shown.
const SHOWN: usize = 3;

#[test]
fn every_disagreement_is_listed_and_every_listed_one_occurs() {
    let listed: Vec<&Disagreement> = disagreements::all().collect();
    let mut occurred = BTreeSet::new();
    let mut unlisted: BTreeMap<Difference, Vec<String>> = BTreeMap::new();
    for message in messages::all() {
        let ours = stacks::ringlet(&message.bytes);
        let sample = Sample::new(&message.bytes);
        for (stack, read) in stacks::OTHERS {
            let theirs = read(&message.bytes);
            for aspect in differences(ours.as_ref(), theirs.as_ref()) {
                let difference = Difference { stack, aspect };
                let mut explained = false;
                for (index, entry) in listed.iter().enumerate() {
                    if entry.explains(difference, &sample) {
                        explained = true;
                        occurred.insert((index, difference));
                    }
                }
                if !explained {
                    unlisted.entry(difference).or_default().push(format!(
                        "{}: ours {ours:?}, theirs {theirs:?}\n{}",
                        message.name,
                        message.bytes.escape_ascii()
                    ));
                }
            }
        }
    }
    let mut report = String::new();
    for (difference, examples) in &unlisted {
        let _ = writeln!(report, "\nunlisted: {difference:?}, {} times", examples.len());
        for example in examples.iter().take(SHOWN) {
            let _ = writeln!(report, "  {example}");
        }
    }
    for (index, entry) in listed.iter().enumerate() {
        for difference in entry.differences() {
            if !occurred.contains(&(index, difference)) {
                let _ = writeln!(report, "\nno longer: {difference:?}: {}", entry.cause);
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn no_disagreement_is_about_a_plain_message() {
    for bytes in generate::plain() {
        let sample = Sample::new(&bytes);
        assert!(stacks::ringlet(&bytes).is_some(), "{}", bytes.escape_ascii());
        for entry in disagreements::all() {
            assert!(!(entry.when)(&sample), "{}: {}", entry.cause, bytes.escape_ascii());
        }
    }
}
