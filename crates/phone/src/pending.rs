//! Calls the host asked for while the line was still being connected.

use crate::phone::Phone;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::message::CallCommand;
use ringlet_sip::Instant;
use std::collections::VecDeque;
use std::time::Duration;

const CAPACITY: usize = 8;
/// Nobody who clicked a number this long ago still expects the call.
const PATIENCE: Duration = Duration::from_secs(30);

/// Calls waiting for the line, oldest first.
#[derive(Default)]
pub(crate) struct Pending(VecDeque<PendingCall>);

struct PendingCall {
    reply_to: String,
    command: CallCommand,
    until: Instant,
}

impl Pending {
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.0.front().map(|call| call.until)
    }
}

impl Phone {
    pub(crate) fn wait_for_line(&mut self, reply_to: String, command: CallCommand) {
        if self.pending.0.len() >= CAPACITY {
            let error = ErrorBody::new(
                ErrorCode::CallLimit,
                "Eight calls are waiting for the line already.",
            );
            return self.outbox.failed(reply_to, error);
        }
        let until = self.now + PATIENCE;
        self.pending.0.push_back(PendingCall { reply_to, command, until });
    }

    /// The line is registered: place what waited for it.
    pub(crate) fn place_pending(&mut self) {
        while let Some(PendingCall { reply_to, command, .. }) = self.pending.0.pop_front() {
            self.call_for_host(reply_to, command);
        }
    }

    pub(crate) fn expire_pending(&mut self) {
        while let Some(call) = self.pending.0.pop_front_if(|call| call.until <= self.now) {
            let error = "The line was not registered within 30 seconds.";
            self.number = call.command.number;
            self.outbox.failed(call.reply_to, ErrorBody::new(ErrorCode::NotRegistered, error));
        }
    }

    /// The line will not be registered without a person's help.
    pub(crate) fn reject_pending(&mut self, why: &str) {
        while let Some(call) = self.pending.0.pop_front() {
            self.outbox.failed(call.reply_to, ErrorBody::new(ErrorCode::NotRegistered, why));
        }
    }
}
