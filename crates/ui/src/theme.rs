//! Puts the tenant's colour and the person's scheme on the document.

use crate::contrast::{Accent, DARK_GROUND, LIGHT_GROUND, Rgb, accent};
use crate::dom::{El, document};
use crate::ui::Ui;
use ringlet_contract::config::Theme;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Follows the view model from now on.
///
/// The colours are set as properties, which a content security policy without `'unsafe-inline'`
/// allows, where it forbids a `style` attribute. `www/styles/themes.css` picks from them.
pub(crate) fn follow(ui: Ui) {
    let Some(root) = root() else { return };
    let styled = root.clone();
    let mut shown = String::new();
    ui.follow(Box::new(move |view| {
        if shown != view.accent {
            shown.clone_from(&view.accent);
            if let Some(colour) = Rgb::parse(&shown) {
                let light = accent(colour, LIGHT_GROUND);
                set_accent(&styled, light, ["light", "light-on", "light-ink"]);
                let dark = accent(colour, DARK_GROUND);
                set_accent(&styled, dark, ["dark", "dark-on", "dark-ink"]);
            }
        }
    }));
    El(root.into()).live(ui, "data-theme", |view| {
        let name = match view.theme {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        Some(name.into())
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
