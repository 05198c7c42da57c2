//! One call's peer connection.

use super::candidates::Kind;
use crate::audio::{Capture, FarEnd, Graph, replace};
use crate::crash::{self, Held};
use crate::driver::Inbox;
use gloo_events::EventListener;
use js_sys::{Array, Function, Promise};
use ringlet_contract::config::IceServer;
use ringlet_phone::{CallId, Input, PeerConfig, PeerInput};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    RtcConfiguration, RtcIceServer, RtcPeerConnection, RtcPeerConnectionState, RtcRtpSender,
    RtcRtpTransceiver, RtcRtpTransceiverDirection, RtcTrackEvent,
};

/// A browser's peer connection, which is closed when this is dropped.
pub(super) struct Owned {
    connection: RtcPeerConnection,
    best_kind: Kind,
    _held: Held,
}

impl Owned {
    pub(super) fn open(ice_servers: &[IceServer]) -> Result<Self, JsValue> {
        let connection = RtcPeerConnection::new_with_configuration(&configuration(ice_servers))?;
        let best_kind = Kind::wanted(ice_servers);
        Ok(Self { _held: crash::hold(&connection), connection, best_kind })
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        self.connection.close();
    }
}

/// One call's peer connection; dropping it closes it, takes its far end out of the audio graph
/// and gives the microphone back.
pub(super) struct Connection {
    call: CallId,
    owned: Owned,
    config: Rc<PeerConfig>,
    far_end: Rc<FarEnd>,
    closed: Closed,
    _listeners: [EventListener; 2],
}

/// A promise that resolves when the connection is dropped.
struct Closed {
    promise: Promise,
    resolve: Option<Function>,
}

impl Closed {
    fn new() -> Self {
        let mut made = None;
        let promise = Promise::new(&mut |resolve, _| made = Some(resolve));
        Self { promise, resolve: made }
    }
}

impl Connection {
    pub(super) fn new(
        call: CallId,
        owned: Owned,
        config: Rc<PeerConfig>,
        graph: Rc<Graph>,
        inbox: &Inbox<Input>,
    ) -> Rc<Self> {
        let connection = &owned.connection;
        let far_end = Rc::new(FarEnd::new(call, graph));
        Rc::new(Self {
            call,
            _listeners: [
                watch_state(connection, call, inbox.clone()),
                watch_tracks(connection, far_end.clone()),
            ],
            owned,
            config,
            far_end,
            closed: Closed::new(),
        })
    }

    pub(super) fn call(&self) -> CallId {
        self.call
    }

    pub(super) fn connection(&self) -> &RtcPeerConnection {
        &self.owned.connection
    }

    /// What it was made with.
    pub(super) fn config(&self) -> &Rc<PeerConfig> {
        &self.config
    }

    /// The best kind of candidate that its ICE servers can give.
    pub(super) fn best_kind(&self) -> Kind {
        self.owned.best_kind
    }

    /// Settles as `promise` does, or when this is dropped: a connection that was closed leaves
    /// its promises pending for ever.
    pub(super) fn unless_closed(&self, promise: &Promise) -> Promise {
        Promise::race(&Array::of2(promise, &self.closed.promise))
    }

    pub(super) fn has_microphone(&self) -> bool {
        self.far_end.is_fed()
    }

    /// Sends the microphone to the far end, as the audio graph says.
    pub(super) fn attach(&self, microphone: Rc<Capture>) {
        // A second one, of an operation that overtook another, is not needed.
        if !self.has_microphone() {
            self.far_end.feed(microphone, |track, stream| match self.waiting_sender() {
                Some(sender) => {
                    replace(&sender, track);
                    sender
                }
                None => self.connection().add_track_0(track, stream),
            });
        }
    }

    /// Sees to it that audio is negotiated before there is any to send.
    pub(super) fn reserve_audio(&self) {
        if self.audio_transceivers().next().is_none() {
            self.connection().add_transceiver_with_str("audio");
        }
    }

    /// What was negotiated before there was audio to send.
    fn waiting_sender(&self) -> Option<RtcRtpSender> {
        let sender = self.audio_transceivers().next()?.sender();
        sender.track().is_none().then_some(sender)
    }

    pub(super) fn audio_transceivers(&self) -> impl Iterator<Item = RtcRtpTransceiver> {
        let all = self.connection().get_transceivers().into_iter();
        all.map(JsCast::unchecked_into).filter(|transceiver: &RtcRtpTransceiver| {
            transceiver.receiver().track().kind() == "audio"
        })
    }

    /// Whether the next description shall say that this side holds the call (RFC 3264 section
    /// 8.4). The browser makes `sendonly` into `inactive` by itself where the far end holds too.
    pub(super) fn set_held(&self, held: bool) {
        let direction = if held {
            RtcRtpTransceiverDirection::Sendonly
        } else {
            RtcRtpTransceiverDirection::Sendrecv
        };
        for transceiver in self.connection().get_transceivers() {
            let transceiver: RtcRtpTransceiver = transceiver.unchecked_into();
            if transceiver.direction() != direction {
                transceiver.set_direction(direction);
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(resolve) = &self.closed.resolve {
            // A promise's own `resolve` does not throw.
            resolve.call0(&JsValue::UNDEFINED).ok();
        }
    }
}

fn configuration(ice_servers: &[IceServer]) -> RtcConfiguration {
    let servers: Array = ice_servers.iter().map(ice_server).collect();
    let configuration = RtcConfiguration::new();
    configuration.set_ice_servers(&servers);
    // The bundle policy stays the browser's own: with `max-bundle` it refuses every description
    // without a BUNDLE group, which is what rtpengine and most gateways write for plain RTP.
    configuration
}

fn ice_server(from: &IceServer) -> RtcIceServer {
    let server = RtcIceServer::new();
    let urls: Array = from.urls.iter().map(|url| JsValue::from_str(url)).collect();
    server.set_urls(&urls);
    if let Some(username) = &from.username {
        server.set_username(username);
    }
    if let Some(credential) = &from.credential {
        server.set_credential(credential);
    }
    server
}

fn watch_state(connection: &RtcPeerConnection, call: CallId, inbox: Inbox<Input>) -> EventListener {
    let watched = connection.clone();
    EventListener::new(connection, "connectionstatechange", move |_| {
        match watched.connection_state() {
            RtcPeerConnectionState::Connected => {
                inbox.push(Input::Peer(PeerInput::Connected(call)));
            }
            RtcPeerConnectionState::Failed => inbox.push(Input::Peer(PeerInput::Failed(call))),
            // `disconnected` mends itself, or becomes `failed`; the others are of our own making.
            _ => {}
        }
    })
}

fn watch_tracks(connection: &RtcPeerConnection, far_end: Rc<FarEnd>) -> EventListener {
    EventListener::new(connection, "track", move |event| {
        let track = event.unchecked_ref::<RtcTrackEvent>().track();
        // A far end that offers video sends none, and is not heard by way of it.
        if track.kind() == "audio" {
            far_end.hear(track);
        }
    })
}
