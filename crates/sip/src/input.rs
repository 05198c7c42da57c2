//! What goes into the agent.

/// Names a call between the agent and its driver; never on the wire, never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u32);

/// Names one piece of media work; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId(pub u32);

/// Names a subscription between the agent and its driver; never on the wire, never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubscriptionId(pub u32);

/// Names an instant message between the agent and its driver; never on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u32);

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
    /// Send an incoming call on to somebody else (302, RFC 3261 section 8.1.3.4). A target that cannot be
    /// called refuses the call as unavailable.
    Redirect {
        /// The call.
        call: CallId,
        /// A number, a user, or a URI.
        target: String,
    },
    /// End a call, whatever its state: CANCEL, BYE, or a refusal.
    Hangup(CallId),
    /// Put a call on hold: the far end is asked to send nothing but be sent to (RFC 3264
    /// section 8.4). [`crate::Event::Hold`] tells when it is so.
    Hold(CallId),
    /// Take a call back from hold.
    Resume(CallId),
    /// Negotiate a call's media anew, with new ICE credentials (RFC 8445 section 9): the network
    /// changed under it. The agent does this by itself after every reconnect.
    Restart(CallId),
    /// Send one DTMF signal by INFO (`application/dtmf-relay`). Signals wait for each other.
    Dtmf {
        /// An answered call.
        call: CallId,
        /// One of `0` to `9`, `*`, `#` and `A` to `D`; anything else is ignored.
        signal: char,
        /// How long the key is down.
        duration: std::time::Duration,
    },
    /// Blind transfer (RFC 3515): ask the far end of a call to call `target` instead.
    /// [`crate::Event::Transfer`] tells how it goes.
    Transfer {
        /// An answered call.
        call: CallId,
        /// A number, a user, or a URI, as in [`Command::Invite`].
        target: String,
    },
    /// Attended transfer (RFC 3515 with Replaces, RFC 3891): join the far ends of two answered
    /// calls. [`crate::Event::Transfer`] for `call` tells how it goes.
    TransferTo {
        /// The call whose far end is asked to call.
        call: CallId,
        /// The call whose far end it shall reach.
        other: CallId,
    },
    /// Do what [`crate::Event::TransferRequested`] asks: call the target with a new call.
    AcceptTransfer {
        /// The call that is being transferred.
        call: CallId,
        /// The new call, from [`crate::UserAgent::new_call`].
        new: CallId,
    },
    /// Refuse what [`crate::Event::TransferRequested`] asks: the far end is told 603, as it is if
    /// nobody decides within three minutes.
    RefuseTransfer(CallId),
    /// Subscribe to an event package and stay subscribed (RFC 6665) until
    /// [`Command::Unsubscribe`]. With the feature `subscriptions`.
    #[cfg(feature = "subscriptions")]
    Subscribe {
        /// The new subscription, from [`crate::UserAgent::new_subscription`].
        subscription: SubscriptionId,
        /// Whose state: a number, a user, or a URI.
        target: String,
        /// Which state.
        package: crate::output::Package,
    },
    /// End a subscription. With the feature `subscriptions`.
    #[cfg(feature = "subscriptions")]
    Unsubscribe(SubscriptionId),
    /// Send an instant message (RFC 3428). With the feature `messages`.
    #[cfg(feature = "messages")]
    SendMessage {
        /// The new message, from [`crate::UserAgent::new_message`].
        message: MessageId,
        /// A number, a user, or a URI.
        target: String,
        /// Its media type.
        content_type: String,
        /// At most 1,300 bytes (RFC 3428 section 8).
        body: Vec<u8>,
    },
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
