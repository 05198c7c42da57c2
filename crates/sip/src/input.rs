//! What goes into the agent.

/// Names a call between the agent and its driver; never on the wire, never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u32);

/// Names one piece of media work; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId(pub u32);

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// The WebSocket is open. What was sent on an earlier one is lost.
    Connected,
    /// One WebSocket message arrived.
    Received(Vec<u8>),
    /// The WebSocket is gone.
    Disconnected,
    /// [`crate::UserAgent::poll_timeout`] has been reached, or passed long ago.
    Timeout,
    /// The user of the agent wants something.
    Command(Command),
    /// Media work ended.
    Media(OpId, MediaResult),
}

/// What the user of the agent can want. A command that makes no sense now is ignored.
#[derive(Clone, Debug)]
pub enum Command {
    /// Register, and stay registered across reconnects until [`Command::Unregister`].
    Register,
    /// Give the registration back.
    Unregister,
    /// Call somebody. `call` comes from [`crate::UserAgent::new_call`].
    Invite {
        /// The new call.
        call: CallId,
        /// A number, a user, or a `sip:`, `sips:` or `tel:` URI.
        target: String,
        /// Goes into P-Preferred-Identity (RFC 3325) as `sip:<caller_id>@<domain>`.
        caller_id: Option<String>,
    },
    /// Take an incoming call.
    Answer(CallId),
    /// Refuse an incoming call.
    Reject(CallId, Refusal),
    /// End a call, whatever its state: CANCEL, BYE, or a refusal.
    Hangup(CallId),
    /// End every call and give the registration back at once: the socket is about to be closed,
    /// so nothing can be waited for. CANCEL, BYE and REGISTER go out even where RFC 3261 (sections
    /// 9.1, 15 and 10.2) would first await a provisional response, an ACK, or the response to an
    /// earlier REGISTER. A WebSocket keeps messages in order: the server that reads the CANCEL has
    /// read its INVITE.
    Leave,
}

/// How to refuse a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 486 Busy Here.
    Busy,
    /// 603 Decline.
    Decline,
    /// 480 Temporarily Unavailable.
    Unavailable,
}

/// How media work went: the SDP it made (empty for [`crate::MediaRequest::SetAnswer`]), or failure.
pub type MediaResult = Result<String, MediaFailed>;

/// The media work could not be done. Why is the driver's to know and to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaFailed;
