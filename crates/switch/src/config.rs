use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

/// A digest user who may register and place calls.
#[derive(Clone)]
pub struct User {
    /// User part of the address of record, and the digest user name.
    pub name: String,
    /// Digest password, in the clear: this is a tool for demos and tests.
    pub password: String,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a [`Switch`](crate::Switch) listens on, whom it knows and how long its test numbers wait.
#[derive(Clone, Debug)]
pub struct Config {
    /// TCP address of the WebSocket listener; port 0 picks a free one.
    pub listen: SocketAddr,
    /// SIP domain and digest realm.
    pub domain: String,
    /// Users who may register.
    pub users: Vec<User>,
    /// Addresses the test numbers offer as ICE host candidates, one UDP socket each for every call.
    ///
    /// Chrome leaves loopback out of its own candidates unless told otherwise, so a switch used by
    /// an ordinary browser needs the machine's LAN address here as well.
    pub media_ips: Vec<IpAddr>,
    /// How long a digest nonce is good for; afterwards a correct answer gets `stale=true`.
    pub nonce_lifetime: Duration,
    /// Shortest registration granted; a shorter request gets 423 with `Min-Expires`.
    pub min_expires: Duration,
    /// Registration granted when the client names no duration.
    pub default_expires: Duration,
    /// Longest registration granted; longer requests are shortened.
    pub max_expires: Duration,
    /// How long a call rings before it is given up (RFC 3261 timer C).
    pub ring_timeout: Duration,
    /// How long an answered call waits for a party whose socket is lost before the other party is
    /// told that it is over. A phone that comes back goes on in the same dialog.
    pub return_time: Duration,
    /// How long 605 rings before it answers.
    pub answer_delay: Duration,
    /// How long 605 stays in the call before it hangs up.
    pub hang_up_delay: Duration,
    /// How long 606 plays early media before it answers.
    pub early_media: Duration,
}

impl Config {
    /// The documented demo set-up: `agent1` to `agent9` with passwords `ringlet-1` to `ringlet-9`
    /// in the domain `ringlet.demo`, on a free port of the loopback interface.
    pub fn demo() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            domain: "ringlet.demo".into(),
            users: (1..=9)
                .map(|n| User { name: format!("agent{n}"), password: format!("ringlet-{n}") })
                .collect(),
            media_ips: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
            nonce_lifetime: Duration::from_secs(300),
            min_expires: Duration::from_secs(10),
            default_expires: Duration::from_secs(600),
            max_expires: Duration::from_secs(3600),
            ring_timeout: Duration::from_secs(180),
            return_time: Duration::from_secs(32),
            answer_delay: Duration::from_secs(2),
            hang_up_delay: Duration::from_secs(5),
            early_media: Duration::from_secs(3),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logged_user_does_not_show_the_password() {
        let shown = format!("{:?}", Config::demo());
        assert!(shown.contains("agent1"));
        assert!(!shown.contains("ringlet-1"));
    }
}
