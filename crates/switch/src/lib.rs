//! A SIP-over-WebSocket (RFC 7118) registrar and proxy with a few test numbers, for Ringlet's demo
//! and tests. It is not a PBX: everything lives in memory, nothing is configurable beyond
//! [`Config`], and it speaks WebSocket only.
//!
//! One task owns all protocol state (`core`) and takes one input at a time: a socket opened, a
//! message arrived, a socket closed, a timer fired. Sockets (`socket`) and media (`media`) run
//! in tasks of their own and meet it only through channels.
//!
//! Messages, headers and URIs are `rsipstack`'s. Its transport and transactions are not used: the
//! listener logs whole messages with their credentials, ignores CRLF pings in text frames, cannot
//! report the port it bound and does not tell when a socket closes; and over a reliable transport
//! what remains of a transaction is a table of branches. Media is `str0m`'s.

mod address;
mod config;
mod core;
mod digest;
mod error;
mod media;
mod message;
mod random;
mod registrar;
mod socket;
mod switch;

pub use config::{Config, User};
pub use error::{Error, MediaError};
pub use switch::Switch;
