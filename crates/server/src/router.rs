//! The routes, and the layers around all of them.

use crate::app::App;
use crate::handlers::webphone_config::KEY_HEADER;
use crate::handlers::{assets, demo, healthz, loader, phone, webphone_config};
use crate::headers;
use crate::problem::{method_not_allowed, not_found, panicked};
use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::{Method, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{self, MethodRouter};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer, Vary};

/// How long a browser may remember a preflight.
const PREFLIGHT_AGE: Duration = Duration::from_secs(600);

/// The whole service.
pub fn router(app: App) -> Router {
    shared(Arc::new(app))
}

/// As [`router`], for callers that keep the parts too.
pub(crate) fn shared(app: Arc<App>) -> Router {
    let mut router = Router::new()
        .route("/api/webphone/config", readable_by_any_page(get(webphone_config::get)))
        .route("/loader.js", get(loader::get))
        .route("/app/{tenant}", get(phone::redirect))
        .route("/app/", get(phone::by_key))
        .route("/app/{tenant}/", get(phone::by_id))
        .route("/assets/{*path}", get(assets::get))
        .route("/healthz", get(healthz::get));
    if app.demo.is_some() {
        router = router
            .route("/demo", get(demo::redirect))
            .route("/demo/", get(demo::page))
            .route("/demo/config.json", get(demo::config))
            .route("/demo/{*path}", get(demo::page));
    }
    everywhere(router.with_state(app))
}

fn get<H, T>(handler: H) -> MethodRouter<Arc<App>>
where
    H: Handler<T, Arc<App>>,
    T: 'static,
{
    routing::get(handler).fallback(method_not_allowed)
}

/// Lets the page that asks read the answer, errors included: which pages may know what is decided
/// by the handler, and a page that cannot read its error cannot be repaired.
fn readable_by_any_page(route: MethodRouter<Arc<App>>) -> MethodRouter<Arc<App>> {
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_methods([Method::GET])
        .allow_headers([KEY_HEADER])
        .max_age(PREFLIGHT_AGE)
        .vary(Vary::list([header::ORIGIN]));
    route.layer::<_, Infallible>(CatchPanicLayer::custom(panicked)).layer(cors)
}

fn everywhere(router: Router) -> Router {
    let [policy, types, referrer] = headers::defaults();
    router
        .fallback(not_found)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(policy)
        .layer(types)
        .layer(referrer)
        .layer(middleware::from_fn(log))
}

/// One line a request. The query and the headers may hold a key and are never logged.
async fn log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    if path == "/healthz" && status == 200 {
        tracing::debug!(%method, path, status, elapsed_ms, "request");
    } else {
        tracing::info!(%method, path, status, elapsed_ms, "request");
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestServer, get as get_request, send, with};

    async fn broken() -> Response {
        panic!("on purpose");
    }

    #[tokio::test]
    async fn what_is_no_route_is_not_found_in_the_one_envelope() {
        let server = TestServer::start().await;
        for path in ["/", "/api", "/api/webphone", "/loader.js/", "/demo/", "/demo/config.json"] {
            server.send(get_request(path)).await.assert_problem(404, "NOT_FOUND");
        }
    }

    #[tokio::test]
    async fn every_route_refuses_other_methods_in_the_one_envelope() {
        let server = TestServer::start().await;
        for path in ["/loader.js", "/app/", "/app/acme/", "/app/acme", "/assets/x.js", "/healthz"] {
            for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
                let mut request = get_request(path);
                *request.method_mut() = method;
                let answer = server.send(request).await;
                answer.assert_problem(405, "METHOD_NOT_ALLOWED");
                assert!(answer.header("allow").contains("GET"), "{path}");
            }
        }
    }

    #[tokio::test]
    async fn a_panic_is_answered_in_the_one_envelope() {
        let server = TestServer::start().await;
        let router = everywhere(
            Router::new()
                .route("/plain", get(broken))
                .route("/shared", readable_by_any_page(get(broken)))
                .with_state(Arc::clone(&server.app)),
        );
        send(&router, get_request("/plain")).await.assert_problem(500, "INTERNAL_ERROR");
        let request = with(get_request("/shared"), "origin", "https://crm.example.com");
        let answer = send(&router, request).await;
        answer.assert_problem(500, "INTERNAL_ERROR");
        assert_eq!(answer.header("access-control-allow-origin"), "https://crm.example.com");
    }
}
