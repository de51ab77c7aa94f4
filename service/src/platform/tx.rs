//! The only module that begins transactions.

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::Ctx;

/// Begins a transaction that writes.
///
/// SQLite: `BEGIN IMMEDIATE`, so that concurrent transactions wait for the write lock and do not fail at their first
/// write. PostgreSQL: READ COMMITTED, which is sufficient because every limit is a conditional UPDATE or first locks
/// the parent row. A transaction that is dropped without a commit is rolled back.
pub(crate) async fn begin(ctx: &Ctx) -> Result<DatabaseTransaction, DbErr> {
    begin_on(&ctx.db().write).await
}

/// Begins a transaction that writes on the connection `db`. See [`begin`].
pub(crate) async fn begin_on(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    db.begin_with_options(options).await
}
