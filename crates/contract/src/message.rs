//! The messages between the loader and the phone.
//!
//! Every message is one object `{ns: "ringlet", v: 1, type, id, replyTo?, data?}`. `type` and
//! `data` are a [`ToPhone`] or a [`ToLoader`]; the rest is [`Header`].
//!
//! The handshake runs on `window.postMessage`, everything else on the port it hands over:
//!
//! 1. frame → parent window: [`Announce`] with a nonce, once, by the first script of the phone's page
//! 2. loader → frame window: [`Connect`] with that nonce and one end of a `MessageChannel`, to the
//!    phone's exact origin
//! 3. loader → port: [`ToPhone::Init`]
//! 4. phone → port: [`ToLoader::Result`], [`ToLoader::Snapshot`], then the `ready` event
//!
//! The first script keeps what arrives for the phone's program, which is still on its way: the program
//! checks it and answers.
//!
//! A frame that has been loaded and has not announced itself is asked, until it answers:
//!
//! 1. loader → frame window: [`Hello`] with a nonce of the loader's
//! 2. phone → parent window: [`HelloAck`] with the same nonce, to the origin the hello came from
//! 3. as from 2 above, with that nonce
//!
//! A message is read only when its window, its origin and its nonce are the expected ones.

use crate::config::PhoneInit;
use crate::diagnostics::Diagnostics;
use crate::error::ErrorBody;
use crate::event::{Direction, EventMessage};
use serde::{Deserialize, Serialize};

/// What every message carries beside its type and data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
#[serde(rename_all = "camelCase")]
pub struct Header {
    /// Always [`crate::NAMESPACE`].
    pub ns: String,
    /// [`crate::PROTOCOL_VERSION`] of the sender.
    pub v: u32,
    /// Unique among the sender's messages.
    pub id: String,
    /// The `id` of the message this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub reply_to: Option<String>,
}

/// `data` of the message by which a phone's page makes itself known, type `announce`.
///
/// It goes to whatever window is around the page, and therefore holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
pub struct Announce {
    /// 128 random bits in hexadecimal; new for every page, and good for one port.
    pub nonce: String,
}

/// `data` of the loader's question, type `hello`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
pub struct Hello {
    /// 128 random bits in hexadecimal; new for every page that the frame loads.
    pub nonce: String,
}

/// `data` of the phone's answer, type `helloAck`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
pub struct HelloAck {
    /// The loader's nonce.
    pub nonce: String,
    /// The phone's version.
    pub version: String,
}

/// `data` of the message that hands over the port, type `connect`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
pub struct Connect {
    /// The nonce of the [`Announce`] or of the [`Hello`].
    pub nonce: String,
}

/// What the loader asks of the phone. Each is answered by one [`ToLoader::Result`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
#[serde(tag = "type", content = "data", rename_all = "camelCase")]
pub enum ToPhone {
    /// The first message on the port.
    Init(Box<PhoneInit>),
    /// Place a call. Answered with a [`ResultValue`] that names it once the call exists.
    Call(CallCommand),
    /// Put a number on the keypad without calling it.
    Dial(DialCommand),
    /// End a call.
    Hangup(CallRef),
    /// Take an incoming call.
    Answer(CallRef),
    /// Refuse an incoming call.
    Reject(CallRef),
    /// Stop sending the microphone.
    Mute(CallRef),
    /// Send the microphone again.
    Unmute(CallRef),
    /// Put a call on hold. Answered when the far end has agreed.
    Hold(CallRef),
    /// Take a call back from hold. Answered when the far end has agreed.
    Unhold(CallRef),
    /// Send DTMF. Answered when the last tone has been sent.
    SendDtmf(DtmfCommand),
    /// Ask the far end to call somebody else (blind transfer). Answered when the request is on its
    /// way; [`crate::event::TransferState`] tells how it goes.
    Transfer(TransferCommand),
    /// Connect the far ends of two calls (attended transfer). Answered as `transfer` is.
    TransferTo(TransferToCommand),
    /// Tell what can help to find a fault. Answered with a [`ResultValue`] that holds it.
    Diagnostics(Nothing),
    /// The widget was shown or hidden.
    Visibility(Visibility),
    /// Answer, and do nothing else: the loader's heartbeat.
    Ping(Nothing),
    /// End all calls, unregister, answer when the server has been told (or after 2 s).
    Shutdown(Nothing),
}

