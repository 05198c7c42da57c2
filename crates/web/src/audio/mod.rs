//! The audio graph: which source is heard at which sink.
//!
//! The phone hands over the whole graph as one value, [`Routes`]. [`routes`] compares it with what
//! is connected, disconnects what is no longer wanted, and connects what is missing as soon as both
//! ends exist: a track may arrive long after the phone asked for it, or go before.
//!
//! A [`source`] gives an [`Output`], a [`sink`] takes one and returns an [`Edge`], which
//! disconnects the two when it is dropped. No source knows a sink.
//!
//! A call's microphone and far end are plain tracks: no Web Audio node stands in their way. The one
//! [`AudioContext`](web_sys::AudioContext) is made with the first sound that needs it.
//!
//! # Adding to it
//!
//! - **A source** (music, a clip): a file in `source/` that returns an [`Output`], and its arm in
//!   [`Graph::output`]. What is synthesised or decoded is an [`Output::Node`].
//! - **A sink** (a recorder, a ringer on a loudspeaker of its own): a file in `sink/` that takes
//!   an [`Output`], and its arm in [`Graph::connect`].
//! - **More than one source for one far end** (a conference, music under a voice): `sink/peer.rs`
//!   connects them to a `MediaStreamAudioDestinationNode` and sends its track. One microphone for
//!   one peer stays as it is.

mod context;
mod devices;
mod permission;
mod routes;
mod sink;
mod source;

pub use source::microphone::failure;

pub(crate) use sink::peer::replace;
pub(crate) use source::microphone::{Capture, Microphone};

use crate::driver::Inbox;
use context::Context;
use permission::Permission;
use ringlet_phone::{
    AudioEffect, AudioInput, CallId, DevicesInUse, Input, Route, Routes, Sink, Source,
};
use routes::Edges;
use source::Output;
use source::remote::Remotes;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::{MediaStreamTrack, RtcRtpSender};

/// Something is heard somewhere; dropping it ends that.
trait Edge {
    /// Plays what the browser refused to play, inside the press that the person just made.
    fn unlock(&self) {}
}

/// The microphone, the loudspeaker and the tones.
pub struct Audio {
    inbox: Inbox<Input>,
    graph: Rc<Graph>,
}

impl Audio {
    /// A silent graph, which touches nothing of the browser yet.
    pub fn new(inbox: Inbox<Input>) -> Self {
        let graph = Rc::new(Graph {
            context: Context::new(inbox.clone()),
            inbox: inbox.clone(),
            microphone: Microphone::default(),
            permission: Permission::default(),
            watch: devices::Watch::default(),
            state: RefCell::default(),
        });
        Self { inbox, graph }
    }

    /// Carries out one effect.
    pub fn perform(&mut self, effect: AudioEffect) {
        match effect {
            AudioEffect::Route(routes) => self.graph.route(routes),
            AudioEffect::ProbeMicrophone => self.probe(),
            AudioEffect::Unlock => self.graph.unlock(),
            AudioEffect::UseDevices(in_use) => self.graph.use_devices(in_use),
        }
    }

    pub(crate) fn graph(&self) -> Rc<Graph> {
        self.graph.clone()
    }

    fn probe(&self) {
        let asked = self.graph.microphone.ask();
        let inbox = self.inbox.clone();
        spawn_local(async move {
            let (capture, result) = match asked {
                Ok(capture) => {
                    let opened = capture.opened().await;
                    (Some(capture), opened)
                }
                Err(error) => (None, Err(error)),
            };
            // A call that is answered now takes the microphone over while it is still on.
            inbox.push(Input::Audio(AudioInput::Microphone(result)));
            drop(capture);
        });
    }
}

/// The sources and sinks there are, and the edges between them.
pub(crate) struct Graph {
    inbox: Inbox<Input>,
    context: Context,
    microphone: Microphone,
    permission: Permission,
    watch: devices::Watch,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    wanted: Routes,
    edges: Edges,
    remotes: Remotes,
    /// A handful at most, so a list does.
    peers: Vec<(CallId, sink::peer::Peer)>,
    in_use: DevicesInUse,
}

impl Graph {
    pub(crate) fn microphone(&self) -> &Microphone {
        &self.microphone
    }

    /// Whether the microphone may be used without asking.
    pub(crate) fn permission(&self) -> &Permission {
        &self.permission
    }

    /// Tells which devices there are from now on. The microphone that is open is opened anew when it was
    /// pulled out: the browser has another default then.
    pub(crate) fn watch_devices(self: &Rc<Self>) {
        let graph = Rc::downgrade(self);
        let changed = move || {
            if let Some(graph) = graph.upgrade().filter(|graph| graph.microphone.was_pulled_out()) {
                graph.reopen_microphone();
            }
        };
        self.watch.tell(self.inbox.clone(), Rc::new(changed));
    }

