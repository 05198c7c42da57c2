//! Which component an output of the user agent goes to.

use super::Phone;
use ringlet_sip::{Command, Event, Output, Reconnect};

impl Phone {
    pub(super) fn on_output(&mut self, output: Output) {
        let core = &mut self.core;
        match output {
            Output::Transmit(message) => self.line.transmit(core, message),
            Output::Reconnect(Reconnect::DeadFlow) => self.line.abandon_socket(core),
            // There is no other server, and the agent tries again on this one.
            Output::Reconnect(Reconnect::ServerUnavailable { .. }) => {}
            Output::Media(op, call, request) => {
                self.calls.on_media_request(core, op, call, request);
            }
            Output::Event(event) => self.on_event(event),
        }
    }

    fn on_event(&mut self, event: Event) {
        let core = &mut self.core;
        match event {
            Event::Registration(state) => self.line.on_registration(core, state),
            Event::Incoming { call, from, details } => {
                self.calls.on_incoming(core, call, from, &details, &self.diversion);
            }
            Event::Progress { call, status, early_media } => {
                self.calls.on_progress(core, call, status, early_media);
            }
            Event::Answered(call) => self.calls.on_answered(core, call),
            Event::Hold { call, local, remote } => self.calls.on_hold(core, call, local, remote),
            Event::Ended(call, ended) => self.calls.on_ended(core, call, &ended),
            Event::ChangeFailed { call, will_retry, .. } => {
                self.calls.on_change_failed(core, call, will_retry);
            }
            Event::Identity { call, party } => self.calls.on_identity(call, party),
            Event::TransferRequested { call, target, .. } => match core.late {
                Some(late) => (late.on_transfer_requested)(&mut self.calls, core, call, target),
                None => core.agent.command(Command::RefuseTransfer(call)),
            },
            Event::Transfer { call, progress } => {
                if let Some(late) = core.late {
                    (late.on_transfer)(&mut self.calls, core, call, progress);
                }
            }
            Event::Replaced { call, .. } => self.calls.on_replaced(call),
            // No screen and no host depends on these.
            Event::Recovered(_)
            | Event::Dtmf { .. }
            | Event::Subscription { .. }
            | Event::Notification { .. }
            | Event::Message { .. }
            | Event::MessageDone { .. } => {}
        }
    }
}
