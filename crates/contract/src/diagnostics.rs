//! What helps to find a fault.

use serde::{Deserialize, Serialize};

/// What `getDiagnostics()` tells. No secret is in it: not the password, not what proves it, not the
/// text of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "diagnostics.ts"))]
#[serde(rename_all = "camelCase")]
pub struct Diagnostics {
    /// The phone's version.
    pub version: String,
    /// How the line stands.
    pub connection: Connection,
    /// How the microphone stands.
    pub microphone: MicrophoneState,
    /// The browser will not play sound before the person presses something.
    pub audio_locked: bool,
    /// The browser refuses storage.
    pub storage_blocked: bool,
    /// What the browser said when media work failed last, other than for want of a microphone; at
    /// most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub media_error: Option<String>,
    /// What was counted.
    pub counters: Counters,
    /// The latest SIP messages and changes of state, oldest first, as many as fit.
    pub trace: Vec<TraceLine>,
}

/// How the line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "diagnostics.ts"))]
#[serde(rename_all = "camelCase")]
pub enum Connection {
    /// Nobody is signed in.
    SignedOut,
    /// The first registration is under way.
    Connecting,
    /// The line is registered.
    Registered,
    /// The connection was lost, or could not be made, and is tried again.
    Reconnecting,
    /// The server refuses the registration.
    Refused,
}

/// How the microphone stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "diagnostics.ts"))]
#[serde(rename_all = "camelCase")]
pub enum MicrophoneState {
    /// It has not been asked for.
    Unknown,
    /// It worked when it was last wanted.
    Fine,
    /// The person refused it.
    Denied,
    /// The embedding page's permissions policy forbids it.
    Blocked,
    /// There is none, or another program holds it.
    Unavailable,
}

/// What was counted since the last sign-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "diagnostics.ts"))]
#[serde(rename_all = "camelCase")]
pub struct Counters {
    /// Messages sent, keep-alives included.
    pub sent: u32,
    /// Messages received, keep-alives included.
    pub received: u32,
    /// Received messages that could not be read, or were for somebody else.
    pub rejected: u32,
    /// Responses that answered nothing: late, repeated, or made up.
    pub unmatched: u32,
    /// Requests that arrived again.
    pub repeated: u32,
    /// Requests refused because too many were open.
    pub overload: u32,
    /// Requests that nobody answered in time.
    pub unanswered: u32,
    /// How often the user agent asked for another socket.
    pub reconnects: u32,
}

/// One entry of the trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "diagnostics.ts"))]
#[serde(rename_all = "camelCase")]
pub struct TraceLine {
    /// How long ago it was, in milliseconds.
    pub age_ms: u32,
    /// What it is.
    pub kind: TraceKind,
    /// The message, with secrets struck out, or what changed.
    pub text: String,
}

/// What an entry of the trace is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "diagnostics.ts"))]
#[serde(rename_all = "lowercase")]
pub enum TraceKind {
    /// A message that was sent.
    Sent,
    /// A message that arrived.
    Received,
    /// A message that arrived and was refused, or ignored by rule.
    Dropped,
    /// A change of state.
    State,
}
