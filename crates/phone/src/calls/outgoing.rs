//! Calls this side makes.
//!
//! A call that waits for the microphone counts: it is in the snapshot, it takes up room, and it can
//! be hung up. `callStarted` is not sent before the offer is made, because until then nothing has
//! left the phone: a host that logs calls must not log one that failed at the microphone prompt.
//! If such a call ends, its `call` command fails with the reason, and there is no `callEnded`.

use super::Calls;
use super::call::{Leg, Outbound};
use crate::core::Core;
use crate::line::LineStatus;
use crate::notice::Notice;
use crate::number::Number;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::{CallRinging, HostEvent};
use ringlet_contract::message::{CommandResult, ResultValue};
use ringlet_sip::{CallId, Command};

/// A call to be made.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) number: Number,
    pub(crate) caller_id: Option<Number>,
    pub(crate) correlation_id: Option<String>,
    /// The host's `call`, if it was the host.
    pub(crate) reply_to: Option<String>,
}

/// Why no call can be placed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Barred {
    /// The line is not registered.
    NotRegistered,
    /// As many calls are up as this phone may have.
    Limit,
}

impl From<Barred> for ErrorBody {
    fn from(barred: Barred) -> Self {
        match barred {
            Barred::NotRegistered => {
                Self::new(ErrorCode::NotRegistered, "The line is not registered.")
            }
            Barred::Limit => {
                Self::new(ErrorCode::CallLimit, "As many calls are up as this phone may have.")
            }
        }
    }
}

impl Calls {
    /// Whether a call can be placed now: the one answer for the keypad, the person and the host.
    pub(crate) fn may_place(&self, core: &Core, line: LineStatus) -> Result<(), Barred> {
        if !line.is_registered() {
            Err(Barred::NotRegistered)
        } else if self.len() >= core.settings.max_calls {
            Err(Barred::Limit)
        } else {
            Ok(())
        }
    }

    /// Calls a number, if that is possible now.
    pub(crate) fn place(&mut self, core: &mut Core, line: LineStatus, outgoing: Outgoing) {
        let Outgoing { number, caller_id, correlation_id, reply_to } = outgoing;
        let call = match self.may_place(core, line) {
            Ok(()) => core.agent.new_call().ok_or(Barred::NotRegistered),
            Err(barred) => Err(barred),
        };
        match (call, reply_to) {
            (Ok(call), reply_to) => {
                let target = number.as_str().to_owned();
                let caller_id = caller_id.map(Number::into_string);
                let invite = Command::Invite { call, target, caller_id: caller_id.clone() };
                self.hold_others(core, call);
                core.agent.command(invite);
                let stage = Outbound::Preparing { reply_to };
                let leg = Leg::Outbound { caller_id, correlation_id, stage };
                self.add(core, call, number.into_string(), None, leg);
            }
            (Err(barred), Some(reply_to)) => core.outbox.failed(reply_to, barred.into()),
            (Err(_), None) => {}
        }
    }

    /// The offer is made and the INVITE goes out: the call has started.
    pub(super) fn announce(&mut self, core: &mut Core, id: CallId) {
        let Some(call) = self.get_mut(id) else { return };
        let Leg::Outbound { stage, .. } = &mut call.leg else { return };
        let Outbound::Preparing { reply_to } = stage else { return };
        let reply_to = reply_to.take();
        *stage = Outbound::Dialing { alerted: false, early_media: false };
        core.notice(Notice::CallStarted { number: call.number.clone() });
        core.tell(HostEvent::CallStarted(call.started()));
        if let Some(reply_to) = reply_to {
            let value = ResultValue { call_id: Some(call.name.clone()), ..ResultValue::default() };
            core.outbox.result(reply_to, CommandResult::Done(value));
        }
    }

    pub(crate) fn on_progress(
        &mut self,
        core: &mut Core,
        id: CallId,
        status: u16,
        has_early_media: bool,
    ) {
        let Some(call) = self.get_mut(id) else { return };
        let Leg::Outbound { stage, .. } = &mut call.leg else { return };
        let Outbound::Dialing { alerted, early_media } = stage else { return };
        *early_media |= has_early_media;
        if status == 180 && !std::mem::replace(alerted, true) {
            core.tell(HostEvent::CallRinging(CallRinging { call_id: call.name.clone() }));
        }
    }
}
