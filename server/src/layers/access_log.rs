//! Logs one line per request, in a span that adds the request id to every line logged during it.
//!
//! The line has the template of the route, never the URI, because paths and queries contain invite codes and tokens.

use std::time::Instant;

use app::request::RequestId;
use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::response::Response;
use tracing::Instrument;

/// What a line says of a request.
#[derive(Debug)]
pub struct Line {
    method: Method,
    route: Option<MatchedPath>,
    start: Instant,
}

impl Line {
    /// The line of a request that has just arrived.
    pub fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().cloned();
        Self { method: request.method().clone(), route, start: Instant::now() }
    }
}

/// Runs `answer`, and logs the request when its response begins. That line is outside of the span, because the JSON format
/// parses the fields of the current span again for every line.
pub async fn log(line: Line, id: &RequestId, answer: impl Future<Output = Response>) -> Response {
    let Line { method, route, start } = line;
    let request_id = id.as_str();
    let response = answer.instrument(tracing::info_span!("request", request_id)).await;
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let status = response.status().as_u16();
    let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    if matches!(route, "/healthz" | "/readyz" | "/metrics" | "/pkg/{hash}/{file}") {
        tracing::debug!(request_id, %method, route, status, micros, "answered");
    } else {
        tracing::info!(request_id, %method, route, status, micros, "answered");
    }
    response
}
