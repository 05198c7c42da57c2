//! The few helpers that views are made with, beside `view!` itself.
//!
//! Each boxes what it is given, so that what Leptos does with it is compiled once and not once for
//! each closure. A value that follows from the slices is a plain closure and not a `Memo`: reading
//! it again costs less than what a memo of one more type adds to the wasm.

use leptos::either::Either;
use leptos::prelude::*;
use std::sync::Arc;

/// A value that follows from the slices, read anew each time.
pub(crate) type Derived<T> = Arc<dyn Fn() -> T + Send + Sync>;

/// Boxes an event handler.
pub(crate) fn handler<E: 'static>(handle: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(handle)
}

/// Does this in a microtask, and again whenever what it read has changed.
pub(crate) fn follow(act: impl FnMut() + 'static) {
    let mut act: Box<dyn FnMut()> = Box::new(act);
    Effect::new(move |_| act());
}

/// A part that is built anew whenever `key` changes, and only then.
pub(crate) fn keyed<K>(
    key: impl Fn() -> K + Copy + Send + 'static,
    build: impl Fn(K) -> AnyView + Send + 'static,
) -> AnyView
where
    K: PartialEq + Send + 'static,
{
    let mut shown = untrack(key);
    let has_changed = move || {
        let now = key();
        let has_changed = shown != now;
        shown = now;
        has_changed
    };
    rebuilt(Box::new(has_changed), Box::new(move || build(key())))
}

/// Of a view that a closure returns again, Leptos keeps the elements and updates them; where the
/// variant changes, it replaces them.
fn rebuilt(
    mut has_changed: Box<dyn FnMut() -> bool>,
    build: Box<dyn Fn() -> AnyView + Send>,
) -> AnyView {
    let changed = Trigger::new();
    follow(move || {
        if has_changed() {
            changed.notify();
        }
    });
    let mut odd = false;
    let part: Box<dyn FnMut() -> Either<AnyView, AnyView> + Send> = Box::new(move || {
        changed.track();
        let view = untrack(&build);
        odd = !odd;
        if odd { Either::Left(view) } else { Either::Right(view) }
    });
    part.into_any()
}
