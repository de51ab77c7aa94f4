//! A handler that panics is answered like an internal error, and affects no other request.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;

/// The handler panicked. The hook of [`crate::telemetry`] has logged it.
#[derive(Debug)]
pub struct Panicked;

/// Runs `handler`. It is not used after it panicked, so that no inconsistent state is observed.
///
/// # Errors
/// When it panics.
pub async fn catch<T>(handler: impl Future<Output = T>) -> Result<T, Panicked> {
    AssertUnwindSafe(handler).catch_unwind().await.map_err(|_| Panicked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_before_and_after_waiting_is_caught() {
        assert!(catch::<()>(async { panic!("expected in this test") }).await.is_err());
        let late = catch(async {
            tokio::task::yield_now().await;
            panic!("expected in this test");
        });
        assert!(late.await.is_err());
        assert!(matches!(catch(async { 7 }).await, Ok(7)));
    }
}
