//! Before the loader has been heard.

use crate::dom::{El, el, screen, text as words};
use crate::icons::mark;
use crate::text;

/// Quiet: it is seen for a moment, and the words only by those who wait longer.
pub(crate) fn starting() -> El {
    screen("section", "starting")
        .takes_focus()
        .with(el("div", "starting-mark").with(mark()))
        .with(words("p", "starting-text", text::starting_text()))
}
