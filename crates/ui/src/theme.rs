//! Puts the tenant's colour and the person's scheme on the document.

use crate::contrast::{Accent, DARK_GROUND, LIGHT_GROUND, Rgb, accent};
use crate::ui::Ui;
use leptos::prelude::*;
use ringlet_contract::config::Theme;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Follows the view model from now on.
///
/// The colours are set as properties, which a content security policy without `'unsafe-inline'`
/// allows, where it forbids a `style` attribute. `www/styles/themes.css` picks from them.
pub(crate) fn follow(ui: Ui) {
    let colour = ui.memo(|view| Rgb::parse(&view.accent));
    Effect::new(move |_| {
        if let (Some(colour), Some(root)) = (colour.get(), root()) {
            set_accent(&root, accent(colour, LIGHT_GROUND), ["light", "light-on", "light-ink"]);
            set_accent(&root, accent(colour, DARK_GROUND), ["dark", "dark-on", "dark-ink"]);
        }
    });

    let scheme = ui.memo(|view| view.theme);
    Effect::new(move |_| {
        let name = match scheme.get() {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        if let Some(root) = root() {
            // Fails only for an attribute name that is none.
            let _ = root.set_attribute("data-theme", name);
        }
    });
}

fn set_accent(root: &HtmlElement, accent: Accent, names: [&str; 3]) {
    for (name, colour) in names.into_iter().zip([accent.fill, accent.on_fill, accent.ink]) {
        // Fails only on a read-only style sheet, which an element's own is not.
        let _ = root.style().set_property(&["--tenant-", name].concat(), &colour.css());
    }
}

fn root() -> Option<HtmlElement> {
    document().document_element()?.dyn_into().ok()
}
