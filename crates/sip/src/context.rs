//! What every part of the agent shares: the time, the transactions, and the way out.

use crate::auth::{Attempts, Authenticator, Refused};
use crate::config::Config;
use crate::counters::Counters;
use crate::identities::Identities;
use crate::input::{CallId, OpId};
use crate::message::{CSeq, Method, Request, Response, Uri, quoted};
use crate::output::{Event, MediaRequest, Output, Reconnect};
use crate::reason::{EndReason, Ended};
use crate::rng::Rng;
use crate::time::Instant;
use crate::trace::{Trace, TraceKind};
use crate::transaction::{ClientId, Clients, Owner, ServerId, Servers, cancel};
use std::collections::VecDeque;

/// What is handled, for Allow.
#[cfg(feature = "messages")]
pub(crate) const ALLOW: &str =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK, INFO, REFER, NOTIFY, MESSAGE";
#[cfg(not(feature = "messages"))]
pub(crate) const ALLOW: &str =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK, INFO, REFER, NOTIFY";
/// Event packages that are understood, for Allow-Events.
#[cfg(feature = "xml-events")]
pub(crate) const ALLOW_EVENTS: &str = "refer, message-summary, dialog, presence";
#[cfg(not(feature = "xml-events"))]
pub(crate) const ALLOW_EVENTS: &str = "refer, message-summary";
/// Extensions in use, for Supported.
pub(crate) const SUPPORTED: &str =
    "outbound, gruu, 100rel, timer, replaces, norefersub, from-change, 199";

pub(crate) struct Context {
    /// The time of the input being handled.
    pub(crate) now: Instant,
    pub(crate) config: Config,
    pub(crate) rng: Rng,
    pub(crate) connected: bool,
    pub(crate) clients: Clients,
    pub(crate) servers: Servers,
    pub(crate) auth: Authenticator,
    /// Where requests outside dialogs go first (RFC 3608).
    pub(crate) service_route: Vec<String>,
    /// What reaches this device from anywhere (RFC 5627), while registered.
    pub(crate) gruu: Option<String>,
    pub(crate) identities: Identities,
    /// RFC 7118 section 5 wants a name that cannot be resolved.
    via_host: String,
    contact_user: String,
    outputs: VecDeque<Output>,
    pub(crate) last_op: u32,
    pub(crate) counters: Counters,
    pub(crate) trace: Trace,
}

impl Context {
    pub(crate) fn new(config: Config, seed: [u8; 32]) -> Self {
        let mut rng = Rng::new(seed);
        let mut via_host = rng.token();
        via_host.push_str(".invalid");
        let contact_user = rng.token();
        let trace = Trace::new(config.trace_bytes);
        Self {
            now: Instant::default(),
            config,
            rng,
            connected: false,
            clients: Clients::default(),
            servers: Servers::default(),
            auth: Authenticator::default(),
            service_route: Vec::new(),
            gruu: None,
            identities: Identities::default(),
            via_host,
            contact_user,
            outputs: VecDeque::new(),
            last_op: 0,
            counters: Counters::default(),
            trace,
        }
    }

    pub(crate) fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    pub(crate) fn push(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    /// What came out of the input being handled, as far as nobody has taken it.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = &Output> {
        self.outputs.iter()
    }

    /// Another socket is wanted.
    pub(crate) fn reconnect(&mut self, why: Reconnect) {
        self.counters.reconnects += 1;
        self.note(
            "socket",
            match why {
                Reconnect::DeadFlow => "is dead",
                Reconnect::ServerUnavailable { .. } => "leads to a server that cannot serve",
            },
        );
        self.push(Output::Reconnect(why));
    }

    /// Puts a change of state into the trace.
    pub(crate) fn note(&mut self, subject: &'static str, text: &str) {
        self.trace.note(self.now, TraceKind::State(subject), text);
    }

    /// A message that came is not acted upon.
    pub(crate) fn reject(&mut self, why: &str) {
        self.counters.rejected += 1;
        self.trace.note(self.now, TraceKind::Dropped, why);
    }

    pub(crate) fn event(&mut self, event: Event) {
        self.trace.event(self.now, &event);
        self.push(Output::Event(event));
    }

    pub(crate) fn media(&mut self, call: CallId, request: MediaRequest) -> OpId {
        self.last_op += 1;
        let op = OpId(self.last_op);
        self.push(Output::Media(op, call, request));
        op
    }

    /// The call is over for its user.
    pub(crate) fn ended(&mut self, call: CallId, reason: EndReason) {
        self.event(Event::Ended(call, Ended { reason, status: None, phrase: None }));
    }

    /// The same, with what was said on the wire.
    pub(crate) fn ended_by(&mut self, call: CallId, reason: EndReason, status: u16, phrase: &str) {
        let phrase = (!phrase.is_empty()).then(|| crate::message::display(phrase));
        self.event(Event::Ended(call, Ended { reason, status: Some(status), phrase }));
    }

    /// Sends bytes, if there is a socket. Without one, timers do the rest.
    pub(crate) fn transmit(&mut self, bytes: Vec<u8>) {
        if self.connected {
            self.counters.sent += 1;
            self.trace.message(self.now, TraceKind::Sent, &bytes);
            self.push(Output::Transmit(bytes));
        }
    }

    /// Our Contact URI.
    pub(crate) fn contact_uri(&self) -> String {
        let mut uri = String::from("sip:");
        uri.push_str(&self.contact_user);
        uri.push('@');
        uri.push_str(&self.via_host);
        uri.push_str(";transport=ws");
        uri
    }

