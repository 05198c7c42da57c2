//! What comes out of the agent.

use crate::input::{CallId, OpId};
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
    /// The socket is dead although it looks open (no pong, RFC 5626 section 4.4.1): drop it, say
    /// [`crate::Input::Disconnected`], and open another.
    Reconnect,
}

/// Media work (RFC 8829 names the steps; RFC 3264 the rules).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaRequest {
    /// Make an offer with every ICE candidate there is by then.
    CreateOffer,
    /// Take this offer, and make the answer.
    CreateAnswer {
        /// The far end's SDP.
        offer: String,
    },
    /// Take this answer to our offer. The result's text is ignored.
    SetAnswer {
        /// The far end's SDP.
        answer: String,
        /// From a provisional response (early media): another answer may replace it.
        provisional: bool,
    },
}

/// Something changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The registration did.
    Registration(RegistrationState),
    /// Somebody calls. 180 Ringing has been sent.
    Incoming {
        /// The new call.
        call: CallId,
        /// Who, as the server says (P-Asserted-Identity before From).
        from: Party,
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
    /// The call is over. Comes exactly once for each call, whatever happened.
    Ended(CallId, Ended),
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
