//! Several agents behind one proxy, in virtual time.

use ringlet_sip::message::{Message, Method, NameAddr, Request, Response, Uri, parse};
use ringlet_sip::{
    CallId, Command, Config, Event, Input, Instant, MediaRequest, Output, UserAgent,
};
use std::collections::BTreeMap;
use std::time::Duration;

/// What goes wrong on the way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// Every message arrives twice.
    pub duplicate: bool,
    /// Every message is preceded by one that is none.
    pub garbage: bool,
}

/// A registrar and proxy that stays in the path, with one socket for each agent. Media work is
/// done by itself, with SDP that names its maker.
pub struct Network {
    now: Instant,
    delay: Duration,
    faults: Faults,
    phones: Vec<Phone>,
    bindings: BTreeMap<String, usize>,
    queue: Vec<(Instant, usize, Vec<u8>)>,
}

struct Phone {
    agent: UserAgent,
    user: String,
    connected: bool,
    events: Vec<Event>,
    applied: Vec<String>,
}

impl Network {
    /// A network on which each message takes `delay` to the proxy and as much from it.
    pub fn new(delay: Duration, faults: Faults) -> Self {
        Self {
            now: Instant::from_millis(0),
            delay,
            faults,
            phones: Vec::new(),
            bindings: BTreeMap::new(),
            queue: Vec::new(),
        }
    }

    /// Adds an agent with an open socket, and has it register. Its index is returned.
    pub fn add(&mut self, user: &str) -> usize {
        let index = self.phones.len();
        let config = Config { user: user.into(), ..crate::config() };
        let seed = [u8::try_from(index + 1).expect("fewer than 255 agents"); 32];
        self.phones.push(Phone {
            agent: UserAgent::new(config, seed),
            user: user.into(),
            connected: false,
            events: Vec::new(),
            applied: Vec::new(),
        });
        self.command(index, Command::Register);
        self.connect(index);
        index
    }

    /// Opens a socket for an agent.
    pub fn connect(&mut self, phone: usize) {
        self.phones[phone].connected = true;
        self.input(phone, Input::Connected);
    }

    /// Cuts an agent's socket, with all that is on its way.
    pub fn cut(&mut self, phone: usize) {
        self.phones[phone].connected = false;
        self.bindings.retain(|_, index| *index != phone);
        self.queue.retain(|(_, to, _)| *to != phone);
        self.input(phone, Input::Disconnected);
    }

    /// Gives an agent a command.
    pub fn command(&mut self, phone: usize, command: Command) {
        self.input(phone, Input::Command(command));
    }

    /// Has one agent call the user of another.
    pub fn call(&mut self, from: usize, to: usize) -> CallId {
        let call = self.phones[from].agent.new_call();
        let target = self.phones[to].user.clone();
        self.command(from, Command::Invite { call, target, caller_id: None });
        call
    }

    /// A name for a call that an agent is about to make.
    pub fn new_call(&mut self, phone: usize) -> CallId {
        self.phones[phone].agent.new_call()
    }

