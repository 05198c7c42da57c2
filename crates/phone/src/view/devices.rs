//! Microphone and loudspeakers, as they are shown.

use crate::devices::Device;

/// Microphone and loudspeakers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DevicesView {
    /// The devices there are.
    pub present: Vec<Device>,
    /// The ids of those in use, in the order of [`crate::DeviceUse::ALL`]; `None` for the browser's
    /// default.
    pub in_use: [Option<String>; 3],
}
