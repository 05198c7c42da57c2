//! What the browser tells of a call.

/// What the browser has counted in a call (W3C WebRTC Statistics), with the field it comes from.
/// `None` is what it does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// RTP packets that have arrived since the call began (`packetsReceived`).
    pub received: Option<u64>,
    /// RTP packets that have not, as far as later ones prove it (`packetsLost`). It goes down when
    /// one arrives twice.
    pub lost: Option<i64>,
    /// Interarrival jitter now (RFC 3550 section 6.4.1), in milliseconds (`jitter`).
    pub jitter: Option<f64>,
    /// From here to the far end and back, in milliseconds (`roundTripTime`; where the far end sends
    /// no reports, `currentRoundTripTime` of the ICE pair).
    pub round_trip: Option<f64>,
    /// The level of the far end's voice, from 0 to 1 (`audioLevel` of `inbound-rtp`).
    pub heard: Option<f64>,
    /// The level of the microphone, from 0 to 1 (`audioLevel` of `media-source`).
    pub spoken: Option<f64>,
}
