use crate::support::{Log, run};
use ringlet_phone::{
    AudioEffect, AudioInput, CallId, Input, MediaError, OpId, PeerEffect, PeerInput, Terms,
};
use ringlet_web::audio::failure;
use ringlet_web::{Audio, Peers};
use wasm_bindgen_test::wasm_bindgen_test as test;

fn thrown(name: &str) -> wasm_bindgen::JsValue {
    run(&format!("new DOMException('why', '{name}')"))
}

async fn probed(log: &Log) -> Result<(), MediaError> {
    log.next(|input| match input {
        Input::Audio(AudioInput::Microphone(result)) => Some(result.clone()),
        _ => None,
    })
    .await
}

#[test]
fn each_refusal_of_the_browser_has_its_meaning() {
    for (name, policy_forbids, expected) in [
        ("NotAllowedError", false, MediaError::MicrophoneDenied),
        ("NotAllowedError", true, MediaError::MicrophoneBlocked),
        ("SecurityError", true, MediaError::MicrophoneBlocked),
        ("NotFoundError", false, MediaError::MicrophoneUnavailable),
        ("NotFoundError", true, MediaError::MicrophoneUnavailable),
        ("NotReadableError", false, MediaError::MicrophoneUnavailable),
        ("OverconstrainedError", false, MediaError::MicrophoneUnavailable),
        ("TypeError", false, MediaError::Other("getUserMedia: TypeError: why".into())),
    ] {
        assert_eq!(failure(&thrown(name), policy_forbids), expected, "{name} {policy_forbids}");
    }
}

#[test]
async fn a_probe_takes_the_microphone_and_lets_it_go() {
    run("globalThis.streams = []; globalThis.realAsk = MediaDevices.prototype.getUserMedia;
         MediaDevices.prototype.getUserMedia = async function (wanted) {
           const stream = await realAsk.call(this, wanted);
           streams.push({stream, wanted}); return stream }");
    let log = Log::default();
    Audio::new(log.inbox()).perform(AudioEffect::ProbeMicrophone);
    let result = probed(&log).await;
    run("MediaDevices.prototype.getUserMedia = realAsk");
    assert_eq!(result, Ok(()));
    assert!(run("streams[0].stream.getTracks().every(t => t.readyState === 'ended')").is_truthy());
    assert!(run("streams[0].wanted.audio.echoCancellation === true").is_truthy());
}

#[test]
async fn a_refused_microphone_fails_the_offer_with_the_reason() {
    run("globalThis.realAsk = MediaDevices.prototype.getUserMedia;
         MediaDevices.prototype.getUserMedia = () =>
           Promise.reject(new DOMException('no', 'NotAllowedError'))");
    let log = Log::default();
    Audio::new(log.inbox()).perform(AudioEffect::ProbeMicrophone);
    let probe = probed(&log).await;
    let mut peers = Peers::new(log.inbox(), &Audio::new(log.inbox()));
    peers.perform(PeerEffect::CreateOffer(OpId(1), CallId(1), Terms::default()));
    let offer = log
        .next(|input| match input {
            Input::Peer(PeerInput::Done(OpId(1), result)) => Some(result.clone()),
            _ => None,
        })
        .await;
    run("MediaDevices.prototype.getUserMedia = realAsk");
    assert_eq!(probe, Err(MediaError::MicrophoneDenied));
    assert_eq!(offer, Err(MediaError::MicrophoneDenied));
}

#[test]
async fn a_page_whose_policy_forbids_the_microphone_says_so() {
    run("globalThis.realAsk = MediaDevices.prototype.getUserMedia;
         MediaDevices.prototype.getUserMedia = () =>
           Promise.reject(new DOMException('no', 'NotAllowedError'));
         Object.defineProperty(document, 'featurePolicy', {configurable: true,
           value: {allowsFeature: name => name !== 'microphone'}})");
    let log = Log::default();
    Audio::new(log.inbox()).perform(AudioEffect::ProbeMicrophone);
    let result = probed(&log).await;
    run("MediaDevices.prototype.getUserMedia = realAsk; delete document.featurePolicy");
    assert_eq!(result, Err(MediaError::MicrophoneBlocked));
}

#[test]
async fn an_insecure_page_has_no_microphone_to_ask_for() {
    run("Object.defineProperty(navigator, 'mediaDevices', {configurable: true, value: undefined})");
    let log = Log::default();
    Audio::new(log.inbox()).perform(AudioEffect::ProbeMicrophone);
    let result = probed(&log).await;
    run("delete navigator.mediaDevices");
    assert_eq!(result, Err(MediaError::MicrophoneBlocked));
}
