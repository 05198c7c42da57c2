//! The sounds the phone makes by itself, synthesised: no file to load, no licence to mind.

use super::Player;
use crate::audio::context::Context;
use ringlet_phone::Tone;
use std::f32::consts::TAU;
use wasm_bindgen::JsValue;
use web_sys::{AudioBuffer, AudioContext};

/// Enough for tones below 2 kHz; the browser resamples.
const SAMPLE_RATE: f32 = 16_000.0;

/// Fades at the edges of a burst; without them it clicks.
const FADE_S: f32 = 0.012;

/// Where a key stands among these is the row and the column of its two frequencies (ITU-T Q.23).
const DTMF_KEYS: &str = "123A456B789C*0#D";
static DTMF: [Burst; 16] = {
    const ROWS: [f32; 4] = [697.0, 770.0, 852.0, 941.0];
    const COLUMNS: [f32; 4] = [1209.0, 1336.0, 1477.0, 1633.0];
    let mut keys = [const { Burst { start_s: 0.0, length_s: 0.1, hz: [0.0; 2] } }; 16];
    let mut key = 0;
    while key < 16 {
        keys[key].hz = [ROWS[key / 4], COLUMNS[key % 4]];
        key += 1;
    }
    keys
};

/// Plays a tone from its beginning; fails where the browser has no Web Audio.
pub(in crate::audio) fn play(context: &Context, tone: Tone) -> Result<Player, JsValue> {
    play_cadence(context, &cadence(tone))
}

/// Plays a cadence from its beginning.
pub(super) fn play_cadence(context: &Context, cadence: &Cadence) -> Result<Player, JsValue> {
    let audio = context.get()?;
    let locked = context.start();
    let node = audio.create_buffer_source()?;
    node.set_buffer(Some(&render(audio, cadence)?));
    node.set_loop(cadence.repeats);
    Player::start(node.into(), locked)
}

/// One burst of a tone: its place in the period, and its two frequencies.
pub(super) struct Burst {
    pub(super) start_s: f32,
    pub(super) length_s: f32,
    pub(super) hz: [f32; 2],
}

/// A period of a tone.
pub(super) struct Cadence {
    pub(super) period_s: f32,
    pub(super) bursts: &'static [Burst],
    pub(super) gain: f32,
    pub(super) repeats: bool,
}

fn cadence(tone: Tone) -> Cadence {
    match tone {
        // Two soft double chirps, a fifth apart, then a rest.
        Tone::Ring => Cadence {
            period_s: 3.0,
            bursts: &[
                Burst { start_s: 0.0, length_s: 0.18, hz: [523.25, 784.0] },
                Burst { start_s: 0.22, length_s: 0.3, hz: [659.25, 988.0] },
                Burst { start_s: 0.75, length_s: 0.18, hz: [523.25, 784.0] },
                Burst { start_s: 0.97, length_s: 0.3, hz: [659.25, 988.0] },
            ],
            gain: 0.16,
            repeats: true,
        },
        // ETSI TR 101 041-2: 425 Hz, two short bursts; quieter than a voice.
        Tone::Waiting => Cadence {
            period_s: 5.0,
            bursts: &[
                Burst { start_s: 0.0, length_s: 0.2, hz: [425.0, 425.0] },
                Burst { start_s: 0.4, length_s: 0.2, hz: [425.0, 425.0] },
            ],
            gain: 0.05,
            repeats: true,
        },
        // Two rising notes: the line is open.
        Tone::Answered => Cadence {
            period_s: 0.5,
            bursts: &[
                Burst { start_s: 0.0, length_s: 0.16, hz: [660.0, 660.0] },
                Burst { start_s: 0.2, length_s: 0.24, hz: [880.0, 880.0] },
            ],
            gain: 0.1,
            repeats: false,
        },
        Tone::Dtmf(key) => Cadence {
            period_s: 0.1,
            bursts: DTMF_KEYS.find(key).and_then(|at| DTMF.get(at..=at)).unwrap_or(&[]),
            gain: 0.1,
            repeats: false,
        },
        // The same table: 1 s on, 4 s off.
        Tone::RingBack => Cadence {
            period_s: 5.0,
            bursts: &[Burst { start_s: 0.0, length_s: 1.0, hz: [425.0, 425.0] }],
            gain: 0.06,
            repeats: true,
        },
        // The same table: 0.5 s on, 0.5 s off.
        Tone::Busy => Cadence {
            period_s: 2.0,
            bursts: &[
                Burst { start_s: 0.0, length_s: 0.5, hz: [425.0, 425.0] },
                Burst { start_s: 1.0, length_s: 0.5, hz: [425.0, 425.0] },
            ],
            gain: 0.06,
            repeats: false,
        },
        // Two falling notes: unlike anything a network plays.
        Tone::Failure => Cadence {
            period_s: 1.0,
            bursts: &[
                Burst { start_s: 0.0, length_s: 0.22, hz: [440.0, 440.0] },
                Burst { start_s: 0.26, length_s: 0.4, hz: [330.0, 330.0] },
            ],
            gain: 0.08,
            repeats: false,
        },
    }
}

fn render(context: &AudioContext, cadence: &Cadence) -> Result<AudioBuffer, JsValue> {
    let mut samples = vec![0.0_f32; (cadence.period_s * SAMPLE_RATE) as usize];
    for burst in cadence.bursts {
        let start = (burst.start_s * SAMPLE_RATE) as usize;
        let length = (burst.length_s * SAMPLE_RATE) as usize;
        for (index, sample) in samples.iter_mut().skip(start).take(length).enumerate() {
            let t = index as f32 / SAMPLE_RATE;
            let edge = (t.min(burst.length_s - t) / FADE_S).clamp(0.0, 1.0);
            let [low, high] = burst.hz.map(|hz| sine(TAU * hz * t));
            *sample = cadence.gain * edge * 0.5 * (low + high);
        }
    }
    let buffer = context.create_buffer(1, samples.len() as u32, SAMPLE_RATE)?;
    buffer.copy_to_channel(&samples, 0)?;
    Ok(buffer)
}

/// The browser's own sine: ours would be another 2 KB to download.
fn sine(x: f32) -> f32 {
    js_sys::Math::sin(f64::from(x)) as f32
}
