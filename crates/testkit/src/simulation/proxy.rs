//! A proxy with transactions, which forks, gives up, and refuses at times.

use super::{SECOND, Simulation, Step};
use crate::dialog::same_branch;
use crate::message::Build as _;
use crate::random::Random;
use ringlet_sip::message::{CSeq, Message, Method, Request, Response, Uri, parse};
use std::time::Duration;

pub(super) struct Proxy {
    /// Answers pings.
    pongs: bool,
    /// Challenges calls and messages too.
    challenges: bool,
    transactions: Vec<Transaction>,
}

/// Where a message comes from or goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// An agent, by a certain socket.
    Agent(usize, u32),
    /// A far end, about one of its calls.
    Far(usize),
    /// A far end that does not have the call yet.
    NewFar,
}

struct Transaction {
    origin: Node,
    request: Request,
    branches: Vec<Branch>,
    /// A final response went back.
    done: bool,
}

struct Branch {
    node: Node,
    request: Request,
    /// Its final status.
    status: Option<u16>,
    cancelled: bool,
}

impl Proxy {
    pub(super) fn new(random: &mut Random) -> Self {
        let (pongs, challenges) = (random.chance(80), random.chance(40));
        Self { pongs, challenges, transactions: Vec::new() }
    }
}

impl Simulation {
    pub(super) fn reaches_proxy(&mut self, agent: usize, socket: u32, bytes: &[u8]) {
        if bytes.trim_ascii().is_empty() {
            if bytes == b"\r\n\r\n" && self.proxy.pongs {
                self.send_down(agent, socket, b"\r\n".to_vec());
            }
            return;
        }
        let Ok(message) = parse(bytes) else { return };
        let headers = match &message {
            Message::Request(request) => &request.headers,
            Message::Response(response) => &response.headers,
        };
        self.registrar.see(agent, socket, headers.get("Contact"));
        match message {
            Message::Request(request) => self.requested(Node::Agent(agent, socket), request),
            Message::Response(response) => self.response(response),
        }
    }

    /// A request from an agent or a far end.
    pub(super) fn requested(&mut self, origin: Node, request: Request) {
        if let (Node::Agent(agent, socket), "REGISTER") = (origin, request.method.as_str()) {
            return self.register(agent, socket, &request);
        }
        if request.method == Method::ACK {
            return self.forward_ack(&request);
        }
        if request.method == Method::CANCEL {
            return self.cancel(origin, &request);
        }
        let is_new = !has_to_tag(&request);
        if let Node::Agent(..) = origin
            && is_new
            && self.proxy.challenges
            && let Some(challenge) = self.registrar.challenge(&request, 407)
        {
            return self.reply(origin, challenge);
        }
        if self.disorder && self.random.chance(if is_new { 8 } else { 2 }) {
            return self.refuse(origin, &request);
        }
        let nodes = if is_new { self.targets(&request) } else { self.dialog_target(&request) };
        self.start(origin, request, nodes);
    }

    fn refuse(&mut self, origin: Node, request: &Request) {
        let status =
            *self.random.pick(&[302, 400, 403, 404, 408, 480, 481, 486, 491, 500, 503, 600, 603]);
        let mut response = Response::to(request, status, "Refused", Some("proxy"));
        if status == 302 {
            response = response.with("Contact", "<sip:600@example.com>");
        } else if status >= 500 && self.random.chance(50) {
            response = response.with("Retry-After", "3");
        }
        self.reply(origin, response);
    }

    /// Where a request outside dialogs goes.
    fn targets(&mut self, request: &Request) -> Vec<Node> {
        if let Some(node) = self.shown_contact(&request.uri) {
            return vec![node];
        }
        let user = Uri::parse(&request.uri).map(|uri| uri.user_text()).unwrap_or_default();
        let known = self.agents.iter().any(|agent| agent.name == user);
        let mut nodes: Vec<Node> = self.registrar.of_user(&user).into_iter().map(node_of).collect();
        if !known && user != "nobody" {
            nodes.push(Node::NewFar);
        } else if self.random.chance(10) {
            // A user with a desk phone somewhere.
            nodes.push(Node::NewFar);
        }
        nodes
    }

    fn dialog_target(&mut self, request: &Request) -> Vec<Node> {
        self.shown_contact(&request.uri).into_iter().collect()
    }

    /// Who has shown this URI as its Contact.
    fn shown_contact(&self, uri: &str) -> Option<Node> {
        if let Some(call) = self.fars.of_contact(uri) {
            return Some(Node::Far(call));
        }
        let agent = self.registrar.owner(uri)?;
        let socket = self.agents[agent].link.socket?;
        Some(Node::Agent(agent, socket))
    }

