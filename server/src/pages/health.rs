//! Health checks for service managers and load balancers.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::state::AppState;

/// `/healthz`: the process runs. `/readyz`: it can serve requests.
pub fn routes() -> Router<AppState> {
    Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready))
}

async fn ready(State(state): State<AppState>) -> Response {
    match service::health::ready(state.ctx()).await {
        Ok(()) => "ready\n".into_response(),
        Err(words) => {
            tracing::warn!(words, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, format!("{words}\n")).into_response()
        }
    }
}
