//! A SIP user agent without I/O: bytes and time in; bytes, events and deadlines out.
//!
//! It speaks SIP (RFC 3261) over WebSocket (RFC 7118) for one user at one server. It opens no
//! socket, reads no clock, and rolls no dice: whoever drives it passes in the time with every
//! call and one random seed at the start, so a run is reproducible to the byte.
//!
//! # The invariant
//!
//! **One input mutates; then everything is drained; then, and only then, the next input.**
//!
//! ```text
//! loop {
//!     ua.handle(now, input);
//!     while let Some(output) = ua.poll() { … send bytes, do media work, show events … }
//!     sleep until ua.poll_timeout(), or until something arrives
//! }
//! ```
//!
//! Media is somebody else's: the agent asks for an offer or an answer with an operation number
//! ([`Output::Media`]) and takes the result as an ordinary input ([`Input::Media`]). SDP is
//! opaque text here. A result that comes late, twice, or for a call that is gone is ignored.

mod agent;
mod auth;
mod call;
pub mod config;
mod context;
mod dialog;
pub mod input;
mod keepalive;
pub mod message;
pub mod output;
mod party;
pub mod reason;
mod registration;
mod rng;
mod target;
pub mod time;
pub mod timer;
mod transaction;

pub use agent::{MAX_CALLS, UserAgent};
pub use config::{Config, Credentials, Secret};
pub use input::{CallId, Command, Input, MediaFailed, MediaResult, OpId, Refusal};
pub use output::{Event, MediaRequest, Output, Party, RegistrationState};
pub use reason::{EndReason, Ended, RegistrationError};
pub use time::Instant;
pub use timer::Timer;
