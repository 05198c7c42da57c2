//! `ringlet serve`.

use crate::app::App;
use crate::assets::Assets;
use crate::config::{Config, TenantEntry};
use crate::listen::{self, ListenError};
use crate::router::router;
use crate::store::{ImportError, Store, StoreError};

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is not to be had.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file's tenants could not be imported; none was.
    #[error(transparent)]
    Import(#[from] ImportError),
}

/// Serves a configuration file's tenants until `stop` completes.
///
/// # Errors
///
/// [`ServeError`] when it cannot start. Nothing is imported unless the address is free.
pub async fn serve(
    config: Config,
    assets: Assets,
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let listener = listen::bind(config.listen).await?;
    let store = Store::open(&config.data_dir).await?;
    let imported = store.import(&config.tenants).await?;
    tracing::info!(tenants = ?imported.tenants, switched_off = ?imported.switched_off, "imported");
    warn(&config);
    tracing::info!(listen = %config.listen, public_url = %config.public_url, "serving");
    let app = App { store: store.clone(), assets, public_url: config.public_url, demo: None };
    listen::run(vec![listener], router(app), stop).await;
    store.close().await;
    Ok(())
}

/// Tells the operator of settings that are allowed and yet seldom meant.
fn warn(config: &Config) {
    if !config.public_url.is_secure() {
        tracing::warn!(public_url = %config.public_url, "browsers give the microphone to https only");
    }
    for TenantEntry { tenant, .. } in &config.tenants {
        for origin in tenant.allowed_origins.iter().filter(|origin| !origin.is_secure()) {
            tracing::warn!(tenant = tenant.id, %origin, "browsers give the microphone to https only");
        }
        if tenant.ice_servers.iter().any(|server| server.credential.is_some()) {
            tracing::warn!(
                tenant = tenant.id,
                "the TURN credential can be read by everybody who has the publishable key"
            );
        }
    }
}
