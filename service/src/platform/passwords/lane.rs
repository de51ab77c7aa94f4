//! How many passwords are hashed at a time, and how many may wait for that.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Semaphore;

use crate::Error;
use crate::platform::stats::{Hashing, Timing};

/// How many requests may wait for a permit before the next is answered 503.
const QUEUE: usize = 2_048;

/// A queue with permits.
#[derive(Debug)]
pub(super) struct Lane {
    permits: Arc<Semaphore>,
    queue: Semaphore,
    size: usize,
    done: Timing,
}

impl Lane {
    pub(super) fn new(permits: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(permits)),
            queue: Semaphore::new(QUEUE),
            size: permits,
            done: Timing::default(),
        }
    }

    /// Runs `work` on a blocking thread under a permit. The permit goes along: a client that hangs up must not free
    /// it while the hashing goes on.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        before: impl Future<Output = Result<(), Error>>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let _place = self.queue.try_acquire().map_err(|_| Error::unavailable())?;
        // Closed means that the process stops.
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Error::unavailable())?;
        before.await?;
        let done = self.done.clone();
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let started = Instant::now();
            let worked = work();
            done.count(started.elapsed());
            worked
        })
        .await
        .map_err(Error::internal)
    }

    /// Refuses whoever waits, and whoever comes.
    pub(super) fn close(&self) {
        self.permits.close();
    }

    /// How many are at work.
    pub(super) fn in_use(&self) -> usize {
        self.size.saturating_sub(self.permits.available_permits())
    }

    /// How it stands.
    pub(super) fn stats(&self, lane: &'static str) -> Hashing {
        let in_use = self.in_use();
        // Whoever has a permit keeps its place in the queue.
        let waiting = QUEUE.saturating_sub(self.queue.available_permits()).saturating_sub(in_use);
        let (done, spent) = self.done.read();
        Hashing { lane, permits: self.size, in_use, waiting, done, spent }
    }
}
