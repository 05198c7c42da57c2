//! `GET /healthz`: whether this server works.

use crate::app::App;
use crate::problem::problem;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ringlet_contract::error::ErrorCode;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// 200 `{"ok":true}` after the database has answered, else 503 with a problem document.
pub(crate) async fn get(State(app): State<Arc<App>>) -> Response {
    match tokio::time::timeout(PATIENCE, app.store.ping()).await {
        Ok(Ok(())) => {
            let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            (no_store, axum::Json(json!({ "ok": true }))).into_response()
        }
        Ok(Err(error)) => unavailable(&error.to_string()),
        Err(_elapsed) => unavailable("no answer in time"),
    }
}

fn unavailable(cause: &str) -> Response {
    tracing::error!(cause, "the database does not answer");
    problem(
        StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::InternalError,
        "The server's database does not answer.",
    )
}

#[cfg(test)]
mod tests {
    use crate::testing::{TestServer, get};

    #[tokio::test]
    async fn it_is_well_while_the_database_answers_and_unwell_afterwards() {
        let server = TestServer::start().await;
        let answer = server.send(get("/healthz")).await;
        assert_eq!((answer.status, answer.text().as_str()), (200, r#"{"ok":true}"#));
        server.app.store.close().await;
        server.send(get("/healthz")).await.assert_problem(503, "INTERNAL_ERROR");
    }
}
