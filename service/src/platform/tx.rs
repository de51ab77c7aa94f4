//! Transactions: the only module that begins them, and how one is run again.

use domain::Failure;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::platform::error::is_transient;
use crate::{Ctx, Error};

/// The maximum number of times that [`with_retries`] runs a transaction.
const ATTEMPTS: u32 = 4;

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

/// The reason a transaction was not confirmed. It decides whether the transaction can be run again.
#[derive(Debug)]
pub(crate) enum TxError {
    /// The use case refused, or has an error. Nothing was written.
    Rejected(Error),
    /// The database reported an error before the commit. Nothing was written.
    Database(DbErr),
    /// The database did not confirm the commit. It is not known whether the transaction was written.
    Commit(DbErr),
}

impl TxError {
    /// Whether nothing was written, and the same transaction may succeed when it is run again.
    fn is_transient(&self) -> bool {
        match self {
            Self::Rejected(error) => error.is_transient(),
            Self::Database(error) => is_transient(error),
            Self::Commit(_) => false,
        }
    }
}

impl From<Error> for TxError {
    fn from(error: Error) -> Self {
        Self::Rejected(error)
    }
}

impl From<Failure> for TxError {
    fn from(failure: Failure) -> Self {
        Self::Rejected(failure.into())
    }
}

impl From<DbErr> for TxError {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

impl From<TxError> for Error {
    fn from(error: TxError) -> Self {
        match error {
            TxError::Rejected(error) => error,
            TxError::Database(error) | TxError::Commit(error) => error.into(),
        }
    }
}

/// Runs `transaction`, and runs it again if it lost a conflict with another one or its commit was not confirmed, up to
/// [`ATTEMPTS`] times in total. Before it is repeated after an unconfirmed commit, `find` looks for what it may have
/// written.
pub(crate) async fn with_retries<T, Run, Find>(
    transaction: impl Fn() -> Run,
    find: impl Fn() -> Find,
) -> Result<T, Error>
where
    Run: Future<Output = Result<T, TxError>>,
    Find: Future<Output = Result<Option<T>, Error>>,
{
    for _ in 1..ATTEMPTS {
        match transaction().await {
            Err(error) if error.is_transient() => {}
            Err(TxError::Commit(error)) => {
                tracing::warn!(%error, "a commit was not confirmed");
                if let Some(written) = find().await? {
                    return Ok(written);
                }
            }
            outcome => return outcome.map_err(Error::from),
        }
    }
    transaction().await.map_err(Error::from)
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::future::ready;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use domain::Code;
    use sea_orm::{ConnectionTrait, RuntimeErr};
    use tokio::sync::Barrier;

    use super::*;
    use crate::testing::{TestApp, failure};

    fn timed_out() -> DbErr {
        DbErr::Exec(RuntimeErr::SqlxError(std::sync::Arc::new(sea_orm::SqlxError::PoolTimedOut)))
    }

    /// Runs a transaction that ends with each of `outcomes` in turn. Returns the result and how often it was run.
    async fn run(outcomes: Vec<Result<u8, TxError>>, written: Option<u8>) -> (Result<u8, Error>, usize) {
        let (outcomes, runs) = (RefCell::new(outcomes.into_iter()), Cell::new(0));
        let transaction = || {
            runs.set(runs.get() + 1);
            ready(outcomes.borrow_mut().next().unwrap())
        };
        let outcome = with_retries(transaction, || ready(Ok(written))).await;
        (outcome, runs.get())
    }

    #[tokio::test]
    async fn a_refusal_and_an_unavailable_database_are_not_repeated() {
        let (outcome, runs) = run(vec![Err(Failure::invite_invalid().into()), Ok(1)], None).await;
        assert_eq!((failure(outcome).code, runs), (Code::InviteInvalid, 1));
        let (outcome, runs) = run(vec![Err(timed_out().into()), Ok(1)], None).await;
        assert!(matches!(outcome, Err(Error::Unavailable(_))));
        assert_eq!(runs, 1);
    }

    #[tokio::test]
    async fn an_unconfirmed_commit_is_looked_up_before_it_is_repeated() {
        let unconfirmed = || Err(TxError::Commit(timed_out()));
        let (outcome, runs) = run(vec![unconfirmed(), Ok(2)], Some(1)).await;
        assert_eq!((outcome.unwrap(), runs), (1, 1));
        let (outcome, runs) = run(vec![unconfirmed(), Ok(2)], None).await;
        assert_eq!((outcome.unwrap(), runs), (2, 2));
        let (outcome, runs) = run((0..5).map(|_| unconfirmed()).collect(), None).await;
        assert!(matches!(outcome, Err(Error::Unavailable(_))));
        assert_eq!(runs, 4);
    }

    /// Two transactions that lock the same two rows in opposite orders: PostgreSQL aborts one of them (40P01). The one
    /// that is run again can lock its first row before the other one is woken, and be aborted once more.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_deadlock_is_repeated_whether_the_use_case_or_the_database_reports_it() {
        let app = TestApp::postgres().await;
        app.execute("CREATE TABLE pairs (id BIGINT PRIMARY KEY, writes BIGINT NOT NULL)").await;
        app.execute("INSERT INTO pairs VALUES (1, 0), (2, 0)").await;
        let met = Barrier::new(2);
        let runs = AtomicUsize::new(0);
        let write = async |order: [i64; 2], through_error: bool| {
            let transaction = || async {
                let first_time = runs.fetch_add(1, Ordering::SeqCst) < 2;
                let tx = begin(&app.ctx).await?;
                let update = |id: i64| format!("UPDATE pairs SET writes = writes + 1 WHERE id = {id}");
                tx.execute_unprepared(&update(order[0])).await?;
                if first_time {
                    met.wait().await;
                }
                match tx.execute_unprepared(&update(order[1])).await {
                    Err(error) if through_error => return Err(TxError::from(Error::from(error))),
                    outcome => outcome?,
                };
                tx.commit().await.map_err(TxError::Commit)
            };
            with_retries(transaction, || ready(Ok(None))).await.unwrap();
        };
        for through_error in [false, true] {
            runs.store(0, Ordering::SeqCst);
            tokio::join!(write([1, 2], through_error), write([2, 1], through_error));
            assert!(runs.load(Ordering::SeqCst) > 2, "neither was run again");
        }
        assert_eq!(app.number("SELECT MIN(writes) FROM pairs").await, 4);
        app.finish().await;
    }
}
