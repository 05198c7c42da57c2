//! Transactions (RFC 3261 section 17, RFC 6026), over a reliable transport.

mod client;
mod server;

pub(crate) use client::{Answer, ClientId, Clients, Errand, Expired, Owner, cancel};
pub(crate) use server::{Acknowledged, Received, ServerId, Servers};
