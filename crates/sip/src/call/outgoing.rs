//! Between our INVITE and its final response.

use super::State;
use super::branch::{Branch, Session, Step, Updating, prack_response};
use super::cancelling::{Cancelling, acknowledge};
use super::closing::Closing;
use super::confirmed::{Confirmed, Role, Start};
use super::retry::{Again, Retry, Waiting};
use super::session_interval::SessionTimerTerms;
use crate::auth::Attempts;
use crate::context::Context;
use crate::input::{CallId, MediaResult, OpId};
use crate::message::{Method, Request, Response};
use crate::output::{Event, MediaRequest, Party};
use crate::party::{connected, connected_by};
use crate::reason::EndReason;
use crate::sdp::holds;
use crate::transaction::{ClientId, Owner, ServerId};

/// The most branches of a forked call that are followed.
const MAX_BRANCHES: usize = 16;

/// A call that rings, or will.
pub(super) struct Outgoing {
    pub(super) call: CallId,
    client: ClientId,
    branches: Vec<Branch>,
    /// The early media last given to the media side.
    applied: Option<String>,
    /// An UPDATE of one branch that waits for our answer.
    updating: Option<Updating>,
    /// What the user was last told: status, and whether there is early media.
    shown: Option<(u16, bool)>,
    /// Whom the user takes the far end for.
    party: Party,
    retry: Retry,
}

impl Outgoing {
    pub(super) fn new(call: CallId, client: ClientId, party: Party, retry: Retry) -> Self {
        let (branches, applied, updating, shown) = (Vec::new(), None, None, None);
        Self { call, client, branches, applied, updating, shown, party, retry }
    }

    pub(super) fn owns(&self, request: &Request) -> bool {
        self.branches.iter().any(|branch| !branch.is_over && branch.dialog.owns(request))
    }

