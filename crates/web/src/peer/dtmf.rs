//! DTMF in the media (RFC 4733), by way of the browser (W3C WebRTC section 7).

use super::connection::Connection;
use crate::js;
use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RtcSessionDescription, RtcdtmfSender};

/// The phone paces its tones by itself; the gap is the least that browsers take.
const TONE_MS: f64 = 100.0;
const GAP_MS: f64 = 30.0;

impl Connection {
    /// Sends one tone; `false` where the far end takes none in the media.
    ///
    /// Not every browser has `canInsertDTMF`, and one without it sends nothing and does not say so.
    /// The far end's description says it in all of them.
    pub(super) fn send_tone(&self, tone: char) -> bool {
        let described = self.connection().remote_description();
        let sdp = described.as_ref().map(RtcSessionDescription::sdp).unwrap_or_default();
        let sender = self.audio_transceivers().next().and_then(|audio| audio.sender().dtmf());
        sender.is_some_and(|sender| takes_events(&sdp) && insert(&sender, tone))
    }
}

/// Whether a description has a payload type for telephone events (RFC 4733 section 2.4.1).
fn takes_events(sdp: &str) -> bool {
    let mappings = sdp.lines().filter_map(|line| line.strip_prefix("a=rtpmap:"));
    let mut encodings = mappings.filter_map(|mapping| mapping.split(' ').nth(1));
    encodings.any(|encoding| encoding.starts_with("telephone-event/"))
}

/// `insertDTMF`, which throws where this side may not send now; web-sys' own binding does not catch
/// that.
fn insert(sender: &RtcdtmfSender, tone: char) -> bool {
    let tone = JsValue::from_str(tone.encode_utf8(&mut [0; 4]));
    let insert = js::get(sender, "insertDTMF").dyn_into::<Function>();
    insert.is_ok_and(|insert| insert.call3(sender, &tone, &TONE_MS.into(), &GAP_MS.into()).is_ok())
}
