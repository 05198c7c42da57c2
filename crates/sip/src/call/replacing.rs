//! An incoming call that takes the place of another one (RFC 3891 section 3).

use super::{Call, State};
use crate::context::Context;
use crate::input::CallId;
use crate::message::{Method, Replaces, Request};

/// How far a call is that a Replaces header names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// We call, and it rings.
    Outgoing,
    /// We are called, and have not answered.
    Incoming,
    /// Answered.
    Confirmed,
    /// Over, but for what is still on the wire.
    Over,
}

/// The call that a request outside dialogs replaces; or why it cannot.
pub(crate) fn replaced(
    calls: &[(CallId, Call)],
    request: &Request,
) -> Result<Option<CallId>, (u16, &'static str)> {
    let headers = &request.headers;
    let mut values = headers.all("Replaces");
    let Some(value) = values.next() else { return Ok(None) };
    let contradicts = request.method != Method::INVITE || headers.get("Join").is_some();
    let replaces = Replaces::parse(value).filter(|_| !contradicts && values.next().is_none());
    let Some(replaces) = replaces else { return Err((400, "Bad Request")) };
    let found = |(id, call): &(CallId, Call)| Some((*id, call.phase_of(&replaces)?));
    let mut matching = calls.iter().filter_map(found);
    match (matching.next(), matching.next()) {
        (Some((_, Phase::Confirmed)), None) if replaces.early_only => Err((486, "Busy Here")),
        (Some((id, Phase::Confirmed | Phase::Outgoing)), None) => Ok(Some(id)),
        (Some((_, Phase::Over)), None) => Err((603, "Decline")),
        _ => Err((481, "Call/Transaction Does Not Exist")),
    }
}

impl Call {
    /// How far this call is, if one of its dialogs is what the header names.
    pub(crate) fn phase_of(&self, replaces: &Replaces<'_>) -> Option<Phase> {
        let (id, local, remote) = (replaces.call_id, replaces.to_tag, replaces.from_tag);
        let (dialog, phase) = match &self.state {
            State::Calling(call) | State::Proceeding(call) => {
                return call.matches(id, local, remote).then_some(Phase::Outgoing);
            }
            State::Ringing(call) | State::Accepting(call, _) => (&call.dialog, Phase::Incoming),
            State::Confirmed(call) => (&call.dialog, Phase::Confirmed),
            State::Leaving(call) => (&call.confirmed.dialog, Phase::Over),
            State::Closing(call) => (&call.dialog, Phase::Over),
            State::Offering(_) | State::Waiting(_) | State::Cancelling(_) | State::Terminated => {
                return None;
            }
        };
        dialog.matches(id, local, remote).then_some(phase)
    }

    /// The call `by` has been answered in place of this one.
    pub(crate) fn replaced(&mut self, ctx: &mut Context, by: CallId) {
        self.step(|state| match state {
            State::Calling(call) | State::Proceeding(call) => call.replaced(ctx, by),
            State::Confirmed(call) => call.replaced(ctx, by),
            state @ (State::Offering(_)
            | State::Waiting(_)
            | State::Cancelling(_)
            | State::Ringing(_)
            | State::Accepting(..)
            | State::Leaving(_)
            | State::Closing(_)
            | State::Terminated) => state,
        });
    }

    /// The call that this one replaces by being answered, if it is still waiting to be.
    pub(crate) fn replaces(&self) -> Option<CallId> {
        match &self.state {
            State::Accepting(call, _) => call.replaces,
            State::Offering(_)
            | State::Waiting(_)
            | State::Calling(_)
            | State::Proceeding(_)
            | State::Cancelling(_)
            | State::Ringing(_)
            | State::Confirmed(_)
            | State::Leaving(_)
            | State::Closing(_)
            | State::Terminated => None,
        }
    }

    pub(crate) fn is_answered(&self) -> bool {
        matches!(self.state, State::Confirmed(_))
    }
}
