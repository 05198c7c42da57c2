//! The phone: what comes in is passed to whom it concerns, what came of it is handed out.

use crate::audio::{Routes, Tone};
use crate::calls::Calls;
use crate::effect::Effect;
use crate::input::{HostInput, Input};
use crate::line::Line;
use crate::media::Operations;
use crate::outbox::Outbox;
use crate::pending::Pending;
use crate::random::Random;
use crate::settings::Settings;
use crate::view::{Ended, Microphone, ViewModel};
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::{ErrorEvent, HostEvent};
use ringlet_sip::{Event, Instant, Numbers, Output, Reconnect};

/// What a phone must know before anybody has said anything to it.
#[derive(Clone)]
pub struct Setup {
    /// Random bytes; everything random the phone ever does comes from them.
    pub seed: [u8; 32],
    /// Value of the User-Agent header.
    pub user_agent: String,
    /// The version told in `ready`.
    pub version: String,
    /// The phone stands in a host page, which can hide it.
    pub embedded: bool,
    /// UUID of this installation (RFC 5626 section 4.1), without `urn:uuid:`.
    pub instance_id: String,
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setup").field("version", &self.version).finish_non_exhaustive()
    }
}

/// One softphone.
///
/// **One input mutates; then everything is drained; then, and only then, the next input.** The
/// time goes in with every input and never backwards.
pub struct Phone {
    pub(crate) setup: Setup,
    pub(crate) random: Random,
    pub(crate) now: Instant,
    pub(crate) settings: Settings,
    pub(crate) line: Line,
    pub(crate) calls: Calls,
    pub(crate) pending: Pending,
    pub(crate) operations: Operations,
    pub(crate) outbox: Outbox,
    /// The last socket's name.
    pub(crate) generation: u32,
    /// What earlier agents used up.
    pub(crate) numbers: Numbers,
    pub(crate) online: bool,
    /// `None` until it has been asked for.
    pub(crate) microphone: Option<Microphone>,
    pub(crate) audio_locked: bool,
    pub(crate) storage_blocked: bool,
    /// What goes over the wire is logged on the console.
    pub(crate) tracing: bool,
    /// What the host was last told of the registration.
    pub(crate) told_registered: bool,
    /// What stands on the keypad.
    pub(crate) number: String,
    /// The last call, and when it goes away by itself.
    pub(crate) ended: Option<(Ended, Option<Instant>)>,
    /// What is heard after a call, and until when.
    pub(crate) end_tone: Option<(Tone, Instant)>,
}

impl Phone {
    /// A phone that waits for `init`.
    pub fn new(setup: Setup) -> Self {
        Self {
            random: Random::new(setup.seed),
            setup,
            now: Instant::default(),
            settings: Settings::default(),
            line: Line::Starting,
            calls: Calls::default(),
            pending: Pending::default(),
            operations: Operations::default(),
            outbox: Outbox::default(),
            generation: 0,
            numbers: Numbers::default(),
            online: true,
            microphone: None,
            audio_locked: false,
            storage_blocked: false,
            tracing: false,
            told_registered: false,
            number: String::new(),
            ended: None,
            end_tone: None,
        }
    }

    /// Takes one input. Drain [`Phone::poll`] before the next one.
    pub fn handle(&mut self, now: Instant, input: Input) {
        self.now = self.now.max(now);
        match input {
            Input::Host(HostInput::Command { id, command }) => self.on_command(id, command),
            Input::Host(HostInput::Malformed { id, error }) => self.on_malformed(id, error),
            Input::Intent(intent) => self.on_intent(intent),
            Input::Socket(news) => self.on_socket(news),
            Input::Peer(news) => self.on_peer(news),
            Input::Audio(news) => self.on_audio(news),
            Input::Timeout => self.on_timeout(),
            Input::Online(online) => self.on_online(online),
            Input::PageHide => self.on_page_hide(),
            Input::Stored(session) => self.on_stored(session),
            Input::StorageBlocked => self.on_storage_blocked(),
        }
        self.run_agent();
        self.log_trace();
        self.settle();
    }

