//! What the person chose.

use crate::settings::Settings;
use ringlet_contract::config::Theme;

/// Choices of the person, which come before the tenant's and the host's.
#[derive(Default)]
pub(crate) struct Preferences {
    theme: Option<Theme>,
}

impl Preferences {
    /// Chooses a colour scheme, unless the tenant locked it.
    pub(crate) fn set_theme(&mut self, settings: &Settings, theme: Theme) {
        if !settings.theme_locked {
            self.theme = Some(theme);
        }
    }

    /// The colour scheme to use.
    pub(crate) fn theme(&self, settings: &Settings) -> Theme {
        self.theme.unwrap_or(settings.theme)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_locked_theme_cannot_be_changed() {
        for (theme_locked, expected) in [(false, Theme::Dark), (true, Theme::Light)] {
            let settings = Settings { theme: Theme::Light, theme_locked, ..Settings::default() };
            let mut preferences = Preferences::default();
            preferences.set_theme(&settings, Theme::Dark);
            assert_eq!(preferences.theme(&settings), expected);
        }
    }
}
