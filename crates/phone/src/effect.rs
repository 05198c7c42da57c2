//! What the phone wants done.

use crate::input::StoredSession;
use ringlet_contract::config::IceServer;
use ringlet_contract::event::HostEvent;
use ringlet_contract::message::{CommandResult, Snapshot};
use ringlet_sip::{CallId, OpId, Terms};

/// One thing to do. Effects are done in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// On the WebSocket.
    Socket(SocketEffect),
    /// On the microphone and the peer connections.
    Media(MediaEffect),
    /// On the loudspeaker: play this until told otherwise; `None` is silence.
    Tone(Option<Tone>),
    /// On the port to the loader.
    Host(HostEffect),
    /// In the browser's storage.
    Store(StoreEffect),
    /// On the browser's console, for whoever looks for a fault.
    Log(String),
    /// The view model changed; read it with [`crate::Phone::view`] once everything is drained.
    Render,
}

/// What to do on the WebSocket. There is at most one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEffect {
    /// Open one with sub-protocol `sip` (RFC 7118 section 4), closing any older one.
    Open {
        /// Where.
        url: String,
        /// Names this socket in every [`crate::SocketInput`] it causes.
        generation: u32,
    },
    /// Send one message. It is text (UTF-8) unless it is not valid UTF-8.
    Send(Vec<u8>),
    /// Close it, after what has been sent.
    Close,
}

/// What to do with media.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEffect {
    /// Use these servers for every peer connection from now on.
    Configure(Vec<IceServer>),
    /// Get the microphone, make the call's peer connection if it has none, make an offer, gather
    /// candidates for at most 500 ms. Ends in [`crate::MediaInput::Done`].
    CreateOffer(OpId, CallId, Terms),
    /// The same, answering an offer.
    CreateAnswer(OpId, CallId, String, Terms),
    /// Apply the far end's answer; `provisional` as `pranswer`.
    SetAnswer {
        /// The operation.
        op: OpId,
        /// The call.
        call: CallId,
        /// The SDP.
        answer: String,
        /// It may be replaced by another answer.
        provisional: bool,
    },
    /// Take the last offer back (`rollback`). Ends in [`crate::MediaInput::Done`].
    Rollback(OpId, CallId),
    /// Turn the microphone of a call off or on.
    SetMuted(CallId, bool),
    /// Close the call's peer connection and let the microphone go if no other call needs it.
    Close(CallId),
    /// Ask for the microphone and let it go again, to learn whether it may be used.
    ProbeMicrophone,
    /// Resume the audio context inside the press that the person just made.
    Unlock,
}

/// A sound the phone makes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Somebody calls.
    Ring,
    /// The far end alerts and sends no early media.
    RingBack,
    /// The far end is busy; lasts about 2 s.
    Busy,
    /// The call failed; lasts about 1 s.
    Failure,
}

/// What to say to the loader.
#[derive(Clone, Debug, PartialEq)]
pub enum HostEffect {
    /// Answer the command with this id.
    Result {
        /// The command's message id.
        reply_to: String,
        /// How it went.
        result: CommandResult,
    },
    /// Tell an event; the bridge adds `at` and `eventId`.
    Event {
        /// Counts up from 1.
        seq: u32,
        /// What happened.
        event: HostEvent,
    },
    /// Tell what `getState()` shall answer from now on.
    Snapshot(Snapshot),
    /// Ask for the widget to be shown (true) or hidden.
    Show(bool),
}

/// What to do in the browser's storage; keys are prefixed with the tenant's namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreEffect {
    /// Read this tab's session; ends in [`crate::Input::Stored`].
    Load {
        /// The tenant's `storageNamespace`.
        namespace: String,
    },
    /// Remember this in this tab.
    Save(StoredSession),
    /// Forget it.
    Clear,
}
