//! The keyboard, the focus, and presses that last.

pub(crate) mod focus;
pub(crate) mod long_press;
pub(crate) mod shortcut;
