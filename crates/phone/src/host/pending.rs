//! Calls the host asked for while the line was still being connected.

use crate::core::Core;
use crate::notice::Notice;
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
pub(super) struct Pending(VecDeque<PendingCall>);

struct PendingCall {
    reply_to: String,
    command: CallCommand,
    until: Instant,
}

impl Pending {
    /// Keeps a call until the line is registered, or for half a minute.
    pub(super) fn push(&mut self, core: &mut Core, reply_to: String, command: CallCommand) {
        if self.0.len() >= CAPACITY {
            let error = "Eight calls are waiting for the line already.";
            return core.outbox.failed(reply_to, ErrorBody::new(ErrorCode::CallLimit, error));
        }
        self.0.push_back(PendingCall { reply_to, command, until: core.now + PATIENCE });
    }

    /// All of them; none is left.
    pub(super) fn take(&mut self) -> impl Iterator<Item = (String, CallCommand)> + use<> {
        std::mem::take(&mut self.0).into_iter().map(|call| (call.reply_to, call.command))
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.0.front().map(|call| call.until)
    }

    /// Gives up the calls that have waited too long; the last of them stays on the keypad.
    pub(super) fn timeout(&mut self, core: &mut Core) {
        while let Some(call) = self.0.pop_front_if(|call| call.until <= core.now) {
            core.notice(Notice::Prefill(call.command.number));
            let error = "The line was not registered within 30 seconds.";
            core.outbox.failed(call.reply_to, ErrorBody::new(ErrorCode::NotRegistered, error));
        }
    }
}