    /// The next thing to do; `None` when there is nothing left.
    pub fn poll(&mut self) -> Option<Effect> {
        self.outbox.pop()
    }

    /// When [`Input::Timeout`] is wanted. Ask again after every input.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.timers().map(|(at, _)| at).min()
    }

    /// What is to be seen.
    pub fn view(&self) -> ViewModel {
        self.build_view()
    }

    /// Feeds the agent what it is owed, and takes everything it says.
    pub(crate) fn run_agent(&mut self) {
        while let Some(output) = self.line.session_mut().and_then(|s| s.agent.next(self.now)) {
            match output {
                Output::Transmit(message) => self.transmit(message),
                Output::Reconnect(Reconnect::DeadFlow) => self.give_up_socket(),
                // There is no other server, and the agent tries again on this one.
                Output::Reconnect(Reconnect::ServerUnavailable { .. }) => {}
                Output::Media(op, call, request) => self.on_media_request(op, call, request),
                Output::Event(Event::Registration(state)) => self.on_registration(state),
                Output::Event(Event::Incoming { call, from, details }) => {
                    self.on_incoming(call, from, &details);
                }
                Output::Event(Event::Progress { call, status, early_media }) => {
                    self.on_progress(call, status, early_media);
                }
                Output::Event(Event::Answered(call)) => self.on_answered(call),
                Output::Event(Event::Ended(call, ended)) => self.on_ended(call, &ended),
                Output::Event(Event::ChangeFailed { call, will_retry: false, .. }) => {
                    self.on_change_failed(call);
                }
                Output::Event(Event::Identity { call, party }) => self.on_identity(call, party),
                Output::Event(Event::TransferRequested { call, target, .. }) => {
                    self.on_transfer_requested(call, target);
                }
                Output::Event(Event::Replaced { call, .. }) => self.on_replaced(call),
                // Nothing on the screens, and nothing the host knows, depends on these.
                Output::Event(
                    Event::ChangeFailed { will_retry: true, .. }
                    | Event::Hold { .. }
                    | Event::Recovered(_)
                    | Event::Transfer { .. }
                    | Event::Dtmf { .. }
                    | Event::Subscription { .. }
                    | Event::Notification { .. }
                    | Event::Message { .. }
                    | Event::MessageDone { .. },
                ) => {}
            }
        }
    }

    /// Tells the host an event, and before it the state it belongs to, so that a handler that
    /// asks finds the answer.
    pub(crate) fn tell(&mut self, event: HostEvent) {
        self.outbox.snapshot(self.build_snapshot());
        self.outbox.event(event);
    }

    /// Tells the host of trouble that no command is waiting for and that can be mended.
    pub(crate) fn tell_error(&mut self, ErrorBody { code, message }: ErrorBody) {
        self.tell(HostEvent::Error(ErrorEvent { code, message, fatal: false, recoverable: true }));
    }

    fn on_malformed(&mut self, id: Option<String>, error: ErrorBody) {
        match id {
            Some(id) => self.outbox.failed(id, error),
            None => self.tell_error(error),
        }
    }

    fn on_storage_blocked(&mut self) {
        if !self.storage_blocked {
            self.storage_blocked = true;
            self.tell_error(ErrorBody::new(
                ErrorCode::StorageBlocked,
                "The browser refuses storage to the phone; a reload will ask to sign in again.",
            ));
        }
        self.on_stored(None);
    }

    /// Brings everything that is derived from the state up to date with it.
    fn settle(&mut self) {
        let routes = Routes::of(self.calls.iter(), self.tone());
        self.outbox.route(routes);
        if !matches!(self.line, Line::Starting) {
            self.outbox.snapshot(self.build_snapshot());
        }
        self.outbox.flush_results();
        self.outbox.render(self.build_view());
    }
}
