//! Dialogs (RFC 3261 section 12).

use crate::auth::{Attempts, Refused};
use crate::context::Context;
use crate::message::{CSeq, Headers, Method, NameAddr, Request, Response, Uri};
use crate::output::Party;
use crate::party::{self, connected, connected_by};
use crate::transaction::Owner;

/// What the messages of one dialog have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dialog {
    pub(crate) call_id: String,
    pub(crate) local_tag: String,
    pub(crate) remote_tag: String,
    /// From of our requests, tag included.
    pub(crate) local: String,
    /// To of our requests, tag included.
    pub(crate) remote: String,
    pub(crate) remote_target: String,
    pub(crate) route_set: Vec<String>,
    pub(crate) local_cseq: u32,
    pub(crate) remote_cseq: Option<u32>,
    /// The far end takes UPDATE (RFC 3311), as its Allow says.
    pub(crate) allows_update: bool,
    /// Who is at the far end, as far as it or the network has said.
    pub(crate) party: Party,
}

impl Dialog {
    /// The dialog that a response to our INVITE makes; `None` if it makes none.
    pub(crate) fn of_caller(invite: &Request, response: &Response) -> Option<Self> {
        let remote = response.headers.get("To")?;
        let local = invite.headers.get("From")?;
        let mut route_set: Vec<_> =
            response.headers.list("Record-Route").map(str::to_owned).collect();
        route_set.reverse();
        Some(Self {
            call_id: invite.headers.get("Call-ID")?.to_owned(),
            local_tag: NameAddr::parse(local)?.tag()?.to_owned(),
            remote_tag: NameAddr::parse(remote)?.tag().unwrap_or_default().to_owned(),
            local: local.to_owned(),
            remote: remote.to_owned(),
            // Without Contact, which is against the rules, the request URI is the best guess.
            remote_target: contact(response.headers.get("Contact"))
                .unwrap_or(&invite.uri)
                .to_owned(),
            route_set,
            local_cseq: invite.headers.cseq()?.number,
            remote_cseq: None,
            allows_update: response.headers.lists("Allow", "UPDATE"),
            party: connected(&response.headers)
                .or_else(|| party::party(remote))
                .unwrap_or_default(),
        })
    }

    /// The dialog that our response to an INVITE makes; `None` if it makes none.
    pub(crate) fn of_callee(invite: &Request, local_tag: &str) -> Option<Self> {
        let from = invite.headers.get("From")?;
        let caller = NameAddr::parse(from)?;
        // Clients of RFC 2543 sent no tag, and did not have to say where they can be reached.
        let old_client = Some(caller.uri).filter(|_| caller.tag().is_none());
        let mut local = invite.headers.get("To")?.to_owned();
        local.push_str(";tag=");
        local.push_str(local_tag);
        Some(Self {
            call_id: invite.headers.get("Call-ID")?.to_owned(),
            local_tag: local_tag.to_owned(),
            remote_tag: caller.tag().unwrap_or_default().to_owned(),
            local,
            remote: from.to_owned(),
            remote_target: contact(invite.headers.get("Contact")).or(old_client)?.to_owned(),
            route_set: invite.headers.list("Record-Route").map(str::to_owned).collect(),
            local_cseq: 0,
            remote_cseq: Some(invite.headers.cseq()?.number),
            allows_update: invite.headers.lists("Allow", "UPDATE"),
            party: party::caller(&invite.headers),
        })
    }

    /// Whether a request from the far end belongs to this dialog.
    pub(crate) fn owns(&self, request: &Request) -> bool {
        let tag = |name| request.headers.get(name).and_then(NameAddr::parse).and_then(|a| a.tag());
        request.headers.get("Call-ID") == Some(&self.call_id)
            && tag("To") == Some(&self.local_tag)
            && tag("From").unwrap_or_default() == self.remote_tag
    }

    /// Whether this is what a Replaces header names (RFC 3891 section 3), seen from this end.
    pub(crate) fn matches(&self, call_id: &str, local_tag: &str, remote_tag: &str) -> bool {
        // Clients of RFC 2543 sent no tag, for which the header says 0.
        let remote_matches = match &*self.remote_tag {
            "" => remote_tag == "0",
            tag => tag == remote_tag,
        };
        self.call_id == call_id && self.local_tag == local_tag && remote_matches
    }

    /// The numbers of this dialog while it was early go on (RFC 3261 section 13.2.2.4).
    pub(crate) fn go_on_from(&mut self, early: &Self) {
        self.renumber(early.local_cseq);
        self.remote_cseq = early.remote_cseq;
    }

    /// A new request in the dialog, complete but for Via and what the method adds.
    pub(crate) fn request(&mut self, method: Method) -> Request {
        self.local_cseq += 1;
        self.request_numbered(method, self.local_cseq)
    }

    /// The ACK to a 2xx. It repeats the credentials of its INVITE (RFC 3261 section 22.1).
    pub(crate) fn ack(&self, invite: &Request) -> Request {
        let number = invite.headers.cseq().map_or(self.local_cseq, |cseq| cseq.number);
        let mut ack = self.request_numbered(Method::ACK, number);
        for name in ["Authorization", "Proxy-Authorization"] {
            invite.headers.all(name).for_each(|value| ack.headers.push(name, value));
        }
        ack
    }

