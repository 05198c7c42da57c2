//! The softphone without a browser: every decision, no I/O, no clock, no randomness of its own.
//!
//! [`Phone`] has the shape of [`ringlet_sip::UserAgent`], which it owns, and the same invariant:
//! **one input mutates; then everything is drained; then, and only then, the next input.**
//!
//! - [`Input`] — what happened: the socket, the media, the person, the host page, the clock
//! - [`Effect`] — what is to be done; whoever does it answers with an input
//! - [`ViewModel`] — what is to be seen; plain facts, no protocol, no text

pub mod audio;
pub mod effect;
pub mod input;
pub mod phone;
pub mod view;

mod agent;
mod call;
mod calling;
mod calls;
mod cause;
mod commands;
mod connection;
mod diagnostics;
mod farewell;
mod intents;
mod line;
mod media;
mod number;
mod outbox;
mod pending;
mod random;
mod settings;
mod show;
mod sign_in;
mod timers;

pub use audio::{Route, Routes, Sink, Source, Tone};
pub use effect::{AudioEffect, Effect, HostEffect, PeerEffect, SocketEffect, StoreEffect};
pub use input::{
    AudioInput, HostInput, Input, Intent, MediaError, PeerInput, SocketInput, StoredSession,
};
pub use phone::{Phone, Setup};
pub use ringlet_sip::{CallId, Instant, OpId, Secret, Terms};
pub use view::{
    AudioView, CallPhase, CallView, Ended, Form, KeypadView, LineStatus, LineView, Microphone,
    SettingsView, SignInError, SignInView, Slice, ViewModel,
};