    /// Whether an early dialog of this call has this identity (RFC 3891 section 3).
    pub(super) fn matches(&self, call_id: &str, local_tag: &str, remote_tag: &str) -> bool {
        let matches = |b: &Branch| b.dialog.matches(call_id, local_tag, remote_tag);
        self.branches.iter().any(|branch| !branch.is_over && matches(branch))
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
            (_, ended) => self.refused(ctx, response, ended),
        }
    }

    fn progress(mut self, ctx: &mut Context, response: &Response) -> Self {
        if response.status == 100 {
            return self;
        }
        let branch = self.branch(ctx, response);
        let plays = match branch.and_then(|index| self.branches.get_mut(index)) {
            Some(branch) => {
                if !branch.accepts(ctx, self.call, response) {
                    return self;
                }
                ctx.clients.use_number(self.client, branch.dialog.last_number());
                branch.take_sdp(response)
            }
            None => true,
        };
        if response.status == 199 {
            self.end_branch(ctx, response.to_tag().unwrap_or_default());
            return self;
        }
        self.identify(ctx, connected(&response.headers));
        if plays {
            self.play(ctx, response.sdp());
        }
        let early_media = self.applied.is_some();
        // A 183 without media says nothing to a person, nor does a code that nobody knows.
        let tells = early_media || matches!(response.status, 180..=182);
        if tells && self.shown != Some((response.status, early_media)) {
            self.retry.got_through(ctx);
            self.shown = Some((response.status, early_media));
            let (call, status) = (self.call, response.status);
            ctx.event(Event::Progress { call, status, early_media });
        }
        self
    }

    /// The early dialog of a provisional response, made if there is none; `None` if it has no tag
    /// or there are too many.
    fn branch(&mut self, ctx: &Context, response: &Response) -> Option<usize> {
        let tag = response.to_tag()?;
        let known = self.branches.iter().position(|branch| branch.dialog.remote_tag == tag);
        if known.is_none() && self.branches.len() < MAX_BRANCHES {
            self.branches.push(Branch::new(ctx, self.client, response)?);
            return Some(self.branches.len() - 1);
        }
        known
    }

    /// Gives early media to the media side, if it is not what plays already.
    fn play(&mut self, ctx: &mut Context, sdp: Option<String>) {
        if let Some(answer) = sdp.filter(|sdp| self.applied.as_ref() != Some(sdp)) {
            self.applied = Some(answer.clone());
            ctx.media(self.call, MediaRequest::SetAnswer { answer, provisional: true });
        }
    }

    /// A branch is over although the call is not (RFC 6228). If its media plays, that of another
    /// takes its place. Its numbers are kept, because what ended it may come again.
    fn end_branch(&mut self, ctx: &mut Context, tag: &str) {
        let Some(gone) = self.branches.iter_mut().find(|b| b.dialog.remote_tag == tag) else {
            return;
        };
        gone.is_over = true;
        let sdp = gone.sdp.take();
        if let Some(updating) = self.updating.take_if(|updating| updating.tag == tag) {
            ctx.respond(updating.server, 481, "Call/Transaction Does Not Exist");
        }
        if sdp.is_some() && sdp == self.applied {
            let other = self.branches.iter().rev().find_map(|branch| branch.sdp.clone());
            self.play(ctx, other);
        }
    }

    /// Tells the user who it is at the far end, if that is news.
    fn identify(&mut self, ctx: &mut Context, party: Option<Party>) {
        if let Some(party) = party.filter(|party| *party != self.party) {
            self.party = party.clone();
            ctx.event(Event::Identity { call: self.call, party });
        }
    }

    fn answered(mut self, ctx: &mut Context, response: &Response) -> State {
        let Some((mut dialog, ack)) = acknowledge(ctx, self.client, response) else {
            self.leave_update(ctx);
            ctx.ended(self.call, EndReason::Failed);
            return State::Terminated;
        };
        let early = self.branches.iter().position(|b| b.dialog.remote_tag == dialog.remote_tag);
        let early = early.map(|at| self.branches.remove(at));
        if let Some(early) = &early {
            dialog.go_on_from(&early.dialog);
        }
        // The rules want the answer in the first reliable response; many servers send it only in
        // an unreliable 183 before, or another one in the 2xx, where media really flows.
        let Some(answer) = response.sdp().or(early.as_ref().and_then(|b| b.sdp.clone())) else {
            let closing = Closing::start(ctx, self.call, dialog, Role::Caller { ack });
            ctx.ended_by(self.call, EndReason::Incompatible, response.status, &response.phrase);
            return State::Closing(closing);
        };
        self.retry.got_through(ctx);
        self.identify(ctx, connected(&response.headers));
        ctx.event(Event::Answered(self.call));
        let (call, held) = (self.call, holds(&answer));
        let start = self.start(ctx, early.as_ref(), answer);
        let timer = SessionTimerTerms::of_answer(&response.headers);
        let confirmed = Confirmed::as_caller(ctx, call, dialog, ack, start, timer);
        State::Confirmed(confirmed.heard(ctx, held))
    }

    /// What is under way in the branch that answers.
    fn start(&mut self, ctx: &mut Context, early: Option<&Branch>, answer: String) -> Start {
        let tag = early.map(|branch| &*branch.dialog.remote_tag);
        if let Some(updating) = self.updating.take_if(|updating| Some(&*updating.tag) == tag) {
            match updating.step {
                Step::Describing { op } => return Start::Updating(op, updating.server),
                Step::Settling { op, .. } => {
                    not_now(ctx, updating.server);
                    return Start::Applying(op);
                }
            }
        }
        self.leave_update(ctx);
        // What the branch has negotiated since its answer stands.
        if early.is_some_and(|branch| branch.session == Session::Settled) {
            return Start::Stable;
        }
        Start::Applying(
            ctx.media(self.call, MediaRequest::SetAnswer { answer, provisional: false }),
        )
    }

    fn challenged(
        self,
        ctx: &mut Context,
        response: &Response,
        ended: (Request, Attempts),
    ) -> State {
        match ctx.answer_challenge(ended, response, Owner::Invite(self.call)) {
            Ok((client, _)) => self.sent(ctx, client),
            Err(crate::auth::Refused) => self.refused(ctx, response, None),
        }
    }

    fn refused(
        mut self,
        ctx: &mut Context,
        response: &Response,
        ended: Option<(Request, Attempts)>,
    ) -> State {
        let heard = self.shown.is_some();
        let again = ended.and_then(|(invite, _)| self.retry.after(ctx, response, invite, heard));
        match again {
            Some(Again::Now(invite)) => return self.send(ctx, invite),
            Some(Again::After(pause, invite)) => {
                self.leave_update(ctx);
                let until = ctx.now + pause;
                return State::Waiting(Waiting { outgoing: self, invite, until });
            }
            None => {}
        }
        self.leave_update(ctx);
        let alerted = matches!(self.shown, Some((180..=182, _)));
        let reason = EndReason::of_refusal(response, alerted);
        ctx.ended_by(self.call, reason, response.status, &response.phrase);
        State::Terminated
    }

    /// Sends another INVITE for this call.
    pub(super) fn send(self, ctx: &mut Context, invite: Request) -> State {
        let client = ctx.send(invite, Owner::Invite(self.call));
        self.sent(ctx, client)
    }

    fn sent(mut self, ctx: &mut Context, client: ClientId) -> State {
        self.leave_update(ctx);
        self.client = client;
        self.branches.clear();
        self.applied = None;
        State::Calling(self)
    }

    pub(super) fn request_timeout(self, ctx: &mut Context) -> State {
        ctx.ended(self.call, EndReason::ConnectionLost);
        State::Terminated
    }

    /// The call ends for its user; the far end may ring for it, so it is taken back as soon as
    /// there is a socket.
    pub(super) fn disconnected(self, ctx: &mut Context) -> State {
        ctx.ended(self.call, EndReason::ConnectionLost);
        Cancelling::without_socket(ctx, self.call, self.client)
    }

    pub(super) fn hangup_before_reaction(self, ctx: &mut Context) -> State {
        ctx.ended(self.call, EndReason::Cancelled);
        State::Cancelling(Cancelling::before_reaction(self.call, self.client))
    }

    pub(super) fn hangup(self, ctx: &mut Context) -> State {
        let call = self.call;
        let next = self.cancel(ctx);
        ctx.ended(call, EndReason::Cancelled);
        next
    }

    /// Another call takes the place of this one, which only rings (RFC 3891 section 3).
    pub(super) fn replaced(self, ctx: &mut Context, by: CallId) -> State {
        let call = self.call;
        let next = self.cancel(ctx);
        ctx.event(Event::Replaced { call, by });
        ctx.ended(call, EndReason::Replaced);
        next
    }

    fn cancel(mut self, ctx: &mut Context) -> State {
        self.leave_update(ctx);
        State::Cancelling(Cancelling::now(ctx, self.call, self.client))
    }

    /// A request in an early dialog.
    pub(super) fn request(
        mut self,
        ctx: &mut Context,
        server: ServerId,
        request: &Request,
    ) -> Self {
        let branch = self.branches.iter_mut().find(|branch| branch.dialog.owns(request));
        let Some(branch) = branch else {
            ctx.respond(server, 481, "Call/Transaction Does Not Exist");
            return self;
        };
        if !branch.dialog.accept_number(request) {
            ctx.respond(server, 500, "Server Internal Error");
        } else if request.method == Method::BYE {
            // Against RFC 3261 section 15.1.2, but said by some gateways when a branch ends.
            let tag = branch.dialog.remote_tag.clone();
            self.end_branch(ctx, &tag);
            ctx.respond(server, 200, "OK");
        } else if request.method == Method::UPDATE && request.body.is_empty() {
            branch.dialog.refresh_target(request);
            self.identify(ctx, connected_by(&request.headers));
            super::confirmed::refresh(ctx, server);
        } else if request.method == Method::UPDATE && branch.session != Session::Open {
            let Some(offer) = request.sdp() else {
                crate::agent::refuse_body(ctx, server);
                return self;
            };
            if self.updating.is_some() {
                not_now(ctx, server);
                return self;
            }
            branch.dialog.refresh_target(request);
            self.updating = Some(Updating::start(ctx, self.call, branch, server, offer));
            self.identify(ctx, connected_by(&request.headers));
        } else if request.method == Method::UPDATE || request.method == Method::INVITE {
            // Our own offer is still open (RFC 3311 section 5.2).
            ctx.respond(server, 491, "Request Pending");
        } else {
            crate::agent::refuse_method(ctx, server, request);
        }
        self
    }

    pub(super) fn media(mut self, ctx: &mut Context, op: OpId, result: MediaResult) -> Self {
        let updating = self.updating.take();
        self.updating = updating.and_then(|updating| updating.media(ctx, self.call, op, result));
        if let Some(Updating { tag, step: Step::Describing { .. }, .. }) = &self.updating
            && let Some(branch) = self.branches.iter_mut().find(|b| b.dialog.remote_tag == *tag)
        {
            branch.session = Session::Settled;
        }
        self
    }

    /// A response to a PRACK of ours.
    pub(super) fn prack_response(
        mut self,
        ctx: &mut Context,
        response: &Response,
        ended: Option<(Request, Attempts)>,
    ) -> Self {
        let tag = response.to_tag().unwrap_or_default();
        if let Some(branch) = self.branches.iter_mut().find(|b| b.dialog.remote_tag == tag) {
            prack_response(ctx, self.call, &mut branch.dialog, response, ended);
            ctx.clients.use_number(self.client, branch.dialog.last_number());
        }
        self
    }

    /// Refuses an UPDATE that nobody will answer any more.
    fn leave_update(&mut self, ctx: &mut Context) {
        if let Some(updating) = self.updating.take() {
            ctx.respond(updating.server, 481, "Call/Transaction Does Not Exist");
        }
    }
}

/// Puts an UPDATE off while another one is being answered (RFC 3311 section 5.2).
fn not_now(ctx: &mut Context, server: ServerId) {
    ctx.respond_with(server, 500, "Server Internal Error", |_, response| {
        response.headers.push("Retry-After", "1");
    });
}
