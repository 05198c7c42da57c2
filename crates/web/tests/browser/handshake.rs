//! The host is the test's own page; the phone's window is a frame in it.

use crate::support::{Log, run, sleep, until};
use ringlet_contract::error::ErrorCode;
use ringlet_contract::event::{CallRinging, HostEvent};
use ringlet_contract::message::{CommandResult, ResultValue, Snapshot};
use ringlet_phone::{HostEffect, HostInput, Input};
use ringlet_web::Bridge;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test as test;
use web_sys::{HtmlIFrameElement, Window};

const NONCE: &str = "0123456789abcdef0123456789abcdef";
const OTHER: &str = "ffffffffffffffffffffffffffffffff";

/// A phone in a frame of its own, and a page that writes down what it says.
struct Stage {
    frame: HtmlIFrameElement,
    bridge: Bridge,
    log: Log,
}

impl Stage {
    fn new() -> Self {
        Self::enter(Self::set())
    }

    /// The page, its frames and what it needs to talk to them; no phone is there yet.
    fn set() -> HtmlIFrameElement {
        run("globalThis.heard = []; globalThis.onPort = []; globalThis.dropped = [];
             globalThis.realDebug ??= console.debug;
             console.debug = (...words) => words[1]?.startsWith?.('message dropped')
               ? dropped.push(words[1]) : realDebug.apply(console, words);
             globalThis.listener = ({data}) => data?.ns === 'ringlet' && heard.push(data);
             addEventListener('message', listener);
             globalThis.phone = document.body.appendChild(document.createElement('iframe'));
             globalThis.stranger = document.body.appendChild(document.createElement('iframe'));
             globalThis.say = (type, nonce, v = 1, ...ports) => phone.contentWindow.postMessage(
               {ns: 'ringlet', v, id: 'l1', type, data: {nonce}}, '*', ports);
             globalThis.connect = (nonce, v = 1) => {
               const {port1, port2} = new MessageChannel();
               port1.onmessage = ({data}) => onPort.push(data);
               say('connect', nonce, v, port2);
               return globalThis.port = port1;
             };
             globalThis.command = (id, type, data) =>
               port.postMessage({ns: 'ringlet', v: 1, id, type, data});");
        run("phone").unchecked_into()
    }

    /// The phone comes.
    fn enter(frame: HtmlIFrameElement) -> Self {
        let window: Window = frame.content_window().expect("a frame in the page has a window");
        let log = Log::default();
        let bridge = Bridge::new(&window, "1.2.3", log.inbox());
        Self { frame, bridge, log }
    }

    async fn connected() -> Self {
        let stage = Self::new();
        run(&format!("say('hello', '{NONCE}')"));
        until("heard.length === 1").await;
        run(&format!("connect('{NONCE}')"));
        stage
    }

    /// The id of the next command that reaches the phone.
    async fn command(&self) -> String {
        self.log
            .next(|input| match input {
                Input::Host(HostInput::Command { id, .. }) => Some(id.clone()),
                _ => None,
            })
            .await
    }

    /// Waits until the phone has dropped this many messages.
    async fn dropped(&self, count: u32) {
        until(&format!("dropped.length >= {count}")).await;
        assert_eq!(dropped(), count);
    }
}

/// How many messages the phone has dropped since the stage was set.
fn dropped() -> u32 {
    run("dropped.length").as_f64().map_or(0, |count| count as u32)
}

impl Drop for Stage {
    fn drop(&mut self) {
        run("removeEventListener('message', listener); phone.remove(); stranger.remove()");
        assert!(!self.frame.is_connected());
    }
}

/// As the page's first script announces it (`www/early/announce.ts`), before the phone is there.
async fn announced(nonce: &str, messages: &str, count: usize) -> Stage {
    let frame = Stage::set();
    run(&format!(
        "globalThis.early = {{nonce: '{nonce}', heard: []}};
         early.listener = (event) => early.heard.push(event);
         phone.contentWindow.ringletEarly = early;
         phone.contentWindow.addEventListener('message', early.listener);
         {messages}"
    ));
    until(&format!("early.heard.length === {count}")).await;
    Stage::enter(frame)
}

#[test]
async fn a_port_that_came_for_an_announcement_before_the_phone_was_there_is_taken_with_all_it_brings()
 {
    let messages = format!("connect('{NONCE}'); command('l1', 'hangup', {{}})");
    let stage = announced(NONCE, &messages, 1).await;
    run("command('l2', 'hangup', {})");
    assert_eq!(stage.command().await, "l1");
    assert_eq!(stage.command().await, "l2");
    assert_eq!(dropped(), 0);
    run("say('goodbye', 'x')");
    stage.dropped(1).await;
    until("early.heard.length === 1 && early.nonce === undefined").await;
}

#[test]
async fn what_was_heard_early_is_checked_like_anything_else() {
    let messages = format!(
        "connect('{OTHER}'); connect('{NONCE}', 2); say('connect', '{NONCE}');
         phone.contentWindow.postMessage('hello', '*');
         new stranger.contentWindow.Function('to', 'data', 'ports',
           'to.postMessage(data, \"*\", ports)')(phone.contentWindow,
           {{ns: 'ringlet', v: 1, id: 's1', type: 'connect', data: {{nonce: '{NONCE}'}}}},
           [new MessageChannel().port2])"
    );
    let stage = announced(NONCE, &messages, 5).await;
    stage.dropped(4).await;
    run(&format!("say('hello', '{OTHER}')"));
    until("heard.length === 1").await;
    run(&format!("connect('{OTHER}')"));
    run("command('l1', 'hangup', {})");
    assert_eq!(stage.command().await, "l1", "a loader that asks is answered all the same");
}

#[test]
async fn an_announced_nonce_is_good_for_one_port_and_for_none_once_another_has_come() {
    let stage = announced(NONCE, &format!("connect('{NONCE}')"), 1).await;
    run("command('l1', 'hangup', {}); globalThis.first = port");
    assert_eq!(stage.command().await, "l1");
    run(&format!("connect('{NONCE}')"));
    stage.dropped(1).await;
    run("first.postMessage({ns: 'ringlet', v: 1, id: 'l2', type: 'hangup', data: {}})");
    assert_eq!(stage.command().await, "l2", "the first port is still the one");
    drop(stage);

    let stage = announced(NONCE, "", 0).await;
    run(&format!("say('hello', '{OTHER}')"));
    until("heard.length === 1").await;
    run(&format!("connect('{OTHER}'); connect('{NONCE}')"));
    stage.dropped(1).await;
}

#[test]
async fn a_hello_is_answered_to_the_window_and_origin_it_came_from() {
    let _stage = Stage::new();
    run(&format!("say('hello', '{NONCE}')"));
    until("heard.length === 1").await;
    until(&format!(
        "(({{ns, v, type, data, id}}) => ns === 'ringlet' && v === 1 && type === 'helloAck'
           && id && data.nonce === '{NONCE}' && data.version === '1.2.3')(heard[0])"
    ))
    .await;
    assert_eq!(dropped(), 0);
}

