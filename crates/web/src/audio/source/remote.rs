//! The far ends' voices.

use ringlet_phone::CallId;
use web_sys::MediaStreamTrack;

/// The track that arrives in each call. A handful at most, so a list does.
#[derive(Default)]
pub(in crate::audio) struct Remotes(Vec<(CallId, MediaStreamTrack)>);

impl Remotes {
    pub(in crate::audio) fn track(&self, call: CallId) -> Option<MediaStreamTrack> {
        // Not the track's own `clone()`, which would make a second one.
        self.0.iter().find(|(of, _)| *of == call).map(|(_, track)| Clone::clone(track))
    }

    /// False when it is the track that is there already: every negotiation tells it again.
    pub(in crate::audio) fn insert(&mut self, call: CallId, track: MediaStreamTrack) -> bool {
        if self.0.iter().any(|(of, known)| *of == call && *known == track) {
            return false;
        }
        self.remove(call);
        self.0.push((call, track));
        true
    }

    pub(in crate::audio) fn remove(&mut self, call: CallId) {
        self.0.retain(|(of, _)| *of != call);
    }
}
