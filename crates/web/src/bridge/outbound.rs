//! Writing what the phone says.

use crate::js;
use ringlet_contract::message::{HelloAck, ToLoader};
use ringlet_contract::{NAMESPACE, PROTOCOL_VERSION};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// A message for the port: `{ns, v, type, id, replyTo?, data}`.
pub(super) fn message(
    body: &ToLoader,
    id: &str,
    reply_to: Option<&str>,
) -> Result<JsValue, JsValue> {
    let message = to_js(body)?;
    stamp(&message, id);
    if let Some(reply_to) = reply_to {
        js::set(&message, "replyTo", &reply_to.into());
    }
    Ok(message)
}

/// The answer to a hello.
pub(super) fn hello_ack(nonce: &str, version: &str, id: &str) -> JsValue {
    let ack = HelloAck { nonce: nonce.to_owned(), version: version.to_owned() };
    let message = js_sys::Object::new().into();
    stamp(&message, id);
    js::set(&message, "type", &"helloAck".into());
    js::set(&message, "data", &to_js(&ack).unwrap_or_default());
    message
}

/// Whether something heard on the window claims to be part of this conversation.
pub(super) fn is_ours(message: &JsValue) -> bool {
    js::get(message, "ns").as_string().as_deref() == Some(NAMESPACE)
}

fn stamp(message: &JsValue, id: &str) {
    js::set(message, "ns", &NAMESPACE.into());
    js::set(message, "v", &PROTOCOL_VERSION.into());
    js::set(message, "id", &id.into());
}

/// Plain objects; `None` is `null` unless its field is skipped.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::json_compatible()).map_err(Into::into)
}