#[test]
async fn commands_flow_on_the_port_that_connect_brings() {
    let stage = Stage::connected().await;
    run("command('l7', 'hangup', {})");
    assert_eq!(stage.command().await, "l7");
}

#[test]
async fn what_the_phone_says_has_the_envelope_and_leaves_out_what_is_not_there() {
    let stage = Stage::connected().await;
    run("command('l7', 'hangup', {})");
    stage.command().await;
    let result = CommandResult::Done(ResultValue::default());
    stage.bridge.perform(HostEffect::Result { reply_to: "l7".into(), result });
    stage.bridge.perform(HostEffect::Event {
        seq: 4,
        event: HostEvent::CallRinging(CallRinging { call_id: "c1".into() }),
    });
    stage.bridge.perform(HostEffect::Snapshot(Snapshot::default()));
    stage.bridge.perform(HostEffect::Show(true));
    until("onPort.length === 4").await;
    until("onPort.every(m => m.ns === 'ringlet' && m.v === 1)").await;
    until("new Set(onPort.map(m => m.id)).size === 4").await;
    until(
        "JSON.stringify([onPort[0].type, onPort[0].replyTo, onPort[0].data]) ===
         '[\"result\",\"l7\",{\"status\":\"done\",\"value\":{}}]'",
    )
    .await;
    until(
        "(({seq, at, eventId, event}) => seq === 4 && new Date(at).toISOString() === at
           && /^[0-9a-f]{16}-4$/.test(eventId) && event.name === 'callRinging'
           && event.payload.callId === 'c1')(onPort[1].data)",
    )
    .await;
    until("onPort[2].data.activeNumber === null && onPort[2].data.calls.length === 0").await;
    until("onPort[3].type === 'visibility' && onPort[3].data.open === true").await;
    until("!('replyTo' in onPort[3])").await;
}

