//! A page that does not come is given up: whoever waits for it hears so, and what was done for it is dropped.
//!
//! The dashboard's pages are drawn by many tasks at once. If one of them dies, the others may wait for it for ever, and
//! nothing else would ever end that: no query is running that could time out.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use domain::{Code, Failure};

use super::answer::Audience;
use crate::state::AppState;

/// How long a page may take: longer than the slowest query may.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Answers 503 for a page that was not drawn in time. What changes something is left alone: it ends by itself.
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
