//! What comes out of the agent.

use crate::input::{CallId, MessageId, OpId, SubscriptionId};
use crate::reason::{Ended, RegistrationError};
use std::time::Duration;

/// One thing to do or to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Send this as one WebSocket message.
    Transmit(Vec<u8>),
    /// Do this media work, then say [`crate::Input::Media`] with the same number.
    Media(OpId, CallId, MediaRequest),
    /// Something changed.
    Event(Event),
    /// Another socket is wanted, or would help.
    Reconnect(Reconnect),
}

/// Why another socket is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reconnect {
    /// The socket is dead although it looks open: no pong came (RFC 5626 section 4.4.1), or no
    /// answer to requests. Drop it, say [`crate::Input::Disconnected`], and open another.
    DeadFlow,
    /// The server cannot register anybody now (503), or sends us elsewhere (3xx). A driver that
    /// knows another server does the same; one that does not keeps the socket, and the agent
    /// tries again on it as [`RegistrationState::Failed`] says.
    ServerUnavailable {
        /// How long the server wants to be left alone.
        retry_after: Option<Duration>,
    },
}

/// Media work (RFC 8829 names the steps; RFC 3264 the rules).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaRequest {
    /// Make an offer with every ICE candidate there is by then.
    CreateOffer(Terms),
    /// Take this offer, and make the answer.
    CreateAnswer {
        /// The far end's SDP.
        offer: String,
        /// What else it shall be.
        terms: Terms,
    },
    /// Take this answer to our offer. The result's text is ignored.
    SetAnswer {
        /// The far end's SDP.
        answer: String,
        /// From a provisional response (early media): another answer may replace it.
        provisional: bool,
    },
    /// Take our last offer back: the far end refused it, or made one at the same time. The
    /// session is as it was before (JSEP `rollback`). The result's text is ignored.
    Rollback,
}

/// What an offer or an answer shall be, beyond the ordinary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// This side holds the call: `sendonly`, or `inactive` in answer to a far end that holds too
    /// (RFC 3264 section 8.4).
    pub hold: bool,
    /// With new ICE credentials (RFC 8445 section 9), on a new transport where that is needed.
    pub restart: bool,
}

/// Something changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The registration did.
    Registration(RegistrationState),
    /// Somebody calls. 180 Ringing has been sent, unless the call takes the place of another one
    /// ([`IncomingDetails::replaces`]) and is being answered already.
    Incoming {
        /// The new call.
        call: CallId,
        /// Who, as the server says (P-Asserted-Identity before From).
        from: Party,
        /// What else the INVITE says.
        details: Box<IncomingDetails>,
    },
    /// The far end of an outgoing call alerts (180), or sends early media (183 with SDP).
    Progress {
        /// The call.
        call: CallId,
        /// The provisional response's status.
        status: u16,
        /// Its SDP is being applied: the far end's own ring-back or announcement is audible.
        early_media: bool,
    },
    /// The call is answered: a 2xx to INVITE was sent or received.
    Answered(CallId),
    /// Who holds an answered call changed.
    Hold {
        /// The call.
        call: CallId,
        /// This side does.
        local: bool,
        /// The far end does (its SDP is `sendonly` or `inactive`).
        remote: bool,
    },
    /// A hold, a resumption or a restart was refused or failed. The session is as it was before.
    ChangeFailed {
        /// The call.
        call: CallId,
        /// The final status; `None` if there was none.
        status: Option<u16>,
        /// The agent tries again by itself, because it is the first time that the far end refuses
        /// a recovery. When it is `false` for a call whose media is broken, there is nothing more
        /// to wait for.
        will_retry: bool,
    },
    /// The call's dialog and media were negotiated anew after the socket had been lost.
    Recovered(CallId),
    /// The far end is somebody else now, or the network has learnt who (RFC 4916, RFC 3325).
    Identity {
        /// The call.
        call: CallId,
        /// Who it is.
        party: Party,
    },
    /// A transfer that this side asked for goes on.
    Transfer {
        /// The call that is being transferred.
        call: CallId,
        /// How far it is.
        progress: TransferProgress,
    },
    /// The far end asks this side to call somebody else (REFER). Nothing happens until
    /// [`crate::Command::AcceptTransfer`] or [`crate::Command::RefuseTransfer`].
    TransferRequested {
        /// The call that is being transferred.
        call: CallId,
        /// Whom to call; the host where the address has no user.
        target: Party,
        /// The target is a call that the far end has now (attended transfer).
        attended: bool,
    },
    /// Another call has taken the place of this one (INVITE with Replaces, RFC 3891). `by` is
    /// answered without being asked, and [`Event::Ended`] for `call` follows.
    Replaced {
        /// The call that ends.
        call: CallId,
        /// The call that goes on.
        by: CallId,
    },
    /// A DTMF signal came by INFO.
    Dtmf {
        /// The call.
        call: CallId,
        /// `0` to `9`, `*`, `#`, `A` to `D`.
        signal: char,
    },
    /// A subscription changed.
    Subscription {
        /// The subscription.
        subscription: SubscriptionId,
        /// Its new state.
        state: SubscriptionState,
    },
    /// State arrived, for a subscription or unasked (`None`: message-summary, as many servers
    /// send it to every phone).
    Notification {
        /// The subscription.
        subscription: Option<SubscriptionId>,
        /// What it says.
        notification: Notification,
    },
    /// An instant message arrived, and was answered 200.
    Message {
        /// Who sent it.
        from: Party,
        /// Its media type.
        content_type: String,
        /// Its content.
        body: Vec<u8>,
    },
    /// An instant message was delivered, or was not.
    MessageDone {
        /// The message.
        message: MessageId,
        /// The final status; `None` if there was none.
        status: Option<u16>,
    },
    /// The call is over. Comes exactly once for each call, whatever happened.
    Ended(CallId, Ended),
}

