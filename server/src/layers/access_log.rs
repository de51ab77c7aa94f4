//! Logs one line per request, in a span that adds the request id to every line logged during it.
//!
//! The line has the template of the route, never the URI, because paths and queries contain invite codes and tokens.

use std::time::Instant;

use app::request::RequestId;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

/// Logs the request when its response begins.
pub async fn log(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", %id);
    async move {
        let start = Instant::now();
        let response = next.run(request).await;
        let status = response.status().as_u16();
        let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        if matches!(route.as_str(), "/healthz" | "/readyz" | "/metrics" | "/pkg/{hash}/{file}") {
            tracing::debug!(%method, route, status, micros, "answered");
        } else {
            tracing::info!(%method, route, status, micros, "answered");
        }
        response
    }
    .instrument(span)
    .await
}