    fn start(&mut self, origin: Node, request: Request, nodes: Vec<Node>) {
        if nodes.is_empty() {
            let response = Response::to(&request, 480, "Temporarily Unavailable", Some("proxy"));
            return self.reply(origin, response);
        }
        if request.method == Method::INVITE && self.random.chance(70) {
            self.reply(origin, Response::to(&request, 100, "Trying", None));
        }
        let transaction = self.proxy.transactions.len();
        let wait = match request.method == Method::INVITE {
            true => 20 * SECOND + self.random.time(200 * SECOND),
            false => 32 * SECOND,
        };
        self.at(wait, Step::GiveUp { transaction });
        let mut branches = Vec::new();
        for (index, node) in nodes.into_iter().enumerate() {
            let via = format!("SIP/2.0/WSS proxy.example.com;branch=z9hG4bKp{transaction}.{index}");
            let mut forwarded = request.clone();
            forwarded.headers.push_front("Via", via);
            forwarded.headers.remove("Route");
            if !has_to_tag(&forwarded) {
                forwarded.headers.push_front("Record-Route", "<sip:proxy.example.com;lr>");
            }
            branches.push(Branch { node, request: forwarded, status: None, cancelled: false });
        }
        let sent: Vec<(Node, Request)> =
            branches.iter().map(|branch| (branch.node, branch.request.clone())).collect();
        self.proxy.transactions.push(Transaction { origin, request, branches, done: false });
        for (node, request) in sent {
            self.forward(node, Message::Request(request));
        }
    }

    fn forward_ack(&mut self, ack: &Request) {
        // To a refusal it goes no further; a refusal's ACK has the branch of its INVITE.
        let branch = branch_of(ack);
        let mut known = self.proxy.transactions.iter();
        if known.any(|t| t.request.method == Method::INVITE && branch_of(&t.request) == branch) {
            return;
        }
        for node in self.dialog_target(ack) {
            let mut forwarded = ack.clone();
            let via = format!("SIP/2.0/WSS proxy.example.com;branch={branch}ack");
            forwarded.headers.push_front("Via", via);
            forwarded.headers.remove("Route");
            self.forward(node, Message::Request(forwarded));
        }
    }

    fn cancel(&mut self, origin: Node, cancel: &Request) {
        let branch = branch_of(cancel);
        let found =
            self.proxy.transactions.iter().position(|t| {
                t.request.method == Method::INVITE && branch_of(&t.request) == branch
            });
        let Some(transaction) = found else {
            let response = Response::to(cancel, 481, "No Such Transaction", Some("proxy"));
            return self.reply(origin, response);
        };
        self.reply(origin, Response::to(cancel, 200, "OK", Some("proxy")));
        self.cancel_branches(transaction);
    }

    /// Cancels what is open.
    fn cancel_branches(&mut self, transaction: usize) {
        let mut cancels = Vec::new();
        for branch in &mut self.proxy.transactions[transaction].branches {
            if branch.status.is_none() && !std::mem::replace(&mut branch.cancelled, true) {
                cancels.push((branch.node, same_branch(&branch.request, Method::CANCEL)));
            }
        }
        for (node, cancel) in cancels {
            self.forward(node, Message::Request(cancel));
        }
    }

    /// Nobody has answered for too long.
    pub(super) fn give_up(&mut self, transaction: usize) {
        let Transaction { origin, request, done, .. } = &self.proxy.transactions[transaction];
        if *done {
            return;
        }
        let (origin, response) =
            (*origin, Response::to(request, 408, "Request Timeout", Some("proxy")));
        if request.method == Method::INVITE {
            self.cancel_branches(transaction);
        }
        self.proxy.transactions[transaction].done = true;
        self.reply(origin, response);
    }

    /// A response from downstream.
    pub(super) fn response(&mut self, mut response: Response) {
        let Some((transaction, branch)) = own_branch(&response) else { return };
        let Some(found) = self.proxy.transactions.get_mut(transaction) else { return };
        let is_invite = found.request.method == Method::INVITE;
        // The proxy's own CANCEL.
        if response.headers.cseq().is_none_or(|cseq| cseq.method != found.request.method) {
            return;
        }
        let first = found.branches[branch].status.is_none();
        if response.status >= 200 && first {
            found.branches[branch].status = Some(response.status);
        }
        let (origin, done) = (found.origin, found.done);
        let all = found.branches.iter().all(|branch| branch.status.is_some());
        let refused = is_invite && response.status >= 300;
        let ack = refused.then(|| {
            let mut ack = same_branch(&found.branches[branch].request, Method::ACK);
            ack.headers.set("To", response.headers.get("To").unwrap_or_default());
            (found.branches[branch].node, ack)
        });
        let forwards = match response.status {
            0..=100 => false,
            101..200 => !done,
            200..300 if is_invite => true,
            _ => !done && first && (all || !is_invite),
        };
        if forwards && response.status >= 200 {
            self.proxy.transactions[transaction].done = true;
        }
        let status = response.status;
        if let Some((node, ack)) = ack {
            self.forward(node, Message::Request(ack));
        }
        if forwards {
            remove_top_via(&mut response);
            self.reply(origin, response);
        }
        if is_invite && (200..300).contains(&status) {
            self.cancel_branches(transaction);
        }
    }

