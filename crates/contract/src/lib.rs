//! The types that cross Ringlet's borders, in one place.
//!
//! - [`message`] — what the loader and the phone say to each other on their `MessagePort`
//! - [`event`] — what the phone tells the host page
//! - [`config`] — what the server tells the loader and the phone, and what a host may add
//! - [`diagnostics`] — what `getDiagnostics()` tells
//! - [`error`] — every error code a host or a developer can meet
//! - [`validate`] — what a value must look like
//!
//! The TypeScript in `loader/src/generated/` is generated from here (`cargo xtask codegen`); the
//! JSON files in `fixtures/` are parsed by the tests of both languages.

pub mod config;
pub mod diagnostics;
pub mod error;
pub mod event;
pub mod message;
pub mod validate;

/// The version of the messages between loader and phone.
///
/// It is raised when a message changes so that an older peer would misread it. Both sides refuse
/// to talk across versions with [`error::ErrorCode::UnsupportedVersion`].
pub const PROTOCOL_VERSION: u32 = 1;

/// The value of `ns` in every message, so that a page's other traffic is never mistaken for ours.
pub const NAMESPACE: &str = "ringlet";

/// The largest message either side reads, in UTF-16 code units of its JSON text.
pub const MAX_MESSAGE_CHARS: u32 = 64 * 1024;

/// The longest number or SIP address a host or a person may dial, in characters.
pub const MAX_NUMBER_CHARS: usize = 128;

/// The most DTMF tones and pauses that one command may ask for.
pub const MAX_TONES: usize = 64;
