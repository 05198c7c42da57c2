//! Waiting for ICE candidates, but not for long.

use super::candidates::Kind;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    RtcIceGatheringState, RtcPeerConnection, RtcPeerConnectionIceEvent, RtcSessionDescription,
};

/// SIP over WebSocket does not trickle: what has been gathered by then is all the far end hears
/// of. Host candidates take a few milliseconds, a server that answers a few dozen; one that does
/// not would hold the call for many seconds.
const CAP_MS: u32 = 500;

/// How long nothing more must come once the best kind is there. A machine has several networks, and
/// finds them within a few milliseconds; a browser calls the gathering complete 100 ms later, when it
/// has tried TCP too.
const QUIET_MS: u32 = 10;

/// A wait for enough candidates; dropping it lets go of the timers and the listeners.
pub(super) struct Wait {
    connection: RtcPeerConnection,
    promise: Promise,
    resolve: Function,
    _listeners: [EventListener; 2],
    _cap: Timeout,
}

impl Wait {
    /// Resolves at the end of gathering, when candidates of the wanted kind have come and no others
    /// follow, or after 500 ms; it never rejects. To be asked for once the connection is described;
    /// `restarts` when that was with new ICE credentials.
    pub(super) fn promise(&self, restarts: bool) -> &Promise {
        // A restart, ours or the far end's, may still show how the gathering before it ended.
        if !restarts && is_complete(&self.connection) && has_candidates(&self.connection) {
            finish(&self.resolve);
        }
        &self.promise
    }
}

/// Begins to listen for the candidates of a connection that is about to be described: they may come
/// before the browser says that it is.
pub(super) fn wait(connection: &RtcPeerConnection, wanted: Kind) -> Result<Wait, JsValue> {
    let mut made = None;
    let promise = Promise::new(&mut |resolve, _| made = Some(resolve));
    let resolve = made.ok_or(JsValue::UNDEFINED)?;
    let (watched, done) = (connection.clone(), resolve.clone());
    let state = EventListener::new(connection, "icegatheringstatechange", move |_| {
        if is_complete(&watched) {
            finish(&done);
        }
    });
    let quiet = Quiet { timeout: RefCell::default(), resolve: resolve.clone() };
    let candidates = EventListener::new(connection, "icecandidate", move |event| {
        let event: &RtcPeerConnectionIceEvent = event.unchecked_ref();
        let found = event.candidate().and_then(|found| Kind::best_in(&found.candidate()));
        if found >= Some(wanted) || quiet.has_begun() {
            quiet.begin();
        }
    });
    let capped = resolve.clone();
    Ok(Wait {
        connection: connection.clone(),
        promise,
        resolve,
        _listeners: [state, candidates],
        _cap: Timeout::new(CAP_MS, move || finish(&capped)),
    })
}

/// The time in which nothing more must come; each candidate begins it anew.
struct Quiet {
    timeout: RefCell<Option<Timeout>>,
    resolve: Function,
}

impl Quiet {
    fn begin(&self) {
        let resolve = self.resolve.clone();
        self.timeout.replace(Some(Timeout::new(QUIET_MS, move || finish(&resolve))));
    }

    fn has_begun(&self) -> bool {
        self.timeout.borrow().is_some()
    }
}

fn is_complete(connection: &RtcPeerConnection) -> bool {
    connection.ice_gathering_state() == RtcIceGatheringState::Complete
}

fn has_candidates(connection: &RtcPeerConnection) -> bool {
    let described = connection.local_description().as_ref().map(RtcSessionDescription::sdp);
    described.is_some_and(|sdp| sdp.lines().any(|line| line.starts_with("a=candidate:")))
}

fn finish(resolve: &Function) {
    // A promise's own `resolve` does not throw.
    resolve.call0(&JsValue::UNDEFINED).ok();
}
