//! What the phone tells the host page.

use crate::error::ErrorCode;
use serde::{Deserialize, Serialize};

/// An event with what every event carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "camelCase")]
pub struct EventMessage {
    /// Counts up from 1 as long as the phone lives.
    pub seq: u32,
    /// When it happened: ISO 8601, UTC, milliseconds.
    pub at: String,
    /// Never the same twice, so that a host can drop duplicates.
    pub event_id: String,
    /// What happened.
    pub event: HostEvent,
}

/// What happened, named as in `Ringlet.on(name, handler)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(tag = "name", content = "payload", rename_all = "camelCase")]
pub enum HostEvent {
    /// The phone has been set up and takes commands.
    Ready(Ready),
    /// The line is registered; only on a change.
    Registered(Registered),
    /// The line is no longer registered; only on a change.
    Unregistered(Unregistered),
    /// An outgoing call exists.
    CallStarted(CallStarted),
    /// Somebody calls.
    CallIncoming(CallIncoming),
    /// The far end alerts. Never means answered.
    CallRinging(CallRinging),
    /// The call is answered, by either side.
    CallAnswered(CallAnswered),
    /// Who holds a call, or whether its microphone is off, changed.
    CallUpdated(CallUpdated),
    /// The call is over. Exactly once for each call, whatever happened.
    CallEnded(CallEnded),
    /// A transfer that this side asked for goes on.
    TransferState(TransferState),
    /// A call is heard badly, or well again.
    QualityWarning(QualityWarning),
    /// Whether the microphone may be used, as far as the browser tells: once, and on every change.
    MicPermission(MicPermission),
    /// Something went wrong that no command is waiting for.
    Error(ErrorEvent),
}

/// Payload of `ready`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
pub struct Ready {
    /// The phone's version.
    pub version: String,
    /// What this phone can do beyond placing and taking calls; names are stable.
    pub capabilities: Vec<String>,
}

/// Payload of `registered`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "camelCase")]
pub struct Registered {
    /// User part of the address of record.
    pub username: String,
    /// Host part of the address of record.
    pub domain: String,
    /// `username@domain`: the same person on the same tenant has the same key.
    pub user_key: String,
}

/// Payload of `unregistered`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
pub struct Unregistered {
    /// Why.
    pub reason: UnregisteredReason,
}

/// Why a line is no longer registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum UnregisteredReason {
    /// The person or the host signed out.
    SignedOut,
    /// The socket to the SIP server closed; the phone tries again by itself.
    ConnectionLost,
    /// The server refused the credentials.
    Rejected,
    /// The server refused or dropped the registration for another reason.
    ServerError,
}

/// Which way a call was set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Somebody called us.
    Inbound,
    /// We called.
    Outbound,
}

/// Payload of `callStarted`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "camelCase")]
pub struct CallStarted {
    /// Names the call in every later command and event.
    pub call_id: String,
    /// What was dialled.
    pub number: String,
    /// Always outbound.
    pub direction: Direction,
    /// The caller ID that was asked for, by the host or by the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub requested_caller_id: Option<String>,
    /// What the host passed with `call()`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub correlation_id: Option<String>,
}

/// Payload of `callIncoming`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "camelCase")]
pub struct CallIncoming {
    /// Names the call in every later command and event.
    pub call_id: String,
    /// The caller's number or SIP user; empty when withheld.
    pub number: String,
    /// The caller's name, when the server sends one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub display_name: Option<String>,
    /// Always inbound.
    pub direction: Direction,
}

/// Payload of `callRinging`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "camelCase")]
pub struct CallRinging {
    /// The call.
    pub call_id: String,
}

/// Payload of `callAnswered`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "camelCase")]
pub struct CallAnswered {
    /// The call.
    pub call_id: String,
    /// The far end.
    pub number: String,
    /// Who called.
    pub direction: Direction,
    /// The caller ID that was asked for, by the host or by the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub requested_caller_id: Option<String>,
}

/// Payload of `callUpdated`: how the call stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "camelCase")]
pub struct CallUpdated {
    /// The call.
    pub call_id: String,
    /// Whether this side holds it.
    pub held: bool,
    /// Whether the far end does.
    pub remote_held: bool,
    /// Whether the microphone is off.
    pub muted: bool,
}

/// Payload of `callEnded`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "camelCase")]
pub struct CallEnded {
    /// The call.
    pub call_id: String,
    /// The far end.
    pub number: String,
    /// Who called.
    pub direction: Direction,
    /// The caller ID that was asked for, by the host or by the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub requested_caller_id: Option<String>,
    /// Whole seconds from answer to end; 0 for a call that was never answered.
    pub duration: u32,
    /// Why, in terms a person understands.
    pub cause: EndCause,
    /// The SIP status behind the cause, or 0 where there was none.
    pub sip_code: u16,
    /// How well the far end was heard; absent where nothing was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub quality: Option<QualityReport>,
}

