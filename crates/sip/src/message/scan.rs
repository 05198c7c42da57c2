//! Looking for a byte, eight at a time.

/// Where `wanted` first stands.
pub(super) fn find(bytes: &[u8], wanted: u8) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = ONES << 7;
    let pattern = ONES * u64::from(wanted);
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        // A byte of `differing` is zero where the byte is wanted. The lowest top bit that the
        // subtraction sets is that of such a byte; it may set others above it.
        let differing = u64::from_le_bytes(*word) ^ pattern;
        let zeros = differing.wrapping_sub(ONES) & !differing & TOPS;
        if zeros != 0 {
            return Some(index * 8 + zeros.trailing_zeros() as usize / 8);
        }
    }
    let at = rest.iter().position(|byte| *byte == wanted)?;
    Some(words.len() * 8 + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

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
