//! Puts the tenant's colour and the person's scheme on the document.

use super::contrast::{Accent, DARK_GROUND, LIGHT_GROUND, Rgb, accent};
use crate::reactive;
use crate::ui::Ui;
use leptos::prelude::*;
use ringlet_contract::config::Theme;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Follows the settings from now on.
///
/// The colours are set as properties, which a content security policy without `'unsafe-inline'`
/// allows, where it forbids a `style` attribute. `www/styles/themes.css` picks from them.
pub(crate) fn follow(ui: Ui) {
    reactive::follow(move || {
        let Some(root) = root() else { return };
        ui.settings.with(|settings| {
            // Fails only for invalid names; ours are literals.
            let _ = root.set_attribute("data-theme", name(settings.theme));
            if let Some(colour) = Rgb::parse(&settings.accent) {
                let light = accent(colour, LIGHT_GROUND);
                set_accent(&root, light, ["light", "light-on", "light-ink"]);
                let dark = accent(colour, DARK_GROUND);
                set_accent(&root, dark, ["dark", "dark-on", "dark-ink"]);
            }
        });
    });
}

fn name(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
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
