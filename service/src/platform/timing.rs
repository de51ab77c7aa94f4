//! Durations of operations, for statistics.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Counts operations and their total duration. Clones share the same counters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timing(Arc<(AtomicU64, AtomicU64)>);

impl Timing {
    /// Counts one operation of the duration `time`.
    pub(crate) fn count(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.0.0.fetch_add(1, Ordering::Relaxed);
        self.0.1.fetch_add(micros, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> (u64, Duration) {
        (self.0.0.load(Ordering::Relaxed), Duration::from_micros(self.0.1.load(Ordering::Relaxed)))
    }
}
