//! Which source is heard where.

use crate::call::Call;
use ringlet_sip::CallId;

/// The edges of the audio graph, sorted and without duplicates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routes(Vec<Route>);

/// One edge of the audio graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// What is heard.
    pub source: Source,
    /// Where.
    pub sink: Sink,
}

/// Where sound comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The person in front of the phone.
    Microphone,
    /// The far end of a call.
    Remote(CallId),
    /// A sound the phone makes by itself, from its beginning.
    Tone(Tone),
}

/// Where sound goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sink {
    /// The far end of a call. A peer without an edge is sent silence, not nothing: servers end
    /// calls whose RTP stops.
    Peer(CallId),
    /// What the person listens to in a call.
    Speaker,
    /// What the person is called with.
    Ringer,
}

/// A sound the phone makes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Somebody calls.
    Ring,
    /// The far end alerts and sends no early media.
    RingBack,
    /// The far end is busy; lasts about 2 s.
    Busy,
    /// The call failed; lasts about 1 s.
    Failure,
}

impl Routes {
    /// All edges, in order.
    pub fn iter(&self) -> impl Iterator<Item = Route> {
        self.0.iter().copied()
    }

    /// Whether this edge is there.
    pub fn contains(&self, source: Source, sink: Sink) -> bool {
        self.0.contains(&Route { source, sink })
    }

    /// The tone that sounds, if any.
    pub fn tone(&self) -> Option<Tone> {
        self.0.iter().find_map(|route| match route.source {
            Source::Tone(tone) => Some(tone),
            Source::Microphone | Source::Remote(_) => None,
        })
    }

    /// What is to be connected for these calls and this tone.
    pub(crate) fn of<'a>(calls: impl Iterator<Item = &'a Call>, tone: Option<Tone>) -> Self {
        let talking = calls.filter(|call| call.has_media_path() && !call.held).flat_map(|call| {
            let speaking = (!call.muted)
                .then_some(Route { source: Source::Microphone, sink: Sink::Peer(call.id) });
            let hearing = Route { source: Source::Remote(call.id), sink: Sink::Speaker };
            speaking.into_iter().chain([hearing])
        });
        let sounding = tone.map(|tone| {
            let sink = if tone == Tone::Ring { Sink::Ringer } else { Sink::Speaker };
            Route { source: Source::Tone(tone), sink }
        });
        let mut routes: Vec<Route> = talking.chain(sounding).collect();
        routes.sort_unstable();
        routes.dedup();
        Self(routes)
    }
}

impl FromIterator<Route> for Routes {
    fn from_iter<T: IntoIterator<Item = Route>>(routes: T) -> Self {
        let mut routes: Vec<Route> = routes.into_iter().collect();
        routes.sort_unstable();
        routes.dedup();
        Self(routes)
    }
}
