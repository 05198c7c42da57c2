//! A transfer that this side asks for: REFER, and the NOTIFYs that tell how it goes.

use crate::auth::Attempts;
use crate::context::Context;
use crate::dialog::Dialog;
use crate::input::CallId;
use crate::message::{
    Event as EventHeader, Method, Request, Response, SubscriptionState, Substate, sipfrag,
};
use crate::output::{Event, TransferProgress};
use crate::time::Instant;
use crate::timer::Timer;
use crate::transaction::{Errand, Owner, ServerId};
use std::time::Duration;

/// How long the far end may say nothing about a transfer that it has agreed to. It may ring at
/// the target for most of this.
const SILENCE: Duration = Duration::from_secs(180);

/// ```text
/// Idle ─▶ Sent ─▶ Accepted ─▶ Over ─▶ Sent …
///           └────────────────▶ ┘
/// ```
///
/// The end of the call ends its transfer too, without a word: many far ends say BYE as soon as
/// they have agreed, and how it goes on is not known then.
#[derive(Default)]
pub(super) enum Asking {
    /// Never asked.
    #[default]
    Idle,
    /// REFER is sent.
    Sent { number: u32 },
    /// The far end has agreed. Its NOTIFYs tell the rest.
    Accepted { number: u32, trying: Option<u16>, give_up_at: Instant },
    /// The user knows how it ended. What still comes about it is acknowledged.
    Over,
}

impl Asking {
    pub(super) fn ask(
        &mut self,
        ctx: &mut Context,
        call: CallId,
        dialog: &mut Dialog,
        refer_to: Option<String>,
    ) {
        match self {
            Self::Sent { .. } | Self::Accepted { .. } => return,
            Self::Idle | Self::Over => {}
        }
        let Some(refer_to) = refer_to.filter(|_| ctx.connected) else {
            return tell(ctx, call, TransferProgress::Failed(None));
        };
        let mut refer = dialog.request(Method::REFER);
        refer.headers.push("Contact", ctx.dialog_contact());
        refer.headers.push("Refer-To", refer_to);
        refer.headers.push("Referred-By", ctx.address_of_record());
        refer.headers.push("Supported", "norefersub");
        refer.headers.push("User-Agent", &*ctx.config.user_agent);
        *self = Self::Sent { number: number_of(&refer) };
        ctx.send(refer, Owner::InDialog(call, Errand::Refer));
    }

    /// The final response to REFER; a provisional one says nothing.
    pub(super) fn answered(
        &mut self,
        ctx: &mut Context,
        call: CallId,
        dialog: &mut Dialog,
        response: &Response,
        ended: (Request, Attempts),
    ) {
        let refused = match (&mut *self, response.status) {
            (Self::Idle | Self::Over, _) => return,
            (Self::Sent { .. } | Self::Accepted { .. }, 200..300) => {
                let silent = super::wants_no_notify(&response.headers);
                return self.agreed(ctx, call, silent);
            }
            (Self::Sent { number } | Self::Accepted { number, .. }, 401 | 407) => {
                let owner = Owner::InDialog(call, Errand::Refer);
                match dialog.answer_challenge(ctx, ended, response, owner) {
                    Ok(repeated) => {
                        *number = repeated;
                        return;
                    }
                    Err(crate::auth::Refused) => response.status,
                }
            }
            (Self::Sent { .. } | Self::Accepted { .. }, status) => status,
        };
        self.end(ctx, call, TransferProgress::Failed(Some(refused)));
    }

    fn agreed(&mut self, ctx: &mut Context, call: CallId, silent: bool) {
        if let Self::Sent { number } = *self {
            let give_up_at = ctx.now + SILENCE;
            *self = Self::Accepted { number, trying: None, give_up_at };
            tell(ctx, call, TransferProgress::Accepted);
        }
        // RFC 4488: there will be no NOTIFY, so agreement is all that can be known.
        if silent {
            self.end(ctx, call, TransferProgress::Done);
        }
    }

    /// REFER got no response, and will get none.
    pub(super) fn unanswered(&mut self, ctx: &mut Context, call: CallId) {
        match self {
            Self::Sent { .. } => self.end(ctx, call, TransferProgress::Failed(None)),
            // A NOTIFY said more than the response would have.
            Self::Idle | Self::Accepted { .. } | Self::Over => {}
        }
    }

    pub(super) fn notified(
        &mut self,
        ctx: &mut Context,
        call: CallId,
        server: ServerId,
        notify: &Request,
    ) {
        let event = notify.headers.get("Event").and_then(EventHeader::parse);
        let Some(event) = event.filter(|e| e.package.eq_ignore_ascii_case("refer")) else {
            return crate::unsolicited::refuse_notify(ctx, server, notify);
        };
        let about = event.id.and_then(|id| id.parse().ok());
        match self {
            Self::Over => return ctx.respond(server, 200, "OK"),
            Self::Sent { number } | Self::Accepted { number, .. }
                if event.id.is_none() || about == Some(*number) => {}
            Self::Idle | Self::Sent { .. } | Self::Accepted { .. } => {
                return ctx.respond(server, 481, "Subscription Does Not Exist");
            }
        }
        ctx.respond(server, 200, "OK");
        // It may overtake the response to REFER (RFC 3515 section 2.4.4).
        self.agreed(ctx, call, false);
        self.advance(ctx, call, notify);
    }

    fn advance(&mut self, ctx: &mut Context, call: CallId, notify: &Request) {
        let state = notify.headers.get("Subscription-State").and_then(SubscriptionState::parse);
        let is_over = state.is_some_and(|state| state.state == Substate::Terminated);
        let status = sipfrag(&notify.body).map(|(status, _)| status);
        match (&mut *self, status) {
            (_, Some(200..300)) => self.end(ctx, call, TransferProgress::Done),
            (_, Some(300..)) => self.end(ctx, call, TransferProgress::Failed(status)),
            (_, Some(_) | None) if is_over => {
                self.end(ctx, call, TransferProgress::Failed(None));
            }
            (Self::Accepted { trying, give_up_at, .. }, status) => {
                *give_up_at = ctx.now + SILENCE;
                if let Some(status) = status.filter(|_| *trying != status) {
                    *trying = Some(status);
                    tell(ctx, call, TransferProgress::Trying(status));
                }
            }
            (Self::Idle | Self::Sent { .. } | Self::Over, _) => {}
        }
    }

    pub(super) fn timeout(&mut self, ctx: &mut Context, call: CallId) {
        match self {
            Self::Accepted { give_up_at, .. } if *give_up_at <= ctx.now => {
                self.end(ctx, call, TransferProgress::Failed(None));
            }
            Self::Idle | Self::Sent { .. } | Self::Accepted { .. } | Self::Over => {}
        }
    }

    pub(super) fn deadline(&self) -> Option<(Instant, Timer)> {
        match self {
            Self::Accepted { give_up_at, .. } => Some((*give_up_at, Timer::TransferSilence)),
            Self::Idle | Self::Sent { .. } | Self::Over => None,
        }
    }

    fn end(&mut self, ctx: &mut Context, call: CallId, progress: TransferProgress) {
        *self = Self::Over;
        tell(ctx, call, progress);
    }
}

fn tell(ctx: &mut Context, call: CallId, progress: TransferProgress) {
    ctx.event(Event::Transfer { call, progress });
}

fn number_of(request: &Request) -> u32 {
    request.headers.cseq().map_or(0, |cseq| cseq.number)
}
