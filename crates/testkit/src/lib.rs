//! Virtual time, a scripted SIP peer and a simulated network for Ringlet's tests.
//!
//! [`Script`] drives one [`ringlet_sip::UserAgent`]: this in, exactly these out, at exactly this
//! time. [`Peer`] writes what a far end would send. [`Network`] joins several agents by a proxy
//! with a delay and with faults. [`simulation`] does so at random, and [`Watched`] is an agent that
//! is checked against invariants. Everything panics on the first mismatch, as assertions do.

mod dialog;
mod message;
mod network;
mod peer;
mod random;
mod script;
pub mod simulation;
mod watched;

pub use dialog::{Dialog, same_branch};
pub use message::{Build, reply};
pub use network::{Faults, Network};
pub use peer::Peer;
pub use random::Random;
pub use script::{ANSWER, OFFER, Script, config};
pub use watched::{Stage, Watched};
