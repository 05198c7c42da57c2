//! The softphone without a browser: every decision, no I/O, no clock, no randomness of its own.
//!
//! [`Phone`] has the shape of [`ringlet_sip::UserAgent`], which it owns, and the same invariant:
//! **one input mutates; then everything is drained; then, and only then, the next input.**
//!
//! - [`Input`] — what happened: the socket, the media, the person, the host page, the clock
//! - [`Effect`] — what is to be done; whoever does it answers with an input
//! - [`ViewModel`] — what is to be seen; plain facts, no protocol, no text

pub mod effect;
pub mod input;
pub mod view;

pub use effect::{Effect, HostEffect, MediaEffect, SocketEffect, StoreEffect, Tone};
pub use input::{HostInput, Input, Intent, MediaError, MediaInput, SocketInput, StoredSession};
pub use ringlet_sip::{CallId, Instant, OpId};
pub use view::{
    CallPhase, CallView, Ended, Form, LineView, Microphone, SignInError, SignInView, ViewModel,
};
