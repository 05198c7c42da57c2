//! The little that the agent must know of SDP (RFC 4566): who holds.

/// Which way audio flows, seen from whoever wrote the SDP (RFC 3264 section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    SendRecv,
    SendOnly,
    RecvOnly,
    Inactive,
}

impl Direction {
    /// Whether whoever wrote it holds the call (RFC 3264 section 8.4).
    pub(crate) fn holds(self) -> bool {
        matches!(self, Self::SendOnly | Self::Inactive)
    }
}

/// Whether whoever wrote the SDP holds the call; `None` if it says nothing of audio.
pub(crate) fn holds(sdp: &str) -> Option<bool> {
    audio_direction(sdp).map(Direction::holds)
}

/// What is said at one level of the SDP.
#[derive(Clone, Copy, Default)]
struct Level {
    direction: Option<Direction>,
    /// The address is 0.0.0.0.
    nowhere: bool,
    /// ICE tells the address, whatever the address says (RFC 8840 section 4.1.1).
    ice: bool,
}

/// The direction of the first audio stream that is not refused; `None` if there is none.
pub(crate) fn audio_direction(sdp: &str) -> Option<Direction> {
    let (mut session, mut audio) = (Level::default(), None);
    let mut in_session = true;
    for line in sdp.split('\n') {
        let line = line.trim_ascii_end();
        if let Some(media) = line.strip_prefix("m=") {
            if audio.is_some() {
                break;
            }
            in_session = false;
            let mut words = media.split(' ');
            let is_audio = words.next() == Some("audio");
            audio = (is_audio && words.next() != Some("0")).then_some(session);
        } else if in_session {
            session.read(line);
        } else if let Some(audio) = &mut audio {
            audio.read(line);
        }
    }
    let audio = audio?;
    // How a call was held before RFC 3264.
    if audio.nowhere && !audio.ice {
        return Some(Direction::Inactive);
    }
    Some(audio.direction.unwrap_or(Direction::SendRecv))
}

impl Level {
    fn read(&mut self, line: &str) {
        match line {
            "a=sendrecv" => self.direction = Some(Direction::SendRecv),
            "a=sendonly" => self.direction = Some(Direction::SendOnly),
            "a=recvonly" => self.direction = Some(Direction::RecvOnly),
            "a=inactive" => self.direction = Some(Direction::Inactive),
            _ => {
                if let Some(address) = line.strip_prefix("c=IN IP4 ") {
                    self.nowhere = address == "0.0.0.0";
                }
                self.ice |= line.starts_with("a=ice-ufrag:");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_first_audio_stream_that_is_not_refused_tells_the_direction() {
        for (sdp, direction) in [
            ("v=0\r\nm=audio 9 RTP/AVP 0\r\na=sendonly\r\n", Some(Direction::SendOnly)),
            ("a=inactive\nm=audio 9 RTP/AVP 0\n", Some(Direction::Inactive)),
            ("a=inactive\nm=audio 9 RTP/AVP 0\na=recvonly", Some(Direction::RecvOnly)),
            ("m=audio 9 RTP/AVP 0\nm=audio 9 RTP/AVP 0\na=sendonly", Some(Direction::SendRecv)),
            ("m=audio 0 RTP/AVP 0\na=inactive\nm=audio 9 x\na=sendrecv", Some(Direction::SendRecv)),
            ("m=video 9 RTP/AVP 0\na=inactive\nm=audio 9 RTP/AVP 0", Some(Direction::SendRecv)),
            ("m=video 9 RTP/AVP 0\na=inactive", None),
            ("", None),
        ] {
            assert_eq!(audio_direction(sdp), direction, "{sdp}");
        }
    }

    #[test]
    fn an_address_of_nowhere_holds_unless_ice_tells_another() {
        let holds = |sdp| audio_direction(sdp).unwrap().holds();
        assert!(holds("c=IN IP4 0.0.0.0\nm=audio 9 RTP/AVP 0"));
        assert!(holds("c=IN IP4 192.0.2.1\nm=audio 9 RTP/AVP 0\nc=IN IP4 0.0.0.0"));
        assert!(!holds("c=IN IP4 0.0.0.0\nm=audio 9 RTP/AVP 0\nc=IN IP4 192.0.2.1"));
        assert!(!holds("m=audio 9 RTP/AVP 0\nc=IN IP4 0.0.0.0\na=ice-ufrag:x"));
    }
}
