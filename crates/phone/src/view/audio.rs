//! Microphone and loudspeaker, as they are shown.

use crate::audio::Audio;
use crate::devices::Devices;

/// Microphone and loudspeaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioView {
    /// What is known of the microphone.
    pub microphone: Microphone,
    /// The browser will not ring before the person presses something.
    pub locked: bool,
    /// A device that was in use has gone, and the default stands in for it.
    pub lost_device: bool,
}

/// What is known of the microphone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Microphone {
    /// Nobody has asked yet, or it works.
    Fine,
    /// It was refused: a notice with the remedy is to be shown.
    Denied,
    /// The embedding page forbids it.
    Blocked,
    /// There is none, or another program holds it.
    Unavailable,
}

impl AudioView {
    pub(crate) fn of(audio: &Audio, devices: &Devices) -> Self {
        Self {
            microphone: audio.microphone().unwrap_or(Microphone::Fine),
            locked: audio.is_locked(),
            lost_device: devices.has_lost(),
        }
    }
}
