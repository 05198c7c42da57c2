//! What every handler may use.

use crate::assets::Assets;
use crate::demo::DemoPage;
use crate::origin::Origin;
use crate::store::Store;

/// The server's parts.
#[derive(Debug)]
pub struct App {
    /// The tenants.
    pub store: Store,
    /// The built files.
    pub assets: Assets,
    /// The origin under which browsers reach the phone.
    pub public_url: Origin,
    /// The demo's CRM page, served by `ringlet demo` alone.
    pub demo: Option<DemoPage>,
}
