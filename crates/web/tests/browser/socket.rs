//! The browser's `WebSocket` stands in for the server where a server would have to misbehave.

use crate::support::{Log, run, sleep, until};
use ringlet_phone::{Input, SocketEffect, SocketInput};
use ringlet_web::Socket;
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Replaces `WebSocket` by one that does what the test says, until dropped.
struct Fake;

impl Fake {
    fn install() -> Self {
        run("globalThis.RealSocket ??= WebSocket;
             globalThis.sockets = [];
             globalThis.WebSocket = class extends EventTarget {
               static CONNECTING = 0; static OPEN = 1; static CLOSING = 2; static CLOSED = 3;
               readyState = 0; protocol = ''; bufferedAmount = 0; sent = []; closed = 0;
               constructor(url, protocols) {
                 super(); Object.assign(this, {url, protocols}); sockets.push(this);
               }
               send(data) { this.sent.push(data.slice()) }
               close() { this.closed++; this.readyState = 3 }
               opens(protocol) {
                 this.protocol = protocol; this.readyState = 1; this.dispatchEvent(new Event('open'));
               }
               says(data) { this.dispatchEvent(new MessageEvent('message', {data})) }
             };");
        Self
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        run("globalThis.WebSocket = RealSocket");
    }
}

fn open(socket: &mut Socket, generation: u32) {
    let url = "wss://sip.invalid/ws".to_owned();
    socket.perform(SocketEffect::Open { url, generation });
}

async fn opened(log: &Log) -> u32 {
    log.next(|input| match input {
        Input::Socket(SocketInput::Opened { generation }) => Some(*generation),
        _ => None,
    })
    .await
}

async fn received(log: &Log) -> (u32, Vec<u8>) {
    log.next(|input| match input {
        Input::Socket(SocketInput::Received { generation, data }) => {
            Some((*generation, data.clone()))
        }
        _ => None,
    })
    .await
}

async fn closed(log: &Log) -> u32 {
    log.next(|input| match input {
        Input::Socket(SocketInput::Closed { generation }) => Some(*generation),
        _ => None,
    })
    .await
}

#[test]
async fn messages_go_both_ways_as_text_or_as_bytes() {
    let _fake = Fake::install();
    let log = Log::default();
    let mut socket = Socket::new(log.inbox());
    open(&mut socket, 1);
    assert!(
        run("sockets[0].protocols === 'sip' && sockets[0].binaryType === 'arraybuffer'")
            .is_truthy()
    );
    run("sockets[0].opens('sip')");
    assert_eq!(opened(&log).await, 1);

    socket.perform(SocketEffect::Send("REGISTER ü".into()));
    socket.perform(SocketEffect::Send(vec![0xff, 0x00]));
    assert!(run("sockets[0].sent[0] === 'REGISTER ü'").is_truthy());
    assert!(run("sockets[0].sent[1].join() === '255,0'").is_truthy());

    run("sockets[0].says('SIP/2.0 200 ü'); sockets[0].says(new Uint8Array([255, 0]).buffer);
         sockets[0].says(new Blob([]))");
    assert_eq!(received(&log).await, (1, "SIP/2.0 200 ü".into()));
    assert_eq!(received(&log).await, (1, vec![0xff, 0x00]));
    assert_eq!(log.len(), 0, "a blob was not asked for");
}

/// As the page's first script leaves it (`www/early/socket.ts`).
fn open_early(url: &str) {
    run(&format!(
        "globalThis.early = {{url: '{url}', socket: new WebSocket('{url}', 'sip'), received: []}};
         early.socket.onmessage = ({{data}}) => early.received.push(data);
         globalThis.ringletEarly = {{heard: [], socket: early}}"
    ));
}

#[test]
async fn a_socket_that_the_page_opened_early_is_taken_over_with_all_it_received() {
    let _fake = Fake::install();
    run("WebSocket.prototype.says = function (data) {
           this.onmessage?.({data}); this.dispatchEvent(new MessageEvent('message', {data}));
         }");
    open_early("wss://sip.invalid/ws");
    run(
        "sockets[0].opens('sip'); sockets[0].says('first'); sockets[0].says(new Uint8Array([2]).buffer)",
    );
    let log = Log::default();
    let mut socket = Socket::new(log.inbox());
    open(&mut socket, 1);
    assert!(run("sockets.length === 1 && ringletEarly.socket === undefined").is_truthy());
    assert_eq!(opened(&log).await, 1);
    run("sockets[0].says('third')");
    assert_eq!(received(&log).await, (1, b"first".to_vec()));
    assert_eq!(received(&log).await, (1, vec![2]));
    assert_eq!(received(&log).await, (1, b"third".to_vec()));
    assert_eq!(log.len(), 0, "nothing is told twice");
    socket.perform(SocketEffect::Send(b"REGISTER".to_vec()));
    assert!(run("sockets[0].sent.join() === 'REGISTER'").is_truthy());

    open(&mut socket, 2);
    assert!(run("sockets.length === 2 && sockets[0].closed === 1").is_truthy(), "it serves once");
}

#[test]
async fn a_socket_that_is_still_opening_is_taken_over_too() {
    let _fake = Fake::install();
    open_early("wss://sip.invalid/ws");
    let log = Log::default();
    let mut socket = Socket::new(log.inbox());
    open(&mut socket, 1);
    assert!(run("sockets.length === 1").is_truthy());
    assert_eq!(log.len(), 0);
    run("sockets[0].opens('sip'); sockets[0].says('hello')");
    assert_eq!(opened(&log).await, 1);
    assert_eq!(received(&log).await, (1, b"hello".to_vec()));
}

#[test]
async fn an_early_socket_with_another_sub_protocol_is_left_like_any_other() {
    let _fake = Fake::install();
    open_early("wss://sip.invalid/ws");
    run("sockets[0].opens(''); early.received.push('hello')");
    let log = Log::default();
    let mut socket = Socket::new(log.inbox());
    open(&mut socket, 1);
    assert_eq!(closed(&log).await, 1);
    assert!(run("sockets[0].closed >= 1").is_truthy());
    assert_eq!(log.len(), 0);
}

#[test]
async fn an_early_socket_for_another_server_or_one_that_has_failed_is_closed_and_not_used() {
    let _fake = Fake::install();
    let log = Log::default();
    let mut socket = Socket::new(log.inbox());
    open_early("wss://sip.invalid/other");
    open(&mut socket, 1);
    assert!(run("sockets.length === 2 && sockets[0].closed === 1").is_truthy());

    open_early("wss://sip.invalid/ws");
    run("sockets[2].readyState = 3");
    open(&mut socket, 2);
    assert!(run("sockets.length === 4").is_truthy());
    run("sockets[3].opens('sip')");
    assert_eq!(opened(&log).await, 2);
}

#[test]
async fn a_server_that_does_not_choose_sip_is_left() {
    let _fake = Fake::install();
    let log = Log::default();
    let mut socket = Socket::new(log.inbox());
    open(&mut socket, 1);
    run("sockets[0].opens('')");
    assert_eq!(closed(&log).await, 1);
    assert!(run("sockets[0].closed === 1").is_truthy());
    run("sockets[0].says('hello'); sockets[0].dispatchEvent(new CloseEvent('close'))");
    assert_eq!(log.len(), 0, "its end is told once, and nothing after it");
}

#[test]
async fn a_new_socket_replaces_the_old_one_whose_news_is_not_told() {
    let _fake = Fake::install();
    let log = Log::default();
    let mut socket = Socket::new(log.inbox());
    open(&mut socket, 1);
    open(&mut socket, 2);
    assert!(run("sockets[0].closed === 1 && sockets[1].closed === 0").is_truthy());
    run("sockets[0].opens('sip'); sockets[0].dispatchEvent(new CloseEvent('close'));
         sockets[1].opens('sip')");
    assert_eq!(opened(&log).await, 2);
    assert_eq!(log.len(), 0);
}

#[test]
async fn closing_is_told_at_once_and_nothing_is_sent_after_it() {
    let _fake = Fake::install();
    let log = Log::default();
    let mut socket = Socket::new(log.inbox());
    open(&mut socket, 1);
    run("sockets[0].opens('sip')");
    opened(&log).await;
    socket.perform(SocketEffect::Send(b"BYE".to_vec()));
    socket.perform(SocketEffect::Close);
    socket.perform(SocketEffect::Send(b"late".to_vec()));
    socket.perform(SocketEffect::Close);
    assert_eq!(closed(&log).await, 1);
    assert!(run("sockets[0].closed === 1 && sockets[0].sent.join() === 'BYE'").is_truthy());
    assert_eq!(log.len(), 0);
}

#[test]
async fn a_connection_that_takes_nothing_any_more_is_closed() {
    let _fake = Fake::install();
    let log = Log::default();
    let mut socket = Socket::new(log.inbox());
    open(&mut socket, 1);
    run("sockets[0].opens('sip'); sockets[0].bufferedAmount = 2 ** 20 + 1");
    socket.perform(SocketEffect::Send(b"OPTIONS".to_vec()));
    assert_eq!(closed(&log).await, 1);
}

#[test]
async fn a_server_that_does_not_answer_is_given_up_after_ten_seconds() {
    let _fake = Fake::install();
    run("globalThis.realTimeout = setTimeout;
         globalThis.setTimeout = (f, ms) => realTimeout(f, ms === 10_000 ? 20 : ms)");
    let log = Log::default();
    let mut socket = Socket::new(log.inbox());
    open(&mut socket, 1);
    run("globalThis.setTimeout = realTimeout");
    assert_eq!(closed(&log).await, 1);
    assert!(run("sockets[0].closed === 1").is_truthy());
}

#[test]
async fn an_open_socket_outlives_the_connection_timeout() {
    let _fake = Fake::install();
    run("globalThis.realTimeout = setTimeout;
         globalThis.setTimeout = (f, ms) => realTimeout(f, ms === 10_000 ? 20 : ms)");
    let log = Log::default();
    let mut socket = Socket::new(log.inbox());
    open(&mut socket, 1);
    run("globalThis.setTimeout = realTimeout; sockets[0].opens('sip')");
    opened(&log).await;
    sleep(60).await;
    assert_eq!(log.len(), 0);
}

#[test]
async fn nobody_at_the_other_end_is_a_closed_socket() {
    let log = Log::default();
    let mut socket = Socket::new(log.inbox());
    // Port 1 is one that nothing in a test listens on.
    let url = "ws://127.0.0.1:1/".to_owned();
    socket.perform(SocketEffect::Open { url, generation: 3 });
    assert_eq!(closed(&log).await, 3);
}

#[test]
async fn an_url_that_is_none_is_a_closed_socket() {
    let log = Log::default();
    let mut socket = Socket::new(log.inbox());
    for (generation, url) in [(4, "not an url"), (5, "ftp://sip.invalid/"), (6, "ws://a#b")] {
        socket.perform(SocketEffect::Open { url: url.into(), generation });
        assert_eq!(closed(&log).await, generation, "{url}");
    }
}

#[test]
async fn a_dropped_socket_is_closed() {
    let _fake = Fake::install();
    let log = Log::default();
    let mut socket = Socket::new(log.inbox());
    open(&mut socket, 1);
    drop(socket);
    until("sockets[0].closed === 1").await;
    assert_eq!(log.len(), 0);
}
