//! What every component is given.

use crate::parts::banner::Banner;
use crate::screens::screen::{Screen, call_in_front, call_of, ringing};
use crate::slices::{SliceSignal, Slices};
use leptos::prelude::{
    Callable, Get, GetUntracked, RwSignal, Set, StoredValue, UnsyncCallback, WithValue, untrack,
};
use ringlet_phone::{
    AudioView, CallId, CallView, CallerIdsView, DevicesView, DiversionView, Ended, HistoryView,
    Intent, KeypadView, LineView, Page, SettingsView, SignInView,
};

/// What a person can open in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// Nothing.
    None,
    /// The keys for DTMF.
    Keys,
    /// The form for a transfer.
    Transfer,
    /// The keypad, to call somebody else.
    NewCall,
    /// A page of the menu.
    Page,
}

/// The slices to read, what follows from several of them, and the way to say what the person wants.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
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
    /// What the person has opened in a call.
    tool: RwSignal<Tool>,
    dispatch: UnsyncCallback<Intent>,
}

impl Ui {
    /// Belongs to the current reactive owner.
    pub(crate) fn new(slices: Slices, dispatch: impl Fn(Intent) + 'static) -> Self {
        let Slices {
            settings,
            line,
            sign_in,
            keypad,
            calls,
            ended,
            audio,
            page,
            history,
            caller_ids,
            diversion,
            devices,
            ..
        } = slices;
        Self {
            settings,
            line,
            sign_in,
            keypad,
            calls,
            ended,
            audio,
            page,
            history,
            caller_ids,
            diversion,
            devices,
            tool: RwSignal::new(Tool::None),
            dispatch: UnsyncCallback::new(dispatch),
        }
    }

    /// The screen that is shown.
    pub(crate) fn screen(self) -> Screen {
        let signs_in = self.sign_in.with(Option::is_some);
        let microphone = self.audio.with(|audio| audio.microphone);
        let has_ended = self.ended.with(Option::is_some);
        let line = self.line.with(|line| line.status);
        let page = self.page.with(|page| *page);
        let screen =
            self.calls.with(|calls| Screen::of(calls, signs_in, microphone, has_ended, line, page));
        match screen {
            Screen::Call(_) if matches!(self.tool.get(), Tool::NewCall | Tool::Page) => {
                Screen::of_page(page)
            }
            screen => screen,
        }
    }

    /// What the person has opened in a call.
    pub(crate) fn tool(self) -> Tool {
        self.tool.get()
    }

    /// Opens that, or puts it away.
    pub(crate) fn open_tool(self, tool: Tool) {
        // A signal tells what reads it even of a value that is the same.
        if self.tool.get_untracked() != tool {
            self.tool.set(tool);
        }
    }

    /// Goes to a page, also from a call.
    pub(crate) fn go_to(self, page: Page) {
        if matches!(untrack(|| self.screen()), Screen::Call(_)) {
            self.open_tool(Tool::Page);
        }
        self.want(Intent::ShowPage(page));
    }

    /// The call that is behind the keypad.
    pub(crate) fn call_behind_keypad(self) -> Option<CallId> {
        let calls = || self.calls.with(|calls| call_in_front(calls).map(|call| call.id));
        (self.tool.get() == Tool::NewCall).then(calls).flatten()
    }

    /// The call whose dialog lies over the screen.
    pub(crate) fn ringing(self) -> Option<CallId> {
        self.calls.with(|calls| ringing(calls))
    }

    /// The warning above the screen.
    pub(crate) fn banner(self) -> Option<Banner> {
        let signs_in = self.sign_in.with(Option::is_some);
        let audio = self.audio.with(|audio| *audio);
        self.line.with(|line| Banner::of(line, signs_in, audio))
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
    calls: SliceSignal<Vec<CallView>>,
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
