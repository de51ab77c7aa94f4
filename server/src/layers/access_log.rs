//! One line for each request, and a span around it, so that whatever is logged inside carries the request's name.
//!
//! The route's template is logged, never the URI: paths and queries hold invite keys and tokens.

use std::time::Instant;

use app::request::RequestId;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

/// Logs the request after it was answered.
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
