//! What the user wants.

use super::{MAX_CALLS, UserAgent, find};
use crate::call::{Call, Extras, Wish};
use crate::input::{CallId, Command};
use crate::reason::EndReason;
use crate::target::request_uri;

impl UserAgent {
    pub(super) fn command(&mut self, command: Command) {
        match command {
            Command::Register => self.registration.register(&mut self.ctx),
            Command::Unregister => self.registration.unregister(&mut self.ctx),
            Command::Invite { call, target, caller_id } => self.invite(call, &target, caller_id),
            Command::Answer(id) => {
                if let Some(call) = find(&mut self.calls, id) {
                    call.answer(&mut self.ctx);
                }
            }
            Command::Reject(id, refusal) => {
                if let Some(call) = find(&mut self.calls, id) {
                    call.reject(&mut self.ctx, refusal);
                }
            }
            Command::Redirect { call, target } => {
                let uri = request_uri(&target, &self.ctx.config.domain);
                if let Some(call) = find(&mut self.calls, call) {
                    call.redirect(&mut self.ctx, uri);
                }
            }
            Command::Hangup(id) => {
                if let Some(call) = find(&mut self.calls, id) {
                    call.hangup(&mut self.ctx);
                }
            }
            Command::Hold(id) => self.wish(id, Wish::Hold),
            Command::Resume(id) => self.wish(id, Wish::Resume),
            Command::Restart(id) => self.wish(id, Wish::Restart),
            #[cfg(feature = "subscriptions")]
            Command::Subscribe { subscription, target, package } => {
                let uri = request_uri(&target, &self.ctx.config.domain);
                self.subscriptions.subscribe(&mut self.ctx, subscription, uri, package);
            }
            #[cfg(feature = "subscriptions")]
            Command::Unsubscribe(id) => self.subscriptions.unsubscribe(&mut self.ctx, id),
            Command::Dtmf { call, signal, duration } => {
                if let Some(call) = find(&mut self.calls, call) {
                    call.dtmf(&mut self.ctx, signal, duration);
                }
            }
            Command::Transfer { call, target } => self.transfer(call, &target),
            Command::TransferTo { call, other } => self.transfer_to(call, other),
            Command::AcceptTransfer { call, new } => self.accept_transfer(call, new),
            Command::RefuseTransfer(id) => {
                if let Some(call) = find(&mut self.calls, id) {
                    call.refuse_transfer(&mut self.ctx);
                }
            }
            #[cfg(feature = "messages")]
            Command::SendMessage { message, target, content_type, body } => {
                let uri = request_uri(&target, &self.ctx.config.domain);
                self.messages.send(&mut self.ctx, message, uri, &content_type, body);
            }
            Command::Leave => {
                self.calls.iter_mut().for_each(|(_, call)| call.leave(&mut self.ctx));
                self.subscriptions.leave(&mut self.ctx);
                self.registration.leave(&mut self.ctx);
            }
        }
    }

    fn wish(&mut self, id: CallId, wish: Wish) {
        if let Some(call) = find(&mut self.calls, id) {
            call.wish(&mut self.ctx, wish);
        }
    }

    fn invite(&mut self, id: CallId, target: &str, caller_id: Option<String>) {
        if self.calls.iter().any(|(known, _)| *known == id) {
            return;
        }
        if !self.ctx.connected {
            return self.ctx.ended(id, EndReason::ConnectionLost);
        }
        if self.calls.len() >= MAX_CALLS {
            return self.ctx.ended(id, EndReason::Failed);
        }
        match request_uri(target, &self.ctx.config.domain) {
            Some(uri) => {
                let call = Call::to(&mut self.ctx, id, uri, caller_id, Extras::default());
                self.calls.push((id, call));
            }
            None => self.ctx.ended(id, EndReason::NotFound),
        }
    }
}
