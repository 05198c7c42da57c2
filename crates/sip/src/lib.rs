//! A SIP user agent without I/O: bytes and time in; bytes, events and deadlines out.
//!
//! It speaks SIP (RFC 3261) over WebSocket (RFC 7118) for one user at one server. It opens no
//! socket, reads no clock, and rolls no dice: whoever drives it passes in the time with every
//! call and one random seed at the start, so a run is reproducible to the byte.
//!
//! Names of methods come from `rsip`; what else of messages is ours, and why, is in [`message`].
//!
//! # The invariant
//!
//! **One input mutates; then everything is drained; then, and only then, the next input.**
//!
//! ```
//! use ringlet_sip::{Command, Config, Input, Instant, Output, Reconnect, UserAgent};
//! # use ringlet_sip::{Event, MediaResult, RegistrationState, Secret};
//! # use std::time::Duration;
//! #
//! # /// A server that says 200 to everything, and a clock that jumps.
//! # #[derive(Default)]
//! # struct Driver { now: u64, inbox: Vec<Vec<u8>>, done: bool }
//! # impl Driver {
//! #     fn now(&self) -> Instant { Instant::from_millis(self.now) }
//! #     fn send(&mut self, message: Vec<u8>) {
//! #         let text = String::from_utf8(message).unwrap();
//! #         if let Some((_, headers)) = text.split_once(" SIP/2.0") {
//! #             self.inbox.push(format!("SIP/2.0 200 OK{headers}").into_bytes());
//! #         }
//! #     }
//! #     fn show(&mut self, event: Event) {
//! #         let registered = RegistrationState::Registered { expires: Duration::from_secs(1800) };
//! #         self.done |= event == Event::Registration(registered);
//! #     }
//! #     fn reconnect(&mut self) {}
//! #     fn wait(&mut self, until: Option<Instant>) -> Input {
//! #         if let Some(message) = self.inbox.pop() { return Input::Received(message) }
//! #         assert!(self.now < 60_000, "it registers at once");
//! #         self.now = until.unwrap().as_millis();
//! #         Input::Timeout
//! #     }
//! # }
//! # let config = Config::new("alice", "example.com", Secret::Password("wonderland".into()));
//! # let mut driver = Driver::default();
//! let mut agent = UserAgent::new(config, [42; 32]); // a real seed is random
//! agent.handle(driver.now(), Input::Command(Command::Register));
//! let mut input = Input::Connected;
//! loop {
//!     agent.handle(driver.now(), input);
//!     while let Some(output) = agent.poll() {
//!         match output {
//!             Output::Transmit(message) => driver.send(message),
//!             Output::Event(event) => driver.show(event),
//!             Output::Reconnect(Reconnect::DeadFlow) => driver.reconnect(),
//!             Output::Reconnect(Reconnect::ServerUnavailable { .. }) => { /* if it knows another */ }
//!             Output::Media(op, call, request) => { /* answered with Input::Media(op, …) */ }
//!         }
//!     }
//! #     if driver.done { break }
//!     // Whatever comes first: a message, the end of the socket, a wish of the user, the time.
//!     input = driver.wait(agent.poll_timeout().map(|(at, _why)| at));
//! }
//! ```
//!
//! Media is somebody else's: the agent asks for an offer or an answer with an operation number
//! ([`Output::Media`]) and takes the result as an ordinary input ([`Input::Media`]). SDP is
//! opaque text here. A result that comes late, twice, or for a call that is gone is ignored.
//!
//! `examples/call.rs` is such a driver with a real WebSocket: it registers, calls and hangs up.
//! `examples/console` does everything there is, steered by lines.
//!
//! # Bounds
//!
//! Nothing that comes from the network makes an agent grow without end. Idle and registered, it
//! holds about 6 KiB. At most:
//!
//! | what | how much | beyond |
//! |---|---|---|
//! | a message | 64 KiB, 200 header lines | 513 to a request, dropped otherwise |
//! | calls | [`MAX_CALLS`] | 486 |
//! | requests not answered yet, and INVITE not acknowledged yet | 256 | 503 |
//! | requests of ours that nobody owns (CANCEL, BYE to late branches) | 64 | sent, but not waited for |
//! | branches of a forked call | 16 | not followed; 2xx are acknowledged and ended, of 16 |
//! | addresses a call is redirected to | 5 | the call ends |
//! | 422 and 491 to a call that is being made | 4 | the call ends |
//! | redirections of a REGISTER | 1 | counts as a failure, tried again later |
//! | rounds of credentials for a request | 6 | refused credentials |
//! | realms whose nonces are known | 8 | the oldest is forgotten |
//! | subscriptions | 64 | ended at once |
//! | instant messages on their way | 32 | 503 |
//! | an instant message | 1,300 bytes out, 16 KiB in | 513 |
//! | DTMF signals of a call that wait | 64 | ignored |
//! | transfers of a call at once | 1 each way | waits, or is refused |
//! | 491 to one change of a session | 10 | the change has failed |
//! | 422 to one refresh | 4 | the change has failed |
//! | a pause between two REGISTER | 5 min by itself, 1 h by Retry-After | |
//! | an exported call | 16 KiB, five minutes old | refused |
//! | the trace | [`Config::trace_bytes`], half of it for one message | the oldest goes |
//!
//! What is rejected or ignored is counted ([`UserAgent::counters`]), and told by the trace
//! ([`UserAgent::trace`]) if one is wanted.
//!
//! [`rfcs`] says which test holds which rule.
//!
//! # Out of scope
//!
//! Sockets, TLS, name resolution, media and SDP are the driver's; [`Servers`] helps it to choose a
//! server. Other transports than WebSocket, forwarding requests, and accepting registrations are
//! nobody's here.

mod agent;
mod auth;
mod call;
pub mod config;
mod context;
mod counters;
mod dialog;
pub mod event;
mod failover;
mod identities;
pub mod input;
mod keepalive;
pub mod message;
#[cfg(feature = "messages")]
mod messaging;
pub mod output;
mod party;
pub mod reason;
mod registration;
pub mod rfcs;
mod rng;
mod sdp;
#[cfg(any(feature = "messages", feature = "subscriptions"))]
mod standalone;
#[cfg(feature = "subscriptions")]
mod subscription;
#[cfg(not(feature = "subscriptions"))]
#[path = "subscription/none.rs"]
mod subscription;
mod target;
pub mod time;
pub mod timer;
mod trace;
mod transaction;
mod unsolicited;

pub use agent::{MAX_CALLS, Numbers, UserAgent};
pub use call::ResumeError;
pub use config::{Config, Credentials, IdentityHeader, Secret};
pub use counters::Counters;
pub use failover::{Attempt, Pauses, Servers};
pub use input::{
    CallId, Command, Input, MediaFailed, MediaResult, MessageId, OpId, Refusal, SubscriptionId,
};
pub use output::{
    Event, IncomingDetails, MediaRequest, Notification, Output, Package, Party, Reconnect,
    RegistrationState, SubscriptionState, Terms, TransferProgress,
};
pub use reason::{EndReason, Ended, RegistrationError};
pub use time::Instant;
pub use timer::Timer;
pub use trace::{TraceEntry, TraceKind};
