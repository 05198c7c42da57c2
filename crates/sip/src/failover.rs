//! Which server to turn to, and when (after RFC 5626 section 4.5 and RFC 3263 section 4.3).

use crate::rng::Rng;
use crate::time::Instant;
use std::time::Duration;

/// Servers that all serve the same users, for a driver to choose one of each time it opens a
/// socket. Opening it, and finding out how it went, is the driver's.
///
/// The one of the lowest priority that has not failed lately is next; among equals the lot
/// decides once, so that a thousand phones spread. A server that fails is left alone for a pause
/// that doubles each time. A phone that has found a server stays there until it fails.
///
/// ```
/// # use ringlet_sip::{Instant, Pauses, Servers};
/// # use std::time::Duration;
/// let list = [("wss://one.example.com", 10), ("wss://two.example.com", 20)];
/// let mut servers = Servers::new(list, Pauses::default(), [42; 32]); // a real seed is random
/// let now = Instant::from_millis(0);
/// assert_eq!(servers.next(now).url, "wss://one.example.com");
///
/// // It cannot be reached, or Output::Reconnect says that it cannot serve.
/// servers.failed(now, Some(Duration::from_secs(60)));
/// let attempt = servers.next(now);
/// assert_eq!((attempt.url, attempt.at), ("wss://two.example.com", now));
/// servers.succeeded(); // Registered
/// ```
pub struct Servers {
    list: Vec<Server>,
    current: usize,
    pauses: Pauses,
    rng: Rng,
}

/// How long a server that has failed is left alone. Half of each pause is fixed, and half is
/// chance, so that the phones of a whole office do not come back in the same instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pauses {
    /// After the first failure. It doubles with each further one.
    pub first: Duration,
    /// At most. What a server asks for itself may be longer.
    pub most: Duration,
}

impl Default for Pauses {
    /// A second, and half a minute: a person waits. RFC 5626 suggests 30 s and half an hour for
    /// devices that nobody looks at.
    fn default() -> Self {
        Self { first: Duration::from_secs(1), most: Duration::from_secs(30) }
    }
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt<'a> {
    /// The server, as it was given; empty if none was.
    pub url: &'a str,
    /// Not before this.
    pub at: Instant,
}

struct Server {
    url: String,
    priority: u16,
    failures: u32,
    not_before: Instant,
}

impl Servers {
    /// Servers and their priorities, of which the lowest is tried first (RFC 2782). `seed` must be
    /// random.
    pub fn new<U: Into<String>>(
        servers: impl IntoIterator<Item = (U, u16)>,
        pauses: Pauses,
        seed: [u8; 32],
    ) -> Self {
        let mut rng = Rng::new(seed);
        let mut drawn: Vec<(u64, Server)> = Vec::new();
        for (url, priority) in servers {
            let lot = rng.between(0, u32::MAX.into());
            let not_before = Instant::default();
            let server = Server { url: url.into(), priority, failures: 0, not_before };
            // A handful, put in place one by one: the library's sort would be a kilobyte of wasm.
            let at = drawn.partition_point(|(other_lot, other)| {
                (other.priority, *other_lot) <= (priority, lot)
            });
            drawn.insert(at, (lot, server));
        }
        let list = drawn.into_iter().map(|(_, server)| server).collect();
        Self { list, current: 0, pauses, rng }
    }

