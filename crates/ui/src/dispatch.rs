//! The way out of the screens.

use leptos::prelude::{LocalStorage, StoredValue, WithValue};
use ringlet_phone::Intent;

/// What is called with everything a person wants. Copies call the same function.
#[derive(Clone, Copy)]
pub struct Dispatch(StoredValue<Box<dyn Fn(Intent)>, LocalStorage>);

impl Dispatch {
    /// Calls `handler` for every intent. The handler may set the view's signal at once or later.
    pub fn new(handler: impl Fn(Intent) + 'static) -> Self {
        Self(StoredValue::new_local(Box::new(handler)))
    }

    pub(crate) fn call(&self, intent: Intent) {
        self.0.with_value(|handler| handler(intent));
    }
}
