//! The one place that begins a transaction.

use sea_orm::{DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait};

use crate::Ctx;

/// Begins a transaction that writes.
///
/// SQLite: `BEGIN IMMEDIATE`, so that two transactions queue for the write lock instead of failing when the second one
/// turns from reading to writing. PostgreSQL: READ COMMITTED, which suffices, because every cap is a conditional
/// UPDATE or begins by locking its parent row. Dropped without a commit, it rolls back.
pub(crate) async fn begin(ctx: &Ctx) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    ctx.db().write.begin_with_options(options).await
}
