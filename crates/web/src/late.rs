//! Functions that are loaded late: parts of the program in wasm files of their own, fetched when one
//! of them is first called, or ahead by the screens (`late` in `ringlet-ui`) that share the part.
//!
//! What is not needed to ring, or to place a call with nothing out of the ordinary, is a candidate.
//! In any build without the feature `split` a late function is in the one file, and `async` only.

/// The part could not be fetched.
pub(crate) struct Unfetched;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for Unfetched {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

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
