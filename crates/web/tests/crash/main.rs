//! A phone that fails: what is let go, who is told, and that nothing of it works on.
//!
//! A page of its own, because a failure leaves its marks on the wasm of the tests too.
#![cfg(target_arch = "wasm32")]

#[allow(dead_code, reason = "shared with the other tests")]
#[path = "../browser/support.rs"]
mod support;

use gloo_timers::callback::Timeout;
use ringlet_phone::{
    AudioEffect, CallId, Input as PhoneInput, Instant, OpId, PeerEffect, PeerInput, Route, Sink,
    Source, Terms, Tone,
};
use ringlet_web::crash::Watch;
use ringlet_web::{Audio, Bridge, Clock, Driver, Machine, Peers, Shell};
use std::cell::Cell;
use std::rc::Rc;
use support::{Log, run, sleep, until};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::wasm_bindgen_test as test;
use web_sys::HtmlIFrameElement;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(inline_js = "export function throws() { throw new TypeError('thrown') }")]
extern "C" {
    fn throws();
}

/// How the machine fails.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Trap,
    Panic,
    /// JavaScript throws through the machine's code.
    Exception,
    StackOverflow,
}

enum Input {
    Fail(Fault),
    /// JavaScript throws, but not through the machine.
    Harmless,
    Count,
}

/// A machine that fails on demand, and otherwise counts.
struct Failing(Rc<Cell<u32>>);

impl Machine for Failing {
    type Input = Input;
    type Effect = ();

    fn timeout() -> Input {
        Input::Count
    }

    fn handle(&mut self, _: Instant, input: Input) {
        match input {
            Input::Fail(Fault::Trap) => core::arch::wasm32::unreachable(),
            Input::Fail(Fault::Panic) => panic!("on demand"),
            Input::Fail(Fault::Exception) => throws(),
            Input::Fail(Fault::StackOverflow) => {
                overflow(0);
            }
            Input::Harmless => {
                run("addEventListener('harmless', () => { throw new TypeError('theirs') },
                       {once: true});
                     dispatchEvent(new Event('harmless'))");
            }
            Input::Count => self.0.set(self.0.get() + 1),
        }
    }

    fn poll(&mut self) -> Option<()> {
        None
    }

    fn poll_timeout(&self) -> Option<Instant> {
        None
    }
}

/// It exhausts the browser's stack before that of the wasm, which nothing could run on afterwards.
#[expect(unconditional_recursion)]
fn overflow(depth: u32) -> u32 {
    overflow(std::hint::black_box(depth)).wrapping_add(1)
}

struct Nothing;

impl Shell<Failing> for Nothing {
    fn perform(&mut self, (): ()) {}
    fn settled(&mut self, _: &Failing) {}
}

/// A watched driver of a machine that can fail.
struct Stage {
    driver: Driver<Failing, Nothing>,
    counted: Rc<Cell<u32>>,
    shown: Rc<Cell<u32>>,
    _watch: Watch,
}

impl Stage {
    fn new() -> Self {
        let counted = Rc::<Cell<u32>>::default();
        let shown = Rc::<Cell<u32>>::default();
        let driver = Driver::new(Failing(counted.clone()), Clock::new(), |_| Nothing);
        let window = web_sys::window().expect("tests run in a page");
        let watch = Watch::start(&window, &driver, {
            let shown = shown.clone();
            move || shown.set(shown.get() + 1)
        });
        Self { driver, counted, shown, _watch: watch }
    }

    /// Hands the input over in a task of the browser's own, which a failure ends instead of the
    /// test.
    async fn push(&self, input: Input) {
        let inbox = self.driver.inbox();
        Timeout::new(0, move || inbox.push(input)).forget();
        sleep(50).await;
    }

    async fn fail(&self, fault: Fault) {
        self.push(Input::Fail(fault)).await;
    }
}

#[test]
async fn a_failure_of_any_kind_is_shown_once_and_every_later_input_is_ignored() {
    for fault in [Fault::Trap, Fault::Exception, Fault::StackOverflow, Fault::Panic] {
        let stage = Stage::new();
        stage.push(Input::Count).await;
        assert_eq!((stage.counted.get(), stage.shown.get()), (1, 0), "before {fault:?}");
        stage.fail(fault).await;
        assert_eq!(stage.shown.get(), 1, "{fault:?}");
        stage.push(Input::Count).await;
        stage.driver.wake();
        stage.fail(Fault::Trap).await;
        assert_eq!((stage.counted.get(), stage.shown.get()), (1, 1), "after {fault:?}");
    }
}

