//! The way out of the screens.

use ringlet_phone::Intent;

/// What is called with everything a person wants. Copies call the same function.
#[derive(Clone, Copy)]
pub struct Dispatch(&'static dyn Fn(Intent));

impl Dispatch {
    /// Calls `handler` for every intent. The handler may set the view's signal at once or later.
    ///
    /// The handler is never freed: it lives as long as the page, like the screens that call it.
    pub fn new(handler: impl Fn(Intent) + 'static) -> Self {
        Self(Box::leak(Box::new(handler)))
    }

    pub(crate) fn call(&self, intent: Intent) {
        (self.0)(intent);
    }
}
