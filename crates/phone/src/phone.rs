//! The phone: routes an input to one component, drains the user agent, passes on what components
//! notice, and settles.
//!
//! Components do not know each other. What one of them notices is passed on before the agent's
//! next output is taken, in this order:
//!
//! | notice | goes to |
//! |---|---|
//! | `SigningIn` | records (reads those of the user) |
//! | `Registered` | host (places the calls that waited), peers (make the next call ready) |
//! | `UserChanged` | history, caller IDs, diversion, devices (forget the other's) |
//! | `RecordsLoaded` | history, caller IDs, diversion, devices |
//! | `RecordRefused` | history, caller IDs |
//! | `Unavailable` | host (refuses them) |
//! | `Leaving` | host (refuses them), calls (hang up), line (gives the registration back) |
//! | `SessionEnded` | calls (end here), pages (back to the keypad) |
//! | `CallAdded` | audio (ends the tone of the last call) |
//! | `CallStarted` | keypad (clears the number) |
//! | `CallEnded` | audio (plays the tone) |
//! | `CallFinished` | history (remembers it) |
//! | `MicrophoneWorks` | audio |
//! | `MediaFailed` | audio (is it the microphone?), diagnostics (the log) |
//! | `MicrophoneProbed` | calls (answer, or keep ringing) |
//! | `Place` | calls |
//! | `Prefill` | keypad, pages (show it) |

mod late;
mod output;
mod route;

pub use crate::core::Setup;

use crate::audio::Audio;
use crate::caller_ids::CallerIds;
use crate::calls::Calls;
use crate::core::Core;
use crate::devices::Devices;
use crate::diagnostics::Diagnostics;
use crate::diversion::Diversion;
use crate::effect::{Effect, PeerEffect};
use crate::history::History;
use crate::host::{self, Host};
use crate::input::{AudioInput, HostInput, Input, RecordsInput};
use crate::keypad::Keypad;
use crate::line::{Line, LineStatus};
use crate::notice::Notice;
use crate::pages::{Page, Pages};
use crate::preferences::Preferences;
use crate::records::Records;
use crate::view::{
    AudioView, CallView, CallerIdsView, DiversionView, HistoryView, KeypadView, LineView,
    SettingsView, Shown, SignInView, ViewModel,
};
use ringlet_sip::Instant;

/// One softphone.
///
/// **One input mutates; then everything is drained; then, and only then, the next input.** The
/// time goes in with every input and never backwards.
pub struct Phone {
    core: Core,
    line: Line,
    calls: Calls,
    audio: Audio,
    host: Host,
    keypad: Keypad,
    history: History,
    caller_ids: CallerIds,
    diversion: Diversion,
    devices: Devices,
    records: Records,
    pages: Pages,
    preferences: Preferences,
    diagnostics: Diagnostics,
    /// What was asked for and waits for [`crate::Late`].
    waiting: Vec<Input>,
    /// It is being loaded.
    loading: bool,
    shown: Shown,
}

impl Phone {
    /// A phone that waits for `init`.
    pub fn new(setup: Setup) -> Self {
        Self {
            core: Core::new(setup),
            line: Line::new(),
            calls: Calls::default(),
            audio: Audio::default(),
            host: Host::default(),
            keypad: Keypad::default(),
            history: History::default(),
            caller_ids: CallerIds::default(),
            diversion: Diversion::default(),
            devices: Devices::default(),
            records: Records::default(),
            pages: Pages::default(),
            preferences: Preferences::default(),
            diagnostics: Diagnostics::default(),
            waiting: Vec::new(),
            loading: false,
            shown: Shown::default(),
        }
    }

    /// Tells the time on the wall, in milliseconds since 1970 (UTC), for the inputs that follow.
    pub fn set_date(&mut self, unix_ms: u64) {
        self.core.unix_ms = unix_ms;
    }

    /// Takes one input. Drain [`Phone::poll`] before the next one.
    pub fn handle(&mut self, now: Instant, input: Input) {
        let core = &mut self.core;
        core.now = core.now.max(now);
        match input {
            Input::Host(HostInput::Command { id, command }) => self.on_command(id, command),
            Input::Host(HostInput::Malformed { id, error }) => {
                self.host.on_malformed(core, id, error);
            }
            Input::Intent(intent) => self.on_intent(intent),
            Input::Socket(input) => self.line.on_socket(core, input),
            Input::Peer(input) => {
                let line = self.line.status(core.now);
                self.calls.on_peer(core, line, input);
            }
            input @ Input::Audio(AudioInput::Devices(_)) => self.do_late(input),
            Input::Audio(input) => self.audio.on_input(core, input),
            Input::Timeout => self.on_timeout(),
            Input::Online(online) => self.line.on_online(core, online),
            Input::PageHide => self.line.on_page_hide(core),
            Input::Stored(session) => self.line.on_stored(core, session),
            Input::StorageBlocked => self.line.on_storage_blocked(core),
            Input::Records(input) => {
                self.records.on_input(core, input, self.line.is_storage_blocked());
            }
            Input::Late(late) => self.on_late(late),
        }
        self.run();
        self.settle();
    }

