//! What a connection needs only in a call, or for some tenants, in the part that the screens of a call
//! are in.

use super::connection::Connection;
use super::{codecs, stats};
use crate::late::late;
use ringlet_contract::config::MediaBehavior;
use ringlet_phone::Sample;
use wasm_bindgen::JsValue;

/// All of it. One late function that returns others costs the first file less than many late ones.
pub(super) struct Tools {
    pub(super) prefer: fn(&Connection, &MediaBehavior),
    pub(super) tune: fn(&str, &MediaBehavior) -> String,
    pub(super) read_stats: fn(&JsValue) -> Sample,
}

late!(calls, pub(super) fn tools() -> Tools = all);

fn all() -> Tools {
    Tools { prefer: codecs::prefer, tune: codecs::tune, read_stats: stats::read }
}
