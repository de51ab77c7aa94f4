//! Batching: requests that arrive while a batch is being served form the next one and share its query.
//!
//! No request waits for others to arrive. The first is served at once.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use tokio::sync::{mpsc, oneshot};

use crate::platform::db::WAIT_TIMEOUT;
use crate::{Ctx, Error};

/// The maximum number of queued requests. When the queue is full, senders wait.
pub(crate) const QUEUE: usize = 1_024;

/// The sending side: submits one request and returns its answer.
#[derive(Debug)]
pub(crate) struct Batcher<Q, A>(mpsc::Sender<Submitted<Q, A>>);

#[derive(Debug)]
struct Submitted<Q, A> {
    request: Q,
    answer: oneshot::Sender<Result<A, Error>>,
}

/// The receiving side, which serves the batches.
#[derive(Debug)]
pub(crate) struct Worker<Q, A>(mpsc::Receiver<Submitted<Q, A>>);

/// Creates both sides of a queue.
pub(crate) fn batcher<Q, A>() -> (Batcher<Q, A>, Worker<Q, A>) {
    let (sender, receiver) = mpsc::channel(QUEUE);
    (Batcher(sender), Worker(receiver))
}

impl<Q, A> Batcher<Q, A> {
    /// Submits a request and waits for its answer, at most [`WAIT_TIMEOUT`]. The request is served even if the caller
    /// disconnects.
    ///
    /// # Errors
    /// The error of the answer; [`domain::Code::Unavailable`] after the timeout and when the process stops.
    pub(crate) async fn submit(&self, request: Q) -> Result<A, Error> {
        let (answer, outcome) = oneshot::channel();
        let submitted = async {
            self.0.send(Submitted { request, answer }).await.map_err(|_| Error::unavailable())?;
            outcome.await.unwrap_or_else(|_| Err(Error::unavailable()))
        };
        // The timeout includes the time in the queue: without it, a request that arrives while the database does not
        // respond would wait for two batches.
        tokio::time::timeout(WAIT_TIMEOUT, submitted).await.unwrap_or_else(|_| Err(Error::unavailable()))
    }
}

impl<Q: Send + 'static, A: Send + 'static> Worker<Q, A> {
    /// Serves batches until the process stops. Each batch has the queued requests, at most `limit`. `serve` returns one
    /// answer per request, in the same order.
    pub(crate) async fn run<F>(mut self, ctx: Ctx, limit: usize, serve: impl Fn(Ctx, Vec<Q>) -> F)
    where
        F: Future<Output = Vec<Result<A, Error>>> + Send + 'static,
    {
        let stop = ctx.stopping();
        loop {
            let mut batch = Vec::new();
            tokio::select! {
                biased;
                _ = self.0.recv_many(&mut batch, limit) => {}
                () = stop.cancelled() => break,
            }
            // Whatever other tasks are about to submit joins the batch: they run first, and nobody waits for a time.
            tokio::task::yield_now().await;
            while batch.len() < limit
                && let Ok(submitted) = self.0.try_recv()
            {
                batch.push(submitted);
            }
            let (requests, answers): (Vec<_>, Vec<_>) =
                batch.into_iter().map(|submitted| (submitted.request, submitted.answer)).unzip();
            // If it panics, only this batch gets no answer.
            let served = AssertUnwindSafe(serve(ctx.clone(), requests)).catch_unwind().await;
            let Ok(outcomes) = served else { continue };
            for (answer, outcome) in answers.into_iter().zip(outcomes) {
                // Fails if the caller has disconnected.
                let _ = answer.send(outcome);
            }
        }
    }
}