#[test]
async fn an_exception_that_does_not_go_through_the_phone_is_no_failure() {
    let stage = Stage::new();
    stage.push(Input::Harmless).await;
    run("setTimeout(() => { throw new TypeError('theirs') });
         Promise.reject(new TypeError('theirs'))");
    stage.push(Input::Count).await;
    assert_eq!((stage.counted.get(), stage.shown.get()), (1, 0));
}

#[test]
async fn a_failure_lets_the_microphone_go_closes_the_call_and_ends_the_tones() {
    run("globalThis.peers = []; globalThis.mics = []; globalThis.sources = [];
         globalThis.RealPeer ??= RTCPeerConnection;
         globalThis.RTCPeerConnection = class extends RealPeer {
           constructor(...args) { super(...args); peers.push(this) } };
         globalThis.realGetUserMedia ??= MediaDevices.prototype.getUserMedia;
         MediaDevices.prototype.getUserMedia = async function (wanted) {
           const stream = await realGetUserMedia.call(this, wanted);
           await globalThis.allowed;
           mics.push(stream.getAudioTracks()[0]); return stream };
         globalThis.realCreate ??= BaseAudioContext.prototype.createBufferSource;
         BaseAudioContext.prototype.createBufferSource = function () {
           sources.push(realCreate.call(this)); return sources.at(-1) }");
    let call = CallId(1);
    let log = Log::default();
    let mut audio = Audio::new(log.inbox());
    let mut peers = Peers::new(log.inbox(), &audio);
    let stage = Stage::new();
    let routes = [
        Route { source: Source::Microphone, sink: Sink::Peer(call) },
        Route { source: Source::Tone(Tone::RingBack), sink: Sink::Speaker },
    ];
    audio.perform(AudioEffect::Route(routes.into_iter().collect()));
    peers.perform(PeerEffect::CreateOffer(OpId(1), call, Terms::default()));
    log.next(|input| {
        matches!(input, PhoneInput::Peer(PeerInput::Done(OpId(1), Ok(_)))).then_some(())
    })
    .await;
    run("globalThis.sent = peers[0].getSenders()[0].track");
    assert!(run("mics[0].readyState === 'live' && sent.readyState === 'live'").is_truthy());

    stage.fail(Fault::Trap).await;

    assert!(run("mics[0].readyState === 'ended' && sent.readyState === 'ended'").is_truthy());
    assert!(run("peers[0].connectionState === 'closed'").is_truthy());
    until("sources[0].context.state === 'closed'").await;
}

#[test]
async fn a_microphone_that_the_person_allows_after_the_failure_is_let_go_at_once() {
    run("globalThis.mics = [];
         globalThis.realGetUserMedia ??= MediaDevices.prototype.getUserMedia;
         MediaDevices.prototype.getUserMedia = async function (wanted) {
           await new Promise(allow => globalThis.allow = allow);
           const stream = await realGetUserMedia.call(this, wanted);
           mics.push(stream.getAudioTracks()[0]); return stream }");
    let log = Log::default();
    let mut peers = Peers::new(log.inbox(), &Audio::new(log.inbox()));
    let stage = Stage::new();
    peers.perform(PeerEffect::CreateOffer(OpId(1), CallId(1), Terms::default()));
    stage.fail(Fault::Trap).await;
    run("allow(); MediaDevices.prototype.getUserMedia = realGetUserMedia");
    until("mics.length === 1 && mics[0].readyState === 'ended'").await;
}

#[test]
async fn the_loader_is_told_by_a_fatal_event() {
    run("globalThis.onPort = [];
         globalThis.phone = document.body.appendChild(document.createElement('iframe'));
         globalThis.say = (type, ...ports) => phone.contentWindow.postMessage(
           {ns: 'ringlet', v: 1, id: 'l1', type, data: {nonce: '0'.repeat(32)}}, '*', ports)");
    let frame: HtmlIFrameElement = run("phone").unchecked_into();
    let window = frame.content_window().expect("a frame in the page has a window");
    let _bridge = Bridge::new(&window, "1.2.3", Log::default().inbox());
    run("say('hello');
         const {port1, port2} = new MessageChannel();
         port1.onmessage = ({data}) => onPort.push(data);
         say('connect', port2)");
    sleep(50).await;
    let stage = Stage::new();

    stage.fail(Fault::Trap).await;

    until("onPort.length === 1").await;
    until(
        "(({type, data: {seq, event: {name, payload}}}) => type === 'event' && seq === 1
           && name === 'error' && payload.code === 'PHONE_CRASHED' && payload.fatal === true
           && payload.recoverable === false)(onPort[0])",
    )
    .await;
    run("phone.remove()");
}
