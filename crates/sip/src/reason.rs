//! Why things ended.

use crate::message::{Headers, Reason, Request, Response};

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Why, in terms a person understands.
    pub reason: EndReason,
    /// The final status of the INVITE, or the `cause` of a Reason header (RFC 3326).
    pub status: Option<u16>,
    /// The server's own words, if any.
    pub phrase: Option<String>,
}

/// Why a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// This side sent BYE.
    LocalHangup,
    /// The far end sent BYE, or says (481) that it does not have the call any more.
    RemoteHangup,
    /// This side gave up its call before it was answered.
    Cancelled,
    /// This side refused the call.
    Rejected,
    /// The caller gave up.
    RemoteCancelled,
    /// CANCEL with `Reason: SIP;cause=200`: another device took the call.
    AnsweredElsewhere,
    /// 486, 600.
    Busy,
    /// 603, 607, 608; and CANCEL with such a Reason.
    Declined,
    /// 408, 480 after alerting, 487 not caused by us.
    NoAnswer,
    /// 404, 410, 484, 485, 604.
    NotFound,
    /// 480 without alerting, 5xx with Retry-After, 503.
    Unavailable,
    /// 403, or credentials refused (401/407 again after an answer).
    Forbidden,
    /// 415, 488, 606, or an SDP the media side cannot use.
    Incompatible,
    /// Another call took the place of this one (RFC 3891).
    Replaced,
    /// A session timer ran out: neither side refreshed the session (RFC 4028 section 10).
    SessionExpired,
    /// The media side failed.
    MediaFailed,
    /// The socket was lost while the call could not yet survive it, or the far end never answered
    /// a request.
    ConnectionLost,
    /// Anything else; the status says more.
    Failed,
}

/// Why a registration failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistrationError {
    /// The server refused the credentials, or asked for a digest they cannot answer.
    Credentials,
    /// Another final status.
    Status(u16, String),
    /// No answer within timer F (RFC 3261 section 17.1.2.2).
    Timeout,
    /// The socket is gone.
    Disconnected,
}

impl EndReason {
    /// The reason in a final response to our INVITE (3xx to 6xx).
    pub(crate) fn of_refusal(response: &Response, alerted: bool) -> Self {
        let told = match response.status {
            500..600 if response.headers.get("Retry-After").is_some() => Self::Unavailable,
            status => Self::of_status(status, alerted),
        };
        // What says little is often a gateway's, which knows more (RFC 3326, RFC 6432).
        match told {
            Self::Failed | Self::Unavailable => Self::of_cause(&response.headers).unwrap_or(told),
            Self::LocalHangup
            | Self::RemoteHangup
            | Self::Cancelled
            | Self::Rejected
            | Self::RemoteCancelled
            | Self::AnsweredElsewhere
            | Self::Busy
            | Self::Declined
            | Self::NoAnswer
            | Self::NotFound
            | Self::Forbidden
            | Self::Incompatible
            | Self::Replaced
            | Self::SessionExpired
            | Self::MediaFailed
            | Self::ConnectionLost => told,
        }
    }

    /// The reason behind a final failure; `alerted` when the far end had rung before (180).
    pub fn of_status(status: u16, alerted: bool) -> Self {
        match status {
            486 | 600 => Self::Busy,
            603 | 607 | 608 => Self::Declined,
            480 if alerted => Self::NoAnswer,
            408 | 487 => Self::NoAnswer,
            404 | 410 | 484 | 485 | 604 => Self::NotFound,
            480 | 503 => Self::Unavailable,
            401 | 403 | 407 => Self::Forbidden,
            415 | 488 | 606 => Self::Incompatible,
            _ => Self::Failed,
        }
    }

    /// The reason in a Reason header, if it is one that a person understands.
    fn of_cause(headers: &Headers) -> Option<Self> {
        let by_sip = sip_cause(headers).map(|(status, _)| Self::of_status(status, true));
        by_sip.filter(|reason| *reason != Self::Failed).or_else(|| {
            // The causes of ITU-T Q.850.
            match cause(headers, "Q.850")?.0 {
                1..=3 | 22 | 28 => Some(Self::NotFound),
                17 => Some(Self::Busy),
                18 | 19 => Some(Self::NoAnswer),
                21 => Some(Self::Declined),
                20 | 27 | 34 | 38 | 41 | 42 => Some(Self::Unavailable),
                65..=79 | 88 => Some(Self::Incompatible),
                _ => None,
            }
        })
    }

    /// The reason in a CANCEL of an incoming INVITE.
    pub(crate) fn of_cancel(cancel: &Request) -> Self {
        match sip_cause(&cancel.headers) {
            Some((200, _)) => Self::AnsweredElsewhere,
            Some((603 | 607 | 608, _)) => Self::Declined,
            Some(_) => Self::RemoteCancelled,
            // Q.850 says “non-selected user clearing” where SIP says “answered elsewhere”.
            None if cause(&cancel.headers, "Q.850").is_some_and(|(c, _)| c == 26) => {
                Self::AnsweredElsewhere
            }
            None => Self::RemoteCancelled,
        }
    }
}

/// The SIP cause and text of a Reason header (RFC 3326).
pub(crate) fn sip_cause(headers: &Headers) -> Option<(u16, Option<String>)> {
    cause(headers, "SIP")
}

fn cause(headers: &Headers, protocol: &str) -> Option<(u16, Option<String>)> {
    let mut reasons = headers.list("Reason").filter_map(Reason::parse);
    reasons.find_map(|reason| {
        let cause = reason.cause.filter(|_| reason.protocol.eq_ignore_ascii_case(protocol))?;
        Some((cause, reason.text()))
    })
}
