//! Between our INVITE and its final response.

use super::State;
use super::closing::{Closing, leave_branch};
use super::confirmed::{Confirmed, Role, Start};
use super::session_interval::SessionTimerTerms;
use crate::auth::Attempts;
use crate::context::Context;
use crate::dialog::Dialog;
use crate::input::CallId;
use crate::message::{Method, Request, Response};
use crate::output::{Event, MediaRequest};
use crate::reason::EndReason;
use crate::time::Instant;
use crate::timer::{T1_64, Timer};
use crate::transaction::{ClientId, Owner, ServerId};

/// The most branches of a forked call that are followed.
const MAX_BRANCHES: usize = 16;

/// A call that rings, or will.
pub(super) struct Outgoing {
    call: CallId,
    client: ClientId,
    branches: Vec<Branch>,
    /// The early media last given to the media side.
    applied: Option<String>,
    /// What the user was last told: status, and whether there is early media.
    shown: Option<(u16, bool)>,
}

/// An early dialog.
struct Branch {
    dialog: Dialog,
    sdp: Option<String>,
}

impl Outgoing {
    pub(super) fn new(call: CallId, client: ClientId) -> Self {
        Self { call, client, branches: Vec::new(), applied: None, shown: None }
    }

    pub(super) fn owns(&self, request: &Request) -> bool {
        self.branches.iter().any(|branch| branch.dialog.owns(request))
    }

    pub(super) fn receive(
        self,
        ctx: &mut Context,
        response: &Response,
        ended: Option<(Request, Attempts)>,
    ) -> State {
        match (response.status, ended) {
            (100..200, _) => State::Proceeding(self.progress(ctx, response)),
            (200..300, _) => self.answered(ctx, response),
            (401 | 407, Some(ended)) => self.challenged(ctx, response, ended),
            (_, _) => self.refused(ctx, response),
        }
    }

    fn progress(mut self, ctx: &mut Context, response: &Response) -> Self {
        if response.status == 100 {
            return self;
        }
        let sdp = response.sdp();
        self.note_branch(ctx, response, &sdp);
        if let Some(answer) = sdp.filter(|sdp| self.applied.as_ref() != Some(sdp)) {
            self.applied = Some(answer.clone());
            ctx.media(self.call, MediaRequest::SetAnswer { answer, provisional: true });
        }
        let early_media = self.applied.is_some();
        // A 183 without media says nothing to a person, nor does a code that nobody knows.
        let tells = early_media || matches!(response.status, 180..=182);
        if tells && self.shown != Some((response.status, early_media)) {
            self.shown = Some((response.status, early_media));
            let (call, status) = (self.call, response.status);
            ctx.event(Event::Progress { call, status, early_media });
        }
        self
    }

    fn note_branch(&mut self, ctx: &Context, response: &Response, sdp: &Option<String>) {
        let Some(tag) = response.to_tag() else { return };
        let index = match self.branches.iter().position(|b| b.dialog.remote_tag == tag) {
            Some(index) => index,
            None if self.branches.len() >= MAX_BRANCHES => return,
            None => {
                let invite = ctx.clients.request(self.client);
                let dialog = invite.and_then(|invite| Dialog::of_caller(invite, response));
                let Some(dialog) = dialog else { return };
                self.branches.push(Branch { dialog, sdp: None });
                self.branches.len() - 1
            }
        };
        if sdp.is_some() {
            self.branches[index].sdp = sdp.clone();
        }
    }

    fn answered(self, ctx: &mut Context, response: &Response) -> State {
        let Some((dialog, ack)) = acknowledge(ctx, self.client, response) else {
            ctx.ended(self.call, EndReason::Failed);
            return State::Terminated;
        };
        // The rules want the answer in the 2xx; many servers send it only in the 183 before.
        let early = self.branches.into_iter().find(|b| b.dialog.remote_tag == dialog.remote_tag);
        let Some(answer) = response.sdp().or(early.and_then(|branch| branch.sdp)) else {
            let closing = Closing::start(ctx, self.call, dialog, Role::Caller { ack });
            ctx.ended_by(self.call, EndReason::Incompatible, response.status, &response.phrase);
            return State::Closing(closing);
        };
        ctx.event(Event::Answered(self.call));
        let request = MediaRequest::SetAnswer { answer, provisional: false };
        let op = ctx.media(self.call, request);
        let timer = SessionTimerTerms::of_answer(&response.headers);
        State::Confirmed(Confirmed::as_caller(self.call, dialog, ack, Start::Applying(op), timer))
    }

    fn challenged(
        mut self,
        ctx: &mut Context,
        response: &Response,
        ended: (Request, Attempts),
    ) -> State {
        match ctx.answer_challenge(ended, response, Owner::Invite(self.call)) {
            Ok((client, _)) => {
                self.client = client;
                self.branches.clear();
                State::Calling(self)
            }
            Err(crate::auth::Refused) => self.refused(ctx, response),
        }
    }

    fn refused(self, ctx: &mut Context, response: &Response) -> State {
        let alerted = matches!(self.shown, Some((180..=182, _)));
        let reason = EndReason::of_refusal(response, alerted);
        ctx.ended_by(self.call, reason, response.status, &response.phrase);
        State::Terminated
    }

