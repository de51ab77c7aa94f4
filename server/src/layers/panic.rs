//! A handler that panics is answered like an internal error, and affects no other request.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::answer::Audience;
use crate::state::AppState;

/// Responds for a handler that panicked. The hook of [`crate::telemetry`] has logged the panic.
pub async fn catch(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let audience = Audience::of(&state, &request);
    run(next.run(request)).await.unwrap_or_else(|Panicked| audience.internal_error())
}

struct Panicked;

/// The future is not used after it panicked, so that no inconsistent state is observed.
async fn run<T>(future: impl Future<Output = T>) -> Result<T, Panicked> {
    let mut future = pin!(future);
    poll_fn(|task| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(task))) {
        Ok(poll) => poll.map(Ok),
        Err(_) => Poll::Ready(Err(Panicked)),
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_before_and_after_waiting_is_caught() {
        assert!(run::<()>(async { panic!("expected in this test") }).await.is_err());
        let late = run(async {
            tokio::task::yield_now().await;
            panic!("expected in this test");
        });
        assert!(late.await.is_err());
        assert!(matches!(run(async { 7 }).await, Ok(7)));
    }
}