    /// Lets time pass.
    pub fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(at) = self.next().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.deliver();
            for phone in 0..self.phones.len() {
                let due = self.phones[phone].agent.poll_timeout();
                if due.is_some_and(|(at, _)| at <= self.now) {
                    self.input(phone, Input::Timeout);
                }
            }
        }
        self.now = end;
    }

    /// What an agent has told so far; forgotten once looked at.
    pub fn events(&mut self, phone: usize) -> Vec<Event> {
        std::mem::take(&mut self.phones[phone].events)
    }

    /// The call that an agent was told of last.
    pub fn incoming(&self, phone: usize) -> Option<CallId> {
        self.phones[phone].events.iter().rev().find_map(|event| match event {
            Event::Incoming { call, .. } => Some(*call),
            _ => None,
        })
    }

    /// The far end's SDP that an agent's media side has applied so far.
    pub fn applied(&self, phone: usize) -> &[String] {
        &self.phones[phone].applied
    }

    /// How many transactions and calls an agent holds.
    pub fn load(&self, phone: usize) -> usize {
        self.phones[phone].agent.load()
    }

    fn next(&self) -> Option<Instant> {
        let timers = self.phones.iter().filter_map(|p| p.agent.poll_timeout().map(|(at, _)| at));
        timers.chain(self.queue.iter().map(|(at, ..)| *at)).min()
    }

    fn deliver(&mut self) {
        let (due, later) =
            std::mem::take(&mut self.queue).into_iter().partition(|e| e.0 <= self.now);
        self.queue = later;
        let due: Vec<(Instant, usize, Vec<u8>)> = due;
        for (_, phone, bytes) in due {
            self.input(phone, Input::Received(bytes));
        }
    }

    fn input(&mut self, index: usize, input: Input) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            let phone = &mut self.phones[index];
            phone.agent.handle(self.now, input);
            while let Some(output) = self.phones[index].agent.poll() {
                let phone = &mut self.phones[index];
                match output {
                    Output::Transmit(bytes) => self.proxy(index, &bytes),
                    Output::Event(event) => phone.events.push(event),
                    Output::Reconnect(_) => panic!("{}: the flow is fine", phone.user),
                    Output::Media(op, _, request) => {
                        let sdp = format!("v=0\r\ns={}\r\n", phone.user);
                        match request {
                            MediaRequest::CreateOffer(_) | MediaRequest::Rollback => {}
                            MediaRequest::CreateAnswer { offer, .. } => phone.applied.push(offer),
                            MediaRequest::SetAnswer { answer, .. } => phone.applied.push(answer),
                        }
                        inputs.push(Input::Media(op, Ok(sdp)));
                    }
                }
            }
        }
    }

    fn proxy(&mut self, from: usize, bytes: &[u8]) {
        if bytes.trim_ascii().is_empty() {
            if bytes == b"\r\n\r\n" {
                self.send(from, b"\r\n".to_vec());
            }
            return;
        }
        match parse(bytes).expect("agents send sound messages") {
            Message::Request(request) => self.forward_request(from, request),
            Message::Response(response) => self.forward_response(response),
        }
    }

    fn forward_request(&mut self, from: usize, mut request: Request) {
        if request.method == Method::REGISTER {
            return self.register(from, &request);
        }
        let uri = Uri::parse(&request.uri).expect("a request URI");
        let user = uri.user_text();
        let by_name = self.phones.iter().position(|p| p.user == user);
        let target = self.bindings.get(&user).copied().or(by_name);
        let Some(target) = target.filter(|index| self.phones[*index].connected) else {
            if request.method != Method::ACK {
                let response = Response::to(&request, 480, "Temporarily Unavailable", Some("p"));
                self.send(from, response.to_bytes());
            }
            return;
        };
        let branch = request.headers.top_via().and_then(|via| via.branch()).expect("a branch");
        let via = format!("SIP/2.0/WSS proxy.example.com;branch={branch}p{from}");
        request.headers.push_front("Via", via);
        request.headers.remove("Route");
        if request.method == Method::INVITE {
            request.headers.push_front("Record-Route", "<sip:proxy.example.com;lr>");
        }
        self.send(target, request.to_bytes());
    }

    fn register(&mut self, from: usize, request: &Request) {
        let contact = request.headers.get("Contact").expect("a Contact").to_owned();
        let uri = NameAddr::parse(&contact).and_then(|c| Uri::parse(c.uri)).expect("a Contact");
        if request.headers.seconds("Expires") == Some(0) {
            self.bindings.remove(&uri.user_text());
        } else {
            self.bindings.insert(uri.user_text(), from);
        }
        let mut response = Response::to(request, 200, "OK", Some("registrar"));
        response.headers.push("Contact", contact);
        self.send(from, response.to_bytes());
    }

    fn forward_response(&mut self, mut response: Response) {
        let vias: Vec<String> = response.headers.list("Via").map(str::to_owned).collect();
        let own = response.headers.top_via().and_then(|via| via.branch()).expect("a branch");
        let target = own.rsplit_once('p').and_then(|(_, index)| index.parse().ok());
        response.headers.remove("Via");
        for via in vias.iter().skip(1).rev() {
            response.headers.push_front("Via", via.as_str());
        }
        self.send(target.expect("a branch of this proxy"), response.to_bytes());
    }

    fn send(&mut self, to: usize, bytes: Vec<u8>) {
        let at = self.now + self.delay * 2;
        if self.faults.garbage {
            self.queue.push((at, to, b"\xff\x00 no SIP".to_vec()));
        }
        if self.faults.duplicate {
            self.queue.push((at, to, bytes.clone()));
        }
        self.queue.push((at, to, bytes));
    }
}
