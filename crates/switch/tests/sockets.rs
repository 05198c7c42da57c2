//! The WebSocket itself: handshake, keep-alives, rubbish, coming and going.

mod support;

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use ringlet_switch::{Config, Error, Switch};
use support::{Client, PATIENCE, start};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

#[tokio::test]
async fn a_client_that_does_not_ask_for_sip_is_refused() {
    let switch = start().await;
    for protocol in [None, Some("chat"), Some("sipx")] {
        let mut request = switch.url().into_client_request().unwrap();
        if let Some(protocol) = protocol {
            request.headers_mut().insert("Sec-WebSocket-Protocol", protocol.parse().unwrap());
        }
        let stream = TcpStream::connect(switch.addr()).await.unwrap();
        let error = tokio_tungstenite::client_async(request, stream).await.unwrap_err();
        assert!(error.to_string().contains("400"), "{protocol:?}: {error}");
    }
    switch.shutdown().await;
}

#[tokio::test]
async fn a_crlf_ping_gets_a_pong_in_text_and_in_binary() {
    let switch = start().await;
    let mut client = Client::connect(&switch, 1).await;
    client.send("\r\n\r\n").await;
    assert_eq!(client.receive().await.0, "\r\n");
    client.socket.send(Message::binary(b"\r\n\r\n".as_slice())).await.unwrap();
    assert_eq!(client.receive().await.0, "\r\n");
    switch.shutdown().await;
}

#[tokio::test]
async fn rubbish_is_dropped_and_the_next_message_is_understood() {
    let switch = start().await;
    let mut client = Client::connect(&switch, 1).await;
    let good = client.register_text(1, "");
    let rubbish = [
        "",
        "\r\n",
        "hello",
        "\u{0}\u{fffd}\r\n\r\n",
        "INVITE\r\n\r\n",
        "SIP/2.0 banana\r\n\r\n",
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/WS x;branch=z9hG4bKunknown\r\nFrom: <sip:a@b>\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n",
        &good.replace("Via: SIP/2.0/WS ", "Via: "),
        &good.replace("Content-Length: 0", "Content-Length: 99999999999999999999"),
        &good.replace("From: <", "From: "),
        &good.replace("CSeq: 1 ", "CSeq: -1 "),
        &good[..good.len() / 2],
    ];
    for text in rubbish {
        client.send(text).await;
    }
    client
        .socket
        .send(Message::binary(vec![0xff, 0xfe, b'\r', b'\n', b'\r', b'\n']))
        .await
        .unwrap();
    client.assert_silence().await;
    assert_eq!(client.register("MD5", 60).await.code(), 200);
    switch.shutdown().await;
}

#[tokio::test]
async fn options_are_answered_and_what_is_not_spoken_is_refused_with_allow() {
    let switch = start().await;
    let mut client = Client::connect(&switch, 1).await;
    let register = client.register_text(1, "");
    for (method, code) in [("OPTIONS", 200), ("SUBSCRIBE", 405), ("BYE", 405)] {
        client.send(register.replace("REGISTER", method)).await;
        let answer = client.receive_code(code).await;
        assert!(answer.header("Allow").contains("INVITE"));
        assert!(answer.header("Via").contains(";received=127.0.0.1"));
    }
    client.send(register.replace("Max-Forwards: 70", "Max-Forwards: 0")).await;
    client.receive_code(483).await;
    switch.shutdown().await;
}

#[tokio::test]
async fn a_kicked_client_may_come_back_and_a_paused_switch_refuses_until_resumed() {
    let switch = start().await;
    let mut client = Client::connect(&switch, 1).await;
    switch.kick();
    assert_closed(&mut client).await;

    let mut client = Client::connect(&switch, 1).await;
    switch.pause();
    assert_closed(&mut client).await;
    let refused = async { while TcpStream::connect(switch.addr()).await.is_ok() {} };
    timeout(PATIENCE, refused).await.expect("the port closes");

    switch.resume();
    let accepted = async {
        while TcpStream::connect(switch.addr()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, accepted).await.expect("the port opens");
    Client::registered(&switch, 1).await;
    switch.shutdown().await;
}

#[tokio::test]
async fn a_shut_down_switch_closes_its_sockets_and_frees_its_port() {
    let switch = start().await;
    let addr = switch.addr();
    let mut client = Client::registered(&switch, 1).await;
    let closing = tokio::spawn(switch.shutdown());
    assert_closed(&mut client).await;
    timeout(PATIENCE, closing).await.expect("shutdown ends").unwrap();
    let again = Switch::start(Config { listen: addr, ..Config::demo() }).await.unwrap();
    Client::registered(&again, 1).await;
    let second = Switch::start(Config { listen: addr, ..Config::demo() }).await;
    assert!(matches!(second, Err(Error::Listen { address, .. }) if address == addr));
    again.shutdown().await;
}

#[tokio::test]
async fn a_domain_that_could_break_a_header_is_refused() {
    for domain in ["", "a\r\nb", "a b", "\"x\""] {
        let config = Config { domain: domain.into(), ..Config::demo() };
        assert!(matches!(Switch::start(config).await, Err(Error::Domain(_))), "{domain:?}");
    }
}

async fn assert_closed(client: &mut Client) {
    let end = async { while let Some(Ok(_)) = client.socket.next().await {} };
    timeout(PATIENCE, end).await.expect("the socket closes");
}
