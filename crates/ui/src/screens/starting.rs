//! Before the loader has been heard.

use crate::parts::icons::mark;
use crate::words::text;
use leptos::prelude::*;

/// Quiet: it is seen for a moment, and the words only by those who wait longer.
pub(crate) fn starting() -> AnyView {
    view! {
        <section class="screen starting" tabindex="-1" data-focus="">
            <div class="starting-mark">{mark()}</div>
            <p class="starting-text">{text::starting_text()}</p>
        </section>
    }
    .into_any()
}