    fn request_numbered(&self, method: Method, number: u32) -> Request {
        let loose = self.route_set.first().is_none_or(|first| is_loose(first));
        let mut routes: Vec<&str> = self.route_set.iter().map(String::as_str).collect();
        let mut uri = self.remote_target.as_str();
        let target = in_brackets(uri);
        if !loose {
            // RFC 3261 section 12.2.1.1: a strict router goes into the request URI.
            uri = NameAddr::parse(routes.remove(0)).map_or(uri, |first| first.uri);
            routes.push(&target);
        }
        let mut request = Request::new(method.clone(), uri);
        routes.iter().for_each(|route| request.headers.push("Route", *route));
        request.headers.push("Max-Forwards", "70");
        request.headers.push("From", &*self.local);
        request.headers.push("To", &*self.remote);
        request.headers.push("Call-ID", &*self.call_id);
        request.headers.push("CSeq", CSeq { number, method }.value());
        request
    }

    /// Repeats a challenged request of this dialog under the next number, which is returned:
    /// later requests may have taken the one after its own.
    pub(crate) fn answer_challenge(
        &mut self,
        ctx: &mut Context,
        (mut request, attempts): (Request, Attempts),
        response: &Response,
        owner: Owner,
    ) -> Result<u32, Refused> {
        let last = CSeq { number: self.local_cseq, method: request.method.clone() };
        request.headers.set("CSeq", last.value());
        let (_, number) = ctx.answer_challenge((request, attempts), response, owner)?;
        self.renumber(number);
        Ok(number)
    }

    /// Where somebody else reaches the far end: its Contact, or its address of record if the
    /// Contact makes sense to its own server only (RFC 7118 section 5).
    pub(crate) fn public_remote_target(&self) -> &str {
        let target = Uri::parse(&self.remote_target);
        let hidden = |uri: &Uri<'_>| uri.host.ends_with(".invalid") && !uri.params.has("gr");
        match NameAddr::parse(&self.remote) {
            Some(remote) if target.as_ref().is_some_and(hidden) => remote.uri,
            Some(_) | None => &self.remote_target,
        }
    }

    /// The number of our last request.
    pub(crate) fn last_number(&self) -> u32 {
        self.local_cseq
    }

    /// Our last request was repeated under this number, because it was challenged.
    pub(crate) fn renumber(&mut self, number: u32) {
        self.local_cseq = self.local_cseq.max(number);
    }

    /// Gives a request that is about to be repeated the last number, so that the one after it is
    /// free, whatever else was sent meanwhile.
    pub(crate) fn number_as_last(&self, request: &mut Request) {
        let cseq = CSeq { number: self.local_cseq, method: request.method.clone() };
        request.headers.set("CSeq", cseq.value());
    }

    /// Gives a request that is repeated the next number.
    pub(crate) fn number_next(&mut self, request: &mut Request) {
        self.local_cseq += 1;
        self.number_as_last(request);
    }

    /// Notes the number of a request from the far end; false if it comes out of order.
    pub(crate) fn accept_number(&mut self, request: &Request) -> bool {
        let Some(cseq) = request.headers.cseq() else { return false };
        if self.remote_cseq.is_some_and(|last| cseq.number <= last) {
            return false;
        }
        self.remote_cseq = Some(cseq.number);
        true
    }

    /// Takes the Contact of a target refresh request, if it has one (RFC 3261 section 12.2.2).
    pub(crate) fn refresh_target(&mut self, request: &Request) {
        self.refresh(&request.headers);
    }

    /// Takes what a target refresh request or the 2xx to one says of the far end.
    pub(crate) fn refresh(&mut self, headers: &Headers) {
        if let Some(uri) = contact(headers.get("Contact")) {
            self.remote_target = uri.to_owned();
        }
        if headers.get("Allow").is_some() {
            self.allows_update = headers.lists("Allow", "UPDATE");
        }
    }

    /// Takes who the far end is now, as the network says (RFC 3325) or as a request of its own
    /// says (RFC 4916); gives it if it is news.
    pub(crate) fn identify(&mut self, request: &Request) -> Option<Party> {
        let from = request.headers.get("From")?;
        let is_renamed = party::party(from) != party::party(&self.remote);
        if is_renamed {
            self.remote = from.to_owned();
        }
        let party = match connected_by(&request.headers) {
            None if is_renamed => party::caller(&request.headers),
            by_network => by_network?,
        };
        (party != self.party).then(|| {
            self.party = party.clone();
            party
        })
    }
}

fn contact(value: Option<&str>) -> Option<&str> {
    let first = crate::message::split_list(value?).next()?;
    let uri = NameAddr::parse(first)?.uri;
    Uri::parse(uri).map(|_| uri)
}

fn is_loose(route: &str) -> bool {
    let uri = NameAddr::parse(route).and_then(|route| Uri::parse(route.uri));
    // A route that cannot be read is carried, not obeyed.
    uri.is_none_or(|uri| uri.params.has("lr"))
}

fn in_brackets(uri: &str) -> String {
    let mut out = String::with_capacity(uri.len() + 2);
    out.push('<');
    out.push_str(uri);
    out.push('>');
    out
}
