//! What the phone wants done.

use crate::audio::Routes;
use crate::devices::DevicesInUse;
use crate::input::{Record, StoredSession};
use crate::view::Slice;
use ringlet_contract::config::{IceServer, MediaBehavior};
use ringlet_contract::event::HostEvent;
use ringlet_contract::message::{CommandResult, Snapshot};
use ringlet_sip::{CallId, OpId, Terms};

/// One thing to do. Effects are done in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// On the WebSocket.
    Socket(SocketEffect),
    /// On the peer connections.
    Peer(PeerEffect),
    /// On the audio graph: microphone, loudspeaker and the routes between them.
    Audio(AudioEffect),
    /// On the port to the loader.
    Host(HostEffect),
    /// In this tab's storage.
    Store(StoreEffect),
    /// In what the browser keeps for the user.
    Record(RecordEffect),
    /// Load what the phone can ring without, when there is nothing better to do: [`crate::Input::Late`].
    /// Asked for again when it may have failed.
    LoadLate,
    /// A line for the browser's console.
    Log(String),
    /// This slice of the view model changed. Slices that did not change are not mentioned.
    Render(Slice),
}

/// What to do on the WebSocket. There is at most one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEffect {
    /// Open one with sub-protocol `sip` (RFC 7118 section 4), closing any older one.
    Open {
        /// The URL.
        url: String,
        /// Names this socket in every [`crate::SocketInput`] it causes.
        generation: u32,
    },
    /// Send one message. It is text (UTF-8) unless it is not valid UTF-8.
    Send(Vec<u8>),
    /// Close it, after what has been sent.
    Close,
}

/// What to do on the peer connections. Each call has one (RFC 8829).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerEffect {
    /// Use this for every peer connection from now on.
    Configure(Box<PeerConfig>),
    /// Make ready what the next call can have ahead of time: learn whether the microphone may be
    /// used without asking ([`crate::AudioInput::Permission`]) and which devices there are
    /// ([`crate::AudioInput::Devices`]), and set up a peer connection.
    Prepare,
    /// Make the call's peer connection if it has none, open the microphone, make an offer, gather
    /// candidates for at most 500 ms. Ends in [`crate::PeerInput::Done`].
    ///
    /// A microphone that must be asked for is waited for. One that may be used anyway is opened
    /// meanwhile; when it then cannot be, [`crate::PeerInput::MicrophoneFailed`] says so.
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
    /// Take the last offer back (`rollback`). Ends in [`crate::PeerInput::Done`].
    Rollback(OpId, CallId),
    /// Send one DTMF tone for 100 ms in the call's media (RFC 4733). Where the far end takes none
    /// there, [`crate::PeerInput::ToneRefused`] says so.
    SendTone(CallId, char),
    /// Tell what the browser has counted in the call: [`crate::PeerInput::Sampled`].
    Sample(CallId),
    /// Close the call's peer connection.
    Close(CallId),
}

/// What peer connections are made with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeerConfig {
    /// STUN and TURN.
    pub ice_servers: Vec<IceServer>,
    /// Codecs and microphone.
    pub media: MediaBehavior,
}

/// What to do on the audio graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AudioEffect {
    /// Connect exactly these sources and sinks, and disconnect all others. A route whose source or
    /// sink does not exist yet is connected as soon as it does.
    Route(Routes),
    /// Open the microphone and release it again, to learn whether it may be used. Ends in
    /// [`crate::AudioInput::Microphone`].
    ProbeMicrophone,
    /// Use these devices, also in the calls there are.
    UseDevices(DevicesInUse),
    /// Resume the audio context and all playback inside the press that the person just made.
    Unlock,
}

/// What to send to the loader.
#[derive(Clone, Debug, PartialEq)]
pub enum HostEffect {
    /// Answer the command with this id.
    Result {
        /// The command's message id.
        reply_to: String,
        /// How it went.
        result: CommandResult,
    },
    /// Send an event; the bridge adds `at` and `eventId`.
    Event {
        /// Counts up from 1.
        seq: u32,
        /// What happened.
        event: HostEvent,
    },
    /// Replace the state that `getState()` answers with.
    Snapshot(Snapshot),
    /// Ask for the widget to be shown (true) or hidden.
    Show(bool),
}

/// What to do in this tab's storage; keys are prefixed with the tenant's namespace.
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

/// What to do with the user's records: texts that outlive the tab (`localStorage`), each under a key
/// of its own. One that cannot be written is told by [`crate::RecordsInput::Refused`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordEffect {
    /// Read all records of this place, and again whenever another tab changes one of them. Ends in
    /// [`crate::RecordsInput::Loaded`] or [`crate::RecordsInput::Blocked`]. The other effects are
    /// about the place that was loaded last.
    Load {
        /// The tenant's `storageNamespace` and the user, whose keys start with it and a dot.
        place: String,
    },
    /// Write one, whether it is new or not.
    Put(Record),
    /// Remove the one with this key.
    Remove(String),
    /// Give a record another key. It keeps the old one when it cannot be written under the new.
    Rename {
        /// The key it has.
        from: String,
        /// The key it is to have.
        to: String,
    },
}
