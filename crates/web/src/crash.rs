//! What happens when the phone itself fails.
//!
//! A panic aborts and a trap (an `unreachable`, memory out of bounds, an exhausted stack) ends the
//! wasm where it stands. Neither unwinds: nothing is dropped, and what was borrowed stays borrowed.
//! So nothing of the phone is touched afterwards. What must not go on without it is held here too,
//! as plain JavaScript values: the microphone, peer connections, the socket, the audio context.
//!
//! A failure is noticed in three ways:
//!
//! - a panic calls its hook before the trap
//! - a trap, also one in a task, reaches the window as an `error` event
//! - an exception that JavaScript threw through the phone's code leaves the driver at work
//!
//! A failure that leaves no stack to run this on is noticed by the loader's heartbeat.

use crate::driver::{Driver, Machine, Shell};
use crate::{console, js};
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Set};
use std::cell::Cell;
use std::panic::{set_hook, take_hook};
use std::rc::Rc;
use std::sync::Once;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, PromiseRejectionEvent, Window};

thread_local! {
    static HELD: Set = Set::new(&JsValue::UNDEFINED);
    static CRASHED: Cell<bool> = const { Cell::new(false) };
    /// What to do about a failure; taken by the first one.
    static ON_CRASH: Cell<Option<Box<dyn FnOnce()>>> = const { Cell::new(None) };
}

/// Something that is stopped or closed if the phone fails while this lives.
pub(crate) struct Held(JsValue);

/// Takes note of something with a `stop()` or a `close()` that must not outlive a failed phone.
pub(crate) fn hold(thing: &JsValue) -> Held {
    if CRASHED.get() {
        // It was asked for before the failure and arrives after it.
        let_go(thing);
    }
    HELD.with(|held| held.add(thing));
    Held(thing.clone())
}

/// Goes on at once, or never if the phone has failed: what a task does after waiting for something
/// that outlives the failure.
pub(crate) async fn checkpoint() {
    if CRASHED.get() {
        std::future::pending::<()>().await;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        HELD.with(|held| held.delete(&self.0));
    }
}

/// Watches over the phone until dropped.
pub struct Watch {
    _listeners: [EventListener; 2],
}

impl Watch {
    /// When the phone fails, poisons the driver, lets go what is held, tells the loader, and calls
    /// `show` to tell the person.
    pub fn start<M: Machine + 'static, S: Shell<M> + 'static>(
        window: &Window,
        driver: &Driver<M, S>,
        show: impl FnOnce() + 'static,
    ) -> Self {
        let poisoned = driver.clone();
        ON_CRASH.set(Some(Box::new(move || {
            poisoned.poison();
            HELD.with(|held| Array::from(held)).iter().for_each(|thing| let_go(&thing));
            crate::bridge::last_words();
            show();
        })));
        hook_panics();
        let is_at_work: Rc<dyn Fn() -> bool> = {
            let driver = driver.clone();
            Rc::new(move || driver.is_at_work())
        };
        Self {
            _listeners: [
                EventListener::new(window, "error", {
                    let is_at_work = is_at_work.clone();
                    move |event| notice(&event.unchecked_ref::<ErrorEvent>().error(), &is_at_work)
                }),
                EventListener::new(window, "unhandledrejection", move |event| {
                    let event: &PromiseRejectionEvent = event.unchecked_ref();
                    notice(&event.reason(), &is_at_work);
                }),
            ],
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        ON_CRASH.set(None);
        CRASHED.set(false);
    }
}

/// Makes panics known, to the console too: nobody else writes them there.
fn hook_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            console::log(&info.to_string());
            crash();
            before(info);
        }));
    });
}

/// Something that was thrown was caught by nobody.
fn notice(thrown: &JsValue, is_at_work: &Rc<dyn Fn() -> bool>) {
    if is_trap(thrown) {
        return crash();
    }
    // This may be told in the middle of the driver's work, by a listener that it set off. Later,
    // a driver at work is one that will never finish.
    let is_at_work = is_at_work.clone();
    Timeout::new(0, move || {
        if is_at_work() {
            crash();
        }
    })
    .forget();
}

fn crash() {
    if let Some(on_crash) = ON_CRASH.take() {
        CRASHED.set(true);
        on_crash();
    }
}

/// Whether this ended the wasm. An exhausted stack is a `RangeError` in V8 and JavaScriptCore, and
/// an `InternalError` in SpiderMonkey.
fn is_trap(thrown: &JsValue) -> bool {
    match js::error_name(thrown).as_str() {
        "RuntimeError" | "InternalError" => true,
        "RangeError" => js::describe("", thrown).split(' ').any(|word| word == "stack"),
        _ => false,
    }
}

fn let_go(thing: &JsValue) {
    for name in ["stop", "close"] {
        if let Some(end) = js::get(thing, name).dyn_ref::<Function>() {
            // It has ended already.
            end.call0(thing).ok();
        }
    }
}
