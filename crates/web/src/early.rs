//! The SIP socket that the page's first script opened while this program was on its way
//! (`www/early/socket.ts`).

use crate::js;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::WebSocket;

/// Where the script leaves it. Once it is gone from there, the script does not touch it any more.
const PLACE: &str = "ringletEarlySocket";

/// A socket that is open or about to be, and what it has received so far.
pub(crate) struct EarlySocket {
    pub(crate) socket: WebSocket,
    pub(crate) received: Vec<JsValue>,
}

/// Takes the socket if there is one for this URL. One for another URL is closed: nobody else will
/// ask for it.
pub(crate) fn take(url: &str) -> Option<EarlySocket> {
    let window: JsValue = web_sys::window()?.into();
    let early = js::get(&window, PLACE);
    if early.is_undefined() {
        return None;
    }
    js::set(&window, PLACE, &JsValue::UNDEFINED);
    let socket: WebSocket = js::get(&early, "socket").unchecked_into();
    socket.set_onmessage(None);
    let usable = matches!(socket.ready_state(), WebSocket::CONNECTING | WebSocket::OPEN)
        && js::get(&early, "url").as_string().as_deref() == Some(url);
    if !usable {
        // Closing a closed socket does nothing.
        socket.close().ok();
        return None;
    }
    let received: js_sys::Array = js::get(&early, "received").unchecked_into();
    Some(EarlySocket { socket, received: received.to_vec() })
}
