//! The far end of a call.

use crate::audio::source::Output;
use crate::audio::{Capture, Edge};
use crate::crash::{self, Held};
use std::rc::Rc;
use web_sys::{MediaStream, MediaStreamTrack, RtcRtpSender};

/// What is sent to one far end: a copy of a track, so that one call's mute is not another's. It
/// sends silence while it has no edge, not nothing: servers end calls whose RTP stops.
pub(in crate::audio) struct Peer {
    sender: RtcRtpSender,
    /// What `sent` is a copy of.
    original: MediaStreamTrack,
    sent: MediaStreamTrack,
    held: Held,
    _microphone: Rc<Capture>,
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
        Some(Self { sender, original, sent, held, _microphone: microphone })
    }

    pub(in crate::audio) fn connect(&mut self, output: Output) -> Option<Box<dyn Edge>> {
        match output {
            Output::Track(track) => {
                if track != self.original {
                    self.replace(track);
                }
                self.sent.set_enabled(true);
                Some(Box::new(Sending(Clone::clone(&self.sent))))
            }
            // The phone plays nothing to a far end yet.
            Output::Node(_) => None,
        }
    }

    fn replace(&mut self, original: MediaStreamTrack) {
        self.sent.stop();
        self.sent = silent_copy(&original);
        self.held = crash::hold(&self.sent);
        self.original = original;
        // Rejected only when the connection is closed, and nothing is sent any more.
        let _replaced = self.sender.replace_track(Some(&self.sent));
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

/// A track that is heard by the far end until this is dropped.
struct Sending(MediaStreamTrack);

impl Edge for Sending {}

impl Drop for Sending {
    fn drop(&mut self) {
        self.0.set_enabled(false);
    }
}