/// How well the far end of a call was heard, over the whole call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "camelCase")]
pub struct QualityReport {
    /// Mean of the estimated mean opinion score (ITU-T G.107, simplified), from 1 to 4.4.
    pub mos: f64,
    /// The lowest of any second.
    pub lowest_mos: f64,
    /// Packets lost, in percent of those expected.
    pub loss: f64,
    /// Mean jitter, in milliseconds; absent where the browser does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub jitter: Option<f64>,
    /// Mean time to the far end and back, in milliseconds; absent where nobody tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub round_trip: Option<f64>,
    /// How many seconds were measured: those in which the call was not held.
    pub seconds: u32,
}

/// Payload of `qualityWarning`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "camelCase")]
pub struct QualityWarning {
    /// The call.
    pub call_id: String,
    /// What is measured.
    pub metric: QualityMetric,
    /// What it is now.
    pub value: f64,
    /// Beyond this it is warned of.
    pub threshold: f64,
    /// The warning is over.
    pub cleared: bool,
}

/// What a quality warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum QualityMetric {
    /// The estimated mean opinion score, from 1 to 4.4; low is bad.
    Mos,
    /// Packets lost, in percent.
    Loss,
    /// Jitter, in milliseconds.
    Jitter,
    /// To the far end and back, in milliseconds.
    RoundTrip,
    /// Nothing comes out of the microphone, although it is on; in seconds.
    SilentMicrophone,
    /// Nothing arrives from the network; in seconds.
    NoMedia,
    /// What arrives from the far end is silence; in seconds.
    SilentFarEnd,
}

/// Payload of `transferState`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "camelCase")]
pub struct TransferState {
    /// The call that is being transferred.
    pub call_id: String,
    /// The number or user that its far end shall reach.
    pub target: String,
    /// How far it is.
    pub status: TransferStatus,
    /// Why it failed, in terms a person understands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub reason: Option<EndCause>,
    /// One English sentence for the developer's console, when it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub message: Option<String>,
}

/// How far a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "lowercase")]
pub enum TransferStatus {
    /// The far end has been asked.
    Started,
    /// The far end has agreed, and calls the target.
    Accepted,
    /// The far end has reached the target; `callEnded` follows.
    Completed,
    /// It came to nothing, and the call goes on.
    Failed,
}

/// Payload of `micPermission`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
pub struct MicPermission {
    /// How it stands.
    pub state: MicPermissionState,
}

/// Whether the microphone may be used (W3C Permissions section 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum MicPermissionState {
    /// Without asking.
    Granted,
    /// The person will be asked.
    Prompt,
    /// The person, or the browser on their behalf, has refused it.
    Denied,
    /// The page around does not let its frame have it: `allow="microphone"` is missing, or its own
    /// permissions policy forbids it. No answer of the person can help.
    BlockedByPolicy,
}

/// Why a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum EndCause {
    /// This side hung up an answered call.
    LocalHangup,
    /// The far end hung up an answered call.
    RemoteHangup,
    /// This side connected the far end with somebody else, and left.
    Transferred,
    /// This side gave up before the far end answered.
    Cancelled,
    /// This side refused the incoming call.
    Rejected,
    /// This side sent the caller on to another number.
    Forwarded,
    /// The caller gave up before this side answered.
    Missed,
    /// Another device of this user took the call.
    AnsweredElsewhere,
    /// The far end is busy.
    Busy,
    /// The far end refused the call.
    Declined,
    /// Nobody answered.
    NoAnswer,
    /// The number or address does not exist.
    NotFound,
    /// The far end cannot be reached now.
    Unavailable,
    /// The server does not allow this call, or did not accept the credentials for it.
    Forbidden,
    /// The two sides share no way to talk (codecs, encryption).
    Incompatible,
    /// The microphone, or the media connection, failed.
    MediaFailed,
    /// The connection to the server broke and the call could not be kept.
    ConnectionLost,
    /// Any other failure; the SIP code says more.
    Failed,
}

/// Payload of `error`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "event.ts"))]
pub struct ErrorEvent {
    /// The stable name.
    pub code: ErrorCode,
    /// One English sentence for the developer's console.
    pub message: String,
    /// The phone cannot go on and must be destroyed.
    pub fatal: bool,
    /// The phone mends this by itself, or the person can.
    pub recoverable: bool,
}
