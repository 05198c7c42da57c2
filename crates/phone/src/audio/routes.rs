//! The routes from sources to sinks: a pure projection of the calls and the tones.

use crate::calls::Call;
use ringlet_sip::CallId;

/// All routes, sorted and without duplicates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routes(Vec<Route>);

/// One edge of the audio graph: this source is heard at this sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// Where the sound comes from.
    pub source: Source,
    /// Where it goes.
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
    /// What somebody hears who is on hold.
    Music,
}

/// Where sound goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sink {
    /// The far end of a call. A peer without a route is sent silence, not nothing: servers end
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
    /// Somebody calls while the person talks in another call.
    Waiting,
    /// The far end alerts and sends no early media.
    RingBack,
    /// A call was answered without a person; lasts 0.5 s.
    Answered,
    /// The DTMF tone that is being sent to a far end; lasts 0.1 s.
    Dtmf(char),
    /// The far end is busy; lasts about 2 s.
    Busy,
    /// The call failed; lasts about 1 s.
    Failure,
}

impl Routes {
    /// The routes, in order.
    pub fn iter(&self) -> impl Iterator<Item = Route> {
        self.0.iter().copied()
    }

    /// Whether the source is heard at the sink.
    pub fn contains(&self, source: Source, sink: Sink) -> bool {
        self.0.contains(&Route { source, sink })
    }

    /// The tone that sounds, if any.
    pub fn tone(&self) -> Option<Tone> {
        self.0.iter().find_map(|route| match route.source {
            Source::Tone(tone) => Some(tone),
            Source::Microphone | Source::Remote(_) | Source::Music => None,
        })
    }

    /// The routes that these calls and this tone need.
    pub(super) fn of<'a>(calls: impl Iterator<Item = &'a Call>, tone: Option<Tone>) -> Self {
        let of_call = |call: &Call| {
            let far_end = Sink::Peer(call.id());
            let speaking = Route { source: Source::Microphone, sink: far_end };
            let hearing = Route { source: Source::Remote(call.id()), sink: Sink::Speaker };
            let waiting = Route { source: Source::Music, sink: far_end };
            match (call.is_held(), call.is_muted()) {
                (true, _) => [Some(waiting), None],
                (false, true) => [Some(hearing), None],
                (false, false) => [Some(hearing), Some(speaking)],
            }
        };
        let talking = calls.filter(|call| call.has_media_path()).flat_map(of_call).flatten();
        let sounding = tone.map(|tone| {
            let sink = if tone == Tone::Ring { Sink::Ringer } else { Sink::Speaker };
            Route { source: Source::Tone(tone), sink }
        });
        talking.chain(sounding).collect()
    }
}

impl FromIterator<Route> for Routes {
    fn from_iter<T: IntoIterator<Item = Route>>(routes: T) -> Self {
        let mut sorted: Vec<Route> = Vec::new();
        for route in routes {
            // A handful, put in place one by one: the library's sort would be a kilobyte of wasm.
            if let Err(at) = sorted.binary_search(&route) {
                sorted.insert(at, route);
            }
        }
        Self(sorted)
    }
}
