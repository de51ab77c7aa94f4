//! What comes at the same moment is done together: one query, one wait for the disk.
//!
//! Nobody waits for others to come. The first is served at once; those who come while that goes on are the next batch.

use tokio::sync::{mpsc, oneshot};

use crate::db::WAIT;
use crate::{Ctx, Error};

/// How many may wait to be taken; who comes then waits at the door.
pub(crate) const ROOM: usize = 1_024;

/// A counter that many come to with one question each.
#[derive(Debug)]
pub(crate) struct Together<Q, A>(mpsc::Sender<Asked<Q, A>>);

#[derive(Debug)]
struct Asked<Q, A> {
    question: Q,
    answer: oneshot::Sender<Result<A, Error>>,
}

/// The other side of the counter.
#[derive(Debug)]
pub(crate) struct Desk<Q, A>(mpsc::Receiver<Asked<Q, A>>);

/// Both sides of a counter.
pub(crate) fn together<Q, A>() -> (Together<Q, A>, Desk<Q, A>) {
    let (asked, waiting) = mpsc::channel(ROOM);
    (Together(asked), Desk(waiting))
}

impl<Q, A> Together<Q, A> {
    /// Asks, and waits for the answer. What was asked is done also when whoever asked goes away.
    ///
    /// # Errors
    /// Those of the answer; [`domain::Code::Unavailable`] when it does not come in time, and when the process stops.
    pub(crate) async fn ask(&self, question: Q) -> Result<A, Error> {
        let (answer, outcome) = oneshot::channel();
        let asked = async {
            self.0.send(Asked { question, answer }).await.map_err(|_| Error::unavailable())?;
            outcome.await.unwrap_or_else(|_| Err(Error::unavailable()))
        };
        // Whoever comes while a batch waits for a database that is away would wait for two.
        tokio::time::timeout(WAIT, asked).await.unwrap_or_else(|_| Err(Error::unavailable()))
    }
}

impl<Q: Send + 'static, A: Send + 'static> Desk<Q, A> {
    /// Serves until the process stops: what waits, but no more than `most`, goes to `serve`, which answers in the same
    /// order.
    pub(crate) async fn open<F>(mut self, ctx: Ctx, most: usize, serve: impl Fn(Ctx, Vec<Q>) -> F)
    where
        F: Future<Output = Vec<Result<A, Error>>> + Send + 'static,
    {
        let stop = ctx.stopping();
        loop {
            let mut batch = Vec::new();
            tokio::select! {
                biased;
                _ = self.0.recv_many(&mut batch, most) => {}
                () = stop.cancelled() => break,
            }
            let (questions, answers): (Vec<_>, Vec<_>) =
                batch.into_iter().map(|asked| (asked.question, asked.answer)).unzip();
            // In a task of its own: if it panics, this batch goes without an answer, and not all that follow.
            let Ok(outcomes) = tokio::spawn(serve(ctx.clone(), questions)).await else { continue };
            for (answer, outcome) in answers.into_iter().zip(outcomes) {
                // Whoever asked may have gone.
                let _ = answer.send(outcome);
            }
        }
    }
}
