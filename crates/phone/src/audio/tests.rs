use super::*;
use crate::core::tests::{connected, core};
use crate::input::MediaError;
use crate::notice::Notice;
use ringlet_contract::error::ErrorCode;
use ringlet_contract::event::HostEvent;
use ringlet_sip::{CallId, Party};
use std::time::Duration;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn route(source: Source, sink: Sink) -> Route {
    Route { source, sink }
}

fn settled(audio: &mut Audio, core: &mut Core, calls: &Calls) -> Option<Routes> {
    audio.settle(core, calls);
    core.effects().into_iter().find_map(|effect| match effect {
        Effect::Audio(AudioEffect::Route(routes)) => Some(routes),
        _ => None,
    })
}

fn incoming(calls: &mut Calls, core: &mut Core) -> CallId {
    let id = core.agent.new_call().unwrap();
    calls.on_incoming(core, id, Party::default(), &Default::default(), &Default::default());
    id
}

#[test]
fn a_call_rings_then_talks_and_is_requested_once() {
    let (mut audio, mut core, mut calls) = (Audio::default(), connected(), Calls::default());
    let id = incoming(&mut calls, &mut core);
    let ringing = Routes::from_iter([route(Source::Tone(Tone::Ring), Sink::Ringer)]);
    assert_eq!(settled(&mut audio, &mut core, &calls), Some(ringing));
    assert_eq!(settled(&mut audio, &mut core, &calls), None, "nothing changed");

    calls.answer(&mut core, id, None, true);
    let speaking = route(Source::Microphone, Sink::Peer(id));
    let hearing = route(Source::Remote(id), Sink::Speaker);
    let talking = Routes::from_iter([speaking, hearing]);
    assert_eq!(settled(&mut audio, &mut core, &calls), Some(talking));

    calls.set_muted(&mut core, id, true);
    assert_eq!(settled(&mut audio, &mut core, &calls), Some(Routes::from_iter([hearing])));
}

#[test]
fn the_end_of_a_call_is_heard_for_a_while_unless_another_begins() {
    let (mut audio, mut core, calls) = (Audio::default(), core(), Calls::default());
    audio.on_call_ended(core.now, EndCause::Busy);
    assert_eq!(settled(&mut audio, &mut core, &calls).unwrap().tone(), Some(Tone::Busy));
    assert_eq!(audio.deadline(), Some(core.now + Duration::from_secs(2)));
    core.advance(Duration::from_secs(2));
    audio.timeout(core.now);
    assert_eq!(settled(&mut audio, &mut core, &calls), Some(Routes::default()));

    audio.on_call_ended(core.now, EndCause::Busy);
    audio.on_call_added();
    assert_eq!((audio.deadline(), settled(&mut audio, &mut core, &calls)), (None, None));
    audio.on_call_ended(core.now, EndCause::LocalHangup);
    assert_eq!(audio.deadline(), None, "the person knows");
}

#[test]
fn a_failed_probe_is_shown_told_once_and_passed_on() {
    let (mut audio, mut core) = (Audio::default(), core());
    audio.on_input(&mut core, AudioInput::Microphone(Err(MediaError::MicrophoneBlocked)));
    assert_eq!(audio.microphone(), Some(Microphone::Blocked));
    assert!(!audio.microphone_works());
    let [HostEvent::Error(error)] = &core.outbox.take_events()[..] else { panic!() };
    assert_eq!(error.code, ErrorCode::MicrophoneBlocked);
    assert!(matches!(core.notices()[..], [Notice::MicrophoneProbed(Err(_))]));
    audio.on_input(&mut core, AudioInput::Microphone(Ok(())));
    assert!(audio.microphone_works());
    assert!(matches!(core.notices()[..], [Notice::MicrophoneProbed(Ok(()))]));
}

#[test]
fn a_probe_that_fails_for_another_reason_says_so_to_whoever_looks_for_faults() {
    let (mut audio, mut core) = (Audio::default(), core());
    let failure = MediaError::Other("AbortError".into());
    audio.on_input(&mut core, AudioInput::Microphone(Err(failure)));
    assert_eq!(audio.microphone(), Some(Microphone::Unavailable));
    let notices = core.notices();
    assert!(matches!(&notices[0], Notice::MediaFailed(MediaError::Other(_))), "{notices:?}");
}

#[test]
fn a_press_unlocks_the_sound_only_when_it_is_locked() {
    let (mut audio, mut core) = (Audio::default(), core());
    audio.unlock(&mut core);
    assert_eq!(core.effects(), []);
    audio.on_input(&mut core, AudioInput::Locked);
    audio.unlock(&mut core);
    assert_eq!(core.effects(), [Effect::Audio(AudioEffect::Unlock)]);
}
