//! Counts requests and the time until their responses begin, for `/metrics`.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::metrics::Route;
use crate::state::AppState;

/// Counts the request when its response begins, by the template of its route. Paths contain invite codes, and there is no
/// limit to their number.
pub async fn measure(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let route = Route::new(request.method(), path);
    let start = Instant::now();
    let response = next.run(request).await;
    state.metrics().count(route, response.status(), start.elapsed());
    response
}
