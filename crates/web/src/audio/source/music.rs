//! What somebody hears who is on hold: an arpeggio in C major, synthesised.

use super::Player;
use super::tone::{Burst, Cadence, play_cadence};
use crate::audio::context::Context;
use wasm_bindgen::JsValue;

/// A note in Hz.
const C4: f32 = 261.63;
const E4: f32 = 329.63;
const G4: f32 = 392.0;
const C5: f32 = 523.25;

/// Up and down, half a second a note, then a rest: an arpeggio that never stops wears one out.
const ARPEGGIO: Cadence = Cadence {
    period_s: 5.0,
    bursts: &[
        note(0, C4),
        note(1, E4),
        note(2, G4),
        note(3, C5),
        note(4, G4),
        note(5, E4),
        note(6, C4),
    ],
    gain: 0.2,
    repeats: true,
};

const fn note(place: u8, hz: f32) -> Burst {
    Burst { start_s: place as f32 * 0.5, length_s: 0.48, hz: [hz, hz] }
}

/// Plays from the beginning; fails where the browser has no Web Audio.
pub(in crate::audio) fn play(context: &Context) -> Result<Player, JsValue> {
    play_cadence(context, &ARPEGGIO)
}
