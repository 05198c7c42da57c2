//! Errors as a host page, a developer or an operator meets them.

use serde::{Deserialize, Serialize};

/// What went wrong, as a stable name.
///
/// The text beside a code may change; the code does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "error.ts"))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// `init` was called while a phone is alive on this page.
    AlreadyInitialized,
    /// A command was given before `init`, or after `destroy`.
    NotInitialized,
    /// `destroy` ended what was still waiting.
    Destroyed,
    /// The object passed to `init`, or the server's configuration, cannot be used.
    InvalidConfig,
    /// The number is blank, too long, or holds characters no number or SIP address can have.
    InvalidNumber,
    /// A tone is none of those that DTMF has, or there are none, or too many.
    InvalidTones,
    /// The phone's frame did not answer the handshake in time.
    HandshakeTimeout,
    /// The server could not be reached, or answered with something that is not Ringlet's.
    NetworkError,
    /// The phone's program failed in its frame. The loader loads it again once.
    PhoneCrashed,
    /// The browser lacks what the phone cannot do without: a secure random source.
    UnsupportedBrowser,

    /// The request for the configuration carried no key.
    WebphoneMissingKey,
    /// No tenant has this key.
    InvalidApiKey,
    /// The tenant does not allow this origin.
    WebphoneOriginForbidden,
    /// The tenant is switched off.
    WebphoneTenantDisabled,
    /// A fault of Ringlet's own, in the server or in the loader.
    InternalError,
    /// No such resource.
    NotFound,
    /// The resource does not take this HTTP method.
    MethodNotAllowed,

    /// The command needs a registered line.
    NotRegistered,
    /// The server refused the user name or password.
    SignInFailed,
    /// The connection to the SIP server is gone.
    ConnectionLost,
    /// No call has this id, or there is no call the command could mean.
    NoSuchCall,
    /// The call is not in a state that allows the command.
    InvalidState,
    /// As many calls are up as this phone may have.
    CallLimit,
    /// The call could not be set up or kept up.
    CallFailed,
    /// The person, or the browser on their behalf, refused the microphone.
    MicrophoneDenied,
    /// The embedding page's permissions policy forbids the microphone.
    MicrophoneBlocked,
    /// There is no microphone, or another program holds it.
    MicrophoneUnavailable,
    /// The browser refuses storage to the phone; it works, but remembers nothing.
    StorageBlocked,

    /// A message had a type this version does not know.
    UnknownType,
    /// A message was not what its type demands.
    MalformedMessage,
    /// The two sides speak different versions of the protocol.
    UnsupportedVersion,
}

/// An error as it travels to the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "error.ts"))]
pub struct ErrorBody {
    /// The stable name.
    pub code: ErrorCode,
    /// One English sentence for the developer's console.
    pub message: String,
}

impl ErrorBody {
    /// An error with its explanation.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Every HTTP error of the server: a problem document (RFC 9457) with Ringlet's code inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "error.ts"))]
pub struct Problem {
    /// Always `false`; a success is an [`ApiSuccess`].
    pub ok: bool,
    /// `about:blank`: the code says it all.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened.
    pub error: ErrorBody,
}

/// Every success of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "error.ts"))]
pub struct ApiSuccess<T> {
    /// Always `true`.
    pub ok: bool,
    /// The answer.
    pub data: T,
}
