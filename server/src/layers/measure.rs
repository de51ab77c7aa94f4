//! Counts every request and how long its answer took to begin, for `/metrics`.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::metrics::Route;
use crate::state::AppState;

/// Counts the request after it was answered. Under the route's template, never the path: that holds invite keys, and
/// callers could make up as many as they like.
pub async fn measure(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let route = Route::new(request.method(), path);
    let start = Instant::now();
    let response = next.run(request).await;
    state.metrics().count(route, response.status(), start.elapsed());
    response
}