/// What an INVITE says besides who calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncomingDetails {
    /// The caller's address, from the header that names the caller; `None` when withheld.
    pub uri: Option<String>,
    /// Who was called first (Diversion, RFC 5806, or History-Info, RFC 7044).
    pub diverted_by: Option<Party>,
    /// The caller asks that the call be answered without a person, after so long (Call-Info
    /// `answer-after`, Alert-Info, or Answer-Mode, RFC 5373). Whether to obey is policy.
    pub auto_answer: Option<Duration>,
    /// Who transferred the caller here (Referred-By, RFC 3892).
    pub referred_by: Option<Party>,
    /// The call that this one takes the place of; it is answered by itself (RFC 3891).
    pub replaces: Option<CallId>,
}

/// How far a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferProgress {
    /// The far end has agreed, and calls.
    Accepted,
    /// The far end's call got this provisional status.
    Trying(u16),
    /// The far end has reached the target. This call can be ended.
    Done,
    /// It came to nothing, with this status where there was one. This call goes on.
    Failed(Option<u16>),
}

/// An event package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Package {
    /// Waiting messages (`message-summary`, RFC 3842).
    MessageSummary,
    /// Whether somebody is on the phone (`dialog`, RFC 4235): the busy lamp. With the feature
    /// `xml-events`.
    #[cfg(feature = "xml-events")]
    Dialog,
    /// Presence (`presence`, RFC 3856). With the feature `xml-events`.
    #[cfg(feature = "xml-events")]
    Presence,
}

/// The state of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionState {
    /// It holds, and is refreshed by itself.
    Active,
    /// The far end has not decided yet.
    Pending,
    /// It does not hold now, and is tried again after so long; zero: as soon as there is a socket.
    Retrying(Duration),
    /// It is over, with this status where there was one.
    Ended(Option<u16>),
}

/// What a NOTIFY says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notification {
    /// Waiting messages.
    Messages(crate::event::MessageSummary),
    /// The dialogs of somebody.
    #[cfg(feature = "xml-events")]
    Dialogs(crate::event::DialogInfo),
    /// Somebody's presence.
    #[cfg(feature = "xml-events")]
    Presence(crate::event::Presence),
}

/// A far end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// The number, or the user part of the address; empty when withheld.
    pub number: String,
    /// The display name, when there is one.
    pub display_name: Option<String>,
}

/// The registration.
#[derive(Clone, Debug, PartialEq)]
pub enum RegistrationState {
    /// A REGISTER is under way.
    Registering,
    /// The server has our binding.
    Registered {
        /// How long it will keep it unless refreshed.
        expires: Duration,
    },
    /// The server has none, and none is wanted.
    Unregistered,
    /// The server has none although one is wanted.
    Failed {
        /// Why.
        error: RegistrationError,
        /// When the agent tries again by itself on this socket; `None`: never.
        retry_in: Option<Duration>,
    },
}
