//! How long a session lives without a refresh: asking and settling (RFC 4028). Keeping to it is
//! the answered call's business.

use crate::message::{Headers, MinSe, Refresher, SessionExpires};
use std::time::Duration;

/// The shortest interval anybody may ask for, in seconds (RFC 4028 section 4).
const MIN_SE: u32 = 90;

/// What both ends have settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionTimerTerms {
    /// How long the session lives without a refresh.
    pub(crate) interval: Duration,
    /// This side refreshes.
    pub(crate) we_refresh: bool,
}

impl SessionTimerTerms {
    /// What the 2xx to our INVITE or UPDATE settles (section 7.2); `None`: no timer runs.
    pub(crate) fn of_answer(headers: &Headers) -> Option<Self> {
        let expires = SessionExpires::parse(headers.get("Session-Expires")?)?;
        // Below the minimum is against the rules, and refreshing that often is for nobody.
        let interval = Duration::from_secs(expires.seconds.max(MIN_SE).into());
        // Whoever forgot to say who refreshes does not do it.
        Some(Self { interval, we_refresh: expires.refresher != Some(Refresher::Uas) })
    }

    /// What our 2xx to somebody's INVITE or UPDATE shall settle (section 9); `None`: nothing.
    /// `wanted` is [`crate::Config::session_interval`].
    pub(crate) fn of_request(headers: &Headers, wanted: Duration) -> Option<Self> {
        let supported = headers.lists("Supported", "timer");
        let asked = headers.get("Session-Expires").and_then(SessionExpires::parse);
        let seconds = match asked {
            Some(asked) => asked.seconds.max(MIN_SE),
            None if !supported || wanted.is_zero() => return None,
            None => in_seconds(wanted).max(min_se(headers)),
        };
        let theirs = asked.and_then(|asked| asked.refresher) != Some(Refresher::Uas);
        let we_refresh = !(supported && theirs);
        Some(Self { interval: Duration::from_secs(seconds.into()), we_refresh })
    }

    /// Puts the terms into our 2xx to `request`.
    pub(crate) fn settle(self, request_supports: bool, headers: &mut Headers) {
        let refresher = if self.we_refresh { Refresher::Uas } else { Refresher::Uac };
        let expires =
            SessionExpires { seconds: in_seconds(self.interval), refresher: Some(refresher) };
        headers.push("Session-Expires", expires.value());
        if request_supports {
            headers.push("Require", "timer");
        }
    }
}

/// Puts the wish for a session timer into our INVITE or UPDATE (section 7.1). `min_se` is the
/// Min-SE of a 422 that came before.
pub(crate) fn ask(headers: &mut Headers, wanted: Duration, min_se: Option<u32>) {
    if wanted.is_zero() {
        return;
    }
    let seconds = in_seconds(wanted).max(min_se.unwrap_or(0));
    headers.set("Session-Expires", SessionExpires { seconds, refresher: None }.value());
    if let Some(seconds) = min_se {
        headers.set("Min-SE", MinSe { seconds }.value());
    }
}

/// The interval that a 422 to our INVITE or UPDATE demands (section 7.4).
pub(crate) fn demanded(headers: &Headers) -> Option<u32> {
    Some(MinSe::parse(headers.get("Min-SE")?)?.seconds.max(MIN_SE))
}

/// Whether an INVITE or UPDATE asks for a shorter interval than is allowed, and must get 422 with
/// Min-SE (section 9).
pub(crate) fn is_too_small(headers: &Headers) -> bool {
    let asked = headers.get("Session-Expires").and_then(SessionExpires::parse);
    headers.lists("Supported", "timer") && asked.is_some_and(|asked| asked.seconds < MIN_SE)
}

/// Puts what is allowed into that 422.
pub(crate) fn demand(headers: &mut Headers) {
    headers.push("Min-SE", MinSe { seconds: MIN_SE }.value());
}

fn min_se(headers: &Headers) -> u32 {
    headers.get("Min-SE").and_then(MinSe::parse).map_or(MIN_SE, |min| min.seconds)
}

fn in_seconds(interval: Duration) -> u32 {
    u32::try_from(interval.as_secs()).unwrap_or(u32::MAX).max(MIN_SE)
}
