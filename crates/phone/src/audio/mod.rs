//! Microphone, loudspeaker, and what is heard where.

mod microphone;
mod routes;
mod tones;

pub(crate) use microphone::error as microphone_error;
pub use routes::{Route, Routes, Sink, Source, Tone};

use crate::calls::Calls;
use crate::core::Core;
use crate::devices::DeviceUse;
use crate::effect::{AudioEffect, Effect};
use crate::input::AudioInput;
use crate::view::Microphone;
use ringlet_contract::event::{EndCause, MicPermissionState};
use ringlet_sip::Instant;
use std::time::Duration;
use tones::EndTone;

/// How long a loudspeaker is heard to test it, and a ringer: one period of its tone.
const TEST: Duration = Duration::from_millis(500);
const RING_TEST: Duration = Duration::from_secs(3);

/// The sound of the phone.
#[derive(Default)]
pub(crate) struct Audio {
    /// `None` until the microphone has been asked for.
    microphone: Option<Microphone>,
    /// `None` until the browser has told.
    permission: Option<MicPermissionState>,
    /// The browser will not play sound before the person presses something.
    locked: bool,
    end_tone: EndTone,
    /// The routes last requested.
    routed: Routes,
}

impl Audio {
    pub(crate) fn on_input(&mut self, core: &mut Core, input: AudioInput) {
        match input {
            AudioInput::Microphone(result) => self.on_probed(core, result),
            AudioInput::Permission(state) => self.on_permission(core, state),
            // The devices are a component of their own.
            AudioInput::Devices(_) => {}
            AudioInput::Locked => self.locked = true,
            AudioInput::Unlocked => self.locked = false,
        }
    }

    pub(crate) fn is_locked(&self) -> bool {
        self.locked
    }

    /// Lets the browser play sound, inside a press that the person just made.
    pub(crate) fn unlock(&self, core: &mut Core) {
        if self.locked {
            core.push(Effect::Audio(AudioEffect::Unlock));
        }
    }

    /// A new call ends the tone of the last one.
    pub(crate) fn on_call_added(&mut self) {
        self.end_tone.stop();
    }

    /// The end of a call is heard.
    pub(crate) fn on_call_ended(&mut self, now: Instant, cause: EndCause) {
        self.end_tone.start(now, cause);
    }

    /// Lets the person hear what a loudspeaker sounds like.
    pub(crate) fn test(&mut self, now: Instant, used_for: DeviceUse) {
        match used_for {
            DeviceUse::Microphone => {}
            DeviceUse::Speaker => self.end_tone.play(now, Tone::Answered, TEST),
            DeviceUse::Ringer => self.end_tone.play(now, Tone::Ring, RING_TEST),
        }
    }

    /// When [`Audio::timeout`] is wanted: for the tone after a call.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.end_tone.deadline()
    }

    /// Does what is due.
    pub(crate) fn timeout(&mut self, now: Instant) {
        self.end_tone.timeout(now);
    }

    /// Requests the routes that the calls and the tones need now.
    pub(crate) fn settle(&mut self, core: &mut Core, calls: &Calls) {
        let routes = Routes::of(calls.iter(), self.end_tone.with_calls(calls));
        if self.routed != routes {
            core.push(Effect::Audio(AudioEffect::Route(routes.clone())));
            self.routed = routes;
        }
    }
}

#[cfg(test)]
mod tests;
