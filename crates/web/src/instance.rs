//! The name of this tab's user agent.
//!
//! A tab's storage survives a reload, and so does the id in it: the registrar replaces the old
//! binding instead of calling a page that is gone. But a tab that is duplicated, or opened by another
//! one, begins with a copy of that storage. Two user agents with one id would evict each other, so
//! the id is also the name of a lock that the page holds for as long as it lives.

use crate::storage::{available, read, write};
use crate::{js, random};
use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortSignal;

const KEY: &str = "ringlet.instance";

/// How long a lock may be held by the page that this one replaces. Only a tab with another tab's
/// id waits as long as this.
const RELEASE_MS: u32 = 200;

/// The UUID of this tab's user agent (RFC 5626 section 4.1): the same after a reload, and another
/// in another tab. Without storage it is new with every load. `None` without a random source.
///
/// A new id is there at once; a known one takes the millisecond or two that the browser needs to
/// grant a lock.
pub async fn instance_id() -> Option<String> {
    if !available() {
        return random::uuid();
    }
    let known = read(true, KEY).filter(|id| id.len() == 36);
    if let Some(id) = known
        && is_granted(lock(&id)).await
    {
        return Some(id);
    }
    let id = random::uuid()?;
    // A full storage is no reason to stop.
    write(true, KEY, &id);
    // Nobody else can have it yet, so there is nothing to wait for.
    let lock = lock(&id);
    spawn_local(async move {
        is_granted(lock).await;
    });
    Some(id)
}

/// Whether the id of this lock is this page's own. Where the browser has no locks it is taken to be.
async fn is_granted(lock: Option<Promise>) -> bool {
    let Some(lock) = lock else { return true };
    match JsFuture::from(lock).await {
        Ok(_) => true,
        // Anything else means that the page may have no locks.
        Err(thrown) => js::error_name(&thrown) != "TimeoutError",
    }
}

/// Asks for the lock of this name, to hold it until the page goes. The promise resolves when it is
/// granted and rejects with a `TimeoutError` when somebody else keeps it.
fn lock(name: &str) -> Option<Promise> {
    let locks = js::get(&web_sys::window()?.navigator(), "locks");
    let request: Function = js::get(&locks, "request").dyn_into().ok()?;
    let mut requested = None;
    let granted = Promise::new(&mut |granted, _| {
        let hold = Closure::once_into_js(move || {
            granted.call0(&JsValue::UNDEFINED).ok();
            // The lock is held until this settles.
            Promise::new(&mut |_, _| {})
        });
        let options = Object::new().into();
        js::set(&options, "signal", &AbortSignal::timeout_with_u32(RELEASE_MS));
        requested = request.call3(&locks, &name.into(), &options, &hold).ok();
    });
    // What was requested settles only if it is refused.
    Some(Promise::race(&Array::of2(&granted, &requested?)))
}
