//! Ours.

use super::{Stack, writing};
use ringlet_bench::reading;
use ringlet_sip::message::{Message, parse};

pub(crate) const STACK: Stack = Stack {
    name: "ringlet",
    read: reading::read,
    writing: |messages| {
        let parsed: Vec<Message> = messages.iter().filter_map(|bytes| parse(bytes).ok()).collect();
        writing("ringlet", parsed, |message| match message {
            Message::Request(request) => request.to_bytes(),
            Message::Response(response) => response.to_bytes(),
        })
    },
};
