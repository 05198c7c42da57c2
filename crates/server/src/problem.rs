//! The one form of every error: `application/problem+json` (RFC 9457) with Ringlet's code inside.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ringlet_contract::error::{ErrorBody, ErrorCode, Problem};
use std::any::Any;
use std::error::Error;

/// An error answer. The message is for the developer's console and holds nothing internal.
pub(crate) fn problem(status: StatusCode, code: ErrorCode, message: &str) -> Response {
    let body = Problem {
        ok: false,
        kind: "about:blank".into(),
        title: status.canonical_reason().unwrap_or_default().into(),
        status: status.as_u16(),
        error: ErrorBody::new(code, message),
    };
    let mut response = (status, axum::Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The server's own fault: the log gets the cause, the page does not.
pub(crate) fn internal(error: &dyn Error) -> Response {
    tracing::error!(%error, "a request failed");
    problem(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::InternalError, "The server failed.")
}

/// Answers for a handler that panicked. The panic itself has been printed by the panic hook.
pub(crate) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    problem(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::InternalError, "The server failed.")
}

/// Answers for every path that is no route.
pub(crate) async fn not_found() -> Response {
    problem(StatusCode::NOT_FOUND, ErrorCode::NotFound, "There is nothing at this address.")
}

/// Answers a method that a route does not know; axum adds `Allow`.
pub(crate) async fn method_not_allowed() -> Response {
    problem(
        StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::MethodNotAllowed,
        "This address does not take that method.",
    )
}
