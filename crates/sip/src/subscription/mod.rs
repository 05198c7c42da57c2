//! Subscriptions (RFC 6665).

mod unsolicited;

pub(crate) use unsolicited::{refuse_notify, unsolicited};
