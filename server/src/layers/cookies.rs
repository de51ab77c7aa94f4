//! The steps of requests that identify their visitor by a cookie: pages and server functions.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::answer::Audience;
use super::{guard, origin, session};
use crate::state::AppState;

/// Answers a request, by `next` unless a step refuses it or redirects.
pub async fn pass(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let audience = Audience::of(&state, &request);
    if let Err(failure) = origin::check(&state, &request) {
        return audience.refuse(failure);
    }
    if let Err(error) = session::resolve(&state, &mut request).await {
        return audience.fail(error);
    }
    match guard::elsewhere(&request) {
        Some(elsewhere) => elsewhere,
        None => next.run(request).await,
    }
}
