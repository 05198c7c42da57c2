//! Reading what the loader says.

use super::reader::read;
use crate::js;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::message::{Header, ToPhone};
use ringlet_contract::{MAX_MESSAGE_CHARS, NAMESPACE, PROTOCOL_VERSION};
use ringlet_phone::HostInput;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// The longest message id that is worth repeating in an answer.
const MAX_ID_CHARS: usize = 64;

/// Reads one message from the port: a command, or what to answer to something that is none.
pub fn read_command(message: &JsValue) -> HostInput {
    match parse(message) {
        Ok((id, command)) => HostInput::Command { id, command },
        Err((code, text)) => {
            HostInput::Malformed { id: id(message), error: ErrorBody::new(code, text) }
        }
    }
}

fn parse(message: &JsValue) -> Result<(String, ToPhone), (ErrorCode, &'static str)> {
    let malformed = |text| (ErrorCode::MalformedMessage, text);
    if !message.is_object() {
        return Err(malformed("A message is an object."));
    }
    if !is_small(message) {
        return Err(malformed("The message is larger than 65536 characters of JSON."));
    }
    let Some(header) = header(message) else {
        return Err(malformed("The message lacks a proper ns, v or id."));
    };
    if header.v != PROTOCOL_VERSION {
        return Err((
            ErrorCode::UnsupportedVersion,
            "This phone speaks version 1 of the protocol.",
        ));
    }
    let data = js::get(message, "data");
    let command = match kind(message).unwrap_or_default().as_str() {
        "init" => read(data).map(ToPhone::Init),
        "call" => read(data).map(ToPhone::Call),
        "dial" => read(data).map(ToPhone::Dial),
        "hangup" => read(data).map(ToPhone::Hangup),
        "answer" => read(data).map(ToPhone::Answer),
        "reject" => read(data).map(ToPhone::Reject),
        "mute" => read(data).map(ToPhone::Mute),
        "unmute" => read(data).map(ToPhone::Unmute),
        "hold" => read(data).map(ToPhone::Hold),
        "unhold" => read(data).map(ToPhone::Unhold),
        "sendDtmf" => read(data).map(ToPhone::SendDtmf),
        "transfer" => read(data).map(ToPhone::Transfer),
        "transferTo" => read(data).map(ToPhone::TransferTo),
        "diagnostics" => read(data).map(ToPhone::Diagnostics),
        "visibility" => read(data).map(ToPhone::Visibility),
        "ping" => read(data).map(ToPhone::Ping),
        "shutdown" => read(data).map(ToPhone::Shutdown),
        _ => return Err((ErrorCode::UnknownType, "This phone knows no message of that type.")),
    };
    let command = command.ok_or(malformed("The data is not what its type demands."))?;
    Ok((header.id, command))
}

/// The header, if the message claims to be ours and has a usable one.
pub(super) fn header(message: &JsValue) -> Option<Header> {
    read::<Header>(message.clone()).filter(|header| header.ns == NAMESPACE && is_id(&header.id))
}

/// The message's `type`, if it has one.
pub(super) fn kind(message: &JsValue) -> Option<String> {
    js::get(message, "type").as_string()
}

/// The message's `data`, if it is a `T`.
pub(super) fn data<T: DeserializeOwned>(message: &JsValue) -> Option<T> {
    read(js::get(message, "data"))
}

fn id(message: &JsValue) -> Option<String> {
    js::get(message, "id").as_string().filter(|id| is_id(id))
}

fn is_id(id: &str) -> bool {
    (1..=MAX_ID_CHARS).contains(&id.len())
}

/// What JSON cannot write (cycles, big integers) is no message of ours either.
fn is_small(message: &JsValue) -> bool {
    js_sys::JSON::stringify(message).is_ok_and(|json| json.length() <= MAX_MESSAGE_CHARS)
}
