//! `GET /api/webphone/config`: the loader's first request.
//!
//! The key names the tenant and the `Origin` header the page. Neither is a secret and neither
//! authenticates anybody, so the answer holds no secret.

use crate::app::App;
use crate::key::{self, KeyHash};
use crate::problem::{internal, problem};
use crate::store::StoreError;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use ringlet_contract::config::RuntimeConfig;
use ringlet_contract::error::{ApiSuccess, ErrorCode};
use std::sync::Arc;

/// The header of the publishable key. It wins over the key in the query, with which browsers need
/// no preflight.
pub(crate) const KEY_HEADER: HeaderName = HeaderName::from_static("x-ringlet-key");

/// Why there is no configuration.
pub(crate) enum RouteError {
    /// Neither header nor query parameter, or nothing in it.
    MissingKey,
    /// No tenant has the key.
    InvalidKey,
    /// The page's origin is absent, opaque, or not one of the tenant's.
    OriginForbidden,
    /// The tenant is switched off.
    TenantDisabled,
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for RouteError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for RouteError {
    fn into_response(self) -> Response {
        match self {
            Self::MissingKey => problem(
                StatusCode::UNAUTHORIZED,
                ErrorCode::WebphoneMissingKey,
                "Send the tenant's publishable key in the X-Ringlet-Key header.",
            ),
            Self::InvalidKey => problem(
                StatusCode::UNAUTHORIZED,
                ErrorCode::InvalidApiKey,
                "No tenant has this key.",
            ),
            Self::OriginForbidden => problem(
                StatusCode::FORBIDDEN,
                ErrorCode::WebphoneOriginForbidden,
                "The tenant does not list this page's origin in its allowed origins.",
            ),
            Self::TenantDisabled => problem(
                StatusCode::FORBIDDEN,
                ErrorCode::WebphoneTenantDisabled,
                "The tenant is switched off.",
            ),
            Self::Store(error) => internal(&error),
        }
    }
}

/// The tenant's configuration, for its own pages.
///
/// Only the tenant's own pages learn that it is switched off.
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, RouteError> {
    let key = key(&uri, &headers).ok_or(RouteError::MissingKey)?;
    let tenant =
        app.store.tenant_by_key(&KeyHash::of(&key)).await?.ok_or(RouteError::InvalidKey)?;
    let origin = only(&headers, &ORIGIN).ok_or(RouteError::OriginForbidden)?;
    if !tenant.allows(origin.as_bytes()) {
        return Err(RouteError::OriginForbidden);
    }
    if !tenant.enabled {
        return Err(RouteError::TenantDisabled);
    }
    let data: RuntimeConfig = tenant.runtime_config(&app.public_url);
    let no_store = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((no_store, axum::Json(ApiSuccess { ok: true, data })).into_response())
}

fn key(uri: &Uri, headers: &HeaderMap) -> Option<Vec<u8>> {
    let from_header = headers.get(KEY_HEADER).map(|value| value.as_bytes().to_vec());
    from_header.or_else(|| key::in_query(uri).map(String::into_bytes)).filter(|key| !key.is_empty())
}

/// A header that is there exactly once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    values.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests;
