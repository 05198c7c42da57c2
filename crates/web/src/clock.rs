//! The page's monotonic clock.

use ringlet_phone::Instant;
use web_sys::Performance;

/// Reads `performance.now()`: milliseconds since the page began, never backwards.
#[derive(Clone)]
pub struct Clock(Option<Performance>);

impl Clock {
    /// The clock of this page.
    pub fn new() -> Self {
        Self(web_sys::window().and_then(|window| window.performance()))
    }

    /// This moment, rounded down to whole milliseconds.
    pub fn now(&self) -> Instant {
        // Every browser since 2012 has one; `Date` stands in where a page took it away.
        let ms = self.0.as_ref().map_or_else(js_sys::Date::now, Performance::now);
        Instant::from_millis(ms as u64)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}
