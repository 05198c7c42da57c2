//! Reading tenants.

use super::{Store, StoreError};
use crate::key::KeyHash;
use crate::origin::Origin;
use crate::tenant::Tenant;
use crate::wss_url::WssUrl;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use std::fmt::Display;

impl Store {
    /// The tenant a publishable key names.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sql`], or [`StoreError::Unreadable`] when the row makes no sense.
    pub async fn tenant_by_key(&self, key: &KeyHash) -> Result<Option<Tenant>, StoreError> {
        let row = sqlx::query(
            "SELECT t.id, t.enabled, t.sip_domain, t.wss_url, t.ice_servers, t.branding,
                    t.behavior, t.max_sessions
             FROM api_keys AS k JOIN tenants AS t ON t.id = k.tenant_id
             WHERE k.key_hash = ? AND k.kind = 'publishable'",
        )
        .bind(key.as_bytes())
        .fetch_optional(&self.pool)
        .await?;
        self.read(row).await
    }

    /// The tenant of this id.
    ///
    /// # Errors
    ///
    /// As [`Store::tenant_by_key`].
    pub async fn tenant_by_id(&self, id: &str) -> Result<Option<Tenant>, StoreError> {
        let row = sqlx::query(
            "SELECT id, enabled, sip_domain, wss_url, ice_servers, branding, behavior,
                    max_sessions
             FROM tenants WHERE id = ?",
        )
        .bind(id)
        .fetch_optional(&self.pool)
        .await?;
        self.read(row).await
    }

    async fn read(&self, row: Option<SqliteRow>) -> Result<Option<Tenant>, StoreError> {
        let Some(row) = row else { return Ok(None) };
        let id: String = row.try_get("id")?;
        let origins: Vec<(String,)> = sqlx::query_as(
            "SELECT origin FROM allowed_origins WHERE tenant_id = ? ORDER BY position",
        )
        .bind(&id)
        .fetch_all(&self.pool)
        .await?;
        let tenant = tenant(id, &row, &origins)?;
        Ok(Some(tenant))
    }
}

fn tenant(id: String, row: &SqliteRow, origins: &[(String,)]) -> Result<Tenant, StoreError> {
    let allowed_origins = origins
        .iter()
        .map(|(origin,)| Origin::parse(origin))
        .collect::<Result<_, _>>()
        .map_err(|error| unreadable(&id, "origin", error))?;
    let wss_url = WssUrl::parse(row.try_get("wss_url")?)
        .map_err(|error| unreadable(&id, "wss_url", error))?;
    Ok(Tenant {
        enabled: row.try_get("enabled")?,
        allowed_origins,
        sip_domain: row.try_get("sip_domain")?,
        wss_url,
        ice_servers: json(&id, row, "ice_servers")?,
        branding: json(&id, row, "branding")?,
        behavior: json(&id, row, "behavior")?,
        max_sessions: row.try_get("max_sessions")?,
        id,
    })
}

fn json<T: DeserializeOwned>(
    id: &str,
    row: &SqliteRow,
    column: &'static str,
) -> Result<T, StoreError> {
    let text: &str = row.try_get(column)?;
    serde_json::from_str(text).map_err(|error| unreadable(id, column, error))
}

fn unreadable(tenant: &str, column: &'static str, reason: impl Display) -> StoreError {
    StoreError::Unreadable { tenant: tenant.to_owned(), column, reason: reason.to_string() }
}