    fn reply(&mut self, origin: Node, response: Response) {
        let origin = match origin {
            // Some find the agent where it is now, not where its request came from.
            Node::Agent(agent, socket) if self.random.chance(30) => {
                Node::Agent(agent, self.agents[agent].link.socket.unwrap_or(socket))
            }
            Node::Agent(..) | Node::Far(_) | Node::NewFar => origin,
        };
        self.forward(origin, Message::Response(response));
    }

    /// Sends a message on; what goes beyond the proxy, or comes from there, may come twice.
    fn forward(&mut self, node: Node, message: Message) {
        let copies = if self.disorder && self.random.chance(4) { 2 } else { 1 };
        for _ in 0..copies {
            match node {
                Node::Agent(agent, socket) => {
                    let bytes = match &message {
                        Message::Request(request) => request.to_bytes(),
                        Message::Response(response) => response.to_bytes(),
                    };
                    self.send_down(agent, socket, bytes);
                }
                Node::Far(call) => self.send_far(Some(call), message.clone()),
                Node::NewFar => self.send_far(None, message.clone()),
            }
        }
    }

    fn send_far(&mut self, call: Option<usize>, message: Message) {
        let delay = self.delay();
        self.at(delay, Step::ToFar { call, message: Box::new(message) });
    }

    /// An unasked-for message that belongs to nothing.
    pub(super) fn stray_message(&mut self, agent: usize) {
        let Some(socket) = self.agents[agent].link.socket else { return };
        let bytes = self.stray_bytes();
        self.send_down(agent, socket, bytes);
    }

    fn stray_bytes(&mut self) -> Vec<u8> {
        let method = *self.random.pick(&["OPTIONS", "NOTIFY", "BYE", "INFO", "MESSAGE", "FOO"]);
        let number = self.random.below(1000) as u32;
        let cseq = CSeq { number, method: Method::from_token(method) }.value();
        let event = *self.random.pick(&["message-summary", "presence", "refer", "x"]);
        let state = *self.random.pick(&["active;expires=60", "terminated;reason=timeout", "odd"]);
        let to = *self.random.pick(&["<sip:u0@example.com>", "<sip:u0@example.com>;tag=none"]);
        let body = "Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n";
        let mut request = Request::new(Method::from_token(method), "sip:u0@example.com")
            .with("Via", &format!("SIP/2.0/WSS proxy.example.com;branch=z9hG4bKs{number}"))
            .with("From", "<sip:server@example.com>;tag=s")
            .with("To", to)
            .with("Call-ID", &format!("stray{number}"))
            .with("CSeq", &cseq)
            .with("Contact", "<sip:server@203.0.113.1>")
            .with("Event", event)
            .with("Subscription-State", state)
            .with("Content-Type", "application/simple-message-summary")
            .with_body(body);
        request.headers.push("Max-Forwards", "70");
        let mut bytes = request.to_bytes();
        if self.random.chance(30) {
            let at = self.random.below(bytes.len());
            bytes[at] = self.random.number() as u8;
            bytes.truncate(at + self.random.below(400));
        }
        bytes
    }
}

fn node_of(binding: super::registrar::Binding) -> Node {
    Node::Agent(binding.agent, binding.socket)
}

pub(super) fn has_to_tag(request: &Request) -> bool {
    let to = request.headers.get("To").and_then(ringlet_sip::message::NameAddr::parse);
    to.is_some_and(|to| to.tag().is_some())
}

fn branch_of(request: &Request) -> &str {
    let via = request.headers.top_via();
    via.and_then(|via| via.branch()).unwrap_or_default()
}

/// The transaction and the branch that a response belongs to, by the proxy's own Via.
fn own_branch(response: &Response) -> Option<(usize, usize)> {
    let via = response.headers.top_via()?;
    let (transaction, branch) = via.branch()?.strip_prefix("z9hG4bKp")?.split_once('.')?;
    Some((transaction.parse().ok()?, branch.parse().ok()?))
}

fn remove_top_via(response: &mut Response) {
    let vias: Vec<String> = response.headers.list("Via").skip(1).map(str::to_owned).collect();
    response.headers.remove("Via");
    for via in vias.iter().rev() {
        response.headers.push_front("Via", via.as_str());
    }
}

/// How long a far end waits between two copies of its 2xx (RFC 3261 section 13.3.1.4).
pub(super) const REPEAT: Duration = Duration::from_millis(500);
