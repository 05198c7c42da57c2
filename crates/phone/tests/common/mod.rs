//! A phone with everything around it played by the test: the socket and the server behind it, the
//! media, the host page, the storage, and the time.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

pub(crate) mod server;

use ringlet_contract::config::{
    Behavior, Branding, HostInit, HostMode, PhoneInit, RuntimeConfig, SipCredentials,
};
use ringlet_contract::error::ErrorCode;
use ringlet_contract::event::{CallEnded, HostEvent};
use ringlet_contract::message::{CallCommand, CallRef, CommandResult, Nothing, Snapshot, ToPhone};
use ringlet_phone::{
    AudioEffect, AudioInput, CallId, CallView, Effect, HostEffect, HostInput, Input, Instant,
    Intent, Late, MediaError, PeerEffect, PeerInput, Phone, RecordEffect, Routes, Setup, Sink,
    SocketEffect, SocketInput, Source, StoreEffect, Tone,
};
use server::Message;
use std::collections::VecDeque;
use std::time::Duration;

/// The date when the phone's own clock stood at zero: 2026-11-26 12:00 UTC.
pub(crate) const EPOCH_MS: u64 = 1_795_694_400_000;

pub(crate) struct Scene {
    pub(crate) phone: Phone,
    now_ms: u64,
    /// The phone sent a keep-alive (RFC 5626 section 3.5.1) that the server has not answered.
    pinged: bool,
    /// The server answers keep-alives no more.
    pub(crate) silent: bool,
    commands: u32,
    /// How many calls have come from outside.
    invites: u32,
    /// Every effect so far, for questions of order.
    pub(crate) effects: Vec<Effect>,
    /// What the phone sent and no test has read.
    pub(crate) sent: VecDeque<Message>,
    pub(crate) events: Vec<HostEvent>,
    pub(crate) seqs: Vec<u32>,
    pub(crate) results: Vec<(String, CommandResult)>,
    pub(crate) media: VecDeque<PeerEffect>,
    /// What a phone can ring without can be loaded: `None` for not yet.
    pub(crate) loads_late: Option<bool>,
    /// The phone wants it.
    wants_late: bool,
    /// The calls whose counters were asked for.
    pub(crate) sampled: Vec<CallId>,
    pub(crate) audio: VecDeque<AudioEffect>,
    pub(crate) stored: Vec<StoreEffect>,
    pub(crate) records: Vec<RecordEffect>,
    pub(crate) logged: Vec<String>,
    pub(crate) routes: Routes,
    pub(crate) snapshot: Option<Snapshot>,
    pub(crate) shown: Option<bool>,
    /// The generation of the last socket asked for.
    pub(crate) socket: u32,
    pub(crate) opened: u32,
    pub(crate) closed: u32,
    /// The last Contact registered.
    pub(crate) contact: String,
}

pub(crate) fn runtime() -> RuntimeConfig {
    RuntimeConfig {
        tenant_id: "t1".into(),
        ui_url: "https://phone.example/app/t1/".into(),
        wss_url: "wss://sip.example/ws".into(),
        sip_domain: Some("example.com".into()),
        ice_servers: Vec::new(),
        branding: Branding { display_name: "Acme".into(), theme_color: "#336699".into() },
        behavior: Behavior::default(),
        storage_namespace: "ringlet.t1".into(),
        max_sessions: 1,
    }
}

pub(crate) fn credentials() -> SipCredentials {
    SipCredentials {
        username: Some("agent1".into()),
        password: Some("secret".into()),
        ..SipCredentials::default()
    }
}

pub(crate) fn host(mode: HostMode) -> HostInit {
    HostInit { sip: credentials(), mode: Some(mode), ..HostInit::default() }
}

impl Scene {
    /// A phone in a host page, before `init`.
    pub(crate) fn new() -> Self {
        let setup = Setup {
            seed: [42; 32],
            user_agent: "Ringlet/test".into(),
            version: "1.2.3".into(),
            embedded: true,
            instance_id: "00000000-0000-4000-8000-000000000001".into(),
        };
        Self {
            phone: Phone::new(setup),
            now_ms: 1_000,
            pinged: false,
            silent: false,
            commands: 0,
            invites: 0,
            effects: Vec::new(),
            sent: VecDeque::new(),
            events: Vec::new(),
            seqs: Vec::new(),
            results: Vec::new(),
            media: VecDeque::new(),
            loads_late: Some(true),
            wants_late: false,
            sampled: Vec::new(),
            audio: VecDeque::new(),
            stored: Vec::new(),
            records: Vec::new(),
            logged: Vec::new(),
            routes: Routes::default(),
            snapshot: None,
            shown: None,
            socket: 0,
            opened: 0,
            closed: 0,
            contact: String::new(),
        }
    }

