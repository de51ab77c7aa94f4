//! The one place that begins a transaction.

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::Ctx;

/// Begins a transaction that writes.
///
/// SQLite: `BEGIN IMMEDIATE`, so that two transactions queue for the write lock instead of failing when the second one
/// turns from reading to writing. PostgreSQL: READ COMMITTED, which suffices, because every cap is a conditional
/// UPDATE or begins by locking its parent row. Dropped without a commit, it rolls back.
pub(crate) async fn begin(ctx: &Ctx) -> Result<DatabaseTransaction, DbErr> {
    begin_on(&ctx.db().write).await
}

/// The same on a connection of one's own.
pub(crate) async fn begin_on(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    db.begin_with_options(options).await
}
