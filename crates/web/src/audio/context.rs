//! The one audio context, and the browser's leave to use it.

use crate::crash::{self, Held};
use crate::driver::Inbox;
use gloo_timers::callback::Timeout;
use ringlet_phone::{AudioInput, Input};
use std::cell::{OnceCell, RefCell};
use wasm_bindgen::JsValue;
use web_sys::{AudioContext, AudioContextState};

/// How long a context may take to start before it counts as locked by the autoplay policy.
const START_TIMEOUT_MS: u32 = 300;

/// The audio context, made when it is first needed: one that is made earlier starts locked.
pub(super) struct Context {
    inbox: Inbox<Input>,
    made: OnceCell<(AudioContext, Held)>,
    /// Runs while it is not known whether a press unlocked the context.
    unlocking: RefCell<Option<Timeout>>,
}

impl Context {
    pub(super) fn new(inbox: Inbox<Input>) -> Self {
        Self { inbox, made: OnceCell::new(), unlocking: RefCell::default() }
    }

    /// The context; fails where the browser has no Web Audio.
    pub(super) fn get(&self) -> Result<&AudioContext, JsValue> {
        if self.made.get().is_none() {
            let context = AudioContext::new()?;
            let held = crash::hold(&context);
            self.made.set((context, held)).ok();
        }
        self.made().ok_or(JsValue::UNDEFINED)
    }

    fn made(&self) -> Option<&AudioContext> {
        self.made.get().map(|(context, _)| context)
    }

    /// Lets the context run. If the browser keeps it from running, [`AudioInput::Locked`] is told
    /// unless the returned timer is dropped before.
    pub(super) fn start(&self) -> Option<Timeout> {
        let context = self.made().filter(|context| !is_running(context))?.clone();
        context.resume().ok();
        let inbox = self.inbox.clone();
        // A context says `suspended` for a moment even where it may start, so it is asked again.
        Some(Timeout::new(START_TIMEOUT_MS, move || {
            if !is_running(&context) {
                inbox.push(Input::Audio(AudioInput::Locked));
            }
        }))
    }

    /// Starts a locked context, inside the press that the person just made.
    pub(super) fn unlock(&self) {
        let Some(context) = self.made().cloned() else {
            return self.inbox.push(Input::Audio(AudioInput::Unlocked));
        };
        context.resume().ok();
        let inbox = self.inbox.clone();
        *self.unlocking.borrow_mut() = Some(Timeout::new(START_TIMEOUT_MS, move || {
            let news = if is_running(&context) { AudioInput::Unlocked } else { AudioInput::Locked };
            inbox.push(Input::Audio(news));
        }));
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if let Some(context) = self.made() {
            context.close().ok();
        }
    }
}

fn is_running(context: &AudioContext) -> bool {
    context.state() == AudioContextState::Running
}