#[test]
async fn garbage_on_the_port_is_noted_and_told_to_the_phone() {
    let stage = Stage::connected().await;
    run("port.postMessage('garbage')");
    let code = stage
        .log
        .next(|input| match input {
            Input::Host(HostInput::Malformed { error, .. }) => Some(error.code),
            _ => None,
        })
        .await;
    assert_eq!(code, ErrorCode::MalformedMessage);
    stage.dropped(1).await;
    run("command('l8', 'mute', {})");
    assert_eq!(stage.command().await, "l8", "the port goes on");
}

#[test]
async fn a_stranger_in_the_same_page_is_not_heard() {
    let stage = Stage::new();
    let as_stranger = |body: &str| {
        run(&format!("new stranger.contentWindow.Function('to', 'message', 'ports', \"{body}\")"))
    };
    let post = as_stranger("to.postMessage(message, '*', ports)");
    js_sys::Reflect::set(&js_sys::global(), &"postAsStranger".into(), &post)
        .expect("the page takes a global");
    run(&format!(
        "postAsStranger(phone.contentWindow,
           {{ns: 'ringlet', v: 1, id: 's1', type: 'hello', data: {{nonce: '{NONCE}'}}}}, [])"
    ));
    stage.dropped(1).await;
    // Nor may it take the port of a handshake that the host began.
    run(&format!("say('hello', '{NONCE}')"));
    until("heard.length === 1").await;
    run(&format!(
        "postAsStranger(phone.contentWindow,
           {{ns: 'ringlet', v: 1, id: 's2', type: 'connect', data: {{nonce: '{NONCE}'}}}},
           [new MessageChannel().port2])"
    ));
    stage.dropped(2).await;
    run(&format!("connect('{NONCE}')"));
    run("command('l9', 'hangup', {})");
    assert_eq!(stage.command().await, "l9");
}

#[test]
async fn a_connect_counts_only_once_with_the_right_nonce_version_and_one_port() {
    let stage = Stage::new();
    run(&format!("connect('{NONCE}')"));
    stage.dropped(1).await; // Before any hello.
    run(&format!("say('hello', '{NONCE}')"));
    until("heard.length === 1").await;
    run(&format!("connect('{OTHER}')"));
    stage.dropped(2).await;
    run(&format!("connect('{NONCE}', 2)"));
    stage.dropped(3).await;
    run(&format!("connect('{NONCE}')"));
    run("command('l1', 'hangup', {}); globalThis.first = port");
    assert_eq!(stage.command().await, "l1");
    run(&format!("connect('{NONCE}')"));
    stage.dropped(4).await; // Replayed.
    run(&format!("say('hello', '{NONCE}'); connect('{NONCE}')"));
    stage.dropped(5).await; // Replayed with a hello that came late.
    run("globalThis.port = first; command('l2', 'hangup', {})");
    assert_eq!(stage.command().await, "l2", "the first port is still the one");
}

