//! One agent in virtual time: this in, exactly these out.

use crate::message::{Build as _, reply};
use ringlet_sip::message::{Message, Method, Request, Response, parse};
use ringlet_sip::{
    CallId, Command, Config, Ended, Event, Input, Instant, MediaRequest, MediaResult, OpId, Output,
    Reconnect, RegistrationState, ResumeError, Secret, Terms, Timer, UserAgent,
};
use std::collections::VecDeque;
use std::time::Duration;

/// The SDP that this side's browser offers.
pub const OFFER: &str = "v=0\r\ns=offer\r\n";
/// The SDP that answers it.
pub const ANSWER: &str = "v=0\r\ns=answer\r\n";

/// Alice at example.com.
pub fn config() -> Config {
    Config {
        display_name: Some("Alice".into()),
        register_expires: Duration::from_secs(600),
        user_agent: "Ringlet/test".into(),
        instance_id: "f81d4fae-7dec-11d0-a765-00a0c91e6bf6".into(),
        ..Config::new("alice", "example.com", Secret::Password("wonderland".into()))
    }
}

/// An agent, its clock, and what came out of it and was not looked at yet.
pub struct Script {
    agent: UserAgent,
    now: Instant,
    sent: VecDeque<Vec<u8>>,
    events: VecDeque<Event>,
    media: VecDeque<(OpId, CallId, MediaRequest)>,
    reconnects: Vec<Reconnect>,
    pongs: bool,
}

impl Script {
    /// An agent without a socket.
    pub fn new(config: Config) -> Self {
        Self::with_seed(config, [7; 32])
    }

    /// The same with a seed of its own: another agent of the same user.
    pub fn with_seed(config: Config, seed: [u8; 32]) -> Self {
        Self {
            agent: UserAgent::new(config, seed),
            now: Instant::from_millis(1_000_000),
            sent: VecDeque::new(),
            events: VecDeque::new(),
            media: VecDeque::new(),
            reconnects: Vec::new(),
            pongs: true,
        }
    }

    /// An agent with a socket.
    pub fn connected() -> Self {
        let mut script = Self::new(config());
        script.input(Input::Connected);
        script
    }

    /// An agent with a socket and a registration of 600 s, nothing of which is left to look at.
    pub fn registered() -> Self {
        let mut script = Self::connected();
        script.command(Command::Register);
        let register = script.sent_request(Method::REGISTER);
        script.receive(reply(&register, 200, "OK").with("Expires", "600"));
        assert_eq!(script.registration(), RegistrationState::Registering);
        let expires = Duration::from_secs(600);
        assert_eq!(script.registration(), RegistrationState::Registered { expires });
        script.quiet();
        script
    }

    /// With a server that does not answer pings. Otherwise it does, at once, while the pings are
    /// there to be looked at.
    #[must_use]
    pub fn without_pongs(mut self) -> Self {
        self.pongs = false;
        self
    }

    /// The agent itself, to ask it something.
    pub fn agent(&self) -> &UserAgent {
        &self.agent
    }

    /// Gives the agent one input, and takes all that comes out.
    pub fn input(&mut self, input: Input) {
        let sent_before = self.sent.len();
        self.handle(input);
        if self.pongs && self.sent.iter().skip(sent_before).any(|bytes| bytes == b"\r\n\r\n") {
            self.handle(Input::Received(b"\r\n".to_vec()));
        }
    }

    fn handle(&mut self, input: Input) {
        self.agent.handle(self.now, input);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.agent.poll() {
            match output {
                Output::Transmit(bytes) => self.sent.push_back(bytes),
                Output::Media(op, call, request) => self.media.push_back((op, call, request)),
                Output::Event(event) => self.events.push_back(event),
                Output::Reconnect(why) => self.reconnects.push(why),
            }
        }
    }

    /// An answered call as text.
    pub fn export(&self, call: CallId) -> Option<String> {
        self.agent.export(call)
    }

    /// Lets the agent take a call over.
    pub fn resume(&mut self, snapshot: &str, age: Duration) -> Result<CallId, ResumeError> {
        let resumed = self.agent.resume(self.now, snapshot, age);
        self.drain();
        resumed
    }

    /// Has the agent forget a call that another one has.
    pub fn abandon(&mut self, call: CallId) {
        self.agent.abandon(call);
        self.drain();
    }

    /// Gives the agent a command.
    pub fn command(&mut self, command: Command) {
        self.input(Input::Command(command));
    }

    /// Lets the agent receive a message.
    pub fn receive(&mut self, message: impl Into<Wire>) {
        self.input(Input::Received(message.into().0));
    }

    /// Commands a call to `target`, and makes the offer.
    pub fn dial(&mut self, target: &str) -> (CallId, Request) {
        let call = self.new_call();
        self.command(Command::Invite { call, target: target.into(), caller_id: None });
        assert_eq!(self.asked_media(), MediaRequest::CreateOffer(Terms::default()));
        self.media_done(Ok(OFFER.into()));
        (call, self.sent_request(Method::INVITE))
    }

    /// A name for a new call.
    pub fn new_call(&mut self) -> CallId {
        self.agent.new_call()
    }

