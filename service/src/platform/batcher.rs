//! Batching: requests that arrive while a batch is being served form the next one and share its query.
//!
//! No request waits for others to arrive. The first is served at once.

use tokio::sync::{mpsc, oneshot};

use crate::platform::db::WAIT;
use crate::{Ctx, Error};

/// Number of requests that may be queued; a sender beyond that waits for room.
pub(crate) const QUEUE: usize = 1_024;

/// The sending side: one request in, one answer out.
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
    /// Submits a request and waits for its answer, at most [`WAIT`]. The request is served even if the caller goes
    /// away.
    ///
    /// # Errors
    /// Those of the answer; [`domain::Code::Unavailable`] after the wait, and when the process stops.
    pub(crate) async fn submit(&self, request: Q) -> Result<A, Error> {
        let (answer, outcome) = oneshot::channel();
        let submitted = async {
            self.0.send(Submitted { request, answer }).await.map_err(|_| Error::unavailable())?;
            outcome.await.unwrap_or_else(|_| Err(Error::unavailable()))
        };
        // A request that arrives while a batch waits for a database that is away would wait for two batches.
        tokio::time::timeout(WAIT, submitted).await.unwrap_or_else(|_| Err(Error::unavailable()))
    }
}

impl<Q: Send + 'static, A: Send + 'static> Worker<Q, A> {
    /// Serves until the process stops: whatever is queued, `limit` requests at most, goes to `serve`, which answers in
    /// the same order.
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
            let (requests, answers): (Vec<_>, Vec<_>) =
                batch.into_iter().map(|submitted| (submitted.request, submitted.answer)).unzip();
            // A task of its own: if it panics, this batch gets no answer, and the next one is served.
            let Ok(outcomes) = tokio::spawn(serve(ctx.clone(), requests)).await else { continue };
            for (answer, outcome) in answers.into_iter().zip(outcomes) {
                // The caller may have gone.
                let _ = answer.send(outcome);
            }
        }
    }
}
