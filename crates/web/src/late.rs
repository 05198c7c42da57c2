//! Functions that are loaded late: parts of the program in wasm files of their own, fetched when one
//! of them is first called, or ahead by the screens (`late` in `ringlet-ui`) that share the part.
//!
//! What is not needed to ring, or to place a call with nothing out of the ordinary, is a candidate.
//! In any build without the feature `split` a late function is in the one file, and `async` only.

use crate::driver::Inbox;
use gloo_timers::callback::Timeout;
use ringlet_phone::{Input, Late};
use wasm_bindgen_futures::spawn_local;

/// Makes an `async` function of this name of one that is in the part. It gives `Err` when that cannot be
/// fetched; the next call tries again.
// rustfmt would move the attribute further to the right each time.
#[rustfmt::skip]
macro_rules! late {
    ($part:ident, $visibility:vis fn $name:ident($($argument:ident: $type:ty),*) -> $out:ty = $body:path) => {
        #[cfg(feature = "split")]
        #[::wasm_split_helpers::wasm_split($part, fallible)]
        $visibility fn $name($($argument: $type),*) -> Result<$out, $crate::late::Unfetched> {
            Ok($body($($argument),*))
        }

        #[cfg(not(feature = "split"))]
        $visibility async fn $name($($argument: $type),*) -> Result<$out, $crate::late::Unfetched> {
            Ok($body($($argument),*))
        }
    };
}
pub(crate) use late;

/// A call that waited for the line, and the first screen, come first.
const LOAD_AFTER_MS: u32 = 500;

/// Loads what the phone can ring without, and gives it to the phone.
pub fn load_late(inbox: Inbox<Input>) {
    let load = async move { inbox.push(Input::Late(of_phone().await.ok())) };
    Timeout::new(LOAD_AFTER_MS, || spawn_local(load)).forget();
}

late!(calls, fn of_phone() -> Late = Late::load);

/// The part could not be fetched.
pub(crate) struct Unfetched;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for Unfetched {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}