    /// The server to open a socket to, and when. [`Servers::succeeded`] and [`Servers::failed`]
    /// are about it from now on.
    pub fn next(&mut self, now: Instant) -> Attempt<'_> {
        let when = |server: &Server| server.not_before.max(now);
        let best = self.list.iter().enumerate().min_by_key(|(at, server)| (when(server), *at));
        self.current = best.map_or(0, |(at, _)| at);
        match self.list.get(self.current) {
            Some(server) => Attempt { url: &server.url, at: when(server) },
            None => Attempt { url: "", at: now },
        }
    }

    /// The server serves: it has taken our registration.
    pub fn succeeded(&mut self) {
        if let Some(server) = self.list.get_mut(self.current) {
            server.failures = 0;
            server.not_before = Instant::default();
        }
    }

    /// The server could not be reached, its socket was lost, or it cannot serve.
    /// `retry_after`: it wants to be left alone for so long.
    pub fn failed(&mut self, now: Instant, retry_after: Option<Duration>) {
        let Some(server) = self.list.get_mut(self.current) else { return };
        let longest = self.pauses.first.saturating_mul(1 << server.failures.min(16));
        let longest = longest.min(self.pauses.most).as_millis() as u64;
        let pause = Duration::from_millis(self.rng.between(longest / 2, longest));
        server.failures = server.failures.saturating_add(1);
        server.not_before = now + pause.max(retry_after.unwrap_or_default());
    }

    /// The circumstances have changed, such as the network: what failed before may work now.
    pub fn reset(&mut self) {
        for server in &mut self.list {
            server.failures = 0;
            server.not_before = Instant::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const START: Instant = Instant::from_millis(1_000_000);

    fn servers(list: &[(&str, u16)]) -> Servers {
        Servers::new(list.iter().copied(), Pauses::default(), [3; 32])
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_never_fall_below_half() {
        let mut servers = servers(&[("a", 0)]);
        for most in [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000] {
            servers.failed(START, None);
            let pause = servers.next(START).at.since(START).as_millis();
            assert!((most / 2..=most).contains(&pause), "{pause} ms of at most {most}");
        }
    }

    #[test]
    fn a_success_and_a_change_of_circumstances_forget_failures() {
        let mut servers = servers(&[("a", 0)]);
        for forget in [Servers::succeeded, Servers::reset] {
            for _ in 0..40 {
                servers.failed(START, Some(seconds(500)));
            }
            forget(&mut servers);
            assert_eq!(servers.next(START).at, START);
            servers.failed(START, None);
            assert!(servers.next(START).at.since(START) <= seconds(1));
        }
    }

    #[test]
    fn the_next_server_is_tried_at_once_and_the_first_again_when_it_may_be() {
        let mut servers = servers(&[("two", 20), ("one", 10), ("three", 30)]);
        for url in ["one", "two", "three"] {
            assert_eq!(servers.next(START), Attempt { url, at: START });
            servers.failed(START, Some(seconds(60)));
        }
        let later = START + seconds(60);
        assert_eq!(servers.next(START), Attempt { url: "one", at: later });
        assert_eq!(servers.next(later), Attempt { url: "one", at: later });
    }

    #[test]
    fn a_phone_stays_with_the_server_it_found_until_that_fails() {
        let mut servers = servers(&[("one", 1), ("two", 2)]);
        servers.next(START);
        servers.failed(START, None);
        assert_eq!(servers.next(START).url, "two");
        servers.succeeded();
        let later = START + seconds(3600);
        servers.failed(later, None);
        assert_eq!(servers.next(later), Attempt { url: "one", at: later });
    }

    #[test]
    fn what_the_server_asks_for_counts_beyond_the_longest_pause() {
        let mut servers = servers(&[("a", 0)]);
        servers.failed(START, Some(seconds(90)));
        assert_eq!(servers.next(START).at, START + seconds(90));
        servers.reset();
        servers.failed(START, Some(Duration::MAX));
        assert!(servers.next(START).at > START + seconds(90));
    }

    #[test]
    fn equals_are_chosen_by_lot() {
        let list = [("a", 1), ("b", 1), ("c", 1), ("last", 2)];
        let mut first = [0; 3];
        for seed in 0..60 {
            let mut servers = Servers::new(list, Pauses::default(), [seed; 32]);
            let at = list.iter().position(|(url, _)| *url == servers.next(START).url).unwrap();
            first[at] += 1;
        }
        assert!(first.iter().all(|n| *n > 8), "{first:?}");
    }

    #[test]
    fn without_servers_there_is_nothing_to_do() {
        let mut servers = servers(&[]);
        servers.failed(START, None);
        servers.succeeded();
        assert_eq!(servers.next(START), Attempt { url: "", at: START });
    }
}
