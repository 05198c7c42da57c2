//! Transfer: of an answered call, asked for by either end (RFC 3515, RFC 3891, RFC 3892).

mod asked;
mod asking;

use super::confirmed::Confirmed;
use super::{Call, Extras, State};
use crate::auth::Attempts;
use crate::context::Context;
use crate::input::CallId;
use crate::message::{Headers, ReferTo, Replaces, Request, Response};
use crate::time::Instant;
use crate::timer::Timer;
use crate::transaction::ServerId;
use asked::Asked;
use asking::Asking;

/// The transfers of one call; at most one in each direction at a time.
#[derive(Default)]
pub(super) struct Transfer {
    asking: Asking,
    asked: Asked,
}

impl Transfer {
    pub(super) fn deadline(&self) -> Option<(Instant, Timer)> {
        let deadlines = [self.asking.deadline(), self.asked.deadline()];
        deadlines.into_iter().flatten().min_by_key(|(at, _)| *at)
    }
}

impl Call {
    /// The user wants the far end to call somebody else. `refer_to` is the header's value;
    /// `None`: there is nobody to call.
    pub(crate) fn transfer(&mut self, ctx: &mut Context, refer_to: Option<String>) {
        self.if_confirmed(|mut call| {
            call.services.transfer.asking.ask(ctx, call.call, &mut call.dialog, refer_to);
            State::Confirmed(call)
        });
    }

    /// The Refer-To that sends somebody to the far end of this call, there to take its place.
    pub(crate) fn refer_to_replace(&self) -> Option<String> {
        let State::Confirmed(Confirmed { dialog, .. }) = &self.state else { return None };
        // From where the header is read, the tags are the other way round.
        let replaces = Replaces {
            call_id: &dialog.call_id,
            to_tag: &dialog.remote_tag,
            from_tag: &dialog.local_tag,
            early_only: false,
        };
        Some(ReferTo::value(dialog.public_remote_target(), Some(&replaces)))
    }

    /// The user follows the far end's wish with the call `new`: whom to call, and how.
    pub(crate) fn accept_transfer(
        &mut self,
        ctx: &mut Context,
        new: CallId,
    ) -> Option<(String, Extras)> {
        let State::Confirmed(call) = &mut self.state else { return None };
        call.services.transfer.asked.accept(ctx, call.call, &mut call.dialog, new)
    }

    /// The user does not follow the far end's wish.
    pub(crate) fn refuse_transfer(&mut self, ctx: &mut Context) {
        self.if_confirmed(|mut call| {
            call.services.transfer.asked.refuse(ctx, call.call, &mut call.dialog);
            State::Confirmed(call)
        });
    }

    /// The call that was made because the far end of this one asked for it.
    pub(crate) fn transferred_to(&self) -> Option<CallId> {
        let State::Confirmed(call) = &self.state else { return None };
        call.services.transfer.asked.new_call()
    }

    /// That call came so far.
    pub(crate) fn transfer_progress(&mut self, ctx: &mut Context, status: u16, phrase: &str) {
        self.if_confirmed(|mut call| {
            call.services.transfer.asked.progress(ctx, call.call, &mut call.dialog, status, phrase);
            State::Confirmed(call)
        });
    }
}

impl Confirmed {
    /// REFER: the far end wants us to call somebody else.
    pub(super) fn referred(&mut self, ctx: &mut Context, server: ServerId, refer: &Request) {
        self.services.transfer.asked.receive(ctx, self.call, &mut self.dialog, server, refer);
    }

    /// NOTIFY: how the transfer goes that we asked for.
    pub(super) fn notified(&mut self, ctx: &mut Context, server: ServerId, notify: &Request) {
        self.services.transfer.asking.notified(ctx, self.call, server, notify);
    }

    /// The final response to our REFER; `None`: there was none in time.
    pub(super) fn refer_done(
        &mut self,
        ctx: &mut Context,
        answer: Option<(&Response, (Request, Attempts))>,
    ) {
        let asking = &mut self.services.transfer.asking;
        match answer {
            Some((response, ended)) => {
                asking.answered(ctx, self.call, &mut self.dialog, response, ended);
            }
            None => asking.unanswered(ctx, self.call),
        }
    }

    /// The final response to our NOTIFY; `None`: there was none in time.
    pub(super) fn notify_done(
        &mut self,
        ctx: &mut Context,
        answer: Option<(&Response, (Request, Attempts))>,
    ) {
        let asked = &mut self.services.transfer.asked;
        match answer {
            Some((response, ended)) => {
                asked.answered(ctx, self.call, &mut self.dialog, response, ended);
            }
            None => asked.fall_silent(),
        }
    }

    pub(super) fn transfer_timeout(&mut self, ctx: &mut Context) {
        self.services.transfer.asking.timeout(ctx, self.call);
        self.services.transfer.asked.timeout(ctx, self.call, &mut self.dialog);
    }
}

/// Whether a REFER or its response says that there shall be no NOTIFY (RFC 4488 section 4).
fn wants_no_notify(headers: &Headers) -> bool {
    let value = headers.get("Refer-Sub").and_then(|value| value.split(';').next());
    value.is_some_and(|value| value.trim().eq_ignore_ascii_case("false"))
}
