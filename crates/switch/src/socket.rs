//! The WebSocket side: the listener, the handshake with its sub-protocol, keep-alives, frames.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::accept_hdr_async_with_config;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode, header};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Bytes, Message};

use crate::core::{Input, SocketId};

/// Whether new connections are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    Open,
    Paused,
    Shut,
}

const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
const CLOSE_TIME: Duration = Duration::from_millis(500);
const MAX_MESSAGE_BYTES: usize = 256 * 1024;

/// Accepts sockets until the gate is shut, and then sees them all closed.
pub(crate) async fn listen(
    listener: TcpListener,
    addr: SocketAddr,
    inputs: mpsc::UnboundedSender<Input>,
    mut gate: watch::Receiver<Gate>,
) {
    let mut listener = Some(listener);
    let mut sockets = JoinSet::new();
    let mut next_id = 0;
    loop {
        let state = *gate.borrow_and_update();
        match (state, &listener) {
            (Gate::Shut, _) => break,
            (Gate::Paused, _) => listener = None,
            (Gate::Open, Some(_)) => {}
            (Gate::Open, None) => match TcpListener::bind(addr).await {
                Ok(bound) => listener = Some(bound),
                Err(error) => {
                    tracing::warn!(%addr, %error, "cannot listen again yet");
                    sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        }
        tokio::select! {
            changed = gate.changed() => if changed.is_err() { break },
            accepted = accept(listener.as_ref()) => match accepted {
                Ok((stream, peer)) => {
                    next_id += 1;
                    sockets.spawn(serve(stream, peer, SocketId(next_id), inputs.clone()));
                }
                Err(error) => {
                    // Out of file descriptors, most likely: do not spin.
                    tracing::warn!(%error, "accept failed");
                    sleep(Duration::from_millis(100)).await;
                }
            },
            Some(_) = sockets.join_next() => {}
        }
    }
    drop(listener);
    let all_closed = async { while sockets.join_next().await.is_some() {} };
    if timeout(2 * CLOSE_TIME, all_closed).await.is_err() {
        tracing::debug!("a socket did not close in time");
    }
}

async fn accept(listener: Option<&TcpListener>) -> std::io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    id: SocketId,
    inputs: mpsc::UnboundedSender<Input>,
) {
    // SIP messages are small and each one is waited for.
    let _ = stream.set_nodelay(true);
    let limits = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE_BYTES))
        .max_frame_size(Some(MAX_MESSAGE_BYTES));
    let handshake = accept_hdr_async_with_config(stream, choose_sip, Some(limits));
    let socket = match timeout(HANDSHAKE_TIME, handshake).await {
        Ok(Ok(socket)) => socket,
        Ok(Err(error)) => return tracing::debug!(%peer, %error, "WebSocket handshake failed"),
        Err(_) => return tracing::debug!(%peer, "WebSocket handshake took too long"),
    };
    let (outgoing, to_send) = mpsc::unbounded_channel();
    if inputs.send(Input::Opened { socket: id, peer, outgoing }).is_err() {
        return;
    }
    relay(socket, id, &inputs, to_send).await;
    let _ = inputs.send(Input::Closed(id));
}

/// Browsers drop the connection when the `sip` they asked for is not chosen, and RFC 7118 §4
/// lets a server refuse whoever does not ask.
// The callback's type is tungstenite's.
#[allow(clippy::result_large_err)]
fn choose_sip(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    let offered = request.headers().get_all(header::SEC_WEBSOCKET_PROTOCOL);
    let offers_sip = offered
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|protocol| protocol.trim().eq_ignore_ascii_case("sip"));
    if offers_sip {
        let sip = HeaderValue::from_static("sip");
        response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, sip);
        Ok(response)
    } else {
        let mut refusal = ErrorResponse::new(Some(
            "this is a SIP server: ask for the WebSocket sub-protocol sip\n".into(),
        ));
        *refusal.status_mut() = StatusCode::BAD_REQUEST;
        Err(refusal)
    }
}

/// Carries messages both ways until either side closes.
async fn relay(
    socket: WebSocketStream<TcpStream>,
    id: SocketId,
    inputs: &mpsc::UnboundedSender<Input>,
    mut to_send: mpsc::UnboundedReceiver<Vec<u8>>,
) {
    let (mut sink, mut stream) = socket.split();
    loop {
        tokio::select! {
            message = to_send.recv() => match message {
                Some(bytes) => if sink.send(frame(bytes)).await.is_err() { return },
                None => break,
            },
            received = stream.next() => {
                let data: Bytes = match received {
                    Some(Ok(Message::Text(text))) => text.into(),
                    Some(Ok(Message::Binary(data))) => data,
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
                    Some(Ok(Message::Close(_))) | None => return,
                    Some(Err(error)) => {
                        return tracing::debug!(socket = id.0, %error, "socket failed");
                    }
                };
                match data.as_ref() {
                    // RFC 5626 §3.5.1.
                    b"\r\n\r\n" => if sink.send(Message::text("\r\n")).await.is_err() { return },
                    b"\r\n" => {}
                    _ => if inputs.send(Input::Received { socket: id, data }).is_err() { return },
                }
            }
        }
    }
    let farewell = async {
        sink.send(Message::Close(None)).await?;
        while stream.next().await.transpose()?.is_some() {}
        Ok::<_, tokio_tungstenite::tungstenite::Error>(())
    };
    // A peer that does not answer the close is dropped.
    let _ = timeout(CLOSE_TIME, farewell).await;
}

/// Text where the message is UTF-8, as all the usual clients expect; binary for other bodies.
fn frame(bytes: Vec<u8>) -> Message {
    match String::from_utf8(bytes) {
        Ok(text) => Message::text(text),
        Err(error) => Message::binary(error.into_bytes()),
    }
}
