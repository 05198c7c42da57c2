//! How long to wait before the next attempt to connect.

use crate::random::Random;
use std::time::Duration;

const FIRST_MS: u64 = 1_000;
const MOST_MS: u64 = 30_000;

/// Doubles from one second to thirty; half of it is fixed, half is chance, so that the phones of
/// a whole office do not come back in the same instant after their server restarts.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The wait before the next attempt.
    pub(crate) fn next(&mut self, random: &mut Random) -> Duration {
        let most = FIRST_MS.saturating_mul(1 << self.failures.min(16)).min(MOST_MS);
        self.failures = self.failures.saturating_add(1);
        Duration::from_millis(most / 2 + random.below(most / 2 + 1))
    }

    /// The line works, or the circumstances have changed: begin again with a short wait.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn waits_double_up_to_thirty_seconds_and_never_fall_below_half() {
        let (mut backoff, mut random) = (Backoff::default(), Random::new([3; 32]));
        for most in [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000] {
            let wait = backoff.next(&mut random).as_millis();
            assert!((most / 2..=most).contains(&wait), "{wait} ms of at most {most}");
        }
    }

    #[test]
    fn after_a_reset_the_first_wait_is_short_again() {
        let (mut backoff, mut random) = (Backoff::default(), Random::new([3; 32]));
        for _ in 0..40 {
            backoff.next(&mut random);
        }
        backoff.reset();
        assert!(backoff.next(&mut random) <= Duration::from_secs(1));
    }
}
