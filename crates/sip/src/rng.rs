//! Randomness from the seed.

use sha2::{Digest, Sha256};

/// SHA-256 over seed and counter: as unguessable as the seed, and no code beyond what digest
/// authentication brings along.
pub(crate) struct Rng {
    seed: [u8; 32],
    counter: u64,
}

impl Rng {
    pub(crate) fn new(seed: [u8; 32]) -> Self {
        Self { seed, counter: 0 }
    }

    fn block(&mut self) -> [u8; 32] {
        self.counter += 1;
        Sha256::new()
            .chain_update(self.seed)
            .chain_update(self.counter.to_le_bytes())
            .finalize()
            .into()
    }

    /// Twenty letters and digits, 100 bits: for tags, branches, Call-IDs and nonces.
    pub(crate) fn token(&mut self) -> String {
        const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let letter = |b: &u8| char::from(ALPHABET[usize::from(b & 31)]);
        self.block()[..20].iter().map(letter).collect()
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        let [a, b, c, d, ..] = self.block();
        low + u64::from(u32::from_le_bytes([a, b, c, d])) % (high - low + 1)
    }
}