    /// The next thing to do; `None` when there is nothing left.
    pub fn poll(&mut self) -> Option<Effect> {
        self.core.outbox.pop()
    }

    /// When [`Input::Timeout`] is wanted. Ask again after every input.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let now = self.core.now;
        let deadlines = [
            self.core.agent.deadline(),
            self.line.deadline(now),
            self.calls.deadline(now),
            self.audio.deadline(),
            self.host.deadline(),
        ];
        deadlines.into_iter().flatten().min()
    }

    /// What the screens show.
    pub fn view(&self) -> ViewModel {
        let core = &self.core;
        let line = LineView::of(core, &self.line);
        ViewModel {
            settings: SettingsView::of(core, &self.preferences),
            sign_in: SignInView::of(core, &self.line, &self.calls),
            keypad: KeypadView::of(core, &self.keypad, line.status, &self.calls, &self.history),
            line,
            calls: self.calls.iter().map(|call| CallView::of(call, core)).collect(),
            ended: self.calls.last_ended().cloned(),
            audio: AudioView::of(&self.audio, &self.devices),
            page: self.pages.page(),
            history: HistoryView::of(&self.history, &self.records),
            caller_ids: CallerIdsView::of(core, &self.caller_ids),
            diversion: DiversionView::of(&self.diversion),
            devices: self.devices.view().clone(),
        }
    }

    /// Does what is due. Any number of timers may be, after a laptop's sleep.
    fn on_timeout(&mut self) {
        let core = &mut self.core;
        core.agent.timeout(core.now);
        self.line.timeout(core);
        self.calls.timeout(core, self.audio.microphone_works());
        self.audio.timeout(core.now);
        self.host.timeout(core);
    }

    /// Passes on every notice and every output of the agent, until there are no more.
    fn run(&mut self) {
        loop {
            if let Some(notice) = self.core.next_notice() {
                self.dispatch(notice);
            } else if let Some(output) = self.core.agent.next(self.core.now) {
                self.on_output(output);
            } else if !self.line.on_drained(&mut self.core) {
                return;
            }
        }
    }

    fn dispatch(&mut self, notice: Notice) {
        let core = &mut self.core;
        match notice {
            Notice::SigningIn(user) => self.records.on_signing_in(core, user),
            Notice::Registered => {
                self.host.on_registered(core, self.line.status(core.now));
                core.push(Effect::Peer(PeerEffect::Prepare));
                self.load_late();
            }
            Notice::UserChanged => {
                self.history.on_user_changed();
                self.caller_ids.on_user_changed();
                self.diversion.on_user_changed();
                self.devices.on_user_changed();
                // What waits is the other's.
                self.waiting.retain(|input| !matches!(input, Input::Records(_)));
                self.do_late(Input::Records(RecordsInput::Loaded(Vec::new())));
            }
            Notice::RecordsLoaded(records) => {
                self.history.on_records(core, &records);
                self.caller_ids.on_records(&records);
                self.diversion.on_records(&records);
                self.do_late(Input::Records(RecordsInput::Loaded(records)));
            }
            Notice::RecordRefused(key) => {
                self.history.on_record_refused(&key);
                self.caller_ids.on_record_refused(&key);
            }
            Notice::Unavailable(why) => self.host.on_unavailable(core, why),
            Notice::Leaving => {
                self.host.on_unavailable(core, "The phone is signing out.");
                self.calls.hang_up_all(core);
                self.line.unregister(core);
            }
            Notice::SessionEnded => {
                self.calls.on_session_ended(core);
                self.pages.show(Page::Keypad);
            }
            Notice::CallAdded => self.audio.on_call_added(),
            Notice::CallStarted { number } => self.keypad.on_call_started(&number),
            Notice::CallEnded(cause) => self.audio.on_call_ended(core.now, cause),
            Notice::CallFinished(call) => self.history.on_call_finished(core, &call),
            Notice::MicrophoneWorks => self.audio.on_microphone_works(core),
            Notice::MediaFailed(failure) => {
                self.audio.on_media_failed(core, &failure);
                self.diagnostics.on_media_failed(core, &failure);
            }
            Notice::MicrophoneProbed(result) => self.calls.on_probed(core, &result),
            Notice::Place(call) => self.place(call),
            Notice::Prefill(number) => {
                self.keypad.prefill(number);
                self.pages.show(Page::Keypad);
            }
        }
    }

    /// Brings everything that is derived from the state up to date with it: the log, the sound,
    /// the host, and last the screens.
    fn settle(&mut self) {
        let status = self.line.status(self.core.now);
        self.diagnostics.settle(&mut self.core);
        self.audio.settle(&mut self.core, &self.calls);
        let set_up = status != LineStatus::Starting;
        let snapshot = set_up.then(|| host::snapshot(status, &self.calls));
        self.host.settle(&mut self.core, snapshot);
        // Storage answers at once, and then the socket is opened: no screen is worth delaying that.
        if !self.line.is_restoring() {
            let view = self.view();
            self.shown.render(view, &mut self.core.outbox);
        }
    }
}
