//! One call's peer connection, its microphone, and where its far end is heard.

use super::microphone::Microphone;
use crate::driver::Inbox;
use crate::js;
use gloo_events::EventListener;
use js_sys::{Array, Function, Promise};
use ringlet_contract::config::IceServer;
use ringlet_phone::{CallId, Input, MediaInput};
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    HtmlAudioElement, MediaStream, RtcConfiguration, RtcIceServer, RtcPeerConnection,
    RtcPeerConnectionState, RtcRtpTransceiver, RtcRtpTransceiverDirection, RtcTrackEvent,
};

/// One call's media; dropping it closes the connection and lets the microphone go.
pub(super) struct Peer {
    call: CallId,
    connection: RtcPeerConnection,
    speaker: HtmlAudioElement,
    microphone: OnceCell<Microphone>,
    muted: Cell<bool>,
    /// This side holds the call: nothing is heard, and the microphone is silent.
    held: Cell<bool>,
    inbox: Inbox<Input>,
    closed: Closed,
    _listeners: [EventListener; 2],
}

/// A promise that resolves when the peer is dropped.
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

impl Peer {
    pub(super) fn new(
        call: CallId,
        ice_servers: &[IceServer],
        inbox: &Inbox<Input>,
    ) -> Result<Rc<Self>, JsValue> {
        let connection = RtcPeerConnection::new_with_configuration(&configuration(ice_servers))?;
        let speaker = HtmlAudioElement::new()?;
        Ok(Rc::new(Self {
            call,
            _listeners: [
                watch_state(&connection, call, inbox.clone()),
                watch_tracks(&connection, &speaker, inbox.clone()),
            ],
            connection,
            speaker,
            microphone: OnceCell::new(),
            muted: Cell::new(false),
            held: Cell::new(false),
            inbox: inbox.clone(),
            closed: Closed::new(),
        }))
    }

    pub(super) fn call(&self) -> CallId {
        self.call
    }

    pub(super) fn connection(&self) -> &RtcPeerConnection {
        &self.connection
    }

    /// Settles as `promise` does, or when this peer is dropped: a connection that was closed
    /// leaves its promises pending for ever.
    pub(super) fn unless_closed(&self, promise: &Promise) -> Promise {
        Promise::race(&Array::of2(promise, &self.closed.promise))
    }

    pub(super) fn has_microphone(&self) -> bool {
        self.microphone.get().is_some()
    }

    /// Sends the microphone to the far end from now on.
    pub(super) fn attach(&self, microphone: Microphone) {
        microphone.set_enabled(!self.muted.get() && !self.held.get());
        for track in microphone.tracks() {
            self.connection.add_track_0(&track, microphone.stream());
        }
        // A second one, of an operation that overtook another, is let go at once.
        self.microphone.set(microphone).ok();
    }

    pub(super) fn set_muted(&self, muted: bool) {
        self.muted.set(muted);
        self.silence();
    }

    /// Whether the next description shall say that this side holds the call (RFC 3264 section
    /// 8.4). The browser makes `sendonly` into `inactive` by itself where the far end holds too.
    pub(super) fn set_held(&self, held: bool) {
        self.held.set(held);
        self.silence();
        let direction = if held {
            RtcRtpTransceiverDirection::Sendonly
        } else {
            RtcRtpTransceiverDirection::Sendrecv
        };
        for transceiver in self.connection.get_transceivers() {
            let transceiver: RtcRtpTransceiver = transceiver.unchecked_into();
            if transceiver.direction() != direction {
                transceiver.set_direction(direction);
            }
        }
    }

    fn silence(&self) {
        if let Some(microphone) = self.microphone.get() {
            microphone.set_enabled(!self.muted.get() && !self.held.get());
        }
    }

    /// Makes the far end heard, if it is not already.
    pub(super) fn play(&self) {
        if self.speaker.src_object().is_some() {
            play(&self.speaker, self.inbox.clone());
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.speaker.pause().ok();
        self.speaker.set_src_object(None);
        self.connection.close();
        if let Some(resolve) = &self.closed.resolve {
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
                inbox.push(Input::Media(MediaInput::Connected(call)));
            }
            RtcPeerConnectionState::Failed => inbox.push(Input::Media(MediaInput::Failed(call))),
            // `disconnected` mends itself, or becomes `failed`; the others are of our own making.
            _ => {}
        }
    })
}

fn watch_tracks(
    connection: &RtcPeerConnection,
    speaker: &HtmlAudioElement,
    inbox: Inbox<Input>,
) -> EventListener {
    let speaker = speaker.clone();
    EventListener::new(connection, "track", move |event| {
        let event: &RtcTrackEvent = event.unchecked_ref();
        // SDP without `msid`, as most SIP servers write it, makes a track without a stream.
        let stream = match event.streams().get(0).dyn_into::<MediaStream>() {
            Ok(stream) => Some(stream),
            Err(_) => MediaStream::new().ok().inspect(|stream| stream.add_track(&event.track())),
        };
        speaker.set_src_object(stream.as_ref());
        play(&speaker, inbox.clone());
    })
}

fn play(speaker: &HtmlAudioElement, inbox: Inbox<Input>) {
    let Ok(playing) = speaker.play() else { return };
    spawn_local(async move {
        // Any other failure means that the call was closed, or the stream replaced, meanwhile.
        if let Err(thrown) = JsFuture::from(playing).await
            && js::error_name(&thrown) == "NotAllowedError"
        {
            inbox.push(Input::Media(MediaInput::AudioLocked));
        }
    });
}
