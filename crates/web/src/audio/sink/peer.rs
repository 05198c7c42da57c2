//! The far end of a call.

use crate::audio::context::Context;
use crate::audio::source::{Output, Player};
use crate::audio::{Capture, Edge};
use crate::crash::{self, Held};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{MediaStream, MediaStreamAudioDestinationNode, MediaStreamTrack, RtcRtpSender};

/// What is sent to one far end: a copy of a track, so that one call's mute is not another's. It
/// sends silence while it has no edge, not nothing: servers end calls whose RTP stops.
pub(in crate::audio) struct Peer {
    sender: RtcRtpSender,
    /// What `sent` is a copy of.
    original: MediaStreamTrack,
    sent: MediaStreamTrack,
    held: Held,
    /// Keeps it open.
    microphone: Rc<Capture>,
}

impl Peer {
    /// `None` when the microphone has no track, which an open one has.
    pub(in crate::audio) fn new(
        microphone: Rc<Capture>,
        add: impl FnOnce(&MediaStreamTrack, &MediaStream) -> RtcRtpSender,
    ) -> Option<Self> {
        let original = microphone.track()?;
        let sent = silent_copy(&original);
        let held = crash::hold(&sent);
        let sender = add(&sent, microphone.stream()?);
        Some(Self { sender, original, sent, held, microphone })
    }

    pub(in crate::audio) fn connect(
        &mut self,
        output: Output,
        context: &Context,
    ) -> Option<Box<dyn Edge>> {
        match output {
            Output::Track(track) => {
                if track != self.original {
                    self.replace(track);
                }
                self.sent.set_enabled(true);
                Some(Box::new(Sending(Clone::clone(&self.sent))))
            }
            Output::Node(player) => {
                // Where there is no Web Audio the far end hears silence.
                let ear = MediaStreamAudioDestinationNode::new(context.get().ok()?).ok()?;
                player.node().connect_with_audio_node(&ear).ok()?;
                let track: MediaStreamTrack =
                    ear.stream().get_audio_tracks().get(0).dyn_into().ok()?;
                replace(&self.sender, &track);
                Some(Box::new(Playing {
                    sender: self.sender.clone(),
                    microphone: Clone::clone(&self.sent),
                    _player: player,
                }))
            }
        }
    }

    /// Sends another microphone; silence, until it has an edge again.
    pub(in crate::audio) fn feed(&mut self, microphone: &Rc<Capture>) {
        if let Some(track) = microphone.track() {
            self.replace(track);
            self.microphone = microphone.clone();
        }
    }

    fn replace(&mut self, original: MediaStreamTrack) {
        self.sent.stop();
        self.sent = silent_copy(&original);
        self.held = crash::hold(&self.sent);
        self.original = original;
        replace(&self.sender, &self.sent);
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.sent.stop();
    }
}

fn silent_copy(track: &MediaStreamTrack) -> MediaStreamTrack {
    // The track's own `clone()`, which makes a second track; `Clone::clone` is the same one.
    let copy = MediaStreamTrack::clone(track);
    copy.set_enabled(false);
    copy
}

/// Makes the sender send this track.
pub(crate) fn replace(sender: &RtcRtpSender, track: &MediaStreamTrack) {
    let replaced = JsFuture::from(sender.replace_track(Some(track)));
    // Rejected only when the connection is closed, and nothing is sent any more.
    spawn_local(async move { drop(replaced.await) });
}

/// A node that is heard by the far end, in place of the microphone, until this is dropped.
struct Playing {
    sender: RtcRtpSender,
    microphone: MediaStreamTrack,
    _player: Player,
}

impl Edge for Playing {}

impl Drop for Playing {
    fn drop(&mut self) {
        replace(&self.sender, &self.microphone);
    }
}

/// A track that is heard by the far end until this is dropped.
struct Sending(MediaStreamTrack);

impl Edge for Sending {}

impl Drop for Sending {
    fn drop(&mut self) {
        self.0.set_enabled(false);
    }
}
