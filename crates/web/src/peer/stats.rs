//! What the browser has counted in a call (W3C WebRTC Statistics).

use super::connection::Connection;
use super::late;
use crate::js;
use js_sys::{JsString, Map};
use ringlet_phone::Sample;
use std::rc::Weak;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Waits for the browser's counters; `None` when the call was closed meanwhile.
pub(super) async fn sample(connection: Weak<Connection>) -> Option<Sample> {
    let asked = {
        let connection = connection.upgrade()?;
        connection.unless_closed(&connection.connection().get_stats())
    };
    let report = JsFuture::from(asked).await.ok()?;
    connection.upgrade()?;
    let tools = late::tools().await.ok()?;
    Some((tools.read_stats)(&report))
}

/// What a report says of a call.
pub(super) fn read(report: &JsValue) -> Sample {
    let mut sample = Sample::default();
    let mut pair_round_trip = None;
    // A report is what the standard calls maplike.
    report.unchecked_ref::<Map>().for_each(&mut |stats, _| {
        let number = |name| js::get(&stats, name).as_f64();
        let milliseconds = |name| number(name).map(|seconds| seconds * 1_000.0);
        let is = |name, value: &str| {
            js::get(&stats, name).dyn_ref::<JsString>().is_some_and(|text| text == value)
        };
        if is("type", "inbound-rtp") {
            // After a far end began a new stream there may be an old one beside it.
            if let Some(received) = number("packetsReceived") {
                sample.received = Some(sample.received.unwrap_or(0) + received as u64);
            }
            if let Some(lost) = number("packetsLost") {
                sample.lost = Some(sample.lost.unwrap_or(0) + lost as i64);
            }
            sample.jitter = milliseconds("jitter").or(sample.jitter);
            sample.heard = number("audioLevel").or(sample.heard);
        } else if is("type", "remote-inbound-rtp") {
            sample.round_trip = milliseconds("roundTripTime").or(sample.round_trip);
        } else if is("type", "media-source") {
            sample.spoken = number("audioLevel");
        } else if is("type", "candidate-pair") && js::get(&stats, "nominated").is_truthy() {
            pair_round_trip = milliseconds("currentRoundTripTime").or(pair_round_trip);
        }
    });
    sample.round_trip = sample.round_trip.or(pair_round_trip);
    sample
}
