//! The browser's console.

/// Writes one entry, at the level that browsers show unasked.
pub fn log(line: &str) {
    web_sys::console::log_2(&"[Ringlet]".into(), &line.into());
}
