//! What goes into the phone.

use crate::devices::{Device, DeviceUse};
use crate::late::Late;
use crate::pages::Page;
use crate::quality::Sample;
use ringlet_contract::config::Theme;
use ringlet_contract::error::ErrorBody;
use ringlet_contract::event::MicPermissionState;
use ringlet_contract::message::ToPhone;
use ringlet_sip::{CallId, OpId};

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// The host page sent a message, by way of the loader.
    Host(HostInput),
    /// The person pressed or typed something.
    Intent(Intent),
    /// The socket changed.
    Socket(SocketInput),
    /// Work on a peer connection ended, or its state changed.
    Peer(PeerInput),
    /// The microphone or the loudspeaker has news.
    Audio(AudioInput),
    /// [`crate::Phone::poll_timeout`] has been reached, or passed long ago.
    Timeout,
    /// The browser went on line or off line.
    Online(bool),
    /// The page is going away for good; only what is sent now will be sent.
    PageHide,
    /// What this tab had stored, in answer to [`crate::StoreEffect::Load`].
    Stored(Option<StoredSession>),
    /// The browser refuses storage to the tab.
    StorageBlocked,
    /// What the browser keeps for the user, or does not.
    Records(RecordsInput),
    /// What the phone can ring without, in answer to [`crate::Effect::LoadLate`]; `None` if it could
    /// not be loaded.
    Late(Option<Late>),
}

/// A message from the loader.
#[derive(Clone, Debug)]
pub enum HostInput {
    /// A well-formed command; `id` goes back in the result's `replyTo`.
    Command {
        /// The message's id.
        id: String,
        /// The command.
        command: ToPhone,
    },
    /// A message that is not a command of this version, and the error to answer it with.
    Malformed {
        /// The message's id, if it had one.
        id: Option<String>,
        /// What was wrong with it.
        error: ErrorBody,
    },
}

/// What a person can ask for. An intent that makes no sense now is ignored.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    /// Sign in with what the form holds.
    SignIn(crate::view::Form),
    /// Sign in with the complete credentials the host passed (the one-press Connect).
    Connect,
    /// End all calls, unregister, forget the session.
    SignOut,
    /// Stop waiting for the back-off, and connect now.
    RetryConnection,
    /// The number on the keypad changed.
    EditNumber(String),
    /// Call the number; an empty one puts the number that was dialled last on the keypad.
    Call(String),
    /// Take an incoming call, and hold the one that is being talked in.
    Answer(CallId),
    /// End the call that is being talked in, and take an incoming one.
    EndAndAnswer(CallId),
    /// Refuse an incoming call.
    Reject(CallId),
    /// End a call.
    Hangup(CallId),
    /// Turn the microphone of a call off or on.
    SetMuted(CallId, bool),
    /// Put an answered call on hold, or take it back.
    SetHeld(CallId, bool),
    /// Send DTMF in a call: digits, `*`, `#`, `A` to `D`, and `,` for a pause of two seconds. Other
    /// characters are left out.
    SendDtmf(CallId, String),
    /// Ask the far end of a call to call this number instead.
    Transfer(CallId, String),
    /// Connect the far end of a call with that of another one.
    TransferTo(CallId, CallId),
    /// Call whom the far end of a call asks to call ([`crate::CallView::transfer_request`]).
    AcceptTransfer(CallId),
    /// Do not.
    DeclineTransfer(CallId),
    /// Put the "call ended" screen away.
    DismissEnded,
    /// Call the same number again from the "call ended" screen.
    Redial,
    /// Ask for the microphone again, without a call.
    RetryMicrophone,
    /// A press that lets the browser play sound.
    UnlockAudio,
    /// Put the "microphone blocked" notice away.
    DismissMicrophone,
    /// Hide the widget.
    Close,
    /// Choose a colour scheme.
    SetTheme(Theme),
    /// Add a number to call as, and choose it.
    AddCallerId(String),
    /// Delete a number that the person added.
    DeleteCallerId(String),
    /// Choose a number to call as; `None` for the account's own address.
    ChooseCallerId(Option<String>),
    /// Use this device, or the browser's default.
    ChooseDevice(DeviceUse, Option<String>),
    /// Let a loudspeaker be heard.
    TestDevice(DeviceUse),
    /// Put the notice about a device that has gone away.
    DismissLostDevice,
    /// Ring for nobody, or again.
    SetDoNotDisturb(bool),
    /// Send callers on to these numbers; a blank one ends that.
    Forward {
        /// When there is no room for another call, or the person is not to be disturbed.
        busy: String,
        /// When nobody answers.
        no_answer: String,
    },
    /// Go to a screen.
    ShowPage(Page),
    /// Delete the call with this id from the history ([`crate::HistoryEntry::id`]).
    DeleteFromHistory(String),
    /// Delete all calls from the history.
    DeleteHistory,
}

