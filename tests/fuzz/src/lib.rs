//! What must hold whatever the bytes. One function for each fuzz target; the corpus is replayed
//! through them without a fuzzer.

mod agent;
mod bodies;
mod headers;
mod message;

pub use agent::agent;
pub use bodies::bodies;
pub use headers::headers;
pub use message::message;

/// A fuzz target: panics when something does not hold.
pub type Target = fn(&[u8]);

/// Every target by name, which is that of its corpus too.
pub const TARGETS: &[(&str, Target)] =
    &[("agent", agent), ("bodies", bodies), ("headers", headers), ("message", message)];
