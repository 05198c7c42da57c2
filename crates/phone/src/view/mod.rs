//! The view model: plain facts for the screens, one slice a file.

mod audio;
mod caller_ids;
mod calls;
mod devices;
mod diversion;
mod ended;
mod history;
mod keypad;
mod line;
mod settings;
mod sign_in;

pub use crate::line::LineStatus;
pub use audio::{AudioView, Microphone};
pub use caller_ids::{CallerIdView, CallerIdsView};
pub use calls::{CallPhase, CallView, TransferRequest, TransferView};
pub use devices::DevicesView;
pub use diversion::DiversionView;
pub use ended::Ended;
pub use history::HistoryView;
pub use keypad::KeypadView;
pub use line::LineView;
pub use settings::SettingsView;
pub use sign_in::{Form, SignInError, SignInView};

use crate::effect::Effect;
use crate::outbox::Outbox;
use crate::pages::Page;

/// Everything the screens show, in slices that change independently of each other.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewModel {
    /// Brand and preferences.
    pub settings: SettingsView,
    /// The line to the SIP server.
    pub line: LineView,
    /// The sign-in screen, while it is shown.
    pub sign_in: Option<SignInView>,
    /// The keypad.
    pub keypad: KeypadView,
    /// The calls, oldest first.
    pub calls: Vec<CallView>,
    /// The last call, until dismissed or replaced.
    pub ended: Option<Ended>,
    /// Microphone and loudspeaker.
    pub audio: AudioView,
    /// The screen the person has gone to.
    pub page: Page,
    /// The calls of the past.
    pub history: HistoryView,
    /// The numbers to call as.
    pub caller_ids: CallerIdsView,
    /// What becomes of calls that come in.
    pub diversion: DiversionView,
    /// Microphone and loudspeakers.
    pub devices: DevicesView,
}

/// One slice of the [`ViewModel`], as it is now.
#[derive(Clone, Debug, PartialEq)]
pub enum Slice {
    /// [`ViewModel::settings`].
    Settings(SettingsView),
    /// [`ViewModel::line`].
    Line(LineView),
    /// [`ViewModel::sign_in`].
    SignIn(Option<SignInView>),
    /// [`ViewModel::keypad`].
    Keypad(KeypadView),
    /// [`ViewModel::calls`].
    Calls(Vec<CallView>),
    /// [`ViewModel::ended`].
    Ended(Option<Ended>),
    /// [`ViewModel::audio`].
    Audio(AudioView),
    /// [`ViewModel::page`].
    Page(Page),
    /// [`ViewModel::history`].
    History(HistoryView),
    /// [`ViewModel::caller_ids`].
    CallerIds(CallerIdsView),
    /// [`ViewModel::diversion`].
    Diversion(DiversionView),
    /// [`ViewModel::devices`].
    Devices(DevicesView),
}

/// What was last rendered.
#[derive(Default)]
pub(crate) struct Shown(Option<ViewModel>);

impl Shown {
    /// Renders the slices that differ from what is shown; all of them at first.
    pub(crate) fn render(&mut self, view: ViewModel, outbox: &mut Outbox) {
        let shown = self.0.as_ref();
        let mut compare = |same: fn(&ViewModel, &ViewModel) -> bool,
                           slice: fn(&ViewModel) -> Slice| {
            if shown.is_none_or(|shown| !same(&view, shown)) {
                outbox.push(Effect::Render(slice(&view)));
            }
        };
        compare(|a, b| a.settings == b.settings, |v| Slice::Settings(v.settings.clone()));
        compare(|a, b| a.line == b.line, |v| Slice::Line(v.line.clone()));
        compare(|a, b| a.sign_in == b.sign_in, |v| Slice::SignIn(v.sign_in.clone()));
        compare(|a, b| a.keypad == b.keypad, |v| Slice::Keypad(v.keypad.clone()));
        compare(|a, b| a.calls == b.calls, |v| Slice::Calls(v.calls.clone()));
        compare(|a, b| a.ended == b.ended, |v| Slice::Ended(v.ended.clone()));
        compare(|a, b| a.audio == b.audio, |v| Slice::Audio(v.audio));
        compare(|a, b| a.page == b.page, |v| Slice::Page(v.page));
        compare(|a, b| a.history == b.history, |v| Slice::History(v.history.clone()));
        compare(|a, b| a.caller_ids == b.caller_ids, |v| Slice::CallerIds(v.caller_ids.clone()));
        compare(|a, b| a.diversion == b.diversion, |v| Slice::Diversion(v.diversion.clone()));
        compare(|a, b| a.devices == b.devices, |v| Slice::Devices(v.devices.clone()));
        self.0 = Some(view);
    }
}