#[test]
async fn a_connect_without_a_port_or_with_two_is_dropped() {
    for ports in ["", ", ...[1, 2].map(() => new MessageChannel().port2)"] {
        let stage = Stage::new();
        run(&format!("say('hello', '{NONCE}')"));
        until("heard.length === 1").await;
        run(&format!("say('connect', '{NONCE}', 1{ports})"));
        stage.dropped(1).await;
    }
}

#[test]
async fn a_loader_that_starts_again_gets_a_new_port_and_the_old_one_is_deaf() {
    let stage = Stage::connected().await;
    run("command('l1', 'hangup', {}); globalThis.old = port");
    assert_eq!(stage.command().await, "l1");
    run(&format!("say('hello', '{OTHER}')"));
    until("heard.length === 2").await;
    run("command('l2', 'hangup', {})");
    assert_eq!(stage.command().await, "l2", "the old port serves until the new one is there");
    run(&format!("connect('{OTHER}'); command('l3', 'hangup', {{}})"));
    assert_eq!(stage.command().await, "l3");
    run("old.postMessage({ns: 'ringlet', v: 1, id: 'l4', type: 'hangup', data: {}})");
    sleep(50).await;
    assert_eq!(stage.log.len(), 0);
    assert_eq!(dropped(), 0);
}

#[test]
async fn a_loader_of_another_version_learns_ours_and_gets_no_further() {
    let stage = Stage::new();
    run(&format!("say('hello', '{NONCE}', 2)"));
    until("heard.length === 1 && heard[0].v === 1 && heard[0].type === 'helloAck'").await;
    run(&format!("connect('{NONCE}')"));
    stage.dropped(1).await;
}

#[test]
async fn malformed_hellos_are_dropped_and_other_traffic_is_not_even_noted() {
    let stage = Stage::new();
    let hellos = ["'short'", "7", "undefined", "'g'.repeat(32)", "'0'.repeat(33)"];
    for (count, nonce) in (1..).zip(hellos) {
        run(&format!("say('hello', {nonce})"));
        stage.dropped(count).await;
    }
    run("say('goodbye', 'x')");
    stage.dropped(6).await;
    run("phone.contentWindow.postMessage('hello', '*');
         phone.contentWindow.postMessage({type: 'webpackOk'}, '*');
         phone.contentWindow.postMessage(null, '*')");
    sleep(50).await;
    assert_eq!(dropped(), 6);
    until("heard.length === 0").await;
}

#[test]
async fn a_phone_that_cannot_start_answers_every_command_with_the_reason() {
    let mut stage = Stage::new();
    let window = stage.frame.content_window().expect("a frame in the page has a window");
    stage.bridge = Bridge::refusing(&window, "1.2.3");
    run(&format!("say('hello', '{NONCE}')"));
    until("heard.length === 1").await;
    run(&format!("connect('{NONCE}')"));
    run("command('l1', 'hangup', {}); command('l2', 'answer', {})");
    until("onPort.length === 2").await;
    until(
        "onPort.every(({type, data: {status, value}}) => type === 'result' && status === 'failed'
           && value.code === 'UNSUPPORTED_BROWSER')
           && onPort.map(m => m.replyTo).join() === 'l1,l2'",
    )
    .await;
}

#[test]
async fn a_page_that_stands_alone_has_no_host() {
    let window = web_sys::window().expect("tests run in a page");
    let log = Log::default();
    let bridge = Bridge::new(&window, "1.2.3", log.inbox());
    window
        .post_message(
            &run(&format!("({{ns:'ringlet',v:1,id:'l1',type:'hello',data:{{nonce:'{NONCE}'}}}})")),
            "*",
        )
        .expect("a page may post to itself");
    bridge.perform(HostEffect::Show(true));
    sleep(50).await;
    assert_eq!((dropped(), log.len()), (0, 0));
}