    /// A phone that was set up and found nothing in storage.
    pub(crate) fn set_up(mode: HostMode) -> Self {
        Self::set_up_for(runtime(), mode)
    }

    fn set_up_for(runtime: RuntimeConfig, mode: HostMode) -> Self {
        let mut scene = Self::new();
        scene.init(runtime, host(mode));
        scene.input(Input::Stored(None));
        scene
    }

    /// A phone whose line is registered, with all that led to it already read.
    pub(crate) fn registered() -> Self {
        Self::registered_for(runtime())
    }

    fn registered_for(runtime: RuntimeConfig) -> Self {
        let mut scene = Self::set_up_for(runtime, HostMode::Autologin);
        scene.open_socket();
        scene.accept_register();
        scene.forget();
        scene
    }

    /// A phone in an answered outgoing call to 600.
    pub(crate) fn in_call() -> (Self, Message) {
        Self::in_call_for(runtime())
    }

    /// The same, with another configuration.
    pub(crate) fn in_call_for(runtime: RuntimeConfig) -> (Self, Message) {
        let mut scene = Self::registered_for(runtime);
        scene.command(call("600"));
        scene.offer();
        let invite = scene.expect("INVITE");
        scene.receive(invite.respond(200, "OK").sdp());
        scene.apply_answer();
        scene.expect("ACK");
        scene.forget();
        (scene, invite)
    }

    /// A phone that rings, with the INVITE that made it ring.
    pub(crate) fn ringing() -> (Self, Message) {
        let mut scene = Self::registered();
        let invite = scene.invite_from("Bob <sip:+49301234@example.com>");
        (scene, invite)
    }

    pub(crate) fn init(&mut self, runtime: RuntimeConfig, host: HostInit) -> String {
        self.command(ToPhone::Init(Box::new(PhoneInit { runtime, host })))
    }

    pub(crate) fn input(&mut self, input: Input) {
        self.phone.set_date(EPOCH_MS + self.now_ms);
        self.phone.handle(Instant::from_millis(self.now_ms), input);
        while let Some(effect) = self.phone.poll() {
            self.note(&effect);
            self.effects.push(effect);
        }
        if std::mem::take(&mut self.pinged) && !self.silent {
            let data = b"\r\n".to_vec();
            self.input(Input::Socket(SocketInput::Received { generation: self.socket, data }));
        }
        if let Some(loads) = self.loads_late
            && std::mem::take(&mut self.wants_late)
        {
            self.input(Input::Late(loads.then(Late::load)));
        }
    }

    /// Gives a command and returns its id.
    pub(crate) fn command(&mut self, command: ToPhone) -> String {
        self.commands += 1;
        let id = format!("m{}", self.commands);
        self.input(Input::Host(HostInput::Command { id: id.clone(), command }));
        id
    }

    pub(crate) fn intent(&mut self, intent: Intent) {
        self.input(Input::Intent(intent));
    }

    /// Lets time pass, waking the phone exactly when it wants to be.
    pub(crate) fn pass(&mut self, time: Duration) {
        let end = self.now_ms + u64::try_from(time.as_millis()).unwrap();
        for _ in 0..100_000 {
            match self.phone.poll_timeout().map(Instant::as_millis) {
                Some(at) if at <= end => {
                    self.now_ms = self.now_ms.max(at);
                    self.input(Input::Timeout);
                }
                _ => {
                    self.now_ms = end;
                    return;
                }
            }
        }
        panic!("the phone wants to be woken without end");
    }

    /// Lets time pass without waking the phone, as a suspended laptop does.
    pub(crate) fn sleep(&mut self, time: Duration) {
        self.now_ms += u64::try_from(time.as_millis()).unwrap();
    }

    pub(crate) fn open_socket(&mut self) {
        self.input(Input::Socket(SocketInput::Opened { generation: self.socket }));
    }

    pub(crate) fn close_socket(&mut self) {
        self.input(Input::Socket(SocketInput::Closed { generation: self.socket }));
    }

    pub(crate) fn receive(&mut self, message: Message) {
        let data = message.into_bytes();
        self.input(Input::Socket(SocketInput::Received { generation: self.socket, data }));
    }

    /// The next message the phone sent, which must begin with `start`.
    pub(crate) fn expect(&mut self, start: &str) -> Message {
        let message = self.sent.pop_front().unwrap_or_else(|| panic!("no {start} was sent"));
        assert!(message.text().starts_with(start), "{start} expected, not {}", message.text());
        message
    }

