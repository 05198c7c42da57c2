//! Brand and preferences.

use crate::core::Core;
use crate::preferences::Preferences;
use ringlet_contract::config::Theme;

/// Brand and preferences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsView {
    /// The tenant's name; empty until the phone is set up.
    pub brand_name: String,
    /// The tenant's accent colour, `#rrggbb`.
    pub accent: String,
    /// The colour scheme to use.
    pub theme: Theme,
    /// The person may not change the colour scheme.
    pub theme_locked: bool,
    /// Whether the widget can be hidden (it is embedded in a host page).
    pub can_close: bool,
}

impl SettingsView {
    pub(crate) fn of(core: &Core, preferences: &Preferences) -> Self {
        Self {
            brand_name: core.settings.brand_name.clone(),
            accent: core.settings.accent.clone(),
            theme: preferences.theme(&core.settings),
            theme_locked: core.settings.theme_locked,
            can_close: core.setup.embedded,
        }
    }
}
