//! `ringlet-bench`'s native half: messages and calls a second, beside other Rust stacks.
//!
//! Prints one line of JSON: for each measurement and each stack, the median of interleaved rounds.

mod contenders;
mod rounds;

use anyhow::{Result, ensure};
use contenders::{Stack, ezk, ringlet, rsip, rsipstack};
use ringlet_bench::call::Pair;
use ringlet_bench::messages;
use rounds::{Contender, medians};
use serde_json::{Map, Value, json};
use std::hint::black_box;

fn main() -> Result<()> {
    let stacks = [ringlet::STACK, rsip::STACK, rsipstack::STACK, ezk::STACK];
    let messages = messages::all();
    ensure!(messages.iter().all(|message| (stacks[0].read)(message).is_some()), "we refuse one");
    let refused: Map<_, _> =
        stacks.iter().map(|stack| (stack.name.to_owned(), refused(stack, &messages))).collect();
    let read = medians(stacks.iter().map(|stack| reading(stack, &messages)).collect());
    let write = medians(stacks.iter().map(|stack| (stack.writing)(&messages)).collect());

    let mut pair = Pair::new();
    ensure!(pair.call(), "a call did not end");
    let call =
        medians(vec![Contender { name: "ringlet", pass: Box::new(move || pair.call().into()) }]);

    let mean = messages.iter().map(Vec::len).sum::<usize>() / messages.len();
    let report = json!({
        "messages": messages.len(), "meanBytes": mean, "rounds": rounds::ROUNDS,
        "refused": refused, "read": read, "write": write, "call": call,
    });
    say(&report);
    Ok(())
}

/// A stack that reads every message. One that it refuses counts as read, in its favour.
fn reading<'a>(stack: &Stack, messages: &'a [Vec<u8>]) -> Contender<'a> {
    let read = stack.read;
    let pass = Box::new(move || {
        for message in messages {
            black_box(read(black_box(message)));
        }
        messages.len()
    });
    Contender { name: stack.name, pass }
}

/// The start lines of the messages that a stack cannot read with their headers typed.
fn refused(stack: &Stack, messages: &[Vec<u8>]) -> Value {
    let start_line = |message: &Vec<u8>| {
        let line = message.split(|byte| *byte == b'\r').next().unwrap_or_default();
        String::from_utf8_lossy(line).into_owned()
    };
    let refused = messages.iter().filter(|message| (stack.read)(message).is_none());
    refused.map(start_line).collect()
}

#[allow(clippy::print_stdout, reason = "a report is what this program is for")]
fn say(report: &Value) {
    println!("{report}");
}
