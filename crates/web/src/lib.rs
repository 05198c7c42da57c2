//! The phone's browser: everything that touches the web platform, and nothing that decides.
//!
//! [`Driver`] runs the phone. Every browser callback only puts an input on the driver's queue;
//! the driver alone mutates the phone, drains its effects, and hands each to an adapter:
//!
//! - [`Socket`] — the WebSocket to the SIP server
//! - [`Peers`] — one peer connection for each call
//! - [`Audio`] — microphone, loudspeaker and tones, and what is heard where
//! - [`TabStorage`] — what this tab remembers
//! - [`Records`] — what the browser keeps for the user
//! - [`Bridge`] — the loader in the host page
//! - [`page`] — the page's own life: on line, going away, coming back
//!
//! Beside them, [`crash`] watches over the phone itself.
//!
//! An adapter answers with another input. There is no other road. Every listener, timer and
//! connection ends when the value that owns it is dropped.

pub mod audio;
pub mod bridge;
mod clock;
mod console;
pub mod crash;
mod driver;
mod early;
mod instance;
mod js;
mod late;
mod machine;
pub mod page;
mod peer;
pub mod random;
mod records;
mod socket;
pub mod storage;

pub use audio::Audio;
pub use bridge::Bridge;
pub use clock::Clock;
pub use console::log;
pub use driver::{Driver, Inbox, Machine, Shell};
pub use instance::instance_id;
pub use late::load_late;
pub use peer::Peers;
pub use records::Records;
pub use socket::Socket;
pub use storage::TabStorage;
pub use wasm_bindgen_futures::spawn_local as spawn;
