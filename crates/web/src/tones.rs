//! The sounds the phone makes by itself, synthesised: no file to load, no licence to mind.

use crate::driver::Inbox;
use gloo_timers::callback::Timeout;
use ringlet_phone::{Input, MediaInput, Tone};
use std::f32::consts::TAU;
use wasm_bindgen::JsValue;
use web_sys::{AudioBuffer, AudioBufferSourceNode, AudioContext, AudioContextState};

/// Enough for tones below 1 kHz; the browser resamples.
const SAMPLE_RATE: f32 = 16_000.0;

/// Fades at the edges of a burst; without them it clicks.
const FADE_S: f32 = 0.012;

/// How long a context may take to start before it counts as locked by the autoplay policy.
const START_TIMEOUT_MS: u32 = 300;

/// Plays at most one tone.
pub struct Tones {
    inbox: Inbox<Input>,
    context: Option<AudioContext>,
    playing: Option<AudioBufferSourceNode>,
    locked_check: Option<Timeout>,
}

/// One burst of a tone: where it stands in its period, and what sounds.
struct Burst {
    start_s: f32,
    length_s: f32,
    hz: [f32; 2],
}

/// A period of a tone.
struct Cadence {
    period_s: f32,
    bursts: &'static [Burst],
    gain: f32,
    repeats: bool,
}

impl Tones {
    /// Silence. The audio context is made with the first tone, because one that is made earlier
    /// starts locked.
    pub fn new(inbox: Inbox<Input>) -> Self {
        Self { inbox, context: None, playing: None, locked_check: None }
    }

    /// Plays this until told otherwise; `None` is silence.
    pub fn play(&mut self, tone: Option<Tone>) {
        self.stop();
        let Some(tone) = tone else { return };
        // Where there is no Web Audio at all the phone is silent, and everything else works.
        self.playing = self.start(cadence(tone)).ok();
    }

    /// Starts a locked context, inside the press that the person just made.
    pub fn unlock(&mut self) {
        match &self.context {
            Some(context) => {
                context.resume().ok();
                self.check_later(true);
            }
            None => self.inbox.push(Input::Media(MediaInput::AudioUnlocked)),
        }
    }

    fn stop(&mut self) {
        self.locked_check = None;
        if let Some(source) = self.playing.take() {
            // The `stop()` of the base class is the one that is not deprecated.
            let source: &web_sys::AudioScheduledSourceNode = source.as_ref();
            source.stop().ok();
            source.disconnect().ok();
        }
    }

    fn start(&mut self, cadence: Cadence) -> Result<AudioBufferSourceNode, JsValue> {
        let context = match &self.context {
            Some(context) => context.clone(),
            None => self.context.insert(AudioContext::new()?).clone(),
        };
        if context.state() != AudioContextState::Running {
            context.resume().ok();
            self.check_later(false);
        }
        let source = context.create_buffer_source()?;
        source.set_buffer(Some(&render(&context, &cadence)?));
        source.set_loop(cadence.repeats);
        source.connect_with_audio_node(&context.destination())?;
        source.start()?;
        Ok(source)
    }

    /// A context says `suspended` for a moment even where it may start, so it is asked again.
    fn check_later(&mut self, pressed: bool) {
        let Some(context) = self.context.clone() else { return };
        let inbox = self.inbox.clone();
        self.locked_check = Some(Timeout::new(START_TIMEOUT_MS, move || {
            if context.state() != AudioContextState::Running {
                inbox.push(Input::Media(MediaInput::AudioLocked));
            } else if pressed {
                inbox.push(Input::Media(MediaInput::AudioUnlocked));
            }
        }));
    }
}

impl Drop for Tones {
    fn drop(&mut self) {
        self.stop();
        if let Some(context) = &self.context {
            context.close().ok();
        }
    }
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
        // ETSI TR 101 041-2: 425 Hz, 1 s on, 4 s off.
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
