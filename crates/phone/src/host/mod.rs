//! The host page: its commands, what it is told, and the calls it is waiting for.

mod pending;
mod snapshot;

pub(crate) use snapshot::snapshot;

use crate::caller_ids;
use crate::calls::Outgoing;
use crate::core::Core;
use crate::effect::{Effect, HostEffect};
use crate::line::LineStatus;
use crate::notice::Notice;
use crate::number::Number;
use pending::Pending;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::message::{CallCommand, Snapshot};
use ringlet_sip::Instant;

/// The host's side of the phone.
#[derive(Default)]
pub(crate) struct Host {
    pending: Pending,
    /// The snapshot last sent.
    told: Option<Snapshot>,
    /// The number of the last event.
    last_seq: u32,
}

impl Host {
    /// The host asks for a call: it is placed, kept until the line is registered, or left on the
    /// keypad for the person.
    pub(crate) fn on_call(
        &mut self,
        core: &mut Core,
        line: LineStatus,
        reply_to: String,
        command: CallCommand,
    ) {
        let caller_id = command.caller_id.as_deref().filter(|id| !id.trim().is_empty());
        let parsed = Number::parse(&command.number)
            .and_then(|number| Ok((number, caller_id.map(parse_caller_id).transpose()?)));
        let (number, caller_id) = match parsed {
            Ok(parsed) => parsed,
            Err(error) => return core.outbox.failed(reply_to, error),
        };
        if line.is_registered() {
            let correlation_id = command.correlation_id;
            let reply_to = Some(reply_to);
            core.notice(Notice::Place(Outgoing { number, caller_id, correlation_id, reply_to }));
        } else if line.is_connecting() {
            self.pending.push(core, reply_to, command);
        } else {
            core.notice(Notice::Prefill(number.into_string()));
            core.show_widget(true);
            let error = "Nobody is signed in; the number stands on the phone's keypad.";
            core.outbox.failed(reply_to, ErrorBody::new(ErrorCode::NotRegistered, error));
        }
    }

    /// The host puts a number on the keypad.
    pub(crate) fn on_dial(&mut self, core: &mut Core, number: &str) -> Result<(), ErrorBody> {
        let number = Number::parse(number)?;
        core.notice(Notice::Prefill(number.into_string()));
        core.show_widget(true);
        Ok(())
    }

    /// The loader sent something that is not a command of this version.
    pub(crate) fn on_malformed(&mut self, core: &mut Core, id: Option<String>, error: ErrorBody) {
        match id {
            Some(id) => core.outbox.failed(id, error),
            None => core.tell_error(error),
        }
    }

    /// The line is registered: places the calls that waited for it.
    pub(crate) fn on_registered(&mut self, core: &mut Core, line: LineStatus) {
        for (reply_to, command) in self.pending.take() {
            self.on_call(core, line, reply_to, command);
        }
    }

    /// The line will not be registered without a person's help.
    pub(crate) fn on_unavailable(&mut self, core: &mut Core, why: &str) {
        for (reply_to, _) in self.pending.take() {
            core.outbox.failed(reply_to, ErrorBody::new(ErrorCode::NotRegistered, why));
        }
    }

    /// When [`Host::timeout`] is wanted: for a call that has waited too long for the line.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.pending.deadline()
    }

    /// Does what is due.
    pub(crate) fn timeout(&mut self, core: &mut Core) {
        self.pending.timeout(core);
    }

    /// Sends the state, then the events, then the results. No state before the phone is set up.
    pub(crate) fn settle(&mut self, core: &mut Core, snapshot: Option<Snapshot>) {
        if let Some(snapshot) = snapshot
            && self.told.as_ref() != Some(&snapshot)
        {
            core.push(Effect::Host(HostEffect::Snapshot(snapshot.clone())));
            self.told = Some(snapshot);
        }
        for event in core.outbox.take_events() {
            self.last_seq += 1;
            core.push(Effect::Host(HostEffect::Event { seq: self.last_seq, event }));
        }
        for (reply_to, result) in core.outbox.take_results() {
            core.push(Effect::Host(HostEffect::Result { reply_to, result }));
        }
    }
}

/// Fails with [`ErrorCode::InvalidNumber`].
fn parse_caller_id(text: &str) -> Result<Number, ErrorBody> {
    caller_ids::parse(text).ok_or_else(|| {
        let error = "A caller ID is a phone number or a SIP user, and no address.";
        ErrorBody::new(ErrorCode::InvalidNumber, error)
    })
}

#[cfg(test)]
mod tests;
