use crate::support::{Log, run, sleep};
use ringlet_phone::{AudioEffect, AudioInput, Input, Route, Sink, Source, Tone};
use ringlet_web::Audio;
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Makes the page remember every source that plays, and measure what it plays.
fn observe() {
    run("globalThis.sources = [];
         globalThis.realCreate ??= BaseAudioContext.prototype.createBufferSource;
         BaseAudioContext.prototype.createBufferSource = function () {
           const source = realCreate.call(this);
           const stop = source.stop;
           source.stop = () => { source.stopped = true; stop.call(source) };
           sources.push(source); return source };
         globalThis.level = (source, hz, from, to) => {
           const {sampleRate} = source.buffer;
           const samples = source.buffer.getChannelData(0)
             .slice(from * sampleRate, to * sampleRate);
           let re = 0, im = 0;
           samples.forEach((s, i) => { const w = 2 * Math.PI * hz * i / sampleRate;
             re += s * Math.cos(w); im += s * Math.sin(w) });
           return Math.hypot(re, im) * 2 / samples.length }");
}

/// Routes this tone to where the phone sends it, and nothing else.
fn play(audio: &mut Audio, tone: Option<Tone>) {
    let route = tone.map(|tone| {
        let sink = if tone == Tone::Ring { Sink::Ringer } else { Sink::Speaker };
        Route { source: Source::Tone(tone), sink }
    });
    audio.perform(AudioEffect::Route(route.into_iter().collect()));
}

#[test]
fn each_tone_sounds_as_it_should_and_only_two_repeat() {
    observe();
    let mut audio = Audio::new(Log::default().inbox());
    for tone in [Tone::Ring, Tone::RingBack, Tone::Busy, Tone::Failure] {
        play(&mut audio, Some(tone));
    }
    assert!(run("sources.map(s => s.loop).join() === 'true,true,false,false'").is_truthy());
    assert!(run("sources.map(s => s.buffer.duration).join() === '3,5,2,1'").is_truthy());
    // Ring-back and busy are 425 Hz when they sound, and nothing when they do not.
    for (source, from, to) in [(1, 0.1, 0.9), (2, 0.1, 0.4)] {
        assert!(run(&format!("level(sources[{source}], 425, {from}, {to}) > 0.05")).is_truthy());
        assert!(run(&format!("level(sources[{source}], 850, {from}, {to}) < 0.01")).is_truthy());
    }
    assert!(run("level(sources[1], 425, 1.1, 4.9) === 0").is_truthy());
    assert!(
        run("sources.every(s => s.buffer.getChannelData(0)
                  .every(sample => Math.abs(sample) < 0.25))")
        .is_truthy()
    );
}

#[test]
fn one_tone_ends_the_one_before_and_silence_ends_all() {
    observe();
    let mut audio = Audio::new(Log::default().inbox());
    play(&mut audio, Some(Tone::Ring));
    play(&mut audio, Some(Tone::RingBack));
    assert!(run("sources[0].stopped && !sources[1].stopped").is_truthy());
    play(&mut audio, None);
    assert!(run("sources[1].stopped").is_truthy());
}

#[test]
async fn a_browser_that_may_sound_locks_nothing() {
    let log = Log::default();
    let mut audio = Audio::new(log.inbox());
    play(&mut audio, Some(Tone::Ring));
    sleep(500).await;
    assert_eq!(log.len(), 0);
}

#[test]
async fn a_locked_context_is_told_and_a_press_unlocks_it() {
    // A context that starts with the second `resume()` only, as after a press.
    run("globalThis.asked = 0;
         globalThis.realResume = AudioContext.prototype.resume;
         AudioContext.prototype.resume = function () { asked++; return realResume.call(this) };
         globalThis.realState =
           Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, 'state');
         Object.defineProperty(BaseAudioContext.prototype, 'state', {configurable: true,
           get: () => asked > 1 ? 'running' : 'suspended'})");
    let log = Log::default();
    let mut audio = Audio::new(log.inbox());
    play(&mut audio, Some(Tone::Ring));
    log.next(|input| matches!(input, Input::Audio(AudioInput::Locked)).then_some(())).await;
    audio.perform(AudioEffect::Unlock);
    log.next(|input| matches!(input, Input::Audio(AudioInput::Unlocked)).then_some(())).await;
    run("AudioContext.prototype.resume = realResume;
         Object.defineProperty(BaseAudioContext.prototype, 'state', realState)");
}

#[test]
async fn a_browser_that_can_make_no_sound_is_silent_and_nothing_panics() {
    run("globalThis.realBuffer = BaseAudioContext.prototype.createBuffer;
         BaseAudioContext.prototype.createBuffer = () => {
           throw new DOMException('no audio', 'NotSupportedError') }");
    let log = Log::default();
    let mut audio = Audio::new(log.inbox());
    play(&mut audio, Some(Tone::Ring));
    play(&mut audio, None);
    run("BaseAudioContext.prototype.createBuffer = realBuffer");
    play(&mut audio, Some(Tone::Ring));
    sleep(500).await;
    assert_eq!(log.len(), 0);
}

#[test]
async fn unlocking_before_any_sound_is_simply_unlocked() {
    let log = Log::default();
    Audio::new(log.inbox()).perform(AudioEffect::Unlock);
    log.next(|input| matches!(input, Input::Audio(AudioInput::Unlocked)).then_some(())).await;
}
