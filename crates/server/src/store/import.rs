//! Bringing the configuration file's tenants into the database.

use super::{Store, StoreError};
use crate::config::TenantEntry;
use crate::key::KeyHash;
use secrecy::ExposeSecret;
use sqlx::{Sqlite, Transaction};

/// `source` of everything that came from the file.
const FILE: &str = "file";

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Ids of the tenants that are now as the file says.
    pub tenants: Vec<String>,
    /// Ids of tenants that came from the file once, stand there no longer, and were switched off.
    pub switched_off: Vec<String>,
}

/// Why an import changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A tenant of this id exists that is not the file's to change.
    #[error("tenant {0} exists already and does not belong to the configuration file")]
    ForeignTenant(String),
    /// The key names a tenant that is not the file's to change.
    #[error(
        "the key of tenant {0} belongs to another tenant, which is not in the configuration file"
    )]
    ForeignKey(String),
}

impl From<sqlx::Error> for ImportError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// Makes the file's tenants what the file says, all of them or none.
    ///
    /// The file owns the tenants it brought in: one that has left the file is switched off and
    /// loses its key, but keeps its row. Tenants from elsewhere are left alone.
    ///
    /// # Errors
    ///
    /// [`ImportError`]; the database is then as it was before.
    pub async fn import(&self, entries: &[TenantEntry]) -> Result<Imported, ImportError> {
        let mut tx = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM api_keys WHERE source = ?").bind(FILE).execute(&mut *tx).await?;
        let mut imported = Imported::default();
        for entry in entries {
            put_tenant(&mut tx, entry).await?;
            put_origins(&mut tx, entry).await?;
            put_key(&mut tx, entry).await?;
            imported.tenants.push(entry.tenant.id.clone());
        }
        imported.switched_off = switch_off_others(&mut tx, &imported.tenants).await?;
        tx.commit().await?;
        Ok(imported)
    }
}

async fn put_tenant(
    tx: &mut Transaction<'_, Sqlite>,
    entry: &TenantEntry,
) -> Result<(), ImportError> {
    let tenant = &entry.tenant;
    let written = sqlx::query(
        "INSERT INTO tenants (id, source, enabled, sip_domain, wss_url, ice_servers, branding,
                              behavior, max_sessions)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET
             enabled = excluded.enabled, sip_domain = excluded.sip_domain,
             wss_url = excluded.wss_url, ice_servers = excluded.ice_servers,
             branding = excluded.branding, behavior = excluded.behavior,
             max_sessions = excluded.max_sessions, updated_at = unixepoch()
         WHERE tenants.source = excluded.source",
    )
    .bind(&tenant.id)
    .bind(FILE)
    .bind(tenant.enabled)
    .bind(&tenant.sip_domain)
    .bind(tenant.wss_url.as_str())
    .bind(sqlx::types::Json(&tenant.ice_servers))
    .bind(sqlx::types::Json(&tenant.branding))
    .bind(sqlx::types::Json(&tenant.behavior))
    .bind(tenant.max_sessions)
    .execute(&mut **tx)
    .await?;
    if written.rows_affected() == 0 {
        return Err(ImportError::ForeignTenant(tenant.id.clone()));
    }
    Ok(())
}

async fn put_origins(
    tx: &mut Transaction<'_, Sqlite>,
    entry: &TenantEntry,
) -> Result<(), ImportError> {
    let tenant = &entry.tenant;
    sqlx::query("DELETE FROM allowed_origins WHERE tenant_id = ?")
        .bind(&tenant.id)
        .execute(&mut **tx)
        .await?;
    for (position, origin) in (0_i64..).zip(&tenant.allowed_origins) {
        sqlx::query("INSERT INTO allowed_origins (tenant_id, position, origin) VALUES (?, ?, ?)")
            .bind(&tenant.id)
            .bind(position)
            .bind(origin.as_str())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

async fn put_key(tx: &mut Transaction<'_, Sqlite>, entry: &TenantEntry) -> Result<(), ImportError> {
    let key = entry.key.expose_secret();
    let last4: String = key.chars().skip(key.chars().count().saturating_sub(4)).collect();
    let written = sqlx::query(
        "INSERT INTO api_keys (tenant_id, kind, source, last4, key_hash)
         VALUES (?, 'publishable', ?, ?, ?) ON CONFLICT (key_hash) DO NOTHING",
    )
    .bind(&entry.tenant.id)
    .bind(FILE)
    .bind(last4)
    .bind(KeyHash::of_secret(&entry.key).as_bytes().to_vec())
    .execute(&mut **tx)
    .await?;
    if written.rows_affected() == 0 {
        return Err(ImportError::ForeignKey(entry.tenant.id.clone()));
    }
    Ok(())
}

async fn switch_off_others(
    tx: &mut Transaction<'_, Sqlite>,
    kept: &[String],
) -> Result<Vec<String>, ImportError> {
    let off: Vec<(String,)> = sqlx::query_as(
        "UPDATE tenants SET enabled = 0, updated_at = unixepoch()
         WHERE source = ? AND enabled = 1 AND id NOT IN (SELECT value FROM json_each(?))
         RETURNING id",
    )
    .bind(FILE)
    .bind(sqlx::types::Json(kept))
    .fetch_all(&mut **tx)
    .await?;
    Ok(off.into_iter().map(|(id,)| id).collect())
}

#[cfg(test)]
mod tests;
