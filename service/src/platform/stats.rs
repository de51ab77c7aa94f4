//! Statistics of this process since it started, for monitoring. Reading them does not query the database.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::Code;
use domain::signup::SignedUp;
use sea_orm::{DatabaseConnection, DbBackend};

use crate::{Ctx, Error};

/// The statistics of one process.
#[derive(Clone, Debug)]
pub struct Stats {
    /// The number of sign-ups that created an account.
    pub sign_ups_completed: u64,
    /// The number of refused sign-ups, by failure code.
    pub sign_ups_refused: BTreeMap<&'static str, u64>,
    /// Password hashing: new passwords, and passwords that are verified.
    pub hashing: [Hashing; 2],
    /// The pools of read and of write connections.
    pub pools: [Pool; 2],
}

/// One lane of password hashing.
#[derive(Clone, Copy, Debug)]
pub struct Hashing {
    /// `sign_up` for new passwords, `sign_in` for passwords that are verified.
    pub lane: &'static str,
    /// The maximum number of concurrent hashes.
    pub permits: usize,
    /// The number of hashes in progress.
    pub in_use: usize,
    /// The number of requests that wait for a permit.
    pub waiting: usize,
    /// The number of completed hashes.
    pub done: u64,
    /// The total time of the completed hashes, without waiting.
    pub spent: Duration,
}

/// One pool of database connections.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    /// `read` or `write`.
    pub name: &'static str,
    /// The maximum number of connections.
    pub max: u32,
    /// The number of open connections.
    pub open: u32,
    /// The number of open connections that are idle.
    pub idle: usize,
}

/// The statistics of the process that `ctx` belongs to.
#[must_use]
pub fn read(ctx: &Ctx) -> Stats {
    let (sign_ups_completed, sign_ups_refused) = ctx.sign_ups().read();
    Stats {
        sign_ups_completed,
        sign_ups_refused,
        hashing: ctx.passwords().stats(),
        pools: [pool("read", &ctx.db().read), pool("write", &ctx.db().write)],
    }
}

fn pool(name: &'static str, db: &DatabaseConnection) -> Pool {
    let (max, open, idle) = if db.get_database_backend() == DbBackend::Postgres {
        let pool = db.get_postgres_connection_pool();
        (pool.options().get_max_connections(), pool.size(), pool.num_idle())
    } else {
        let pool = db.get_sqlite_connection_pool();
        (pool.options().get_max_connections(), pool.size(), pool.num_idle())
    };
    Pool { name, max, open, idle }
}

/// Counts sign-ups by outcome.
#[derive(Debug, Default)]
pub(crate) struct SignUps {
    completed: AtomicU64,
    refused: Mutex<BTreeMap<&'static str, u64>>,
}

impl SignUps {
    /// Counts one sign-up. A replayed attempt is not counted again.
    pub(crate) fn count(&self, outcome: &Result<SignedUp, Error>) {
        let code = match outcome {
            Ok(SignedUp { replayed: true, .. }) => return,
            Ok(_) => {
                self.completed.fetch_add(1, Ordering::Relaxed);
                return;
            }
            Err(Error::Failure(failure)) => failure.code,
            Err(Error::Internal(_)) => Code::Internal,
        };
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner).entry(code.as_str()).or_default() += 1;
    }

    fn read(&self) -> (u64, BTreeMap<&'static str, u64>) {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (self.completed.load(Ordering::Relaxed), refused)
    }
}

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