/// What the WebSocket did. `generation` is that of the [`crate::SocketEffect::Open`]; input from an
/// older socket is ignored.
#[derive(Clone, Debug)]
pub enum SocketInput {
    /// It is open.
    Opened {
        /// The socket.
        generation: u32,
    },
    /// A message arrived.
    Received {
        /// The socket.
        generation: u32,
        /// The message; a text frame as UTF-8.
        data: Vec<u8>,
    },
    /// It closed, or never opened.
    Closed {
        /// The socket.
        generation: u32,
    },
}

/// What a peer connection did.
#[derive(Clone, Debug)]
pub enum PeerInput {
    /// The work of one operation ended: with the SDP made (empty where none is made), or a failure.
    Done(OpId, Result<String, MediaError>),
    /// The peer connection of a call is up.
    Connected(CallId),
    /// The peer connection of a call broke and will not recover by itself.
    Failed(CallId),
    /// The microphone that a call was promised cannot be opened.
    MicrophoneFailed(CallId, MediaError),
    /// The far end of a call takes no DTMF in the media.
    ToneRefused(CallId),
    /// What the browser has counted in a call, in answer to [`crate::PeerEffect::Sample`].
    Sampled(CallId, Sample),
}

/// What the microphone or the loudspeaker did.
#[derive(Clone, Debug)]
pub enum AudioInput {
    /// [`crate::AudioEffect::ProbeMicrophone`] ended.
    Microphone(Result<(), MediaError>),
    /// Whether the microphone may be used, as far as the browser tells.
    Permission(MicPermissionState),
    /// The devices there are, once and whenever they change. Without leave to use the microphone
    /// browsers tell of none.
    Devices(Vec<Device>),
    /// The browser will not play sound before the person presses something.
    Locked,
    /// It will now.
    Unlocked,
}

/// How it went with the user's records.
#[derive(Clone, Debug)]
pub enum RecordsInput {
    /// All of them, in answer to [`crate::RecordEffect::Load`] or because another tab changed them.
    Loaded(Vec<Record>),
    /// The browser refuses storage; there are none.
    Blocked,
    /// The one with this key could not be written: storage is full, or refused.
    Refused(String),
}

/// A text that the browser keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its key, within the user's place.
    pub key: String,
    /// The text.
    pub text: String,
}

/// Why media work failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaError {
    /// The person, or the browser on their behalf, refused the microphone (`NotAllowedError`).
    MicrophoneDenied,
    /// The embedding page's permissions policy forbids it.
    MicrophoneBlocked,
    /// There is none, or another program holds it.
    MicrophoneUnavailable,
    /// The browser refused the SDP, or anything else; the text is for the log.
    Other(String),
}

/// What a tab remembers across a reload. It lives in `sessionStorage` and dies with the tab.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// User part of the address of record.
    pub username: String,
    /// Host part of the address of record.
    pub domain: String,
    /// The password, or the HA1.
    pub secret: ringlet_sip::Secret,
}

impl std::fmt::Debug for StoredSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredSession")
            .field("username", &self.username)
            .field("domain", &self.domain)
            .finish_non_exhaustive()
    }
}
