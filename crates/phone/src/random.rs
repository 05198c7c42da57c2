//! Everything random, drawn from the one seed.

use sha2::{Digest, Sha256};

/// A generator: block *n* is SHA-256 of the seed and *n*, so that past blocks do not reveal later
/// ones.
pub(crate) struct Random {
    seed: [u8; 32],
    drawn: u64,
}

impl Random {
    pub(crate) fn new(seed: [u8; 32]) -> Self {
        Self { seed, drawn: 0 }
    }

    /// 32 random bytes.
    pub(crate) fn block(&mut self) -> [u8; 32] {
        self.drawn += 1;
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update(self.drawn.to_be_bytes());
        hash.finalize().into()
    }

    /// An opaque id for a call: `c-` and 96 random bits in hexadecimal.
    pub(crate) fn call_name(&mut self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut name = String::from("c-");
        for byte in self.block().into_iter().take(12) {
            name.push(char::from(DIGITS[usize::from(byte >> 4)]));
            name.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::Random;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_same_seed_draws_the_same_and_never_repeats_itself() {
        let (mut one, mut two) = (Random::new([7; 32]), Random::new([7; 32]));
        let first = one.call_name();
        assert_eq!(first, two.call_name());
        assert_ne!(first, one.call_name());
        assert_eq!(first.len(), 26);
    }
}
