//! Media that is only described: SDP with the right versions, directions and credentials, so that
//! the far end sees what a phone with sound would say.

use ringlet_sip::{CallId, Input, MediaFailed, MediaRequest, OpId, Terms};

pub(crate) struct Media {
    webrtc: bool,
    /// The description of each call.
    sessions: Vec<(CallId, Session)>,
    /// Keeps results back until they are released.
    pub(crate) hold_back: bool,
    /// The next piece of work fails.
    pub(crate) fail_next: bool,
    held_back: Vec<Input>,
}

/// What a description says of itself.
#[derive(Clone, Copy, Default)]
struct Session {
    /// Counts up with each description (RFC 3264 section 8).
    version: u32,
    /// Counts up with each restart.
    credentials: u32,
    /// `active` or `passive`, as the first answer said: a transport keeps its DTLS role
    /// (RFC 8842 section 5.5).
    role: Option<&'static str>,
}

impl Media {
    pub(crate) fn new(webrtc: bool) -> Self {
        let (sessions, held_back) = (Vec::new(), Vec::new());
        Self { webrtc, sessions, hold_back: false, fail_next: false, held_back }
    }

    /// Does the work, unless it is held back.
    pub(crate) fn request(
        &mut self,
        op: OpId,
        call: CallId,
        request: MediaRequest,
    ) -> Option<Input> {
        let result = match std::mem::take(&mut self.fail_next) {
            true => Err(MediaFailed),
            false => Ok(self.describe(call, request)),
        };
        let done = Input::Media(op, result);
        if self.hold_back {
            self.held_back.push(done);
            return None;
        }
        Some(done)
    }

    /// What was held back.
    pub(crate) fn release(&mut self) -> Vec<Input> {
        self.hold_back = false;
        std::mem::take(&mut self.held_back)
    }

    pub(crate) fn forget(&mut self, call: CallId) {
        self.sessions.retain(|(known, _)| *known != call);
    }

    fn describe(&mut self, call: CallId, request: MediaRequest) -> String {
        match request {
            MediaRequest::CreateOffer(terms) => {
                let direction = if terms.hold { "sendonly" } else { "sendrecv" };
                let web = self.webrtc.then_some(("0", "actpass"));
                self.next(call, terms).sdp(call, direction, web)
            }
            MediaRequest::CreateAnswer { offer, terms } => {
                let line = |start: &str| offer.lines().find_map(|line| line.strip_prefix(start));
                let is_web = line("m=audio ").is_some_and(|line| line.contains("TLS"));
                let mid = line("a=mid:").unwrap_or("0");
                let direction = answering(direction(&offer), terms.hold);
                let role = *self.session(call).role.get_or_insert("active");
                self.next(call, terms).sdp(call, direction, is_web.then_some((mid, role)))
            }
            MediaRequest::SetAnswer { answer, .. } => {
                let theirs = answer.lines().find_map(|line| line.strip_prefix("a=setup:"));
                let ours = if theirs == Some("passive") { "active" } else { "passive" };
                self.session(call).role.get_or_insert(ours);
                String::new()
            }
            MediaRequest::Rollback => String::new(),
        }
    }

    /// What the next description of a call says.
    fn next(&mut self, call: CallId, terms: Terms) -> Session {
        let session = self.session(call);
        session.version += 1;
        session.credentials += u32::from(terms.restart);
        *session
    }

    fn session(&mut self, call: CallId) -> &mut Session {
        let index = self.sessions.iter().position(|(known, _)| *known == call);
        let index = index.unwrap_or_else(|| {
            self.sessions.push((call, Session::default()));
            self.sessions.len() - 1
        });
        &mut self.sessions[index].1
    }
}

fn direction(sdp: &str) -> &'static str {
    ["sendonly", "recvonly", "inactive"]
        .into_iter()
        .find(|direction| sdp.lines().any(|line| line.strip_prefix("a=") == Some(direction)))
        .unwrap_or("sendrecv")
}

/// The answer to a direction (RFC 3264 section 6.1).
fn answering(offered: &str, hold: bool) -> &'static str {
    match (offered, hold) {
        ("sendrecv", false) => "sendrecv",
        ("sendrecv" | "recvonly", _) => "sendonly",
        ("sendonly", false) => "recvonly",
        _ => "inactive",
    }
}

impl Session {
    /// `web`: what a browser wants besides, the name of the stream and its DTLS role.
    fn sdp(self, call: CallId, direction: &str, web: Option<(&str, &str)>) -> String {
        let Self { version, credentials, .. } = self;
        let mut lines = vec![
            "v=0".to_owned(),
            format!("o=console {} {version} IN IP4 127.0.0.1", 1000 + call.0),
            "s=-".to_owned(),
            "c=IN IP4 127.0.0.1".to_owned(),
            "t=0 0".to_owned(),
        ];
        let ice = [
            format!("a=ice-ufrag:ufrag{credentials}"),
            format!("a=ice-pwd:a-password-that-nobody-uses{credentials}"),
        ];
        if let Some((mid, setup)) = web {
            lines.push(format!("a=group:BUNDLE {mid}"));
            lines.push("m=audio 9 UDP/TLS/RTP/SAVPF 0 8".to_owned());
            lines.push(format!("a=mid:{mid}"));
            lines.push("a=rtcp-mux".to_owned());
            lines.push(format!("a=fingerprint:sha-256 {}", ["AB"; 32].join(":")));
            lines.push(format!("a=setup:{setup}"));
        } else {
            lines.push("m=audio 9 RTP/AVP 0 8".to_owned());
        }
        lines.extend(ice);
        lines.push("a=rtpmap:0 PCMU/8000".to_owned());
        lines.push("a=rtpmap:8 PCMA/8000".to_owned());
        lines.push(format!("a={direction}"));
        lines.join("\r\n") + "\r\n"
    }
}
