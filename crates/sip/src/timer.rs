//! Why the agent wants to be woken.

use std::time::Duration;

/// T1 of RFC 3261 section 17.1.1.1: the estimate of a round trip.
pub(crate) const T1: Duration = Duration::from_millis(500);
/// T2 of RFC 3261 section 17.1.2.2: the longest interval between two copies of a 2xx.
pub(crate) const T2: Duration = Duration::from_secs(4);
/// 64 × T1: how long the standard waits for anything before it gives up.
pub(crate) const T1_64: Duration = Duration::from_secs(32);

/// The reason for a deadline. Timers A, D, E, G, I, J and K of RFC 3261 do not appear: they
/// repeat messages, or absorb repeated ones, and are zero on a reliable transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Timer B: nobody reacted to an INVITE (RFC 3261 section 17.1.1.2).
    InviteTimeout,
    /// Timer F: nobody answered another request (RFC 3261 section 17.1.2.2).
    RequestTimeout,
    /// Timer H: nobody acknowledged the refusal of an INVITE (RFC 3261 section 17.2.1).
    RefusalAck,
    /// Timer L: an accepted INVITE need no longer be recognised (RFC 6026 section 7.1).
    AcceptedInvite,
    /// Timer M: no further 2xx is expected from other branches (RFC 6026 section 7.2).
    LateAnswers,
    /// Our answer to a request other than INVITE would come too late: its client has given up, and
    /// is not told (RFC 4320 section 4.2).
    TooLate,
    /// 200 ms without a response to an INVITE: say 100 Trying (RFC 3261 section 17.2.1).
    Trying,
    /// Repeat the 2xx to an INVITE until the ACK comes (RFC 3261 section 13.3.1.4).
    RepeatAnswer,
    /// 64 × T1 without the ACK to a 2xx: hang up (RFC 3261 section 13.3.1.4).
    AckTimeout,
    /// An INVITE that met another one (491) is sent again (RFC 3261 section 14.1).
    InviteRetry,
    /// 64 × T1 after CANCEL the INVITE counts as over (RFC 3261 section 9.1).
    CancelTimeout,
    /// A BYE that could not be delivered is given up (RFC 3261 section 15.1.1).
    ByeTimeout,
    /// Repeat a reliable provisional response until its PRACK comes (RFC 3262 section 3).
    RepeatRinging,
    /// 64 × T1 without the PRACK to a reliable provisional response: refuse (RFC 3262 section 3).
    PrackTimeout,
    /// A re-INVITE that met another one, or was refused, is sent again (RFC 3261 section 14.1).
    ReinviteAgain,
    /// 64 × T1 without a final response to a re-INVITE: CANCEL, and then BYE.
    ReinviteTimeout,
    /// The session wants refreshing (RFC 4028 section 10).
    SessionRefresh,
    /// The session was not refreshed: hang up (RFC 4028 section 10).
    SessionExpiry,
    /// Say 180 again each minute so that no proxy gives up (RFC 3261 section 13.3.1.1).
    StillRinging,
    /// The Expires of an incoming INVITE ran out (RFC 3261 section 13.3.1).
    InviteExpired,
    /// The registration wants refreshing (RFC 3261 section 10.2.4).
    RegistrationRefresh,
    /// A failed registration is tried again (RFC 5626 section 4.5).
    RegistrationRetry,
    /// A transfer that the far end agreed to, and says nothing more about (RFC 3515 section 2.4.4).
    TransferSilence,
    /// The user has not decided on a transfer, so it is refused (RFC 3515 section 2.4.4).
    TransferUndecided,
    /// Timer N: no NOTIFY came for a SUBSCRIBE (RFC 6665 section 4.1.2.4).
    AwaitedNotify,
    /// A subscription wants refreshing (RFC 6665 section 4.1.2.2).
    SubscriptionRefresh,
    /// A failed subscription is tried again (RFC 6665 section 4.1.3).
    SubscriptionRetry,
    /// Send a keep-alive (RFC 5626 section 3.5.1).
    Ping,
    /// The pong is overdue: the flow is dead (RFC 5626 section 4.4.1).
    PongTimeout,
}
