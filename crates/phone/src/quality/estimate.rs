//! What a person would make of what was heard: the mean opinion score (MOS, ITU-T P.800.1), from 1,
//! bad, to 4.4, the best there is on the telephone.
//!
//! The E-model (ITU-T G.107) with everything at its default that cannot be measured here:
//!
//! - `R = 93.2 − Id − Ie,eff`; 93.2 is G.107's own default for the rest
//! - `Id = 0.024·d + 0.11·max(0, d − 177.3)`: the delay, as Cole and Rosenbluth fitted G.107's curve
//!   (“Voice over IP Performance Monitoring”, 2001), with `d` ms from mouth to ear: half the round
//!   trip, a jitter buffer of twice the jitter, and 20 ms for a packet
//! - `Ie,eff = 95·P / (P + 25.1)`: `P` percent of packets lost, with the robustness of G.711 with
//!   concealment (ITU-T G.113 appendix I). Opus is better, and gateways leave it on the way
//! - `MOS = 1 + 0.035·R + R·(R − 60)·(100 − R)·7·10⁻⁶` (G.107 annex B)

use super::interval::Interval;

/// A packet, in milliseconds.
const PACKET_MS: f64 = 20.0;

/// The estimated MOS of an interval.
pub(super) fn mos(interval: &Interval) -> f64 {
    let jitter = interval.jitter.unwrap_or(0.0);
    let delay = interval.round_trip.unwrap_or(0.0) / 2.0 + 2.0 * jitter + PACKET_MS;
    let by_delay = 0.024 * delay + 0.11 * (delay - 177.3).max(0.0);
    let loss = interval.loss();
    let by_loss = 95.0 * loss / (loss + 25.1);
    let r = (93.2 - by_delay - by_loss).max(0.0);
    (1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6).max(1.0)
}
