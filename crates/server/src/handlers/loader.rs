//! `GET /loader.js`: the script a host page adds.

use crate::app::App;
use crate::assets::LOADER;
use crate::headers::CROSS_ORIGIN_RESOURCE_POLICY;
use crate::problem::not_found;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use std::sync::Arc;

/// The loader, for every page that asks. Its name carries no hash, so browsers may keep it for
/// five minutes and then ask whether it has changed.
pub(crate) async fn get(State(app): State<Arc<App>>, request: HeaderMap) -> Response {
    let Some(loader) = app.assets.get(LOADER) else { return not_found().await };
    let mut response = loader.respond(&request);
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "public, max-age=300"),
        (CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"),
        // Pages that pin the script with `integrity` load it with CORS.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use crate::testing::{TestServer, get, with};

    #[tokio::test]
    async fn any_page_may_load_it_and_ask_whether_it_has_changed() {
        let server = TestServer::start().await;
        let answer = server.send(get("/loader.js")).await;
        assert_eq!((answer.status, answer.text().as_str()), (200, "loader"));
        assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
        assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");

        let held = with(get("/loader.js"), "if-none-match", answer.header("etag"));
        let answer = server.send(held).await;
        assert_eq!((answer.status, answer.text().as_str()), (304, ""));
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
    }

    #[tokio::test]
    async fn each_encoding_has_its_own_tag() {
        let server = TestServer::start().await;
        let plain = server.send(get("/loader.js")).await;
        let brotli = server.send(with(get("/loader.js"), "accept-encoding", "br")).await;
        assert_eq!(brotli.header("content-encoding"), "br");
        assert_eq!(brotli.header("vary"), "accept-encoding");
        assert_ne!(brotli.header("etag"), plain.header("etag"));
    }
}
