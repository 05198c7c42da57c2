//! Responses, and requests that got none: to whom they matter.

use super::{UserAgent, find};
use crate::message::Response;
use crate::transaction::{Expired, Owner};

impl UserAgent {
    /// A request that nobody answered in time.
    pub(super) fn unanswered(&mut self, Expired { owner, method }: Expired) {
        self.ctx.counters.unanswered += 1;
        self.ctx.note("transaction", &[method.as_str(), " is not answered"].concat());
        match owner {
            Owner::Registration => self.registration.request_timeout(&mut self.ctx),
            Owner::Invite(id) => {
                if let Some(call) = find(&mut self.calls, id) {
                    call.invite_timeout(&mut self.ctx);
                }
            }
            Owner::Bye(id) => {
                if let Some(call) = find(&mut self.calls, id) {
                    call.bye_done(&mut self.ctx, id, None);
                }
            }
            Owner::InDialog(id, errand) => {
                if let Some(call) = find(&mut self.calls, id) {
                    call.unanswered(&mut self.ctx, errand);
                }
            }
            #[cfg(feature = "messages")]
            Owner::Message(id) => self.messages.unanswered(&mut self.ctx, id),
            #[cfg(feature = "subscriptions")]
            Owner::Subscription(id) => self.subscriptions.unanswered(&mut self.ctx, id),
            Owner::Cancel | Owner::LateBranch | Owner::Ping => {}
        }
    }

    pub(super) fn response(&mut self, response: &Response) {
        let ours = response.headers.top_via().is_some_and(|via| self.ctx.is_our_via(via.sent_by));
        let outcome = ours.then(|| self.ctx.clients.receive(self.ctx.now, response)).flatten();
        let Some(outcome) = outcome else {
            self.ctx.counters.unmatched += 1;
            return self.ctx.note("transaction", "there is none for this response");
        };
        if let Some(ack) = outcome.ack {
            self.ctx.transmit(ack.to_bytes());
        }
        if (200..300).contains(&response.status) {
            self.ctx.auth.next_nonce(response, &mut self.ctx.rng);
        }
        let ended = outcome.ended;
        match outcome.owner {
            Owner::Registration => {
                self.registration.receive(&mut self.ctx, response, ended);
                if (200..300).contains(&response.status) {
                    let flow_timer = response.headers.seconds("Flow-Timer");
                    self.keepalive.set_flow_timer(&mut self.ctx, flow_timer);
                }
            }
            Owner::Invite(id) => match find(&mut self.calls, id) {
                Some(call) => call.invite_response(&mut self.ctx, outcome.id, response, ended),
                None if (200..300).contains(&response.status) => {
                    crate::call::decline_branch(&mut self.ctx, outcome.id, response);
                }
                None => {}
            },
            Owner::Bye(id) => {
                if let (Some(call), Some(ended)) = (find(&mut self.calls, id), ended) {
                    let challenged = matches!(response.status, 401 | 407);
                    let challenged = challenged.then_some((response, ended));
                    call.bye_done(&mut self.ctx, id, challenged);
                }
            }
            Owner::LateBranch => {
                if let (401 | 407, Some(ended)) = (response.status, ended) {
                    // A refusal leaves nothing to do: the far end will miss its media.
                    let _ = self.ctx.answer_challenge(ended, response, Owner::LateBranch);
                }
            }
            Owner::InDialog(id, errand) => {
                if let Some(call) = find(&mut self.calls, id) {
                    call.response(&mut self.ctx, errand, outcome.id, response, ended);
                }
            }
            #[cfg(feature = "messages")]
            Owner::Message(id) => {
                if let Some(ended) = ended {
                    self.messages.response(&mut self.ctx, id, response, ended);
                }
            }
            #[cfg(feature = "subscriptions")]
            Owner::Subscription(id) => {
                if let Some(ended) = ended {
                    self.subscriptions.response(&mut self.ctx, id, response, ended);
                }
            }
            Owner::Ping => self.keepalive.receive_response(&mut self.ctx, response),
            Owner::Cancel => {}
        }
    }
}
