//! `/pkg`: the files of the browser bundle.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use domain::Failure;

use crate::layers::answer::Audience;
use crate::state::AppState;

pub fn routes() -> Router<AppState> {
    Router::new().route("/pkg/{hash}/{file}", get(file))
}

/// The URL of another build is answered with 404: a response that is cached forever must not have the content of another
/// build.
async fn file(
    State(state): State<AppState>,
    Path((hash, name)): Path<(String, String)>,
    headers: HeaderMap,
    audience: Audience,
) -> Response {
    let found = if hash == state.assets().hash() { state.assets().respond(&name, &headers) } else { None };
    found.unwrap_or_else(|| audience.refuse(Failure::not_found("file")))
}