    /// Ends the oldest media work that [`Script::asked_media`] has not taken off the list, or the
    /// one it took last.
    pub fn media_done(&mut self, result: MediaResult) {
        let (op, ..) = self.media.pop_front().expect("media work under way");
        self.input(Input::Media(op, result));
    }

    /// The media work that is asked for and not ended.
    pub fn asked_media(&mut self) -> MediaRequest {
        let (_, _, request) = self.media.front().expect("media work to be asked for");
        request.clone()
    }

    /// The number of that work.
    pub fn media_op(&self) -> OpId {
        self.media.front().expect("media work to be asked for").0
    }

    /// Takes that work off the list without ending it.
    pub fn forget_media(&mut self) -> OpId {
        self.media.pop_front().expect("media work to be asked for").0
    }

    /// The next message the agent sent.
    #[track_caller]
    pub fn sent(&mut self) -> Message {
        let bytes = self.sent_bytes();
        match parse(&bytes) {
            Ok(message) => message,
            Err(error) => panic!("{error}: {}", String::from_utf8_lossy(&bytes)),
        }
    }

    /// The next thing the agent sent, whatever it is.
    #[track_caller]
    pub fn sent_bytes(&mut self) -> Vec<u8> {
        self.sent.pop_front().expect("something to be sent")
    }

    /// The next thing the agent sent, if there is one.
    pub fn try_sent(&mut self) -> Option<Vec<u8>> {
        self.sent.pop_front()
    }

    /// The next message the agent sent, which must be this request.
    #[track_caller]
    pub fn sent_request(&mut self, method: Method) -> Request {
        match self.sent() {
            Message::Request(request) if request.method == method => request,
            other => panic!("expected {method}, not {other:#?}"),
        }
    }

    /// The next message the agent sent, which must be a response with this status.
    #[track_caller]
    pub fn sent_response(&mut self, status: u16) -> Response {
        match self.sent() {
            Message::Response(response) if response.status == status => response,
            other => panic!("expected {status}, not {other:#?}"),
        }
    }

    /// The next event.
    #[track_caller]
    pub fn event(&mut self) -> Event {
        self.events.pop_front().expect("an event")
    }

    /// The next event, which must be about the registration.
    #[track_caller]
    pub fn registration(&mut self) -> RegistrationState {
        match self.event() {
            Event::Registration(state) => state,
            other => panic!("expected a registration event, not {other:?}"),
        }
    }

    /// The next event, which must be the end of this call.
    #[track_caller]
    pub fn ended(&mut self, call: CallId) -> Ended {
        match self.event() {
            Event::Ended(id, ended) if id == call => ended,
            other => panic!("expected the end of {call:?}, not {other:?}"),
        }
    }

    /// Nothing was sent, said or asked that was not looked at.
    #[track_caller]
    pub fn quiet(&mut self) {
        let sent = self.sent.front().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        assert_eq!(sent, None, "sent unasked");
        assert_eq!(self.events, [], "told unasked");
        assert_eq!(self.media, [], "asked unasked");
        assert_eq!(std::mem::take(&mut self.reconnects), [], "reconnects");
    }

    /// How often the agent gave its socket up since the last look.
    pub fn take_reconnects(&mut self) -> usize {
        let reconnects = std::mem::take(&mut self.reconnects);
        assert!(reconnects.iter().all(|why| *why == Reconnect::DeadFlow), "{reconnects:?}");
        reconnects.len()
    }

    /// Why the agent asked for another socket, which it must have done just once.
    #[track_caller]
    pub fn reconnect(&mut self) -> Reconnect {
        let reconnects = std::mem::take(&mut self.reconnects);
        assert_eq!(reconnects.len(), 1, "{reconnects:?}");
        reconnects[0]
    }

    /// The next deadline: how long from now, and why.
    pub fn deadline(&self) -> Option<(Duration, Timer)> {
        self.agent.poll_timeout().map(|(at, timer)| (at.since(self.now), timer))
    }

    /// The agent holds no transaction and no call.
    #[track_caller]
    pub fn idle(&self) {
        assert_eq!(self.agent.load(), 0, "transactions and calls left");
    }

    /// Lets time pass, and every timer fire when it is due.
    pub fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some((at, timer)) = self.agent.poll_timeout().filter(|(at, _)| *at <= end) {
            self.now = self.now.max(at);
            self.input(Input::Timeout);
            let next = self.agent.poll_timeout();
            assert_ne!(next, Some((at, timer)), "the deadline is still there once handled");
        }
        self.now = end;
    }

    /// Lets time pass while nothing runs: the timers fire late, and all at once.
    pub fn sleep(&mut self, time: Duration) {
        self.now = self.now + time;
        self.input(Input::Timeout);
    }
}

/// What can be received.
pub struct Wire(Vec<u8>);

impl From<Request> for Wire {
    fn from(request: Request) -> Self {
        Self(request.to_bytes())
    }
}

impl From<Response> for Wire {
    fn from(response: Response) -> Self {
        Self(response.to_bytes())
    }
}

impl From<&[u8]> for Wire {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl From<&str> for Wire {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}
