//! Handing answered calls over to another agent: another page of the same phone.

use super::{MAX_CALLS, UserAgent, find};
use crate::call::{Call, ResumeError};
use crate::input::CallId;
use crate::time::Instant;
use crate::transaction::{Errand, Owner};
use std::time::Duration;

impl UserAgent {
    /// An answered call as text that [`UserAgent::resume`] reads, as of the last input; `None`
    /// for any other call. It holds names and addresses, and whoever has it can, with the user's
    /// credentials, take the call.
    ///
    /// The call goes on here. Once another agent has it, [`UserAgent::abandon`] it.
    pub fn export(&self, call: CallId) -> Option<String> {
        let (_, call) = self.calls.iter().find(|(known, _)| *known == call)?;
        call.export(&self.ctx)
    }

    /// Takes a call over that another agent has exported `age` ago, under a new number.
    ///
    /// [`crate::Event::Identity`] and, if somebody holds, [`crate::Event::Hold`] tell its state.
    /// As soon as there is a socket, and the registration on it is accepted if one is wanted, the
    /// call is negotiated anew, and ends in [`crate::Event::Recovered`], or in
    /// [`crate::Event::Ended`] if the far end has given it up. Drain [`UserAgent::poll`] afterwards,
    /// as after an input.
    pub fn resume(
        &mut self,
        now: Instant,
        snapshot: &str,
        age: Duration,
    ) -> Result<CallId, ResumeError> {
        self.ctx.now = self.ctx.now.max(now);
        if self.calls.len() >= MAX_CALLS {
            return Err(ResumeError::Full);
        }
        let id = CallId(self.numbers.call + 1);
        let call = Call::resume(&mut self.ctx, &self.calls, id, snapshot, age)?;
        self.numbers.call = id.0;
        self.calls.push((id, call));
        self.recover();
        Ok(id)
    }

    /// Forgets an answered call without a word to the far end or an event: another agent has it.
    /// Drain [`UserAgent::poll`] afterwards: a question of the far end that is open is put off.
    pub fn abandon(&mut self, id: CallId) {
        let Some(call) = find(&mut self.calls, id) else { return };
        call.abandon(&mut self.ctx);
        if !call.is_terminated() {
            return;
        }
        self.calls.retain(|(known, _)| *known != id);
        let errands = [Errand::Reinvite, Errand::Update, Errand::Prack];
        let errands = errands.into_iter().chain([Errand::Info, Errand::Refer, Errand::Notify]);
        errands.for_each(|errand| self.ctx.clients.forget_all_of(Owner::InDialog(id, errand)));
    }
}