/// What the phone says to the loader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
#[serde(tag = "type", content = "data", rename_all = "camelCase")]
pub enum ToLoader {
    /// The answer to the message named by `replyTo`.
    Result(CommandResult),
    /// Something happened.
    Event(EventMessage),
    /// Everything `getState()` tells; sent whole after every change of it.
    Snapshot(Snapshot),
    /// Show (`open: true`) or hide the widget.
    Visibility(Visibility),
}

/// An empty object, for messages that need no data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "typescript",
    derive(ts_rs::TS),
    ts(export, export_to = "message.ts", type = "Record<string, never>")
)]
pub struct Nothing {}

/// `data` of `call`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
#[serde(rename_all = "camelCase")]
pub struct CallCommand {
    /// A number, a `tel:` or `sip:` URI, or a SIP user.
    pub number: String,
    /// The caller id to ask the server for, this once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub caller_id: Option<String>,
    /// Returned in `callStarted`, for the host's own bookkeeping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub correlation_id: Option<String>,
}

/// `data` of `dial`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
pub struct DialCommand {
    /// What to put on the keypad.
    pub number: String,
}

/// Which call a command means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
#[serde(rename_all = "camelCase")]
pub struct CallRef {
    /// The call; without it the active call, or for `answer` and `reject` the ringing one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub call_id: Option<String>,
}

/// `data` of `sendDtmf`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
#[serde(rename_all = "camelCase")]
pub struct DtmfCommand {
    /// `0` to `9`, `*`, `#`, `A` to `D`, and `,` for a pause of two seconds; at most
    /// [`crate::MAX_TONES`].
    pub tones: String,
    /// The call; without it the active call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub call_id: Option<String>,
}

/// `data` of `transfer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
#[serde(rename_all = "camelCase")]
pub struct TransferCommand {
    /// Whom the far end shall call: what `call` takes.
    pub target: String,
    /// The call; without it the active call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub call_id: Option<String>,
}

/// `data` of `transferTo`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
#[serde(rename_all = "camelCase")]
pub struct TransferToCommand {
    /// The call whose far end is asked to call.
    pub call_id: String,
    /// The call whose far end it shall reach.
    pub other_call_id: String,
}

/// `data` of `visibility`, in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
pub struct Visibility {
    /// Whether the widget is (or should be) shown.
    pub open: bool,
}

/// How a command went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
#[serde(tag = "status", content = "value", rename_all = "camelCase")]
pub enum CommandResult {
    /// It was done.
    Done(ResultValue),
    /// It was not.
    Failed(ErrorBody),
}

/// What a command returns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
#[serde(rename_all = "camelCase")]
pub struct ResultValue {
    /// The call that `call` started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub call_id: Option<String>,
    /// What `diagnostics` asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub diagnostics: Option<Diagnostics>,
}

/// What `getState()` tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// Whether the line is registered.
    pub registered: bool,
    /// Whether any call is up, ringing or being set up.
    pub in_call: bool,
    /// The far end of the active (else the ringing) call.
    pub active_number: Option<String>,
    /// How many calls there are, `calls.length`.
    pub call_count: u32,
    /// The calls.
    pub calls: Vec<CallSummary>,
}

/// One call in a [`Snapshot`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
#[serde(rename_all = "camelCase")]
pub struct CallSummary {
    /// The call.
    pub call_id: String,
    /// The far end.
    pub number: String,
    /// Who called.
    pub direction: Direction,
    /// How far it has come.
    pub state: CallState,
    /// Whether the microphone is off.
    pub muted: bool,
    /// Whether this side holds the call.
    pub held: bool,
    /// Whether the far end does.
    pub remote_held: bool,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "message.ts"))]
#[serde(rename_all = "lowercase")]
pub enum CallState {
    /// Outgoing, not yet alerting.
    Dialing,
    /// Alerting, on either side.
    Ringing,
    /// Taken here, being connected.
    Answering,
    /// Answered.
    Active,
}
