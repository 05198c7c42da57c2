//! What the screens read.

use leptos::prelude::{RwSignal, Set};
use ringlet_phone::{
    AudioView, CallView, Ended, KeypadView, LineView, SettingsView, SignInView, Slice, ViewModel,
};

/// One signal for each slice of the [`ViewModel`]. Copies share the signals.
#[derive(Clone, Copy, Debug)]
pub struct Slices {
    pub(crate) settings: RwSignal<SettingsView>,
    pub(crate) line: RwSignal<LineView>,
    pub(crate) sign_in: RwSignal<Option<SignInView>>,
    pub(crate) keypad: RwSignal<KeypadView>,
    pub(crate) calls: RwSignal<Vec<CallView>>,
    pub(crate) ended: RwSignal<Option<Ended>>,
    pub(crate) audio: RwSignal<AudioView>,
}

impl Slices {
    /// Holds a view model from its first state on. No element is made before [`crate::mount`].
    pub fn new(view: ViewModel) -> Self {
        let ViewModel { settings, line, sign_in, keypad, calls, ended, audio } = view;
        Self {
            settings: RwSignal::new(settings),
            line: RwSignal::new(line),
            sign_in: RwSignal::new(sign_in),
            keypad: RwSignal::new(keypad),
            calls: RwSignal::new(calls),
            ended: RwSignal::new(ended),
            audio: RwSignal::new(audio),
        }
    }

    /// Takes a slice that changed. What shows it follows in a microtask, so that all slices
    /// updated in one turn are shown together.
    pub fn update(self, slice: Slice) {
        match slice {
            Slice::Settings(settings) => self.settings.set(settings),
            Slice::Line(line) => self.line.set(line),
            Slice::SignIn(sign_in) => self.sign_in.set(sign_in),
            Slice::Keypad(keypad) => self.keypad.set(keypad),
            Slice::Calls(calls) => self.calls.set(calls),
            Slice::Ended(ended) => self.ended.set(ended),
            Slice::Audio(audio) => self.audio.set(audio),
        }
    }
}
