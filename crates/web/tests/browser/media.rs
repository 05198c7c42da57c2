//! Two phones' media in one page, with the browser's fake microphone, which beeps.

use crate::support::{Log, run, settled, sleep, until};
use ringlet_contract::config::{IceServer, MediaBehavior};
use ringlet_phone::{
    AudioEffect, AudioInput, CallId, Input, MediaError, OpId, PeerConfig, PeerEffect, PeerInput,
    Route, Sink, Source, Terms,
};
use ringlet_web::{Audio, Peers};
use wasm_bindgen_test::wasm_bindgen_test as test;

fn configure(server: IceServer) -> PeerEffect {
    let config = PeerConfig { ice_servers: vec![server], ..PeerConfig::default() };
    PeerEffect::Configure(Box::new(config))
}

fn negotiate_with(media: MediaBehavior) -> PeerEffect {
    PeerEffect::Configure(Box::new(PeerConfig { media, ..PeerConfig::default() }))
}

const CALL: CallId = CallId(7);

/// Makes the page remember every peer connection, microphone and loudspeaker in the order they
/// were made.
fn observe() {
    run("globalThis.peers = []; globalThis.mics = []; globalThis.speakers = [];
         globalThis.RealPeer ??= RTCPeerConnection;
         globalThis.RTCPeerConnection = class extends RealPeer {
           constructor(...args) { super(...args); peers.push(this) } };
         globalThis.RealAudio ??= Audio;
         globalThis.Audio = class extends RealAudio {
           constructor() { super(); speakers.push(this) } };
         globalThis.realGetUserMedia ??= MediaDevices.prototype.getUserMedia;
         MediaDevices.prototype.getUserMedia = async function (wanted) {
           const stream = await realGetUserMedia.call(this, wanted);
           mics.push(stream.getAudioTracks()[0]); return stream };
         globalThis.heardBy = async peer => {
           let heard = {};
           for (const report of (await peer.getStats()).values())
             if (report.type === 'inbound-rtp') heard = report;
           return heard };
         globalThis.energy = async peer => {
           const before = (await heardBy(peer)).totalAudioEnergy ?? 0;
           await new Promise(done => setTimeout(done, 1500));
           // A connection that receives nothing has no such report.
           return ((await heardBy(peer)).totalAudioEnergy ?? before) - before }");
}

/// What is connected in a call that is neither muted nor held.
const TALKING: [Route; 2] = [SPEAKING, HEARING];
const SPEAKING: Route = Route { source: Source::Microphone, sink: Sink::Peer(CALL) };
const HEARING: Route = Route { source: Source::Remote(CALL), sink: Sink::Speaker };

struct Side {
    audio: Audio,
    peers: Peers,
    log: Log,
    last: u32,
}

impl Side {
    fn new() -> Self {
        let log = Log::default();
        let audio = Audio::new(log.inbox());
        Self { peers: Peers::new(log.inbox(), &audio), audio, log, last: 0 }
    }

    fn route(&mut self, routes: impl IntoIterator<Item = Route>) {
        self.audio.perform(AudioEffect::Route(routes.into_iter().collect()));
    }

    fn begin(&mut self, effect: impl FnOnce(OpId) -> PeerEffect) -> OpId {
        self.last += 1;
        self.peers.perform(effect(OpId(self.last)));
        OpId(self.last)
    }

    async fn done(&self, op: OpId) -> Result<String, MediaError> {
        self.log
            .next(|input| match input {
                Input::Peer(PeerInput::Done(done, result)) if *done == op => Some(result.clone()),
                _ => None,
            })
            .await
    }

    async fn offer(&mut self) -> String {
        self.offer_with(Terms::default()).await
    }

    async fn offer_with(&mut self, terms: Terms) -> String {
        let op = self.begin(|op| PeerEffect::CreateOffer(op, CALL, terms));
        self.done(op).await.expect("an offer can be made")
    }

    async fn answer(&mut self, offer: &str) -> String {
        let op =
            self.begin(|op| PeerEffect::CreateAnswer(op, CALL, offer.to_owned(), Terms::default()));
        self.done(op).await.expect("the offer can be answered")
    }

    async fn accept(&mut self, answer: &str, provisional: bool) -> Result<String, MediaError> {
        let answer = answer.to_owned();
        let op = self.begin(|op| PeerEffect::SetAnswer { op, call: CALL, answer, provisional });
        self.done(op).await
    }

    async fn connected(&self) {
        self.log
            .next(|input| match input {
                Input::Peer(PeerInput::Connected(CALL)) => Some(()),
                _ => None,
            })
            .await;
    }
}

/// Two sides in a call; `peers[0]` is the caller's connection, `peers[1]` the callee's. The callee
/// hears first: its loudspeaker is `speakers[0]`.
async fn in_a_call() -> (Side, Side) {
    observe();
    let (mut caller, mut callee) = (Side::new(), Side::new());
    let offer = caller.offer().await;
    callee.route(TALKING);
    let answer = callee.answer(&offer).await;
    caller.route(TALKING);
    assert_eq!(caller.accept(&answer, false).await, Ok(String::new()));
    caller.connected().await;
    callee.connected().await;
    (caller, callee)
}

async fn energy(peer: u32) -> f64 {
    settled(&format!("energy(peers[{peer}])")).await.as_f64().expect("an energy is a number")
}

/// Waits until a connection has heard nothing for a while: what was sent before is still played.
async fn silence(peer: u32) {
    let mut heard = f64::INFINITY;
    for _ in 0..5 {
        heard = energy(peer).await;
        if heard < 1e-6 {
            return;
        }
    }
    panic!("peer {peer} still heard an energy of {heard}");
}

#[test]
async fn two_sides_hear_each_other() {
    let (_caller, _callee) = in_a_call().await;
    for peer in [0, 1] {
        let heard = energy(peer).await;
        assert!(heard > 1e-4, "peer {peer} heard an energy of {heard}");
    }
    until("speakers.every(s => !s.paused && s.srcObject.getAudioTracks().length === 1)").await;
}

#[test]
async fn a_muted_microphone_is_silent_until_it_is_not() {
    let (mut caller, _callee) = in_a_call().await;
    caller.route([HEARING]);
    silence(1).await;
    caller.route(TALKING);
    let loud = energy(1).await;
    assert!(loud > 1e-4, "an energy of {loud} came through");
}

#[test]
async fn closing_lets_the_microphone_go_and_stops_the_sound() {
    let (mut caller, _callee) = in_a_call().await;
    assert!(run("mics[0].readyState === 'live'").is_truthy());
    caller.peers.perform(PeerEffect::Close(CALL));
    assert!(run("mics[0].readyState === 'ended' && mics[1].readyState === 'live'").is_truthy());
    assert!(run("peers[0].connectionState === 'closed'").is_truthy());
    assert!(run("speakers[1].paused && speakers[1].srcObject === null").is_truthy());
    assert!(run("!speakers[0].paused").is_truthy());
    sleep(50).await;
    assert_eq!(caller.log.len(), 0, "a closed call says nothing");
}

#[test]
async fn early_media_is_heard_before_the_answer_and_goes_on_after_it() {
    observe();
    let (mut caller, mut callee) = (Side::new(), Side::new());
    let offer = caller.offer().await;
    callee.route(TALKING);
    let answer = callee.answer(&offer).await;
    caller.route([HEARING]);
    assert_eq!(caller.accept(&answer, true).await, Ok(String::new()));
    assert!(run("peers[0].signalingState === 'have-remote-pranswer'").is_truthy());
    caller.connected().await;
    assert!(energy(0).await > 1e-4);
    assert_eq!(caller.accept(&answer, false).await, Ok(String::new()));
    assert!(run("peers[0].signalingState === 'stable'").is_truthy());
    assert!(energy(0).await > 1e-4);
}

#[test]
async fn a_later_offer_renegotiates_the_same_connection() {
    let (mut caller, mut callee) = in_a_call().await;
    let offer = callee.offer().await;
    let answer = caller.answer(&offer).await;
    assert_eq!(callee.accept(&answer, false).await, Ok(String::new()));
    assert!(run("peers.length === 2 && mics.length === 2").is_truthy());
    assert!(energy(0).await > 1e-4);
}

/// `caller` makes an offer with these terms, and `callee` answers it.
async fn renegotiate(caller: &mut Side, callee: &mut Side, terms: Terms) -> (String, String) {
    let offer = caller.offer_with(terms).await;
    let answer = callee.answer(&offer).await;
    assert_eq!(caller.accept(&answer, false).await, Ok(String::new()));
    (offer, answer)
}

#[test]
async fn a_held_call_is_silent_both_ways_until_it_is_taken_back() {
    let (mut caller, mut callee) = in_a_call().await;
    let hold = Terms { hold: true, ..Terms::default() };
    caller.route([]);
    let (offer, answer) = renegotiate(&mut caller, &mut callee, hold).await;
    assert!(offer.contains("a=sendonly"), "{offer}");
    assert!(answer.contains("a=recvonly"), "{answer}");
    silence(0).await;
    silence(1).await;
    let (offer, _) = renegotiate(&mut caller, &mut callee, Terms::default()).await;
    caller.route(TALKING);
    assert!(offer.contains("a=sendrecv"), "{offer}");
    let (here, there) = (energy(0).await, energy(1).await);
    assert!(here > 1e-4 && there > 1e-4, "energies of {here} and {there} came through");
}

#[test]
async fn a_call_held_by_both_sides_is_inactive() {
    let (mut caller, mut callee) = in_a_call().await;
    let hold = Terms { hold: true, ..Terms::default() };
    renegotiate(&mut caller, &mut callee, hold).await;
    let offer = callee.offer_with(hold).await;
    let op = caller.begin(|op| PeerEffect::CreateAnswer(op, CALL, offer.clone(), hold));
    let answer = caller.done(op).await.expect("the offer can be answered");
    assert!(answer.contains("a=inactive"), "{offer}\n{answer}");
}

#[test]
async fn a_restart_changes_the_ice_credentials_and_the_sound_goes_on() {
    let (mut caller, mut callee) = in_a_call().await;
    let ufrag =
        |sdp: &str| sdp.lines().find(|line| line.starts_with("a=ice-ufrag:")).map(str::to_owned);
    let (before, _) = renegotiate(&mut caller, &mut callee, Terms::default()).await;
    let restart = Terms { restart: true, ..Terms::default() };
    let (after, _) = renegotiate(&mut caller, &mut callee, restart).await;
    assert!(ufrag(&after).is_some() && ufrag(&before) != ufrag(&after));
    let (here, there) = (energy(0).await, energy(1).await);
    assert!(here > 1e-4 && there > 1e-4, "energies of {here} and {there} came through");
}

#[test]
async fn an_offer_taken_back_leaves_the_call_as_it_was() {
    let (mut caller, mut callee) = in_a_call().await;
    caller.offer_with(Terms { hold: true, restart: true }).await;
    let op = caller.begin(|op| PeerEffect::Rollback(op, CALL));
    assert_eq!(caller.done(op).await, Ok(String::new()));
    assert!(run("peers[0].signalingState === 'stable'").is_truthy());
    renegotiate(&mut callee, &mut caller, Terms::default()).await;
    let (here, there) = (energy(0).await, energy(1).await);
    assert!(here > 1e-4 && there > 1e-4, "energies of {here} and {there} came through");
}

#[test]
async fn muting_before_the_microphone_is_there_holds_when_it_comes() {
    observe();
    let mut side = Side::new();
    let op = side.begin(|op| PeerEffect::CreateOffer(op, CALL, Terms::default()));
    side.route([HEARING]);
    side.done(op).await.expect("an offer can be made");
    assert!(run("peers[0].getSenders()[0].track.enabled === false").is_truthy());
    side.route(TALKING);
    assert!(run("peers[0].getSenders()[0].track.enabled === true").is_truthy());
}

#[test]
async fn an_offer_waits_half_a_second_for_a_server_that_does_not_answer() {
    observe();
    let mut side = Side::new();
    // TEST-NET-1 (RFC 5737): nobody answers there.
    let silent = IceServer {
        urls: vec!["stun:192.0.2.1:3478".into(), "turn:192.0.2.1:3478".into()],
        username: Some("user".into()),
        credential: Some("secret".into()),
    };
    side.peers.perform(configure(silent));
    let start = js_sys::Date::now();
    let offer = side.offer().await;
    let took = js_sys::Date::now() - start;
    assert!(run("peers[0].iceGatheringState === 'gathering'").is_truthy());
    assert!(took < 1500.0, "it took {took} ms");
    assert!(offer.contains("a=candidate:"), "host candidates are in it: {offer}");
    assert!(offer.contains("a=rtcp-mux"));
}

#[test]
async fn an_offer_waits_for_no_candidate_that_a_far_end_can_do_without() {
    observe();
    // Neither the end of gathering nor the half second can end this wait.
    run("globalThis.realTimeout ??= setTimeout;
         globalThis.setTimeout = (f, ms) => ms === 500 ? 0 : realTimeout(f, ms);
         globalThis.realListen ??= EventTarget.prototype.addEventListener;
         EventTarget.prototype.addEventListener = function (name, ...rest) {
           if (name !== 'icegatheringstatechange') realListen.call(this, name, ...rest) }");
    let offer = Side::new().offer().await;
    run("globalThis.setTimeout = realTimeout;
         EventTarget.prototype.addEventListener = realListen");
    assert!(offer.contains("a=candidate:") && offer.contains(" typ host"), "{offer}");
    assert!(offer.starts_with("v=0\r\n"));
}

#[test]
async fn work_on_a_call_that_is_closed_meanwhile_ends_in_nothing() {
    observe();
    for ms in [0, 20, 200] {
        let mut side = Side::new();
        side.peers.perform(configure(IceServer {
            urls: vec!["stun:192.0.2.1:3478".into()],
            username: None,
            credential: None,
        }));
        side.begin(|op| PeerEffect::CreateOffer(op, CALL, Terms::default()));
        sleep(ms).await;
        side.peers.perform(PeerEffect::Close(CALL));
        sleep(700).await;
        assert_eq!(side.log.len(), 0, "closed after {ms} ms");
    }
    until("mics.length > 0 && mics.every(mic => mic.readyState === 'ended')").await;
    until("peers.every(peer => peer.connectionState === 'closed')").await;
}

#[test]
async fn sdp_that_is_none_fails_its_operation_and_not_the_call() {
    observe();
    let (mut caller, mut callee) = (Side::new(), Side::new());
    let offer = caller.offer().await;
    let refused = caller.accept("v=0\r\ngarbage", false).await;
    assert!(matches!(refused, Err(MediaError::Other(_))), "{refused:?}");
    let answer = callee.answer(&offer).await;
    assert_eq!(caller.accept(&answer, false).await, Ok(String::new()));
    caller.connected().await;
}

#[test]
async fn an_answer_without_a_call_is_refused() {
    let refused = Side::new().accept("v=0\r\n", false).await;
    assert!(matches!(refused, Err(MediaError::Other(_))), "{refused:?}");
}

#[test]
async fn ice_servers_the_browser_refuses_fail_the_offer() {
    let mut side = Side::new();
    side.peers.perform(configure(IceServer {
        urls: vec!["https://not.ice".into()],
        username: None,
        credential: None,
    }));
    let op = side.begin(|op| PeerEffect::CreateOffer(op, CALL, Terms::default()));
    let refused = side.done(op).await;
    assert!(matches!(refused, Err(MediaError::Other(_))), "{refused:?}");
}

#[test]
async fn a_far_end_that_may_not_sound_is_told_and_unlocking_plays_it() {
    run("globalThis.realPlay = HTMLMediaElement.prototype.play;
         HTMLMediaElement.prototype.play = function () {
           return Promise.reject(new DOMException('no', 'NotAllowedError')) }");
    let (mut caller, _callee) = in_a_call().await;
    caller.log.next(|input| matches!(input, Input::Audio(AudioInput::Locked)).then_some(())).await;
    run("HTMLMediaElement.prototype.play = realPlay");
    assert!(run("speakers[1].paused").is_truthy());
    caller.audio.perform(AudioEffect::Unlock);
    until("!speakers[1].paused").await;
}

/// The names of the codecs in a description, in its order.
fn codecs(sdp: &str) -> Vec<String> {
    let media = sdp.lines().find_map(|line| line.strip_prefix("m=audio ")).expect("audio");
    let name = |format: &str| {
        let mapping = ["a=rtpmap:", format, " "].concat();
        let name = sdp.lines().find_map(|line| line.strip_prefix(mapping.as_str()));
        name.map_or(format, |name| name.split('/').next().unwrap_or_default()).to_owned()
    };
    media.split(' ').skip(2).map(name).collect()
}

#[test]
async fn codecs_are_deleted_and_sorted_in_offers_and_answers() {
    observe();
    let media = MediaBehavior {
        // Opus stays, whatever it says, and a part of a name is none.
        codec_delete: "opus|pcm[au]|G7".into(),
        codec_priority: vec!["telephone-event".into(), "g722".into(), "EVRC".into()],
        ..MediaBehavior::default()
    };
    let (mut caller, mut callee) = (Side::new(), Side::new());
    let everything = Side::new().offer().await;
    assert!(codecs(&everything).iter().any(|name| name == "PCMU"), "{everything}");
    caller.peers.perform(negotiate_with(media.clone()));
    let offer = caller.offer().await;
    let offered = codecs(&offer);
    assert!(!offered.iter().any(|name| name.starts_with("PCM")), "{offered:?}");
    assert_eq!(offered[0], "telephone-event", "{offered:?}");
    assert!(offered.iter().any(|name| name == "opus"), "{offered:?}");
    let g722 = offered.iter().position(|name| name == "G722").expect("G722");
    assert!(g722 < offered.iter().position(|name| name == "opus").expect("Opus"), "{offered:?}");
    callee.peers.perform(negotiate_with(media));
    let answer = callee.answer(&everything).await;
    assert!(!codecs(&answer).iter().any(|name| name.starts_with("PCM")), "{answer}");
    assert_eq!(codecs(&answer)[0], "telephone-event", "{answer}");
}

#[test]
async fn an_expression_that_the_browser_cannot_read_deletes_nothing() {
    observe();
    let mut side = Side::new();
    let media = MediaBehavior { codec_delete: "PCM(".into(), ..MediaBehavior::default() };
    side.peers.perform(negotiate_with(media));
    let offer = side.offer().await;
    assert!(codecs(&offer).iter().any(|name| name == "PCMU"), "{offer}");
}

#[test]
async fn a_far_end_with_deleted_codecs_alone_is_refused() {
    observe();
    let (mut caller, mut callee) = (Side::new(), Side::new());
    let media = MediaBehavior { codec_delete: "[^P].*".into(), ..MediaBehavior::default() };
    caller.peers.perform(negotiate_with(media));
    let offer = caller.offer().await;
    // What is left of an offer by a gateway without Opus.
    let plain: Vec<&str> = offer.lines().filter(|line| !line.contains(":111 ")).collect();
    let plain = plain.join("\r\n").replace(" 111", "") + "\r\n";
    assert!(!codecs(&plain).contains(&"opus".to_owned()), "{plain}");
    let media = MediaBehavior { codec_delete: "PCM.".into(), ..MediaBehavior::default() };
    callee.peers.perform(negotiate_with(media));
    let op = callee.begin(|op| PeerEffect::CreateAnswer(op, CALL, plain, Terms::default()));
    let refused = callee.done(op).await;
    let Err(MediaError::Other(why)) = refused else { panic!("{refused:?}") };
    assert!(why.contains("no codec in common"), "{why}");
}

#[test]
async fn opus_is_told_to_be_quiet_while_nobody_speaks() {
    observe();
    let mut side = Side::new();
    let media = MediaBehavior { opus_fec: false, opus_dtx: true, ..MediaBehavior::default() };
    side.peers.perform(negotiate_with(media));
    let offer = side.offer().await;
    assert!(offer.contains("useinbandfec=0;usedtx=1\r\n"), "{offer}");
}

#[test]
async fn the_microphone_is_asked_for_as_configured() {
    observe();
    run("globalThis.asked = null;
         globalThis.realAsk = MediaDevices.prototype.getUserMedia;
         MediaDevices.prototype.getUserMedia = function (constraints) {
           globalThis.asked = constraints.audio;
           return realAsk.call(this, constraints) }");
    let mut side = Side::new();
    let media = MediaBehavior {
        noise_suppression: false,
        auto_gain_control: false,
        ..MediaBehavior::default()
    };
    side.peers.perform(negotiate_with(media));
    side.offer().await;
    run("MediaDevices.prototype.getUserMedia = realAsk");
    let asked = "asked.echoCancellation && !asked.noiseSuppression && !asked.autoGainControl";
    assert!(run(asked).is_truthy());
}
