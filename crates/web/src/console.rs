//! The browser's console.

/// Writes one entry, at the level that browsers show unasked.
pub fn log(line: &str) {
    web_sys::console::log_2(&"[Ringlet]".into(), &line.into());
}

/// Writes one entry that browsers show only to whoever asks for all of them.
pub(crate) fn debug(line: &str) {
    web_sys::console::debug_2(&"[Ringlet]".into(), &line.into());
}
