//! What the screens read.

use leptos::prelude::{Notify, ReadValue, StoredValue, Track, Trigger, UpdateValue};
use ringlet_phone::{
    AudioView, CallView, CallerIdsView, DevicesView, DiversionView, Ended, HistoryView, KeypadView,
    LineView, Page, SettingsView, SignInView, Slice, ViewModel,
};

/// The [`ViewModel`], with a signal for each of its slices. Copies share them.
#[derive(Clone, Copy, Debug)]
pub struct Slices {
    view: StoredValue<ViewModel>,
    pub(crate) settings: SliceSignal<SettingsView>,
    pub(crate) line: SliceSignal<LineView>,
    pub(crate) sign_in: SliceSignal<Option<SignInView>>,
    pub(crate) keypad: SliceSignal<KeypadView>,
    pub(crate) calls: SliceSignal<Vec<CallView>>,
    pub(crate) ended: SliceSignal<Option<Ended>>,
    pub(crate) audio: SliceSignal<AudioView>,
    pub(crate) page: SliceSignal<Page>,
    pub(crate) history: SliceSignal<HistoryView>,
    pub(crate) caller_ids: SliceSignal<CallerIdsView>,
    pub(crate) diversion: SliceSignal<DiversionView>,
    pub(crate) devices: SliceSignal<DevicesView>,
}

/// What reads one slice, and follows it where a view reads it.
///
/// An `RwSignal` for each would do the same with machine code of its own for each type of slice.
#[derive(Debug)]
pub(crate) struct SliceSignal<T: 'static> {
    view: StoredValue<ViewModel>,
    slice: fn(&ViewModel) -> &T,
    changed: Trigger,
}

impl Slices {
    /// Holds a view model from its first state on. No element is made before [`crate::mount`].
    pub fn new(view: ViewModel) -> Self {
        let view = StoredValue::new(view);
        Self {
            view,
            settings: SliceSignal::new(view, |view| &view.settings),
            line: SliceSignal::new(view, |view| &view.line),
            sign_in: SliceSignal::new(view, |view| &view.sign_in),
            keypad: SliceSignal::new(view, |view| &view.keypad),
            calls: SliceSignal::new(view, |view| &view.calls),
            ended: SliceSignal::new(view, |view| &view.ended),
            audio: SliceSignal::new(view, |view| &view.audio),
            page: SliceSignal::new(view, |view| &view.page),
            history: SliceSignal::new(view, |view| &view.history),
            caller_ids: SliceSignal::new(view, |view| &view.caller_ids),
            diversion: SliceSignal::new(view, |view| &view.diversion),
            devices: SliceSignal::new(view, |view| &view.devices),
        }
    }

    /// Takes a slice that changed. What shows it follows in a microtask, so that all slices
    /// updated in one turn are shown together.
    pub fn update(self, slice: Slice) {
        let changed = self.view.try_update_value(|view| match slice {
            Slice::Settings(settings) => {
                view.settings = settings;
                self.settings.changed
            }
            Slice::Line(line) => {
                view.line = line;
                self.line.changed
            }
            Slice::SignIn(sign_in) => {
                view.sign_in = sign_in;
                self.sign_in.changed
            }
            Slice::Keypad(keypad) => {
                view.keypad = keypad;
                self.keypad.changed
            }
            Slice::Calls(calls) => {
                view.calls = calls;
                self.calls.changed
            }
            Slice::Ended(ended) => {
                view.ended = ended;
                self.ended.changed
            }
            Slice::Audio(audio) => {
                view.audio = audio;
                self.audio.changed
            }
            Slice::Page(page) => {
                view.page = page;
                self.page.changed
            }
            Slice::History(history) => {
                view.history = history;
                self.history.changed
            }
            Slice::CallerIds(caller_ids) => {
                view.caller_ids = caller_ids;
                self.caller_ids.changed
            }
            Slice::Diversion(diversion) => {
                view.diversion = diversion;
                self.diversion.changed
            }
            Slice::Devices(devices) => {
                view.devices = devices;
                self.devices.changed
            }
        });
        if let Some(changed) = changed {
            changed.notify();
        }
    }
}

impl<T> SliceSignal<T> {
    fn new(view: StoredValue<ViewModel>, slice: fn(&ViewModel) -> &T) -> Self {
        Self { view, slice, changed: Trigger::new() }
    }

    /// Reads the slice, and runs the view or effect around this again when it changes.
    pub(crate) fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.changed.track();
        self.with_untracked(read)
    }

    /// Reads the slice as it is now.
    pub(crate) fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        // Nothing is disposed here: the slices live as long as the page.
        read((self.slice)(&self.view.read_value()))
    }
}

impl<T> Clone for SliceSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for SliceSignal<T> {}
