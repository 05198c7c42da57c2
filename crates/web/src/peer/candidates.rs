//! What there is to gather (RFC 8445 section 5.1.1), and how much of it a far end needs.

use ringlet_contract::config::IceServer;

/// A kind of candidate, in the order in which they are found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// An address of this machine.
    Host,
    /// The address that a STUN server sees.
    Reflexive,
    /// An address on a TURN server.
    Relayed,
}

impl Kind {
    /// The best that these servers can give.
    pub(super) fn wanted(servers: &[IceServer]) -> Self {
        let urls = || servers.iter().flat_map(|server| &server.urls);
        if urls().any(|url| url.starts_with("turn")) {
            Self::Relayed
        } else if urls().any(|url| url.starts_with("stun")) {
            Self::Reflexive
        } else {
            Self::Host
        }
    }

    /// The best in an SDP or a candidate attribute (RFC 8839 section 5.1).
    pub(super) fn best_in(sdp: &str) -> Option<Self> {
        sdp.lines().filter_map(Self::of).max()
    }

    /// Over TCP a browser only calls, and few gateways listen: such a candidate is no reason to stop.
    fn of(line: &str) -> Option<Self> {
        let attribute = line.strip_prefix("a=").unwrap_or(line).strip_prefix("candidate:")?;
        let mut words = attribute.split(' ').skip(2);
        if !words.next()?.eq_ignore_ascii_case("udp") {
            return None;
        }
        match words.skip_while(|word| *word != "typ").nth(1)? {
            "host" => Some(Self::Host),
            "srflx" => Some(Self::Reflexive),
            "relay" => Some(Self::Relayed),
            _ => None,
        }
    }
}
