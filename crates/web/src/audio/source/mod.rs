//! Where sound comes from.

pub(super) mod microphone;
pub(super) mod music;
pub(super) mod remote;
pub(super) mod tone;

use super::Edge;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;
use web_sys::{AudioNode, AudioScheduledSourceNode, MediaStreamTrack};

/// What a source gives to a sink.
pub(super) enum Output {
    /// A live track. It belongs to the source: a sink that changes it takes a copy.
    Track(MediaStreamTrack),
    /// A node that plays, of the one audio context.
    Node(Player),
}

/// A node that plays from now until it is dropped.
pub(super) struct Player {
    node: AudioScheduledSourceNode,
    /// Tells if the context is locked; nobody is told of a sound that is over.
    _locked: Option<Timeout>,
}

impl Player {
    fn start(node: AudioScheduledSourceNode, locked: Option<Timeout>) -> Result<Self, JsValue> {
        node.start()?;
        Ok(Self { node, _locked: locked })
    }

    pub(super) fn node(&self) -> &AudioNode {
        &self.node
    }
}

impl Edge for Player {}

impl Drop for Player {
    fn drop(&mut self) {
        self.node.stop().ok();
        self.node.disconnect().ok();
    }
}
