//! Waiting for ICE candidates, but not for long.

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use web_sys::{RtcIceGatheringState, RtcPeerConnection};

/// SIP over WebSocket does not trickle: what has been gathered by then is all the far end hears
/// of. Host candidates take a few milliseconds, a server that answers a few dozen; one that does
/// not would hold the call for many seconds.
const CAP_MS: u32 = 500;

/// A wait for the end of gathering; dropping it lets go of the timer and the listener.
pub(super) struct Wait {
    promise: Promise,
    _ends: Option<(EventListener, Timeout)>,
}

impl Wait {
    /// Resolves at the end of gathering or after 500 ms; it never rejects.
    pub(super) fn promise(&self) -> &Promise {
        &self.promise
    }
}

/// Begins to wait for the candidates of a connection that has just been described.
pub(super) fn wait(connection: &RtcPeerConnection) -> Wait {
    let mut ends = None;
    let promise = Promise::new(&mut |resolve, _| {
        if is_complete(connection) {
            finish(&resolve);
            return;
        }
        let (watched, done) = (connection.clone(), resolve.clone());
        let listener = EventListener::new(connection, "icegatheringstatechange", move |_| {
            if is_complete(&watched) {
                finish(&done);
            }
        });
        ends = Some((listener, Timeout::new(CAP_MS, move || finish(&resolve))));
    });
    Wait { promise, _ends: ends }
}

fn is_complete(connection: &RtcPeerConnection) -> bool {
    connection.ice_gathering_state() == RtcIceGatheringState::Complete
}

fn finish(resolve: &Function) {
    // A promise's own `resolve` does not throw.
    resolve.call0(&JsValue::UNDEFINED).ok();
}
