//! What this process has done since it started and what it is at, in numbers, for whoever watches it. Reading them asks
//! no database.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::Code;
use domain::signup::SignedUp;
use sea_orm::{DatabaseConnection, DbBackend};

use crate::{Ctx, Error};

/// The numbers of one process.
#[derive(Clone, Debug)]
pub struct Stats {
    /// How many sign-ups made an account.
    pub sign_ups_completed: u64,
    /// How many were refused, by the code of the failure.
    pub sign_ups_refused: BTreeMap<&'static str, u64>,
    /// Hashing passwords: new ones, and those that are checked.
    pub hashing: [Hashing; 2],
    /// The connections that read, and those that write.
    pub pools: [Pool; 2],
}

/// One lane of hashing.
#[derive(Clone, Copy, Debug)]
pub struct Hashing {
    /// `sign_up` for new passwords, `sign_in` for those that are checked.
    pub lane: &'static str,
    /// How many may be hashed at a time.
    pub permits: usize,
    /// How many are being hashed.
    pub in_use: usize,
    /// How many requests wait for a permit.
    pub waiting: usize,
    /// How many were hashed.
    pub done: u64,
    /// How long that took, all batcher, without the waiting.
    pub spent: Duration,
}

/// One pool of connections to the database.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    /// `read` or `write`.
    pub name: &'static str,
    /// How many there may be.
    pub max: u32,
    /// How many there are.
    pub open: u32,
    /// How many of those nobody uses.
    pub idle: usize,
}

/// The numbers of the process that `ctx` belongs to.
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

/// Counts how sign-ups end.
#[derive(Debug, Default)]
pub(crate) struct SignUps {
    completed: AtomicU64,
    refused: Mutex<BTreeMap<&'static str, u64>>,
}

impl SignUps {
    /// Counts one. What was sent twice was counted when it came first.
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

/// How often something was done, and for how long. Clones count batcher.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timing(Arc<(AtomicU64, AtomicU64)>);

impl Timing {
    /// Counts one that took `time`.
    pub(crate) fn count(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.0.0.fetch_add(1, Ordering::Relaxed);
        self.0.1.fetch_add(micros, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> (u64, Duration) {
        (self.0.0.load(Ordering::Relaxed), Duration::from_micros(self.0.1.load(Ordering::Relaxed)))
    }
}