    pub(super) fn request_timeout(self, ctx: &mut Context) -> State {
        ctx.ended(self.call, EndReason::ConnectionLost);
        State::Terminated
    }

    pub(super) fn disconnected(self, ctx: &mut Context) -> State {
        ctx.ended(self.call, EndReason::ConnectionLost);
        State::Terminated
    }

    /// CANCEL may not be sent before a provisional response came (RFC 3261 section 9.1).
    pub(super) fn hangup_before_reaction(self, ctx: &mut Context) -> State {
        ctx.ended(self.call, EndReason::Cancelled);
        let phase = Phase::AwaitingReaction;
        State::Cancelling(Cancelling { call: self.call, client: self.client, phase })
    }

    pub(super) fn hangup(self, ctx: &mut Context) -> State {
        let phase = Phase::AwaitingReaction;
        let mut call = Cancelling { call: self.call, client: self.client, phase };
        call.send_cancel(ctx);
        ctx.ended(self.call, EndReason::Cancelled);
        State::Cancelling(call)
    }

    /// A request in an early dialog.
    pub(super) fn request(
        mut self,
        ctx: &mut Context,
        server: ServerId,
        request: &Request,
    ) -> Self {
        let branch = self.branches.iter_mut().find(|branch| branch.dialog.owns(request));
        let in_order = branch.is_some_and(|branch| branch.dialog.accept_number(request));
        if !in_order {
            ctx.respond(server, 500, "Server Internal Error");
        } else if request.method == Method::BYE {
            // Against RFC 3261 section 15.1.2, but said by some gateways when a branch ends.
            self.branches.retain(|branch| !branch.dialog.owns(request));
            ctx.respond(server, 200, "OK");
        } else if request.method == Method::UPDATE && request.body.is_empty() {
            super::confirmed::refresh(ctx, server);
        } else if request.method == Method::UPDATE || request.method == Method::INVITE {
            // Our own offer is still open (RFC 3311 section 5.2).
            ctx.respond(server, 491, "Request Pending");
        } else {
            crate::agent::refuse_method(ctx, server, request);
        }
        self
    }
}

/// A call that its user has given up before it was answered.
pub(super) struct Cancelling {
    call: CallId,
    client: ClientId,
    phase: Phase,
}

enum Phase {
    /// CANCEL waits for a provisional response.
    AwaitingReaction,
    /// CANCEL is sent.
    Sent { give_up_at: Instant },
}

impl Cancelling {
    pub(super) fn receive(mut self, ctx: &mut Context, response: &Response) -> State {
        match (response.status, &self.phase) {
            (100..200, Phase::AwaitingReaction) => {
                self.send_cancel(ctx);
                State::Cancelling(self)
            }
            (100..200, Phase::Sent { .. }) => State::Cancelling(self),
            // The answer crossed our CANCEL.
            (200..300, _) => match acknowledge(ctx, self.client, response) {
                Some((dialog, ack)) => {
                    State::Closing(Closing::start(ctx, self.call, dialog, Role::Caller { ack }))
                }
                None => State::Terminated,
            },
            (_, _) => State::Terminated,
        }
    }

    /// Sends CANCEL now if it still waits: the far end must not ring for nobody.
    pub(super) fn leave(mut self, ctx: &mut Context) -> State {
        if let Phase::AwaitingReaction = self.phase {
            self.send_cancel(ctx);
        }
        State::Cancelling(self)
    }

    pub(super) fn timeout(self, ctx: &mut Context) -> State {
        match self.phase {
            Phase::Sent { give_up_at } if give_up_at <= ctx.now => {
                ctx.clients.forget(self.client);
                State::Terminated
            }
            Phase::Sent { .. } | Phase::AwaitingReaction => State::Cancelling(self),
        }
    }

    pub(super) fn deadline(&self) -> Option<(Instant, Timer)> {
        match self.phase {
            Phase::AwaitingReaction => None,
            Phase::Sent { give_up_at } => Some((give_up_at, Timer::CancelTimeout)),
        }
    }

    fn send_cancel(&mut self, ctx: &mut Context) {
        ctx.send_cancel(self.client);
        self.phase = Phase::Sent { give_up_at: ctx.now + T1_64 };
    }
}

/// Acknowledges a 2xx to our INVITE: its dialog, and the ACK to repeat.
fn acknowledge(
    ctx: &mut Context,
    client: ClientId,
    response: &Response,
) -> Option<(Dialog, Vec<u8>)> {
    let invite = ctx.clients.request(client)?;
    let dialog = Dialog::of_caller(invite, response)?;
    let ack = dialog.ack(invite);
    let bytes = ctx.send_ack(ack);
    Some((dialog, bytes))
}

/// A 2xx of a branch that answered after another one, or after the end: ACK and BYE
/// (RFC 3261 section 13.2.2.4).
pub(crate) fn decline_branch(ctx: &mut Context, client: ClientId, response: &Response) {
    if let Some((dialog, _)) = acknowledge(ctx, client, response) {
        leave_branch(ctx, dialog);
    }
}
