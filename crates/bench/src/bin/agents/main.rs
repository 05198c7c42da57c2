//! Ten thousand registered agents in one process, against the switch in another.
//!
//! Prints one line of JSON: what one agent holds in memory, and how fast they registered.
//! `ringlet-bench-agents switch` is the other process.

mod memory;
mod phone;
mod switch;

use anyhow::{Context, Result, ensure};
use memory::Held;
use phone::Phone;
use ringlet_bench::registrar;
use ringlet_sip::{Command, Event, Input, Instant, Output, RegistrationState, UserAgent};
use serde_json::json;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc, watch};

/// How many there are.
const AGENTS: usize = 10_000;
/// How many connect at a time: a listener's queue is shorter than all of them.
const CONNECTING: usize = 100;

#[tokio::main]
async fn main() -> Result<()> {
    if std::env::args().nth(1).as_deref() == Some("switch") {
        return switch::run(AGENTS).await;
    }
    let held = bytes_of_one_agent()?;
    let crowd = register_all().await?;
    let report = json!({
        "agents": AGENTS,
        "bytesPerAgent": held,
        "residentPerAgent": crowd.resident_per_agent,
        "connectsPerSecond": crowd.connects_per_second.round(),
        "registrationsPerSecond": crowd.registrations_per_second.round(),
    });
    say(&report);
    Ok(())
}

/// The memory that one registered agent holds, without its socket: the mean of a thousand.
fn bytes_of_one_agent() -> Result<usize> {
    const SAMPLE: usize = 1000;
    let mut agents = Vec::with_capacity(SAMPLE);
    let before = Held::now();
    for number in 0..SAMPLE {
        agents.push(registered(number).context("an agent did not register")?);
    }
    // The places in the list were there before.
    Ok((Held::now() - before) / SAMPLE + size_of::<UserAgent>())
}

/// An agent that has registered with a registrar in memory, and was challenged on the way.
fn registered(number: usize) -> Option<UserAgent> {
    let now = Instant::from_millis(1_000_000);
    let mut agent = phone::agent(number);
    let mut inputs = vec![Input::Connected, Input::Command(Command::Register)];
    let mut registered = false;
    while let Some(input) = inputs.pop() {
        agent.handle(now, input);
        while let Some(output) = agent.poll() {
            if let Output::Transmit(bytes) = output {
                inputs.extend(registrar::answer(&bytes).map(Input::Received));
            } else if let Output::Event(Event::Registration(state)) = output {
                registered = matches!(state, RegistrationState::Registered { .. });
            }
        }
    }
    registered.then_some(agent)
}

struct Crowd {
    /// Sockets and all, `None` where the system does not say.
    resident_per_agent: Option<usize>,
    connects_per_second: f64,
    registrations_per_second: f64,
}

async fn register_all() -> Result<Crowd> {
    let (_switch, url) = switch::spawn().await?;
    let resident = memory::resident();
    let (start, started) = watch::channel(false);
    let (report, mut reports) = mpsc::channel(AGENTS);
    let connecting = Arc::new(Semaphore::new(CONNECTING));
    let clock = std::time::Instant::now();
    for number in 0..AGENTS {
        let phone = Phone { number, url: url.clone(), clock, report: report.clone() };
        tokio::spawn(phone.run(connecting.clone(), started.clone()));
    }
    all(&mut reports, phone::Report::Connected).await?;
    let connects_per_second = per_second(clock);

    let clock = std::time::Instant::now();
    start.send(true)?;
    all(&mut reports, phone::Report::Registered).await?;
    let registrations_per_second = per_second(clock);
    let resident_per_agent = memory::resident()
        .zip(resident)
        .map(|(after, before)| after.saturating_sub(before) / AGENTS);
    Ok(Crowd { resident_per_agent, connects_per_second, registrations_per_second })
}

/// Waits until every agent has reported the same.
async fn all(reports: &mut mpsc::Receiver<phone::Report>, wanted: phone::Report) -> Result<()> {
    for _ in 0..AGENTS {
        let report = reports.recv().await.context("the agents are gone")?;
        ensure!(report == wanted, "an agent reports {report:?}; is `ulimit -n` over {AGENTS}?");
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss, reason = "ten thousand fits")]
fn per_second(since: std::time::Instant) -> f64 {
    AGENTS as f64 / since.elapsed().as_secs_f64()
}

#[allow(clippy::print_stdout, reason = "a report is what this program is for")]
fn say(report: &serde_json::Value) {
    println!("{report}");
}
