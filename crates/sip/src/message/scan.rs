//! Looking for bytes: for one, eight at a time; for a kind, by a table.

/// Where `wanted` first stands.
pub(super) fn find(bytes: &[u8], wanted: u8) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = ONES << 7;
    let Some(last) = bytes.len().checked_sub(8) else {
        return bytes.iter().position(|byte| *byte == wanted);
    };
    let pattern = ONES * u64::from(wanted);
    let mut at = 0;
    loop {
        let word = bytes.get(at..)?.first_chunk()?;
        // A byte of `differing` is zero where the byte is wanted. The lowest top bit that the
        // subtraction sets is that of such a byte; it may set others above it.
        let differing = u64::from_le_bytes(*word) ^ pattern;
        let zeros = differing.wrapping_sub(ONES) & !differing & TOPS;
        if zeros != 0 {
            return Some(at + zeros.trailing_zeros() as usize / 8);
        }
        if at == last {
            return None;
        }
        // The last word overlaps the one before.
        at = last.min(at + 8);
    }
}

/// Some of the ASCII characters, a bit for each.
pub(super) struct Set([u64; 2]);

impl Set {
    /// ASCII letters, digits and `others`, which are ASCII.
    pub(super) const fn alphanumeric_and(others: &[u8]) -> Self {
        let mut bits = [0; 2];
        let mut byte = 0;
        while byte < 128_u8 {
            let mut is_in = byte.is_ascii_alphanumeric();
            let mut other = 0;
            while other < others.len() {
                is_in |= others[other] == byte;
                other += 1;
            }
            bits[byte as usize / 64] |= (is_in as u64) << (byte % 64);
            byte += 1;
        }
        Self(bits)
    }

    /// Whether it is one of them.
    pub(super) fn has(&self, byte: u8) -> bool {
        byte < 128 && self.0[usize::from(byte / 64 % 2)] >> (byte % 64) & 1 == 1
    }

    /// Whether there is nothing but them.
    pub(super) fn covers(&self, bytes: &[u8]) -> bool {
        bytes.iter().all(|byte| self.has(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_set_has_its_members_and_no_others() {
        const SET: Set = Set::alphanumeric_and(b"-~");
        for byte in 0..=255_u8 {
            let is_in = byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'~';
            assert_eq!(SET.has(byte), is_in, "{byte}");
        }
        assert!(SET.covers(b"a-9~"));
        assert!(!SET.covers(b"a b"));
    }

    #[test]
    fn it_finds_what_a_plain_search_finds() {
        let bytes: Vec<u8> = (0..=255).chain([0, 1, 0, 1, 255, 128, 127]).collect();
        for start in 0..bytes.len() {
            for wanted in [0, 1, 10, 127, 128, 129, 254, 255] {
                let rest = &bytes[start..];
                let plain = rest.iter().position(|byte| *byte == wanted);
                assert_eq!(find(rest, wanted), plain, "{wanted} from {start}");
            }
        }
    }
}
