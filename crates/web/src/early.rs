//! What the page's first script did while this program was on its way (`www/early`).

use crate::js;
use js_sys::{Array, Function};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, WebSocket, Window};

/// Where the script leaves it. It does not touch what is gone from there.
const PLACE: &str = "ringletEarly";

/// What the page said to the window around it, and what it has heard since.
pub(crate) struct Announced {
    pub(crate) nonce: String,
    /// Unchecked, in the order in which they came.
    pub(crate) heard: Vec<MessageEvent>,
}

/// A socket that is open or about to be, and what it has received so far.
pub(crate) struct EarlySocket {
    pub(crate) socket: WebSocket,
    pub(crate) received: Vec<JsValue>,
}

/// Takes over the announcement, if the page made one. The script listens no longer: from now on
/// that is the caller's part.
pub(crate) fn announced(window: &Window) -> Option<Announced> {
    let early = js::get(window, PLACE);
    let nonce = js::get(&early, "nonce").as_string()?;
    js::set(&early, "nonce", &JsValue::UNDEFINED);
    let listener: Function = js::get(&early, "listener").unchecked_into();
    window.remove_event_listener_with_callback("message", &listener).ok();
    let heard: Array = js::get(&early, "heard").unchecked_into();
    Some(Announced { nonce, heard: heard.iter().map(JsValue::unchecked_into).collect() })
}

/// Takes over the SIP socket, if there is one for this URL. One for another URL is closed: nobody
/// else will ask for it.
pub(crate) fn socket(url: &str) -> Option<EarlySocket> {
    let early = js::get(&web_sys::window()?.into(), PLACE);
    let opened = js::get(&early, "socket");
    if opened.is_undefined() {
        return None;
    }
    js::set(&early, "socket", &JsValue::UNDEFINED);
    let socket: WebSocket = js::get(&opened, "socket").unchecked_into();
    socket.set_onmessage(None);
    let usable = matches!(socket.ready_state(), WebSocket::CONNECTING | WebSocket::OPEN)
        && js::get(&opened, "url").as_string().as_deref() == Some(url);
    if !usable {
        // Closing a closed socket does nothing.
        socket.close().ok();
        return None;
    }
    let received: Array = js::get(&opened, "received").unchecked_into();
    Some(EarlySocket { socket, received: received.to_vec() })
}
