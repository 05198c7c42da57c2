//! The early dialogs of our call: one for each phone that reacts (RFC 3261 section 12.1).

use crate::auth::Attempts;
use crate::context::{ALLOW, Context, set_sdp};
use crate::dialog::Dialog;
use crate::input::{CallId, MediaResult, OpId};
use crate::message::{CSeq, Method, RAck, RSeq, Request, Response};
use crate::output::{MediaRequest, Terms};
use crate::transaction::{ClientId, Errand, Owner, ServerId};

/// An early dialog.
pub(super) struct Branch {
    pub(super) dialog: Dialog,
    /// The far end's latest SDP.
    pub(super) sdp: Option<String>,
    /// The number of its latest reliable provisional response.
    rseq: Option<u32>,
    pub(super) session: Session,
    /// The far end has said that it is over; that may be repeated.
    pub(super) is_over: bool,
}

/// Where offers and answers are in an early dialog.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Session {
    /// Our offer is open: SDP that came unreliably plays, but proves nothing.
    Open,
    /// A reliable provisional response brought the answer (RFC 3262 section 5). The media side
    /// has it as provisional, because another branch may still be the one that answers.
    Answered,
    /// The media side has the answer for good, because an UPDATE went on from it.
    Settled,
}

/// An UPDATE with an offer that is being answered.
pub(super) struct Updating {
    pub(super) tag: String,
    pub(super) server: ServerId,
    pub(super) step: Step,
}

/// How far that is.
pub(super) enum Step {
    /// The answer before it is being applied for good.
    Settling { op: OpId, offer: String },
    /// Our answer is being made.
    Describing { op: OpId },
}

impl Branch {
    pub(super) fn new(ctx: &Context, client: ClientId, response: &Response) -> Option<Self> {
        let dialog = Dialog::of_caller(ctx.clients.request(client)?, response)?;
        Some(Self { dialog, sdp: None, rseq: None, session: Session::Open, is_over: false })
    }

    /// Whether a provisional response is to be looked at. If it is reliable, the PRACK goes out
    /// at once; repeated ones and those out of order are ignored (RFC 3262 section 4).
    pub(super) fn accepts(&mut self, ctx: &mut Context, call: CallId, response: &Response) -> bool {
        let Some(RSeq { number: rseq }) = reliable(response) else { return true };
        if self.rseq.is_some_and(|last| last.checked_add(1) != Some(rseq)) {
            return false;
        }
        let Some(CSeq { number, .. }) = response.headers.cseq() else { return false };
        self.rseq = Some(rseq);
        let rack = RAck { rseq, cseq: CSeq { number, method: Method::INVITE } };
        let mut prack = self.dialog.request(Method::PRACK);
        prack.headers.push("RAck", rack.value());
        prack.headers.push("User-Agent", &*ctx.config.user_agent);
        ctx.send(prack, Owner::InDialog(call, Errand::Prack));
        true
    }

    /// Takes the SDP of such a response; whether it is news for the media side.
    pub(super) fn take_sdp(&mut self, response: &Response) -> bool {
        let Some(sdp) = response.sdp().filter(|_| self.session != Session::Settled) else {
            return false;
        };
        if reliable(response).is_some() {
            self.session = Session::Answered;
        }
        self.sdp = Some(sdp);
        true
    }
}

/// Takes the response to a PRACK of ours. Of refusals, only challenges leave something to do: the
/// far end ends the call for want of a PRACK, or goes on without.
pub(super) fn prack_response(
    ctx: &mut Context,
    call: CallId,
    dialog: &mut Dialog,
    response: &Response,
    ended: Option<(Request, Attempts)>,
) {
    let owner = Owner::InDialog(call, Errand::Prack);
    if let (401 | 407, Some(ended)) = (response.status, ended)
        && let Ok((_, number)) = ctx.answer_challenge(ended, response, owner)
    {
        dialog.renumber(number);
    }
}

/// The number of a provisional response, if it is reliable.
fn reliable(response: &Response) -> Option<RSeq> {
    if !response.headers.lists("Require", "100rel") {
        return None;
    }
    RSeq::parse(response.headers.get("RSeq")?)
}

impl Updating {
    /// Begins to answer an UPDATE in `branch`, whose session is not open. The browser takes an
    /// offer only where the answer before it is final.
    pub(super) fn start(
        ctx: &mut Context,
        call: CallId,
        branch: &mut Branch,
        server: ServerId,
        offer: String,
    ) -> Self {
        let tag = branch.dialog.remote_tag.clone();
        let step = match branch.sdp.clone().filter(|_| branch.session == Session::Answered) {
            Some(answer) => {
                let request = MediaRequest::SetAnswer { answer, provisional: false };
                Step::Settling { op: ctx.media(call, request), offer }
            }
            None => describe(ctx, call, offer),
        };
        Self { tag, server, step }
    }

    /// Takes the result of media work; nothing if it was the last.
    pub(super) fn media(
        self,
        ctx: &mut Context,
        call: CallId,
        op: OpId,
        result: MediaResult,
    ) -> Option<Self> {
        match (self.step, result) {
            (Step::Settling { op: waiting, offer }, Ok(_)) if waiting == op => {
                Some(Self { step: describe(ctx, call, offer), ..self })
            }
            (Step::Describing { op: waiting }, Ok(sdp)) if waiting == op => {
                answer(ctx, self.server, sdp);
                None
            }
            (Step::Settling { op: waiting, .. } | Step::Describing { op: waiting }, Err(_))
                if waiting == op =>
            {
                // The session stays as it was (RFC 3311 section 5.2).
                ctx.respond(self.server, 488, "Not Acceptable Here");
                None
            }
            (step, _) => Some(Self { step, ..self }),
        }
    }
}

fn answer(ctx: &mut Context, update: ServerId, sdp: String) {
    ctx.respond_with(update, 200, "OK", |ctx, response| {
        response.headers.push("Contact", ctx.dialog_contact());
        response.headers.push("Allow", ALLOW);
        set_sdp(&mut response.headers, &mut response.body, sdp);
    });
}

fn describe(ctx: &mut Context, call: CallId, offer: String) -> Step {
    let request = MediaRequest::CreateAnswer { offer, terms: Terms::default() };
    Step::Describing { op: ctx.media(call, request) }
}
