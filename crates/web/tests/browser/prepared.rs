//! What a call need not wait for: a peer connection made ahead, a microphone that may be used.

use crate::support::{Log, run, sleep, until};
use ringlet_contract::event::MicPermissionState;
use ringlet_phone::{AudioInput, CallId, Input, MediaError, OpId, PeerEffect, PeerInput, Terms};
use ringlet_web::{Audio, Peers};
use wasm_bindgen_test::wasm_bindgen_test as test;

const CALL: CallId = CallId(7);

/// Counts the peer connections, lets `permission` say what the browser would, and lets the page hold
/// the microphone back until `allow()` or `refuse()`.
fn observe(permission: &str) {
    run("globalThis.peers = [];
         globalThis.RealPeer ??= RTCPeerConnection;
         globalThis.RTCPeerConnection = class extends RealPeer {
           constructor(...args) { super(...args); peers.push(this) } };
         globalThis.realGetUserMedia ??= MediaDevices.prototype.getUserMedia;
         MediaDevices.prototype.getUserMedia = async function (wanted) {
           await new Promise((allow, refuse) => {
             globalThis.allow = allow;
             globalThis.refuse = () => refuse(new DOMException('', 'NotFoundError')) });
           return realGetUserMedia.call(this, wanted) };
         globalThis.realQuery ??= Permissions.prototype.query;
         Permissions.prototype.query = async function (wanted) {
           globalThis.asked = await realQuery.call(this, wanted);
           Object.defineProperty(asked, 'state', { get: () => permission });
           return asked }");
    run(&format!("globalThis.permission = '{permission}'"));
}

fn restore() {
    run("MediaDevices.prototype.getUserMedia = realGetUserMedia;
         Permissions.prototype.query = realQuery");
}

async fn permitted(log: &Log) -> bool {
    log.next(|input| match input {
        Input::Audio(AudioInput::Permission(state)) => Some(*state == MicPermissionState::Granted),
        _ => None,
    })
    .await
}

async fn offered(log: &Log) -> Result<String, MediaError> {
    log.next(|input| match input {
        Input::Peer(PeerInput::Done(OpId(1), result)) => Some(result.clone()),
        _ => None,
    })
    .await
}

#[test]
async fn a_microphone_that_may_be_used_is_opened_while_the_offer_is_made() {
    observe("granted");
    let log = Log::default();
    let audio = Audio::new(log.inbox());
    let mut peers = Peers::new(log.inbox(), &audio);
    peers.perform(PeerEffect::Prepare);
    assert!(permitted(&log).await);
    peers.perform(PeerEffect::CreateOffer(OpId(1), CALL, Terms::default()));
    let offer = offered(&log).await.expect("an offer without a microphone");
    assert!(offer.contains("m=audio") && offer.contains("a=sendrecv"), "{offer}");
    assert!(run("peers[0].getSenders()[0].track === null").is_truthy());
    run("allow()");
    until("peers[0].getSenders()[0].track?.kind === 'audio'").await;
    assert_eq!(run("peers[0].getTransceivers().length").as_f64(), Some(1.0));
    restore();
}

#[test]
async fn one_that_then_cannot_be_opened_is_told() {
    observe("granted");
    let log = Log::default();
    let audio = Audio::new(log.inbox());
    let mut peers = Peers::new(log.inbox(), &audio);
    peers.perform(PeerEffect::Prepare);
    assert!(permitted(&log).await);
    peers.perform(PeerEffect::CreateOffer(OpId(1), CALL, Terms::default()));
    offered(&log).await.expect("an offer without a microphone");
    run("refuse()");
    let (call, error) = log
        .next(|input| match input {
            Input::Peer(PeerInput::MicrophoneFailed(call, error)) => Some((*call, error.clone())),
            _ => None,
        })
        .await;
    assert_eq!((call, error), (CALL, MediaError::MicrophoneUnavailable));
    restore();
}

#[test]
async fn one_that_the_person_must_be_asked_for_is_waited_for() {
    observe("prompt");
    let log = Log::default();
    let audio = Audio::new(log.inbox());
    let mut peers = Peers::new(log.inbox(), &audio);
    peers.perform(PeerEffect::Prepare);
    assert!(!permitted(&log).await);
    peers.perform(PeerEffect::CreateOffer(OpId(1), CALL, Terms::default()));
    sleep(300).await;
    let offers = log.count(|input| matches!(input, Input::Peer(PeerInput::Done(..))));
    assert_eq!(offers, 0, "no offer before the answer");
    run("refuse()");
    assert_eq!(offered(&log).await, Err(MediaError::MicrophoneUnavailable));
    restore();
}

#[test]
async fn a_change_of_the_permission_is_told() {
    observe("prompt");
    let log = Log::default();
    let audio = Audio::new(log.inbox());
    let mut peers = Peers::new(log.inbox(), &audio);
    peers.perform(PeerEffect::Prepare);
    assert!(!permitted(&log).await);
    run("globalThis.permission = 'granted'; asked.dispatchEvent(new Event('change'))");
    assert!(permitted(&log).await);
    restore();
}

#[test]
async fn a_call_takes_the_connection_that_was_made_ahead() {
    observe("granted");
    let log = Log::default();
    let audio = Audio::new(log.inbox());
    let mut peers = Peers::new(log.inbox(), &audio);
    peers.perform(PeerEffect::Prepare);
    peers.perform(PeerEffect::Prepare);
    until("peers.length === 1").await;
    assert!(permitted(&log).await);
    peers.perform(PeerEffect::CreateOffer(OpId(1), CALL, Terms::default()));
    offered(&log).await.expect("an offer");
    assert_eq!(run("peers.length").as_f64(), Some(1.0));
    peers.perform(PeerEffect::Close(CALL));
    until("peers.length === 2 && peers[0].connectionState === 'closed'").await;
    // One with other servers than it was made with is of no use.
    peers.perform(PeerEffect::Configure(Default::default()));
    assert!(run("peers[1].connectionState === 'closed'").is_truthy());
    restore();
}
