//! Small helpers around JavaScript values.

use wasm_bindgen::JsValue;

/// `object[name]`, or `undefined` where there is none.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// `object[name] = value` on an object that is ours.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    let done = js_sys::Reflect::set(object, &name.into(), value);
    debug_assert!(done.is_ok(), "an object of ours takes properties");
}

/// The name of what was thrown, such as `NotAllowedError`; empty if it has none.
pub(crate) fn error_name(thrown: &JsValue) -> String {
    get(thrown, "name").as_string().unwrap_or_default()
}

/// What was thrown by `what`, for the log.
pub(crate) fn describe(what: &str, thrown: &JsValue) -> String {
    // Not everything that is thrown is an `Error`.
    let message = get(thrown, "message").as_string().or_else(|| thrown.as_string());
    [what, ": ", &error_name(thrown), ": ", &message.unwrap_or_default()].concat()
}
