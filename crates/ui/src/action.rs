//! The round buttons of a call, with their names under them.

use crate::dom::{El, button, el, text};
use crate::icons::{Icon, icon};

/// What a round button is for; it decides the colour.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Plain,
    Good,
    Bad,
}

/// A round button. `hint` adds the keyboard way to the name.
pub(crate) fn action(
    kind: Kind,
    drawing: Icon,
    label: &str,
    hint: &str,
    press: Box<dyn Fn()>,
) -> El {
    bare(kind, press).set("title", hint).with(face(drawing)).with(text(
        "span",
        "action-label",
        label,
    ))
}

/// A round button without its face and its name.
pub(crate) fn bare(kind: Kind, press: Box<dyn Fn()>) -> El {
    let class = match kind {
        Kind::Plain => "action",
        Kind::Good => "action action-good",
        Kind::Bad => "action action-bad",
    };
    button(class).on("click", move |_| press())
}

/// The disc with the drawing.
pub(crate) fn face(drawing: Icon) -> El {
    el("span", "action-face").with(icon(drawing))
}
