//! An agent under watch: what must hold with every input, whatever it is.

use ringlet_sip::message::{
    MAX_MESSAGE, Message, Method, NameAddr, Params, ParseError, Request, parse,
};
use ringlet_sip::{
    CallId, Command, Event, Input, Instant, MAX_CALLS, MessageId, Numbers, OpId, Output,
    RegistrationState, ResumeError, SubscriptionId, SubscriptionState, Timer, UserAgent,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A server transaction is kept for a request at most; there is a cap on them.
const MAX_SERVERS: usize = 256;
/// Timer F (RFC 3261 section 17.1.2.2).
const REQUEST_TIMEOUT: Duration = Duration::from_secs(32);

/// An agent that panics when it breaks a rule:
///
/// - a call is told of, then ends once, and nothing is told or asked about it afterwards;
/// - a subscription ends once, and so does the sending of a message;
/// - nothing is sent without a socket, and what is sent can be read;
/// - numbers go up in every dialog, and no nonce count is used twice where servers are sane;
/// - one REGISTER at a time waits for its response on a socket;
/// - after a timeout nothing is due any more, and one input makes no flood;
/// - the number of calls and transactions is bounded.
pub struct Watched {
    agent: UserAgent,
    connected: bool,
    calls: BTreeMap<CallId, Stage>,
    ops: BTreeSet<OpId>,
    /// Subscriptions and messages, and whether they are over.
    subscriptions: BTreeMap<SubscriptionId, bool>,
    messages: BTreeMap<MessageId, bool>,
    registers: Vec<(String, Instant)>,
    numbers: BTreeMap<[String; 3], u32>,
    /// The nonces that were answered, if servers give none twice.
    nonce_counts: Option<BTreeSet<[String; 4]>>,
    registration: RegistrationState,
    timeouts: (Instant, usize),
    /// The calls, clients and servers that commands have asked for since the last quiet moment.
    asked: usize,
}

/// How far a call is, as its user was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A command named it, which may have been ignored.
    Named,
    /// It is made, and not answered.
    Made,
    /// It rings here.
    Ringing,
    /// It is answered.
    Answered,
    /// It is over.
    Ended,
}

impl Watched {
    /// Watches an agent that has done nothing yet.
    pub fn new(agent: UserAgent) -> Self {
        Self {
            agent,
            connected: false,
            calls: BTreeMap::new(),
            ops: BTreeSet::new(),
            subscriptions: BTreeMap::new(),
            messages: BTreeMap::new(),
            registers: Vec::new(),
            numbers: BTreeMap::new(),
            nonce_counts: None,
            registration: RegistrationState::Unregistered,
            timeouts: (Instant::default(), 0),
            asked: 0,
        }
    }

    /// Servers go from one nonce to the next and never back, so no count may be used twice.
    #[must_use]
    pub fn with_fresh_nonces(mut self) -> Self {
        self.nonce_counts = Some(BTreeSet::new());
        self
    }

    /// The agent, to ask it things and to have it make names.
    pub fn agent(&mut self) -> &mut UserAgent {
        &mut self.agent
    }

    /// Whether the agent knows a socket.
    pub fn is_connected(&self) -> bool {
        self.connected
    }

