//! The audio graph beside its calls: what is asked for early, taken back, shared and let go.

use crate::support::{Log, run, settled, sleep, until};
use ringlet_phone::{
    AudioEffect, CallId, Input, OpId, PeerEffect, PeerInput, Route, Sink, Source, Terms, Tone,
};
use ringlet_web::{Audio, Peers};
use wasm_bindgen_test::wasm_bindgen_test as test;

const FIRST: CallId = CallId(1);
const SECOND: CallId = CallId(2);

/// One phone's adapters, in a page that remembers every peer connection and every microphone.
struct Phone {
    audio: Audio,
    peers: Peers,
    log: Log,
    ops: u32,
}

impl Phone {
    fn new() -> Self {
        run("globalThis.peers = []; globalThis.mics = [];
             globalThis.RealPeer ??= RTCPeerConnection;
             globalThis.RTCPeerConnection = class extends RealPeer {
               constructor(...args) { super(...args); peers.push(this) } };
             globalThis.realGetUserMedia ??= MediaDevices.prototype.getUserMedia;
             MediaDevices.prototype.getUserMedia = async function (wanted) {
               const stream = await realGetUserMedia.call(this, wanted);
               mics.push(stream.getAudioTracks()[0]); return stream };
             globalThis.sent = peer => peers[peer].getSenders()[0]?.track;
             globalThis.sources = [];
             globalThis.realCreate ??= BaseAudioContext.prototype.createBufferSource;
             BaseAudioContext.prototype.createBufferSource = function () {
               const source = realCreate.call(this);
               const stop = source.stop;
               source.stop = () => { source.stopped = true; stop.call(source) };
               sources.push(source); return source }");
        let log = Log::default();
        let audio = Audio::new(log.inbox());
        Self { peers: Peers::new(log.inbox(), &audio), audio, log, ops: 0 }
    }

    fn route(&mut self, routes: &[Route]) {
        self.audio.perform(AudioEffect::Route(routes.iter().copied().collect()));
    }

    fn begin_offer(&mut self, call: CallId) -> OpId {
        self.ops += 1;
        self.peers.perform(PeerEffect::CreateOffer(OpId(self.ops), call, Terms::default()));
        OpId(self.ops)
    }

    async fn done(&self, op: OpId) -> String {
        let result = self
            .log
            .next(|input| match input {
                Input::Peer(PeerInput::Done(done, result)) if *done == op => Some(result.clone()),
                _ => None,
            })
            .await;
        result.expect("an offer can be made")
    }

    async fn offer(&mut self, call: CallId) -> String {
        let op = self.begin_offer(call);
        self.done(op).await
    }

    fn close(&mut self, call: CallId) {
        self.peers.perform(PeerEffect::Close(call));
    }
}

fn speaking(call: CallId) -> Route {
    Route { source: Source::Microphone, sink: Sink::Peer(call) }
}

fn hearing(call: CallId) -> Route {
    Route { source: Source::Remote(call), sink: Sink::Speaker }
}

fn tone(tone: Tone, sink: Sink) -> Route {
    Route { source: Source::Tone(tone), sink }
}

#[track_caller]
fn assert_true(script: &str) {
    assert!(run(script).is_truthy(), "{script}");
}

#[test]
async fn a_route_from_the_microphone_waits_for_the_call_that_brings_it() {
    let mut phone = Phone::new();
    phone.route(&[speaking(FIRST)]);
    assert_true("mics.length === 0");
    phone.offer(FIRST).await;
    assert_true("sent(0).enabled");
}

#[test]
async fn a_call_without_a_route_sends_silence_and_not_nothing() {
    let mut phone = Phone::new();
    phone.offer(FIRST).await;
    assert_true("sent(0).readyState === 'live' && !sent(0).enabled");
}

#[test]
async fn a_route_taken_away_and_given_back_mutes_and_unmutes_the_same_track() {
    let mut phone = Phone::new();
    phone.route(&[speaking(FIRST)]);
    phone.offer(FIRST).await;
    run("globalThis.first = sent(0)");
    phone.route(&[hearing(FIRST)]);
    assert_true("sent(0) === first && !first.enabled && first.readyState === 'live'");
    phone.route(&[speaking(FIRST)]);
    assert_true("sent(0) === first && first.enabled");
}

#[test]
async fn two_calls_share_one_microphone_and_neither_mutes_the_other() {
    let mut phone = Phone::new();
    phone.route(&[speaking(FIRST)]);
    let (first, second) = (phone.begin_offer(FIRST), phone.begin_offer(SECOND));
    phone.done(first).await;
    phone.done(second).await;
    assert_true("mics.length === 1");
    assert_true("sent(0).enabled && !sent(1).enabled");
    phone.route(&[speaking(SECOND)]);
    assert_true("!sent(0).enabled && sent(1).enabled");
    phone.offer(SECOND).await;
    assert_true("mics.length === 1");
}

#[test]
async fn the_microphone_is_let_go_with_the_last_call() {
    let mut phone = Phone::new();
    phone.route(&[speaking(FIRST), speaking(SECOND)]);
    phone.offer(FIRST).await;
    phone.offer(SECOND).await;
    run("globalThis.tracks = [mics[0], sent(0), sent(1)];
         globalThis.states = () => tracks.map(track => track.readyState).join()");
    phone.close(FIRST);
    assert_true("states() === 'live,ended,live'");
    phone.close(SECOND);
    assert_true("states() === 'ended,ended,ended'");
}

#[test]
async fn a_call_that_begins_while_another_waits_for_the_microphone_keeps_it() {
    let mut phone = Phone::new();
    phone.begin_offer(FIRST);
    let second = phone.begin_offer(SECOND);
    phone.close(FIRST);
    phone.done(second).await;
    assert_true("mics.length === 1 && mics[0].readyState === 'live'");
    phone.close(SECOND);
    assert_true("mics[0].readyState === 'ended'");
}

#[test]
async fn a_call_answered_after_a_probe_takes_the_microphone_of_the_probe() {
    let phone = std::rc::Rc::new(std::cell::RefCell::new(Phone::new()));
    // As the driver does: what an input brings about is done before the next.
    let log = phone.borrow().log.inbox();
    let answering = phone.clone();
    let inbox = ringlet_web::Inbox::new(move |input| {
        if matches!(input, Input::Audio(_)) {
            answering.borrow_mut().begin_offer(FIRST);
        }
        log.push(input);
    });
    {
        let mut phone = phone.borrow_mut();
        phone.audio = Audio::new(inbox.clone());
        phone.peers = Peers::new(inbox, &phone.audio);
        phone.audio.perform(AudioEffect::ProbeMicrophone);
    }
    until("peers.length === 1 && !!sent(0)").await;
    assert_true("mics.length === 1 && mics[0].readyState === 'live'");
    phone.borrow_mut().close(FIRST);
    until("mics[0].readyState === 'ended'").await;
}

#[test]
async fn a_microphone_that_was_pulled_out_is_replaced_where_it_is_wanted_again() {
    let mut phone = Phone::new();
    phone.route(&[speaking(FIRST)]);
    phone.offer(FIRST).await;
    run("globalThis.old = sent(0); mics[0].stop()");
    phone.offer(SECOND).await;
    assert_true("mics.length === 2 && mics[1].readyState === 'live'");
    phone.route(&[]);
    phone.route(&[speaking(FIRST)]);
    until("sent(0) !== old && sent(0).enabled && sent(0).readyState === 'live'").await;
    assert_true("old.readyState === 'ended'");
    run("globalThis.replaced = sent(0)");
    phone.close(FIRST);
    phone.close(SECOND);
    assert_true("[...mics, replaced].every(track => track.readyState === 'ended')");
}

#[test]
async fn a_tone_that_goes_on_is_not_begun_again_and_one_that_is_replaced_ends() {
    let mut phone = Phone::new();
    phone.route(&[tone(Tone::RingBack, Sink::Speaker)]);
    phone.route(&[hearing(FIRST), tone(Tone::RingBack, Sink::Speaker)]);
    assert_true("sources.length === 1 && !sources[0].stopped");
    phone.route(&[hearing(FIRST), tone(Tone::Busy, Sink::Speaker)]);
    assert_true("sources.length === 2 && sources[0].stopped && !sources[1].stopped");
    // The same tone at another sink is another edge.
    phone.route(&[tone(Tone::Busy, Sink::Ringer)]);
    assert_true("sources.length === 3 && sources[1].stopped && !sources[2].stopped");
    drop(phone);
    assert_true("sources[2].stopped");
}

#[test]
async fn all_tones_share_one_context_which_is_closed_with_the_graph() {
    let mut phone = Phone::new();
    phone.route(&[tone(Tone::Ring, Sink::Ringer)]);
    phone.route(&[]);
    phone.route(&[tone(Tone::Busy, Sink::Speaker)]);
    assert_true("sources[0].context === sources[1].context");
    drop(phone);
    until("sources[0].context.state === 'closed'").await;
}

#[test]
async fn a_far_end_is_heard_only_while_it_is_routed_and_its_connection_stays() {
    run("globalThis.speakers = []; globalThis.RealAudio ??= Audio;
         globalThis.Audio = class extends RealAudio {
           constructor() { super(); speakers.push(this) } }");
    let (mut here, mut there) = (Phone::new(), Phone::new());
    let offer = there.offer(FIRST).await;
    let answering = OpId(100);
    here.peers.perform(PeerEffect::CreateAnswer(answering, FIRST, offer, Terms::default()));
    here.done(answering).await;
    // The track is there, and nobody is to hear it.
    sleep(50).await;
    assert_true("speakers.length === 0");
    here.route(&[hearing(FIRST)]);
    until("speakers.length === 1 && !speakers[0].paused").await;
    here.route(&[]);
    assert_true("speakers[0].paused && speakers[0].srcObject === null");
    here.route(&[hearing(FIRST)]);
    until("speakers.length === 2 && !speakers[1].paused").await;
    let live = "Promise.resolve(speakers[1].srcObject.getAudioTracks()[0].readyState)";
    assert_eq!(settled(live).await, "live");
}