    pub(crate) fn accept_register(&mut self) {
        let register = self.expect("REGISTER");
        self.contact = register.header("Contact").to_owned();
        let contact = format!("{};expires=600", self.contact);
        self.receive(register.respond(200, "OK").with("Contact", &contact));
    }

    /// The last call's media side makes its offer.
    pub(crate) fn offer(&mut self) {
        match self.media.pop_front() {
            Some(PeerEffect::CreateOffer(op, ..)) => {
                self.input(Input::Peer(PeerInput::Done(op, Ok(server::SDP.into()))));
            }
            other => panic!("CreateOffer expected, not {other:?}"),
        }
    }

    pub(crate) fn apply_answer(&mut self) {
        match self.media.pop_front() {
            Some(PeerEffect::SetAnswer { op, .. }) => {
                self.input(Input::Peer(PeerInput::Done(op, Ok(String::new()))));
            }
            other => panic!("SetAnswer expected, not {other:?}"),
        }
    }

    pub(crate) fn make_answer(&mut self) {
        match self.media.pop_front() {
            Some(PeerEffect::CreateAnswer(op, _, offer, _)) => {
                assert_eq!(offer, server::SDP);
                self.input(Input::Peer(PeerInput::Done(op, Ok(server::SDP.into()))));
            }
            other => panic!("CreateAnswer expected, not {other:?}"),
        }
    }

    /// Answers an offer that changes a call.
    pub(crate) fn answer_offer(&mut self) {
        match self.media.pop_front() {
            Some(PeerEffect::CreateAnswer(op, ..)) => {
                self.input(Input::Peer(PeerInput::Done(op, Ok(server::SDP.into()))));
            }
            other => panic!("CreateAnswer expected, not {other:?}"),
        }
    }

    pub(crate) fn refuse_microphone(&mut self, error: MediaError) {
        if self.audio.pop_front() == Some(AudioEffect::ProbeMicrophone) {
            return self.input(Input::Audio(AudioInput::Microphone(Err(error))));
        }
        match self.media.pop_front() {
            Some(PeerEffect::CreateOffer(op, ..) | PeerEffect::CreateAnswer(op, ..)) => {
                self.input(Input::Peer(PeerInput::Done(op, Err(error))));
            }
            other => panic!("nobody asked for the microphone, but for {other:?}"),
        }
    }

    pub(crate) fn allow_microphone(&mut self) {
        assert_eq!(self.audio.pop_front(), Some(AudioEffect::ProbeMicrophone));
        self.input(Input::Audio(AudioInput::Microphone(Ok(()))));
    }

    /// Somebody calls: sends the INVITE, reads 180, and returns the INVITE.
    pub(crate) fn invite_from(&mut self, from: &str) -> Message {
        self.invite_with(from, &[])
    }

    /// The same with more headers.
    pub(crate) fn invite_with(&mut self, from: &str, headers: &[(&str, &str)]) -> Message {
        self.invites += 1;
        let invite = Message::invite(&self.contact, from, self.invites);
        let invite = headers.iter().fold(invite, |invite, (name, value)| invite.with(name, value));
        self.receive(invite.clone());
        while self.sent.front().is_some_and(|m| m.text().starts_with("SIP/2.0 100")) {
            self.sent.pop_front();
        }
        invite
    }

    /// The time of the phone's own clock, in milliseconds.
    pub(crate) fn now_ms(&self) -> u64 {
        self.now_ms
    }

    pub(crate) fn call_view(&self) -> CallView {
        self.phone.view().calls.first().cloned().expect("there is a call")
    }

    /// The tone that sounds.
    pub(crate) fn tone(&self) -> Option<Tone> {
        self.routes.tone()
    }

    /// Whether the call sends the microphone.
    pub(crate) fn sends_microphone(&self, call: CallId) -> bool {
        self.routes.contains(Source::Microphone, Sink::Peer(call))
    }

    pub(crate) fn call_id(&self) -> CallId {
        self.call_view().id
    }

    pub(crate) fn result(&self, id: &str) -> Option<&CommandResult> {
        self.results.iter().find(|(reply_to, _)| reply_to == id).map(|(_, result)| result)
    }

    /// The error a command was answered with.
    pub(crate) fn error(&self, id: &str) -> Option<ErrorCode> {
        match self.result(id)? {
            CommandResult::Failed(error) => Some(error.code),
            CommandResult::Done(_) => None,
        }
    }

    pub(crate) fn is_done(&self, id: &str) -> bool {
        matches!(self.result(id), Some(CommandResult::Done(_)))
    }

