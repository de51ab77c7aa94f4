//! The readiness check of this process.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::Ctx;

/// The time limit for the answer of the database. Short, because load balancers check every few seconds.
const TIMEOUT: Duration = Duration::from_secs(2);
/// The largest accepted difference between the clocks of this machine and of the database, in microseconds.
const MAX_CLOCK_SKEW: i64 = 2_000_000;

/// Checks that requests can be served: the database responds, and its clock differs from this machine's by at most two
/// seconds.
///
/// # Errors
/// A sentence that says what is wrong. It contains no internal details, because the answer is public.
pub async fn ready(ctx: &Ctx) -> Result<(), String> {
    let backend = ctx.db().read.get_database_backend();
    // SQLite runs in this process and uses the same clock.
    let sql = match backend {
        DbBackend::Postgres => "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
        _ => "SELECT code_length FROM settings",
    };
    let row = ctx.db().read.query_one_raw(Statement::from_string(backend, sql));
    let value = tokio::time::timeout(TIMEOUT, row)
        .await
        .ok()
        .and_then(Result::ok)
        .flatten()
        .and_then(|row| row.try_get_by_index::<i64>(0).ok())
        .ok_or_else(|| "The database does not respond.".to_owned())?;
    if backend == DbBackend::Postgres && (value - ctx.now().as_micros()).abs() > MAX_CLOCK_SKEW {
        return Err("The clocks of this machine and of the database differ by more than two seconds.".to_owned());
    }
    Ok(())
}