    /// Every call there ever was, and how far it is.
    pub fn calls(&self) -> impl Iterator<Item = (CallId, Stage)> + '_ {
        self.calls.iter().map(|(call, stage)| (*call, *stage))
    }

    /// The calls that are not over.
    pub fn live_calls(&self) -> Vec<(CallId, Stage)> {
        self.calls().filter(|(_, s)| !matches!(s, Stage::Named | Stage::Ended)).collect()
    }

    /// What was last told of the registration.
    pub fn registration(&self) -> &RegistrationState {
        &self.registration
    }

    /// When the agent wants to be woken, and why.
    pub fn deadline(&self) -> Option<(Instant, Timer)> {
        self.agent.poll_timeout()
    }

    /// Calls and transactions.
    pub fn load(&self) -> usize {
        self.agent.load()
    }

    /// Takes a call over, as [`UserAgent::resume`] does.
    pub fn resume(
        &mut self,
        now: Instant,
        snapshot: &str,
        age: Duration,
    ) -> Result<(CallId, Vec<Output>), ResumeError> {
        let before = self.agent.load();
        let call = self.agent.resume(now, snapshot, age)?;
        let old = self.calls.insert(call, Stage::Answered);
        assert_eq!(old, None, "{call:?} is resumed although it is known");
        Ok((call, self.drain(now, before, None)))
    }

    /// Goes on with another agent in place of this one, which is gone with its socket: the page
    /// was loaded anew. Calls that it does not take over are nobody's any more.
    pub fn replace(&mut self, agent: impl FnOnce(Numbers) -> UserAgent) {
        self.agent = agent(self.agent.numbers());
        self.connected = false;
        self.calls.values_mut().for_each(|stage| *stage = Stage::Ended);
        self.subscriptions.values_mut().for_each(|over| *over = true);
        self.messages.values_mut().for_each(|over| *over = true);
        self.ops.clear();
        self.registers.clear();
        self.nonce_counts.iter_mut().for_each(BTreeSet::clear);
        self.registration = RegistrationState::Unregistered;
    }

    /// Forgets a call, as [`UserAgent::abandon`] does.
    pub fn abandon(&mut self, now: Instant, call: CallId) -> Vec<Output> {
        let before = self.agent.load();
        self.agent.abandon(call);
        let outputs = self.drain(now, before, None);
        if self.agent.export(call).is_none() && self.calls.get(&call) == Some(&Stage::Answered) {
            self.calls.insert(call, Stage::Ended);
        }
        outputs
    }

    /// Gives the agent one input, and everything that comes out.
    pub fn input(&mut self, now: Instant, input: Input) -> Vec<Output> {
        let before = self.agent.load();
        let question = self.note(now, &input);
        let is_timeout = matches!(input, Input::Timeout);
        let was_due = self.agent.poll_timeout().is_some_and(|(at, _)| at <= now);
        self.agent.handle(now, input);
        let outputs = self.drain(now, before, question);
        if is_timeout {
            let due = self.agent.poll_timeout().filter(|(at, _)| *at <= now);
            assert_eq!(due, None, "still due after a timeout at {now:?}");
            let before = if self.timeouts.0 == now { self.timeouts.1 } else { 0 };
            self.timeouts = (now, before + usize::from(was_due));
            assert!(self.timeouts.1 <= 3, "{} timeouts at {now:?}", self.timeouts.1);
        }
        if self.agent.load() == 0 {
            self.asked = 0;
        }
        let bound = MAX_CALLS + MAX_SERVERS + 16 * MAX_CALLS + self.asked;
        assert!(self.agent.load() <= bound, "a load of {}", self.agent.load());
        outputs
    }

    /// What comes out. `before` is the load before the input, `question` the length of an
    /// unreadable message.
    fn drain(&mut self, now: Instant, before: usize, question: Option<usize>) -> Vec<Output> {
        let mut outputs = Vec::new();
        // Everything there is may have something to say, and a fork of branches be taken leave of.
        let subscriptions = self.subscriptions.values().filter(|over| !**over).count();
        let most = 64 + 8 * before.max(self.agent.load()) + 2 * subscriptions;
        while let Some(output) = self.agent.poll() {
            assert!(outputs.len() < most, "one input makes more than {most} outputs");
            self.check(now, &output, question);
            outputs.push(output);
        }
        outputs
    }

    /// Notes what an input means; the length of an unreadable message, whose answer is as odd.
    fn note(&mut self, now: Instant, input: &Input) -> Option<usize> {
        match input {
            Input::Connected => {
                self.connected = true;
                self.registers.clear();
            }
            Input::Disconnected => {
                self.connected = false;
                self.registers.clear();
            }
            Input::Received(bytes) => match parse(bytes) {
                Ok(Message::Response(response)) if response.status >= 200 => {
                    let via = response.headers.top_via();
                    let branch = via.and_then(|via| via.branch()).unwrap_or_default();
                    self.registers.retain(|(known, _)| known != branch);
                }
                Ok(_) => {}
                Err(_) => return Some(bytes.len()),
            },
            Input::Timeout => {
                self.registers.retain(|(_, sent)| now.since(*sent) < REQUEST_TIMEOUT);
            }
            Input::Command(command) => self.note_command(command),
            Input::Media(op, _) => {
                self.ops.remove(op);
            }
        }
        None
    }

    fn note_command(&mut self, command: &Command) {
        self.asked += 1;
        match command {
            Command::Invite { call, .. } => {
                // A name that is taken already makes no call.
                self.calls.entry(*call).or_insert(Stage::Made);
            }
            Command::AcceptTransfer { new, .. } => {
                self.calls.entry(*new).or_insert(Stage::Named);
            }
            Command::Subscribe { subscription, .. } => {
                self.subscriptions.entry(*subscription).or_insert(false);
            }
            Command::SendMessage { message, .. } => {
                self.messages.insert(*message, false);
            }
            // What waits for a response need not be waited for (see its documentation).
            Command::Leave => self.registers.clear(),
            Command::Register
            | Command::Unregister
            | Command::Answer(_)
            | Command::Reject(..)
            | Command::Redirect { .. }
            | Command::Hangup(_)
            | Command::Hold(_)
            | Command::Resume(_)
            | Command::Restart(_)
            | Command::Dtmf { .. }
            | Command::Transfer { .. }
            | Command::TransferTo { .. }
            | Command::RefuseTransfer(_)
            | Command::Unsubscribe(_) => {}
        }
    }

    fn check(&mut self, now: Instant, output: &Output, question: Option<usize>) {
        match output {
            Output::Transmit(bytes) => self.sent(now, bytes, question),
            Output::Media(op, call, request) => {
                assert!(self.ops.insert(*op), "{op:?} is used twice");
                self.touch(*call, &format!("{request:?}"));
            }
            Output::Event(event) => self.told(event),
            Output::Reconnect(_) => assert!(self.connected, "there is no socket to replace"),
        }
    }

    fn told(&mut self, event: &Event) {
        match event {
            Event::Registration(state) => {
                let registered = matches!(state, RegistrationState::Registered { .. });
                assert!(self.connected || !registered, "registered without a socket");
                self.registration = state.clone();
            }
            Event::Incoming { call, .. } => {
                let old = self.calls.insert(*call, Stage::Ringing);
                assert_eq!(old, None, "{call:?} is announced although it is known");
            }
            Event::Answered(call) => {
                self.touch(*call, "Answered");
                let old = self.calls.insert(*call, Stage::Answered);
                assert_ne!(old, Some(Stage::Answered), "{call:?} is answered twice");
            }
            Event::Ended(call, _) => {
                self.touch(*call, "Ended");
                self.calls.insert(*call, Stage::Ended);
            }
            Event::Progress { call, .. } => {
                self.touch(*call, "Progress");
                let stage = self.calls.get(call);
                assert_eq!(stage, Some(&Stage::Made), "{call:?} makes progress once answered");
            }
            Event::Hold { call, .. }
            | Event::ChangeFailed { call, .. }
            | Event::Recovered(call)
            | Event::Identity { call, .. }
            | Event::Transfer { call, .. }
            | Event::TransferRequested { call, .. }
            | Event::Dtmf { call, .. } => self.touch(*call, &format!("{event:?}")),
            Event::Replaced { call, by } => {
                self.touch(*call, "Replaced");
                self.touch(*by, "Replaced");
            }
            Event::Subscription { subscription, state } => {
                let over = self.subscriptions.get_mut(subscription);
                let over = over.unwrap_or_else(|| panic!("{subscription:?} is nobody's"));
                assert!(!*over, "{subscription:?} is over, but {state:?}");
                *over = matches!(state, SubscriptionState::Ended(_));
            }
            Event::Notification { subscription: Some(id), .. } => {
                assert_eq!(self.subscriptions.get(id), Some(&false), "{id:?} is over or nobody's");
            }
            Event::MessageDone { message, .. } => {
                let old = self.messages.insert(*message, true);
                assert_eq!(old, Some(false), "{message:?} is done twice");
            }
            Event::Notification { subscription: None, .. } | Event::Message { .. } => {}
        }
    }

    /// Something is told or asked about a call.
    fn touch(&mut self, call: CallId, what: &str) {
        match self.calls.get_mut(&call) {
            Some(Stage::Ended) => panic!("{what} for {call:?} after its end"),
            Some(stage @ Stage::Named) => *stage = Stage::Made,
            Some(Stage::Made | Stage::Ringing | Stage::Answered) => {}
            None => panic!("{what} for {call:?}, which nobody knows"),
        }
    }

    fn sent(&mut self, now: Instant, bytes: &[u8], question: Option<usize>) {
        assert!(self.connected, "sent without a socket: {}", String::from_utf8_lossy(bytes));
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return assert!(matches!(bytes, b"\r\n" | b"\r\n\r\n"), "no keep-alive: {bytes:?}");
        }
        match parse(bytes) {
            Ok(Message::Request(request)) => self.sent_request(now, &request),
            Ok(Message::Response(_)) => {}
            // What many proxies have touched may leave no room for what we add.
            Err(ParseError::TooManyHeaders) if bytes.starts_with(b"SIP/2.0 ") => {}
            // A refusal gives back what could not be read.
            Err(_) if question.is_some_and(|length| bytes.len() <= length + 1024) => {
                assert!(bytes.starts_with(b"SIP/2.0 "), "{}", String::from_utf8_lossy(bytes));
            }
            Err(error) => panic!("{error}: {}", String::from_utf8_lossy(bytes)),
        }
        assert!(bytes.len() <= MAX_MESSAGE, "{} bytes are sent", bytes.len());
    }

    fn sent_request(&mut self, now: Instant, request: &Request) {
        let headers = &request.headers;
        let via = headers.top_via().expect("a Via");
        let branch = via.branch().expect("a branch");
        assert!(branch.starts_with("z9hG4bK"), "{branch}");
        let tag = |name| headers.get(name).and_then(NameAddr::parse).and_then(|a| a.tag());
        assert!(tag("From").is_some(), "a request without From tag");
        if request.method == Method::ACK || request.method == Method::CANCEL {
            return;
        }
        assert!(headers.get("Max-Forwards").is_some(), "{:?} without Max-Forwards", request.method);
        let call_id = headers.get("Call-ID").unwrap_or_default();
        let key = [call_id, tag("From").unwrap_or_default(), tag("To").unwrap_or_default()];
        let number = headers.cseq().expect("CSeq").number;
        let last = self.numbers.insert(key.map(str::to_owned), number);
        assert!(last.is_none_or(|last| last < number), "number {number} after {last:?} in {key:?}");
        for name in ["Authorization", "Proxy-Authorization"] {
            headers.all(name).for_each(|value| self.authorized(name, value));
        }
        if request.method == Method::REGISTER {
            let waiting: Vec<_> =
                self.registers.iter().filter(|(_, at)| now.since(*at) < REQUEST_TIMEOUT).collect();
            assert!(waiting.is_empty(), "a second REGISTER on this socket: {waiting:?}");
            self.registers.push((branch.to_owned(), now));
        }
    }

    fn authorized(&mut self, name: &str, value: &str) {
        let Some((_, params)) = value.split_once(' ') else { return };
        // Commas tell them apart here, which a quoted value may hold too.
        let params = params.split(", ").collect::<Vec<_>>().join(";");
        let params = Params::new(&params);
        let get = |name| params.get(name).unwrap_or_default().to_owned();
        if let Some(count) = params.get("nc") {
            let used = [name.to_owned(), get("realm"), get("nonce"), count.to_owned()];
            let text = format!("{used:?}");
            let is_new = self.nonce_counts.as_mut().is_none_or(|counts| counts.insert(used));
            assert!(is_new, "used twice: {text}");
        }
    }
}
