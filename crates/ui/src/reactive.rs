//! The few helpers that views are made with, beside `view!` itself.

use leptos::either::Either;
use leptos::prelude::*;

/// Boxes an event handler, so that what Leptos does with handlers is compiled once for each event
/// and not once for each closure.
pub(crate) fn handler<E: 'static>(handle: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(handle)
}

/// A part that is built anew whenever `key` changes, and only then. Boxed like a handler.
///
/// Of a view that a closure returns again, Leptos keeps the elements and updates them; where the
/// variant changes, it replaces them.
pub(crate) fn keyed<K>(key: Memo<K>, build: impl Fn(K) -> AnyView + Send + 'static) -> AnyView
where
    K: Clone + PartialEq + Send + Sync + 'static,
{
    let mut odd = false;
    let part: Box<dyn FnMut() -> Either<AnyView, AnyView> + Send> = Box::new(move || {
        let key = key.get();
        let view = untrack(|| build(key));
        odd = !odd;
        if odd { Either::Left(view) } else { Either::Right(view) }
    });
    part.into_any()
}

/// Follows a value that may go before the screen that shows it does: until then the last one
/// stays. `None` if there is none to begin with.
pub(crate) fn latest<T>(read: impl Fn() -> Option<T> + Send + Sync + 'static) -> Option<Memo<T>>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let first = untrack(&read)?;
    Some(Memo::new(move |last: Option<&T>| {
        read().unwrap_or_else(|| last.unwrap_or(&first).clone())
    }))
}
