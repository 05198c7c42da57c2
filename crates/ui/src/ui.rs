//! What every component is given.

use crate::parts::banner::Banner;
use crate::reactive::latest;
use crate::screens::screen::{Screen, call_of, ringing};
use crate::slices::Slices;
use leptos::prelude::{Callable, Get, Memo, Read, ReadSignal, UnsyncCallback, With};
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
    /// The screen that is shown.
    pub(crate) screen: Memo<Screen>,
    /// The call whose dialog lies over the screen.
    pub(crate) ringing: Memo<Option<CallId>>,
    /// The warning above the screen.
    pub(crate) banner: Memo<Option<Banner>>,
    dispatch: UnsyncCallback<Intent>,
}

impl Ui {
    /// Belongs to the current reactive owner.
    pub(crate) fn new(slices: Slices, dispatch: impl Fn(Intent) + 'static) -> Self {
        let Slices { settings, line, sign_in, keypad, calls, ended, audio } = slices;
        let screen = Memo::new(move |_| {
            Screen::of(
                &calls.read(),
                sign_in.with(Option::is_some),
                audio.get().microphone,
                ended.with(Option::is_some),
                line.with(|line| line.status),
            )
        });
        let banner = Memo::new(move |_| {
            Banner::of(&line.read(), sign_in.with(Option::is_some), audio.get().locked)
        });
        Self {
            settings: settings.read_only(),
            line: line.read_only(),
            sign_in: sign_in.read_only(),
            keypad: keypad.read_only(),
            calls: calls.read_only(),
            ended: ended.read_only(),
            audio: audio.read_only(),
            screen,
            ringing: Memo::new(move |_| calls.with(|calls| ringing(calls))),
            banner,
            dispatch: UnsyncCallback::new(dispatch),
        }
    }

    /// Says what the person wants.
    pub(crate) fn want(self, intent: Intent) {
        self.dispatch.run(intent);
    }

    /// Follows one call, for its screen: see [`latest`].
    pub(crate) fn call(self, id: CallId) -> Option<Memo<CallView>> {
        latest(move || self.calls.with(|calls| call_of(calls, id).cloned()))
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
