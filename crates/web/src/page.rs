//! The page's own life.

use crate::driver::Inbox;
use gloo_events::EventListener;
use ringlet_phone::Input;
use wasm_bindgen::JsCast;
use web_sys::{PageTransitionEvent, Window};

/// Listens to the page until dropped.
pub struct Page {
    _listeners: [EventListener; 5],
}

impl Page {
    /// Tells when the browser goes on or off line and when the page goes away; calls `wake` when
    /// the page is seen again, because timers of a hidden page come late.
    pub fn watch(window: &Window, inbox: &Inbox<Input>, wake: impl Fn() + 'static) -> Self {
        if !window.navigator().on_line() {
            inbox.push(Input::Online(false));
        }
        let online = inbox.clone();
        let offline = inbox.clone();
        let hidden = inbox.clone();
        let location = window.location();
        Self {
            _listeners: [
                EventListener::new(window, "online", move |_| online.push(Input::Online(true))),
                EventListener::new(window, "offline", move |_| offline.push(Input::Online(false))),
                EventListener::new(window, "pagehide", move |_| hidden.push(Input::PageHide)),
                // The phone said goodbye when the page was put away; only a new one can say hello.
                EventListener::new(window, "pageshow", move |event| {
                    if event.unchecked_ref::<PageTransitionEvent>().persisted() {
                        // Refused only while the page is being left anyway.
                        location.reload().ok();
                    }
                }),
                // The document's event, which bubbles.
                EventListener::new(window, "visibilitychange", move |_| wake()),
            ],
        }
    }
}
