//! What every component is given.

use crate::parts::banner::Banner;
use crate::screens::screen::{Screen, call_of, ringing};
use crate::slices::Slices;
use leptos::prelude::{
    Callable, Get, Read, ReadSignal, StoredValue, UnsyncCallback, With, WithUntracked, WithValue,
};
use ringlet_phone::{
    AudioView, CallId, CallView, Ended, Intent, KeypadView, LineView, SettingsView, SignInView,
};

/// The slices to read, what follows from several of them, and the way to say what the person wants.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    pub(crate) settings: ReadSignal<SettingsView>,
    pub(crate) line: ReadSignal<LineView>,
    pub(crate) sign_in: ReadSignal<Option<SignInView>>,
    pub(crate) keypad: ReadSignal<KeypadView>,
    pub(crate) calls: ReadSignal<Vec<CallView>>,
    pub(crate) ended: ReadSignal<Option<Ended>>,
    pub(crate) audio: ReadSignal<AudioView>,
    dispatch: UnsyncCallback<Intent>,
}

impl Ui {
    /// Belongs to the current reactive owner.
    pub(crate) fn new(slices: Slices, dispatch: impl Fn(Intent) + 'static) -> Self {
        let Slices { settings, line, sign_in, keypad, calls, ended, audio } = slices;
        Self {
            settings: settings.read_only(),
            line: line.read_only(),
            sign_in: sign_in.read_only(),
            keypad: keypad.read_only(),
            calls: calls.read_only(),
            ended: ended.read_only(),
            audio: audio.read_only(),
            dispatch: UnsyncCallback::new(dispatch),
        }
    }

    /// The screen that is shown.
    pub(crate) fn screen(self) -> Screen {
        Screen::of(
            &self.calls.read(),
            self.sign_in.with(Option::is_some),
            self.audio.get().microphone,
            self.ended.with(Option::is_some),
            self.line.with(|line| line.status),
        )
    }

    /// The call whose dialog lies over the screen.
    pub(crate) fn ringing(self) -> Option<CallId> {
        self.calls.with(|calls| ringing(calls))
    }

    /// The warning above the screen.
    pub(crate) fn banner(self) -> Option<Banner> {
        let signs_in = self.sign_in.with(Option::is_some);
        Banner::of(&self.line.read(), signs_in, self.audio.get().locked)
    }

    /// Says what the person wants.
    pub(crate) fn want(self, intent: Intent) {
        self.dispatch.run(intent);
    }

    /// One call, for its screen. `None` once it has gone.
    pub(crate) fn call(self, id: CallId) -> Option<Call> {
        let first = self.calls.with_untracked(|calls| call_of(calls, id).cloned())?;
        Some(Call { calls: self.calls, id, first: StoredValue::new(first) })
    }
}

/// A call as its screen reads it.
///
/// A call goes from its slice one microtask before its screen goes. Until then it reads as it did
/// at first, which nobody sees: the browser paints after all microtasks.
#[derive(Clone, Copy)]
pub(crate) struct Call {
    calls: ReadSignal<Vec<CallView>>,
    id: CallId,
    first: StoredValue<CallView>,
}

impl Call {
    pub(crate) fn id(self) -> CallId {
        self.id
    }

    pub(crate) fn with<T>(self, read: impl FnOnce(&CallView) -> T) -> T {
        self.calls.with(|calls| self.read(calls, read))
    }

    pub(crate) fn with_untracked<T>(self, read: impl FnOnce(&CallView) -> T) -> T {
        self.calls.with_untracked(|calls| self.read(calls, read))
    }

    fn read<T>(self, calls: &[CallView], read: impl FnOnce(&CallView) -> T) -> T {
        match call_of(calls, self.id) {
            Some(call) => read(call),
            None => self.first.with_value(read),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use leptos::prelude::Owner;
    use ringlet_phone::ViewModel;

    /// Reads what the components would of this view model.
    pub(crate) fn read<T>(view: ViewModel, read: impl FnOnce(Ui) -> T) -> T {
        Owner::new().with(|| {
            let ui = Ui::new(Slices::new(view), |_| {});
            leptos::prelude::untrack(|| read(ui))
        })
    }
}