    /// Whether an address is ours, whatever a server has done to its parameters.
    pub(crate) fn is_our_contact(&self, uri: &str) -> bool {
        Uri::parse(uri)
            .is_some_and(|uri| uri.user == Some(&*self.contact_user) && uri.host == self.via_host)
    }

    /// Whether a response names us as the one to take it (RFC 3261 section 18.1.2).
    pub(crate) fn is_our_via(&self, sent_by: &str) -> bool {
        sent_by.eq_ignore_ascii_case(&self.via_host)
    }

    /// Contact of messages that make or refresh a dialog: the GRUU (RFC 5627 section 4.4). Without
    /// one, `ob` keeps the dialog's requests on this flow (RFC 5626 section 4.3).
    pub(crate) fn dialog_contact(&self) -> String {
        match &self.gruu {
            Some(gruu) => ["<", gruu, ">"].concat(),
            None => ["<", &*self.contact_uri(), ";ob>"].concat(),
        }
    }

    /// `"Name" <sip:user@domain>`.
    pub(crate) fn address_of_record(&self) -> String {
        let mut address = String::new();
        if let Some(name) = self.config.display_name.as_deref().filter(|name| !name.is_empty()) {
            address.push_str(&quoted(name));
            address.push(' ');
        }
        address.push_str("<sip:");
        address.push_str(&crate::message::escape_user(&self.config.user));
        address.push('@');
        address.push_str(&self.config.domain);
        address.push('>');
        address
    }

    /// Starts a transaction for a request that has no Via yet.
    pub(crate) fn send(&mut self, request: Request, owner: Owner) -> ClientId {
        self.send_again(request, owner, Attempts::default())
    }

    fn send_again(&mut self, mut request: Request, owner: Owner, attempts: Attempts) -> ClientId {
        if attempts == Attempts::default() {
            let credentials = &self.config.credentials;
            self.auth.prepare(&mut request, credentials);
        }
        let branch = self.add_via(&mut request);
        self.transmit(request.to_bytes());
        self.clients.start(self.now, owner, branch, request, attempts)
    }

    /// Sends the ACK to a 2xx, which is no transaction, and gives its bytes to be repeated.
    pub(crate) fn send_ack(&mut self, mut ack: Request) -> Vec<u8> {
        self.add_via(&mut ack);
        let bytes = ack.to_bytes();
        self.transmit(bytes.clone());
        bytes
    }

    /// Sends the CANCEL of an INVITE that is still open.
    pub(crate) fn send_cancel(&mut self, invite: ClientId) {
        let Some(cancel) = self.clients.request(invite).map(cancel) else { return };
        let branch = cancel.headers.top_via().and_then(|via| via.branch()).map(str::to_owned);
        self.transmit(cancel.to_bytes());
        let branch = branch.unwrap_or_default();
        self.clients.start(self.now, Owner::Cancel, branch, cancel, Attempts::default());
    }

    /// Repeats a request that was challenged, under a new number, which is returned.
    pub(crate) fn answer_challenge(
        &mut self,
        (mut request, mut attempts): (Request, Attempts),
        response: &Response,
        owner: Owner,
    ) -> Result<(ClientId, u32), Refused> {
        let number = request.headers.cseq().map_or(1, |cseq| cseq.number + 1);
        request.headers.set("CSeq", CSeq { number, method: request.method.clone() }.value());
        request.headers.remove("Via");
        let credentials = &self.config.credentials;
        self.auth.answer(&mut request, response, &mut attempts, credentials, &mut self.rng)?;
        Ok((self.send_again(request, owner, attempts), number))
    }

    /// Answers a request with nothing but a status.
    pub(crate) fn respond(&mut self, server: ServerId, status: u16, phrase: &str) {
        self.respond_with(server, status, phrase, |_, _| {});
    }

    /// Answers a request. `complete` adds what the status needs. Gives the bytes, to be repeated.
    pub(crate) fn respond_with(
        &mut self,
        server: ServerId,
        status: u16,
        phrase: &str,
        complete: impl FnOnce(&Self, &mut Response),
    ) -> Vec<u8> {
        let Some(mut response) = self.servers.response(server, status, phrase) else {
            return Vec::new();
        };
        complete(self, &mut response);
        response.headers.push("User-Agent", &*self.config.user_agent);
        let bytes = self.servers.send(self.now, server, &response);
        self.transmit(bytes.clone());
        bytes
    }

    fn add_via(&mut self, request: &mut Request) -> String {
        let mut branch = String::from("z9hG4bK");
        branch.push_str(&self.rng.token());
        let mut via = String::from(if self.config.secure { "SIP/2.0/WSS " } else { "SIP/2.0/WS " });
        via.push_str(&self.via_host);
        via.push_str(";branch=");
        via.push_str(&branch);
        request.headers.push_front("Via", via);
        branch
    }
}

/// Makes `body` the SDP of a message.
pub(crate) fn set_sdp(headers: &mut crate::message::Headers, body: &mut Vec<u8>, sdp: String) {
    headers.push("Content-Type", "application/sdp");
    *body = sdp.into_bytes();
}

/// Whether the method is one that the standards name but this agent does not handle.
pub(crate) fn is_known(method: &Method) -> bool {
    match method {
        Method::Known(_) => true,
        Method::Extension(_) => false,
    }
}