    fn use_devices(self: &Rc<Self>, in_use: DevicesInUse) {
        let before = std::mem::replace(&mut self.state.borrow_mut().in_use, in_use.clone());
        if before.microphone != in_use.microphone {
            self.microphone.choose(in_use.microphone);
            self.reopen_microphone();
        }
        if before.speaker != in_use.speaker || before.ringer != in_use.ringer {
            self.reconnect(|route| matches!(route.sink, Sink::Speaker | Sink::Ringer));
        }
    }

    /// Opens another microphone for those that have one, if anybody has. They keep the old one when the
    /// new one cannot be opened.
    fn reopen_microphone(self: &Rc<Self>) {
        let Some(before) = self.microphone.current() else { return };
        let Ok(capture) = self.microphone.ask_anew() else { return };
        let graph = self.clone();
        spawn_local(async move {
            let opened = capture.opened().await;
            if !graph.microphone.is(&capture) {
                return;
            }
            if opened.is_err() {
                return graph.microphone.put_back(&before);
            }
            {
                let State { edges, peers, .. } = &mut *graph.state.borrow_mut();
                edges.cut(|route| matches!(route.sink, Sink::Peer(_)));
                peers.iter_mut().for_each(|(_, peer)| peer.feed(&capture));
            }
            graph.settle();
        });
    }

    fn route(&self, wanted: Routes) {
        self.state.borrow_mut().wanted = wanted;
        self.settle();
    }

    fn unlock(&self) {
        self.state.borrow().edges.unlock();
        self.context.unlock();
    }

    /// Connects anew what is connected to these ends; they are gone, or are others now.
    fn reconnect(&self, changed: impl Fn(Route) -> bool) {
        self.state.borrow_mut().edges.cut(changed);
        self.settle();
    }

    /// Makes the edges those that are wanted, as far as their ends exist.
    fn settle(&self) {
        let State { wanted, edges, remotes, peers, in_use } = &mut *self.state.borrow_mut();
        edges.settle(wanted, |route| {
            let output = self.output(route.source, remotes)?;
            self.connect(output, route.sink, peers, in_use)
        });
    }

    fn output(&self, source: Source, remotes: &Remotes) -> Option<Output> {
        match source {
            Source::Microphone => self.microphone.track().map(Output::Track),
            Source::Remote(call) => remotes.track(call).map(Output::Track),
            // Where there is no Web Audio the phone is silent, and everything else works.
            Source::Tone(tone) => source::tone::play(&self.context, tone).ok().map(Output::Node),
            Source::Music => source::music::play(&self.context).ok().map(Output::Node),
        }
    }

    fn connect(
        &self,
        output: Output,
        sink: Sink,
        peers: &mut [(CallId, sink::peer::Peer)],
        in_use: &DevicesInUse,
    ) -> Option<Box<dyn Edge>> {
        match sink {
            Sink::Peer(call) => {
                let (_, peer) = peers.iter_mut().find(|(of, _)| *of == call)?;
                peer.connect(output, &self.context)
            }
            Sink::Speaker => sink::speaker::connect(
                output,
                &self.context,
                in_use.speaker.as_deref(),
                &self.inbox,
            ),
            Sink::Ringer => {
                sink::speaker::connect(output, &self.context, in_use.ringer.as_deref(), &self.inbox)
            }
        }
    }
}

/// The ends that one call has in the graph: the source that is its far end's voice, and the sink
/// that is its far end's ear. Dropping it takes both out.
pub(crate) struct FarEnd {
    call: CallId,
    graph: Rc<Graph>,
}

impl FarEnd {
    pub(crate) fn new(call: CallId, graph: Rc<Graph>) -> Self {
        Self { call, graph }
    }

    /// What the far end sends is this track from now on.
    pub(crate) fn hear(&self, track: MediaStreamTrack) {
        if self.graph.state.borrow_mut().remotes.insert(self.call, track) {
            let source = Source::Remote(self.call);
            self.graph.reconnect(|route| route.source == source);
        }
    }

    /// Whether there is something to send already.
    pub(crate) fn is_fed(&self) -> bool {
        self.graph.state.borrow().peers.iter().any(|(call, _)| *call == self.call)
    }

    /// Sends the microphone by way of what `add` makes of its track and stream; silence, until
    /// the graph has an edge.
    pub(crate) fn feed(
        &self,
        capture: Rc<Capture>,
        add: impl FnOnce(&MediaStreamTrack, &web_sys::MediaStream) -> RtcRtpSender,
    ) {
        let Some(peer) = sink::peer::Peer::new(capture, add) else { return };
        self.graph.state.borrow_mut().peers.push((self.call, peer));
        self.graph.settle();
    }
}

impl Drop for FarEnd {
    fn drop(&mut self) {
        let call = self.call;
        let mut state = self.graph.state.borrow_mut();
        state
            .edges
            .cut(|route| route.source == Source::Remote(call) || route.sink == Sink::Peer(call));
        state.remotes.remove(call);
        state.peers.retain(|(of, _)| *of != call);
    }
}
