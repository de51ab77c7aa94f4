//! The time limit for pages. A page that is not complete in time is answered with 503, and its work is dropped.
//!
//! Several tasks render a page of the dashboard. If one of them fails, the others may wait for it forever, and nothing else
//! would end that, because no query is running that could time out.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use domain::{Code, Failure};

use super::answer::Audience;
use crate::state::AppState;

/// The time limit for a page: longer than that of the slowest query.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Responds with 503 if a page is not complete in time. Requests that change something have no such limit.
pub async fn limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let audience = Audience::of(&state, &request);
    within(TIMEOUT, next.run(request)).await.unwrap_or_else(|| {
        let message = "This page did not come in time. Load it again.";
        audience.refuse(Failure::new(Code::Unavailable, message).retry_after(2))
    })
}

async fn within(timeout: Duration, page: impl Future<Output = Response>) -> Option<Response> {
    let page = tokio::time::timeout(timeout, page).await;
    page.inspect_err(|_| tracing::error!("a page was not drawn within {timeout:?} and was given up")).ok()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[tokio::test]
    async fn what_never_comes_is_given_up_and_what_comes_is_not() {
        assert!(within(Duration::from_millis(10), std::future::pending()).await.is_none());
        let page = async { Response::new(Body::from("here")) };
        assert!(within(Duration::from_mins(1), page).await.is_some());
    }
}
