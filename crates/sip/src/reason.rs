//! Why things ended.

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
    /// The far end sent BYE.
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
