//! The agent as its driver and its server see it: exact scripts in virtual time.
//!
//! They run natively and, in Node, as wasm.

mod auth;
mod auto_answer;
mod bindings;
mod callee;
mod caller;
mod confirmed;
mod connection;
mod failover;
mod forking;
mod garbage;
mod glare;
mod hold;
mod identity;
mod info;
mod message;
mod messages;
mod notify;
mod pairs;
mod prack;
mod recovery;
mod redirect;
mod referred;
mod registration;
mod replaced;
mod resume;
mod session_interval;
mod session_timer;
mod subscription;
mod trace;
mod transactions;
mod transfer;
mod trios;
mod unsubscribe;
mod update;
