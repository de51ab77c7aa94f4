//! Whether this process can do its work.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::Ctx;

/// How long the database may take to answer. A load balancer asks every few seconds and wants to know now.
const TIMEOUT: Duration = Duration::from_secs(2);
/// How far the application's clock may be from the database's, in microseconds.
const SKEW: i64 = 2_000_000;

/// Whether requests can be served: the database answers, and its clock agrees with ours to two seconds.
///
/// # Errors
/// What is wrong, in words that tell an outsider nothing.
pub async fn ready(ctx: &Ctx) -> Result<(), String> {
    let backend = ctx.db().read.get_database_backend();
    // SQLite runs in this process: its clock is ours.
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
        .ok_or_else(|| "The database does not answer.".to_owned())?;
    if backend == DbBackend::Postgres && (value - ctx.now().as_micros()).abs() > SKEW {
        return Err("This machine's clock and the database's differ by more than two seconds.".to_owned());
    }
    Ok(())
}
