//! The phone's page, framed by the tenant's own pages only.
//!
//! - `GET /app/?key=…`: for the loader, which knows the key and nothing else of the tenant
//! - `GET /app/{tenant}/`: the same page under its lasting address

use crate::app::App;
use crate::assets::PHONE;
use crate::headers::{NOTHING, PERMISSIONS_POLICY, PHONE_PERMISSIONS, phone_policy};
use crate::key::{self, KeyHash};
use crate::page;
use crate::problem::internal;
use crate::store::StoreError;
use crate::tenant::Tenant;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use std::sync::Arc;

/// What there is to see where no phone is.
const NO_PHONE: &str = "<!doctype html><html lang=\"en\"><title>No phone</title>\
                        <p>There is no phone at this address.</p></html>";

/// Why there is no phone.
pub(crate) enum RouteError {
    /// No tenant has this id or key, or it is switched off; a stranger need not know which.
    NoPhone,
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
            Self::NoPhone => {
                let headers = [
                    (CONTENT_SECURITY_POLICY, NOTHING),
                    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
                ];
                (StatusCode::NOT_FOUND, headers, Html(NO_PHONE)).into_response()
            }
            Self::Store(error) => internal(&error),
        }
    }
}

/// The page of the tenant that has the key.
pub(crate) async fn by_key(
    State(app): State<Arc<App>>,
    uri: Uri,
    request: HeaderMap,
) -> Result<Response, RouteError> {
    let key = key::in_query(&uri).ok_or(RouteError::NoPhone)?;
    let tenant = app.store.tenant_by_key(&KeyHash::of(key.as_bytes())).await?;
    respond(&app, &enabled(tenant)?, &request)
}

/// The page of the tenant that has the id.
pub(crate) async fn by_id(
    State(app): State<Arc<App>>,
    uri: Uri,
    request: HeaderMap,
) -> Result<Response, RouteError> {
    respond(&app, &tenant(&app, &uri).await?, &request)
}

/// It is asked for anew each time, so that a change of the tenant's origins holds at once;
/// everything it loads is kept.
fn respond(app: &App, tenant: &Tenant, request: &HeaderMap) -> Result<Response, RouteError> {
    let page = app.assets.get(PHONE).ok_or(RouteError::NoPhone)?;
    let mut response = page::render(page, tenant).respond(request);
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_SECURITY_POLICY,
        phone_policy(tenant, page::inline_script(page).as_deref()),
    );
    headers.insert(PERMISSIONS_POLICY, PHONE_PERMISSIONS);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// `GET /app/{tenant}` leads to the page, whose relative links need the slash.
pub(crate) async fn redirect(
    State(app): State<Arc<App>>,
    uri: Uri,
) -> Result<Response, RouteError> {
    let tenant = tenant(&app, &uri).await?;
    let location =
        HeaderValue::from_str(&format!("/app/{}/", tenant.id)).map_err(|_| RouteError::NoPhone)?;
    Ok((StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response())
}

/// The tenant of the path. Ids need no escapes, so an escaped one is nobody's.
async fn tenant(app: &App, uri: &Uri) -> Result<Tenant, RouteError> {
    let path = uri.path();
    let id = path.strip_prefix("/app/").unwrap_or_default().trim_end_matches('/');
    enabled(app.store.tenant_by_id(id).await?)
}

fn enabled(tenant: Option<Tenant>) -> Result<Tenant, RouteError> {
    tenant.filter(|tenant| tenant.enabled).ok_or(RouteError::NoPhone)
}

#[cfg(test)]
mod tests {
    use crate::testing::{ACME_KEY, SLEEPY_KEY, TestServer, get, with};
    use ringlet_contract::config::PageConfig;

    #[tokio::test]
    async fn the_page_obeys_a_strict_policy_that_names_the_tenants_origins_and_server() {
        let server = TestServer::start().await;
        let answer = server.send(get("/app/acme/")).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' \
             'sha256-fDYmfWjvur9AxjhDbjHe6RvExc05MbXhhrbgz2vvy/A='; style-src 'self'; \
             img-src 'self' data:; font-src 'self'; media-src 'self' blob:; \
             connect-src 'self' wss://pbx.example.com:7443; \
             frame-ancestors https://crm.example.com https://help.example.com:8443; \
             base-uri 'none'; form-action 'none'"
        );
        let permissions = answer.header("permissions-policy");
        assert!(
            permissions.starts_with("microphone=(self), autoplay=(self), speaker-selection=(self)")
        );
        assert!(permissions.contains("camera=()"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(answer.find("x-frame-options"), None, "it would overrule frame-ancestors");
    }

    #[tokio::test]
    async fn the_key_leads_to_the_same_page_as_the_id() {
        let server = TestServer::start().await;
        let by_id = server.send(get("/app/acme/")).await;
        let by_key = server.send(get(&format!("/app/?x=1&key={ACME_KEY}"))).await;
        assert_eq!((by_key.status, by_key.text()), (200, by_id.text()));
        for header in ["content-type", "content-security-policy", "permissions-policy", "etag"] {
            assert_eq!(by_key.header(header), by_id.header(header));
        }
        assert_eq!(by_key.header("cache-control"), "no-cache");
        assert!(!by_key.text().contains(ACME_KEY));
    }

    #[tokio::test]
    async fn the_page_carries_what_its_first_script_needs_and_nothing_more() {
        let server = TestServer::start().await;
        let html = server.send(get("/app/acme/")).await.text();
        let (_, rest) = html.split_once("id=\"config\">").expect("a block");
        let (json, _) = rest.split_once("</script>").expect("an end");
        let config: PageConfig = serde_json::from_str(json).expect("typed");
        assert_eq!(config.wss_url, "wss://pbx.example.com:7443/ws");
        assert_eq!(config.storage_namespace, "ringlet:acme");
        assert!(!json.contains("iceServers") && !json.contains("allowedOrigins"), "{json}");
    }

    #[tokio::test]
    async fn an_unchanged_page_still_carries_the_present_policy() {
        let server = TestServer::start().await;
        let tag = server.send(get("/app/acme/")).await.header("etag").to_owned();
        let answer = server.send(with(get("/app/acme/"), "if-none-match", &tag)).await;
        assert_eq!(answer.status, 304);
        assert!(answer.header("content-security-policy").contains("frame-ancestors https://crm"));
    }

    #[tokio::test]
    async fn where_no_phone_is_nobody_may_frame_the_page() {
        let server = TestServer::start().await;
        for path in [
            "/app/unknown/",
            "/app/sleepy/",
            "/app/sleepy",
            "/app/ACME/",
            "/app/%61cme/",
            "/app/%ff/",
            "/app/acme'%20OR%201=1/",
            "/app/",
            "/app/?key=",
            "/app/?key=pk_test_wrong_0000",
            &format!("/app/?key={SLEEPY_KEY}"),
            &format!("/app/?Key={ACME_KEY}"),
        ] {
            let answer = server.send(get(path)).await;
            assert_eq!(answer.status, 404, "{path}");
            assert!(answer.text().contains("no phone"), "{path}");
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'"), "{policy}");
            assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        }
        server.send(get("/app/acme/index.html")).await.assert_problem(404, "NOT_FOUND");
    }

    #[tokio::test]
    async fn the_slash_is_added() {
        let server = TestServer::start().await;
        let answer = server.send(get("/app/acme")).await;
        assert_eq!((answer.status, answer.header("location")), (308, "/app/acme/"));
    }
}
