//! `GET /assets/*`: what the phone's page loads.

use crate::app::App;
use crate::problem::not_found;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use std::sync::Arc;

/// A file named by its content, which therefore never changes.
pub(crate) async fn get(State(app): State<Arc<App>>, uri: Uri, request: HeaderMap) -> Response {
    let Some(asset) = app.assets.get(uri.path().trim_start_matches('/')) else {
        return not_found().await;
    };
    let mut response = asset.respond(&request);
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    response.headers_mut().insert(header::CACHE_CONTROL, forever);
    response
}

#[cfg(test)]
mod tests {
    use crate::testing::{TestServer, get, with};

    #[tokio::test]
    async fn the_wasm_streams_into_the_compiler_and_is_kept_for_ever() {
        let server = TestServer::start().await;
        let request = with(get("/assets/app-1f3a_bg.wasm"), "accept-encoding", "gzip, br");
        let answer = server.send(request).await;
        assert_eq!((answer.status, answer.text().as_str()), (200, "wasm in brotli"));
        assert_eq!(answer.header("content-type"), "application/wasm");
        assert_eq!(answer.header("content-encoding"), "br");
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }

    #[tokio::test]
    async fn a_client_gets_the_encoding_it_takes() {
        let server = TestServer::start().await;
        for (accepted, encoding, body) in [
            ("br", Some("br"), "wasm in brotli"),
            ("gzip", Some("gzip"), "wasm in gzip"),
            ("br;q=0, gzip", Some("gzip"), "wasm in gzip"),
            ("zstd", None, "wasm"),
        ] {
            let request = with(get("/assets/app-1f3a_bg.wasm"), "accept-encoding", accepted);
            let answer = server.send(request).await;
            assert_eq!(answer.find("content-encoding"), encoding, "{accepted}");
            assert_eq!(answer.text(), body);
        }
    }

    #[tokio::test]
    async fn what_is_no_asset_is_not_found() {
        let server = TestServer::start().await;
        for path in [
            "/assets/",
            "/assets/missing.js",
            "/assets/app-1f3a_bg.wasm.br",
            "/assets/../loader.js",
            "/assets/..%2floader.js",
            "/assets//app-1f3a_bg.wasm",
        ] {
            server.send(get(path)).await.assert_problem(404, "NOT_FOUND");
        }
    }
}