    /// The names of the events since the last [`Scene::forget`], as the host knows them.
    pub(crate) fn event_names(&self) -> Vec<&'static str> {
        self.events.iter().map(event_name).collect()
    }

    /// The one `callEnded` there is.
    pub(crate) fn call_ended(&self) -> &CallEnded {
        let mut ends = self.events.iter().filter_map(|event| match event {
            HostEvent::CallEnded(ended) => Some(ended),
            _ => None,
        });
        let end = ends.next().expect("callEnded was told");
        assert_eq!(ends.next(), None, "callEnded comes exactly once");
        end
    }

    /// Where the first effect of this kind stands among all effects.
    pub(crate) fn position(&self, is_it: impl Fn(&Effect) -> bool) -> usize {
        self.effects.iter().position(is_it).expect("there is such an effect")
    }

    /// Begins a new page: what was seen so far no longer matters.
    pub(crate) fn forget(&mut self) {
        self.effects.clear();
        self.sent.clear();
        self.events.clear();
        self.results.clear();
        self.media.clear();
        self.audio.clear();
        self.stored.clear();
        self.records.clear();
        self.shown = None;
        self.opened = 0;
        self.closed = 0;
    }

    fn note(&mut self, effect: &Effect) {
        match effect {
            Effect::Socket(SocketEffect::Open { generation, .. }) => {
                assert!(*generation > self.socket, "generations count up");
                self.socket = *generation;
                self.opened += 1;
            }
            Effect::Socket(SocketEffect::Send(bytes)) if bytes == b"\r\n\r\n" => self.pinged = true,
            Effect::Socket(SocketEffect::Send(bytes)) if bytes == b"\r\n" => {}
            Effect::Socket(SocketEffect::Send(bytes)) => {
                self.sent.push_back(Message::from_bytes(bytes));
            }
            Effect::Socket(SocketEffect::Close) => self.closed += 1,
            // No operation, and nobody answers it.
            Effect::Peer(PeerEffect::Prepare) => {}
            Effect::Peer(PeerEffect::Sample(call)) => self.sampled.push(*call),
            Effect::Peer(effect) => self.media.push_back(effect.clone()),
            Effect::Audio(AudioEffect::Route(routes)) => {
                assert_ne!(*routes, self.routes, "routes are told once");
                self.routes = routes.clone();
            }
            Effect::Audio(effect) => self.audio.push_back(effect.clone()),
            Effect::Host(HostEffect::Result { reply_to, result }) => {
                assert!(self.result(reply_to).is_none(), "{reply_to} is answered once");
                self.results.push((reply_to.clone(), result.clone()));
            }
            Effect::Host(HostEffect::Event { seq, event }) => {
                assert_eq!(*seq, self.seqs.last().map_or(1, |last| last + 1));
                self.seqs.push(*seq);
                self.events.push(event.clone());
            }
            Effect::Host(HostEffect::Snapshot(snapshot)) => {
                assert_ne!(Some(snapshot), self.snapshot.as_ref(), "a snapshot is news");
                self.snapshot = Some(snapshot.clone());
            }
            Effect::Host(HostEffect::Show(open)) => self.shown = Some(*open),
            Effect::Store(effect) => self.stored.push(effect.clone()),
            Effect::Record(effect) => self.records.push(effect.clone()),
            Effect::LoadLate => self.wants_late = true,
            Effect::Log(line) => self.logged.push(line.clone()),
            Effect::Render(_) => {}
        }
    }
}

pub(crate) fn call(number: &str) -> ToPhone {
    ToPhone::Call(CallCommand { number: number.into(), caller_id: None, correlation_id: None })
}

pub(crate) fn hangup() -> ToPhone {
    ToPhone::Hangup(CallRef::default())
}

pub(crate) fn answer() -> ToPhone {
    ToPhone::Answer(CallRef::default())
}

pub(crate) fn reject() -> ToPhone {
    ToPhone::Reject(CallRef::default())
}

pub(crate) fn shutdown() -> ToPhone {
    ToPhone::Shutdown(Nothing {})
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn event_name(event: &HostEvent) -> &'static str {
    match event {
        HostEvent::Ready(_) => "ready",
        HostEvent::Registered(_) => "registered",
        HostEvent::Unregistered(_) => "unregistered",
        HostEvent::CallStarted(_) => "callStarted",
        HostEvent::CallIncoming(_) => "callIncoming",
        HostEvent::CallRinging(_) => "callRinging",
        HostEvent::CallAnswered(_) => "callAnswered",
        HostEvent::CallUpdated(_) => "callUpdated",
        HostEvent::CallEnded(_) => "callEnded",
        HostEvent::TransferState(_) => "transferState",
        HostEvent::QualityWarning(_) => "qualityWarning",
        HostEvent::MicPermission(_) => "micPermission",
        HostEvent::Error(_) => "error",
    }
}
