//! `GET /demo/*`: the demo's CRM page, served by `ringlet demo` alone.

use crate::app::App;
use crate::headers::host_page_policy;
use crate::problem::not_found;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// `GET /demo` leads to the page, whose links need the slash.
pub(crate) async fn redirect(uri: Uri) -> Response {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    match HeaderValue::from_str(&format!("/demo/{query}")) {
        Ok(location) => (StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response(),
        Err(_) => not_found().await,
    }
}

/// The page and its files, under the policy that a careful host page would have.
pub(crate) async fn page(State(app): State<Arc<App>>, uri: Uri, request: HeaderMap) -> Response {
    let Some(demo) = &app.demo else { return not_found().await };
    let path = uri.path().trim_start_matches('/');
    let asset = match path {
        "demo/" => app.assets.get("demo/index.html"),
        _ => app.assets.get(path),
    };
    let Some(asset) = asset else { return not_found().await };
    let mut response = asset.respond(&request);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, host_page_policy(&demo.phone_origin));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// `GET /demo/config.json`: where the phone is and who may sign in. A real CRM would know its own
/// users; the demo's passwords are no secret.
pub(crate) async fn config(State(app): State<Arc<App>>) -> Response {
    let Some(demo) = &app.demo else { return not_found().await };
    let no_store = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (no_store, axum::Json(demo)).into_response()
}

#[cfg(test)]
mod tests {
    use crate::testing::{TestServer, get};

    #[tokio::test]
    async fn the_page_may_load_the_phone_and_nothing_else() {
        let server = TestServer::start_demo().await;
        let answer = server.send(get("/demo/?agent=agent1")).await;
        assert_eq!((answer.status, answer.text().as_str()), (200, "<!doctype html>crm"));
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; script-src 'self' http://127.0.0.1:4480; style-src 'self'; \
             img-src 'self' data:; font-src 'self'; connect-src 'self' http://127.0.0.1:4480; \
             frame-src http://127.0.0.1:4480; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        );
        assert_eq!(answer.find("permissions-policy"), None, "the frame inherits the microphone");
        assert_eq!(
            server.send(get("/demo/crm.css")).await.header("content-type"),
            "text/css; charset=utf-8"
        );
        server.send(get("/demo/missing.js")).await.assert_problem(404, "NOT_FOUND");
        server.send(get("/demo/../loader.js")).await.assert_problem(404, "NOT_FOUND");
    }

    #[tokio::test]
    async fn the_page_learns_where_the_phone_is_and_who_it_is() {
        let server = TestServer::start_demo().await;
        let answer = server.send(get("/demo/config.json")).await;
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.find("access-control-allow-origin"), None);
        let config: serde_json::Value = serde_json::from_str(&answer.text()).expect("JSON");
        assert_eq!(config["phoneOrigin"], "http://127.0.0.1:4480");
        assert_eq!(config["key"], "pk_demo_0123456789");
        assert_eq!(config["domain"], "ringlet.demo");
        assert_eq!(config["agents"]["agent1"]["password"], "ringlet-1");
    }

    #[tokio::test]
    async fn the_slash_is_added_and_the_agent_kept() {
        let server = TestServer::start_demo().await;
        let answer = server.send(get("/demo?agent=agent2")).await;
        assert_eq!((answer.status, answer.header("location")), (308, "/demo/?agent=agent2"));
    }
}
