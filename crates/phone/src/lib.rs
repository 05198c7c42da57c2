//! The softphone without a browser: every decision, no I/O, no clock, no randomness of its own.
//!
//! [`Phone`] has the shape of [`ringlet_sip::UserAgent`], which it owns, and the same invariant:
//! **one input mutates; then everything is drained; then, and only then, the next input.**
//!
//! - [`Input`]: what happened to the socket, the media, the person, the host page, the clock
//! - [`Effect`]: what is to be done outside; the result comes back as an input
//! - [`ViewModel`]: what the screens show; plain facts, no protocol, no text
//!
//! Inside, `Phone` is made of components with private state. A component is handed the `Core` and
//! plain facts about the others, never another component to change. One that waits for something
//! has a `deadline()` and a `timeout()`. What concerns others is a `Notice`, which the phone passes
//! on ([`mod@phone`] has the table).
//!
//! | component | what it decides |
//! |---|---|
//! | `line/` | who is signed in, the socket, the registration, and how the line stands |
//! | `calls/` | how calls begin, go on and end; which one has the focus; how many there may be |
//! | `quality/` | how well a call is heard, and when to warn |
//! | `audio/` | which source is heard where; the tones; the microphone |
//! | `host/` | what the host page asks for and is told |
//! | `history/` | the calls of the past: what of them is kept, shown and dialled again |
//! | `caller_ids` | the numbers a person may call as |
//! | `devices` | which microphone and loudspeakers are used, and what if one goes |
//! | `diversion` | do not disturb, and forwarding when busy or unanswered |
//! | `records` | whose records the browser keeps, and whether it does |
//! | `keypad`, `pages`, `preferences`, `diagnostics/` | what their names say |
//! | `view/` | nothing: it projects the components' facts, one slice a file |
//!
//! What a phone can ring without is called through [`Late`].
//!
//! A new feature of a call, such as hold, is a file in `calls/`, beside `transferor`; a recorder is a
//! file in `audio/` and one more [`Sink`]. What lasts longer than a tab is a record
//! ([`RecordEffect`]), as the entries of `history/` are.

pub mod audio;
pub mod effect;
pub mod input;
pub mod phone;
pub mod view;

mod agent;
mod caller_ids;
mod calls;
mod core;
mod devices;
mod diagnostics;
mod diversion;
mod history;
mod host;
mod keypad;
mod late;
mod line;
mod notice;
mod number;
mod outbox;
mod pages;
mod preferences;
mod quality;
mod random;
mod records;
mod settings;

pub use audio::{Route, Routes, Sink, Source, Tone};
pub use caller_ids::CallerIdError;
pub use devices::{Device, DeviceKind, DeviceUse, DevicesInUse};
pub use diversion::DiversionError;
pub use effect::{
    AudioEffect, Effect, HostEffect, PeerConfig, PeerEffect, RecordEffect, SocketEffect,
    StoreEffect,
};
pub use history::HistoryEntry;
pub use input::{
    AudioInput, HostInput, Input, Intent, MediaError, PeerInput, Record, RecordsInput, SocketInput,
    StoredSession,
};
pub use late::Late;
pub use pages::Page;
pub use phone::{Phone, Setup};
pub use quality::{QualityView, Sample};
pub use ringlet_sip::{CallId, Instant, OpId, Secret, Terms};
pub use view::{
    AudioView, CallPhase, CallView, CallerIdView, CallerIdsView, DevicesView, DiversionView, Ended,
    Form, HistoryView, KeypadView, LineStatus, LineView, Microphone, SettingsView, SignInError,
    SignInView, Slice, TransferRequest, TransferView, ViewModel,
};
