//! A steady 1 kHz tone in G.711 µ-law.

use std::f64::consts::TAU;

/// Samples of one packet: 20 ms at 8 kHz.
pub(crate) const PACKET_SAMPLES: usize = 160;

const SAMPLE_RATE: f64 = 8000.0;
const FREQUENCY: f64 = 1000.0;
/// Peak of the sine, of 32,768: loud enough to measure, soft enough for a headset.
const AMPLITUDE: f64 = 8000.0;

/// One packet of tone. Twenty whole periods fit, so every packet is the same.
pub(crate) fn packet() -> [u8; PACKET_SAMPLES] {
    std::array::from_fn(|n| {
        let phase = TAU * FREQUENCY * n as f64 / SAMPLE_RATE;
        encode_mu_law((AMPLITUDE * phase.sin()).round() as i16)
    })
}

/// ITU-T G.711 µ-law: sign, three bits of segment and four of step, inverted.
fn encode_mu_law(sample: i16) -> u8 {
    const BIAS: u16 = 0x84;
    const CLIP: u16 = 32_635;
    let sign = if sample < 0 { 0x80 } else { 0 };
    let magnitude = sample.unsigned_abs().min(CLIP) + BIAS;
    // The bias makes bit 7 or a higher one the leading bit.
    let segment = 8 - magnitude.leading_zeros();
    let step = (magnitude >> (segment + 3)) & 0x0f;
    !(sign | (segment as u8) << 4 | step as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_landmarks_of_g_711_encode_as_tabulated() {
        for (sample, code) in [(0, 0xff), (-32_768, 0x00), (32_767, 0x80), (8, 0xfe), (1000, 0xce)]
        {
            assert_eq!(encode_mu_law(sample), code, "{sample}");
        }
    }

    #[test]
    fn a_packet_holds_whole_periods() {
        let packet = packet();
        assert_eq!(packet[..8], packet[8..16]);
        assert_eq!(packet[..8], packet[152..]);
    }
}
