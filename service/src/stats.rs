//! Statistics of this process since it started, for monitoring. Reading them does not query the database.

use std::collections::BTreeMap;

use sea_orm::{DatabaseConnection, DbBackend};

use crate::Ctx;
pub use crate::platform::passwords::Hashing;
use crate::signup::Outcomes;

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
    let (sign_ups_completed, sign_ups_refused) = ctx.state::<Outcomes>().read();
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
