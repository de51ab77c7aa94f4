//! The steps of every request.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::Failure;

use super::answer::Audience;
use super::panic::Panicked;
use super::{access_log, client, headers, host, measure, panic, request_id};
use crate::body;
use crate::state::AppState;

/// Answers a request, by `next` unless a step refuses it.
pub async fn pass(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = request_id::assign(&state, &mut request);
    let audience = Audience::of(&state, &request);
    let line = access_log::Line::of(&request);
    let timer = measure::Timer::start(&request);
    let mut response = access_log::log(line, &id, async {
        let response = match panic::catch(admit(&state, request, next)).await {
            Ok(Ok(response)) => response,
            Ok(Err(failure)) => audience.refuse(failure),
            Err(Panicked) => audience.internal_error(),
        };
        timer.stop(state.metrics(), response.status());
        response
    })
    .await;
    headers::secure(&state, &mut response);
    request_id::tell(&mut response, &id);
    response
}

async fn admit(state: &AppState, mut request: Request, next: Next) -> Result<Response, Failure> {
    host::check(state, &request)?;
    client::identify(state, &mut request);
    let request = body::read(request).await?;
    Ok(next.run(request).await)
}
