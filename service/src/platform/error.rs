//! The error type of use cases.

use std::fmt;
use std::sync::Arc;

use domain::{Code, Failure};
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// The error of a use case. The code that answers the caller logs what the caller is not told, once, with the request id.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Shown to the caller.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// The database is busy, full or not reachable. The caller is told to try again.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] InternalError),
    /// The caller is told only that an internal error occurred.
    #[error(transparent)]
    Internal(#[from] InternalError),
}

/// An internal error. Its text is for the log. Can be cloned, because one error can fail every request of a batch.
#[derive(Clone, Debug)]
pub struct InternalError(Arc<dyn std::error::Error + Send + Sync>);

impl InternalError {
    /// An internal error with a message or a source.
    pub(crate) fn new(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(Arc::from(what.into()))
    }

    /// The error of the database, if this is one.
    fn database(&self) -> Option<&DbErr> {
        self.0.downcast_ref()
    }
}

impl fmt::Display for InternalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for InternalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl Error {
    /// An internal error with a message or a source.
    pub(crate) fn internal(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(InternalError::new(what))
    }

    /// A [`Code::Unavailable`] without a cause in the database: a queue is full, or a wait took too long.
    pub(crate) fn unavailable() -> Self {
        Failure::unavailable().into()
    }

    /// What `failure` makes of the constraint that a statement violated; otherwise the error itself.
    pub(crate) fn of_statement(error: DbErr, failure: impl FnOnce(SqlErr) -> Option<Failure>) -> Self {
        match error.sql_err().and_then(failure) {
            Some(failure) => failure.into(),
            None => error.into(),
        }
    }

    /// [`Self::of_statement`] for a row, one of whose values another has and none may share.
    pub(crate) fn unless_taken(error: DbErr, taken: impl FnOnce() -> Failure) -> Self {
        Self::of_statement(error, |violated| matches!(violated, SqlErr::UniqueConstraintViolation(_)).then(taken))
    }

    /// [`Self::of_statement`] for rows that name others, one of which does not exist.
    pub(crate) fn unless_missing(error: DbErr, missing: impl FnOnce() -> Failure) -> Self {
        Self::of_statement(error, |violated| matches!(violated, SqlErr::ForeignKeyConstraintViolation(_)).then(missing))
    }

    /// The code that the caller is told.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Failure(failure) => failure.code,
            Self::Unavailable(_) => Code::Unavailable,
            Self::Internal(_) => Code::Internal,
        }
    }

    /// Whether the same transaction may succeed when it is run again ([`is_transient`]).
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Failure(_) => false,
            Self::Unavailable(cause) | Self::Internal(cause) => cause.database().is_some_and(is_transient),
        }
    }
}

impl From<DbErr> for Error {
    /// A database that is busy, full or not reachable is [`Error::Unavailable`]. Every other error is internal.
    fn from(error: DbErr) -> Self {
        if is_unavailable(&error) { Self::Unavailable(InternalError::new(error)) } else { Self::internal(error) }
    }
}

/// Whether the database was not reachable, had no free connection or disk space, or timed out waiting for a lock.
pub(crate) fn is_unavailable(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) => true,
        DbErr::Conn(error) | DbErr::Exec(error) | DbErr::Query(error) => match error {
            RuntimeErr::SqlxError(error) => match &**error {
                sea_orm::SqlxError::Io(_)
                | sea_orm::SqlxError::Tls(_)
                | sea_orm::SqlxError::PoolTimedOut
                | sea_orm::SqlxError::PoolClosed
                | sea_orm::SqlxError::WorkerCrashed => true,
                // 57P01..57P03: PostgreSQL is shutting down or starting; 53xxx: out of connections, memory or disk;
                // 57014, 55P03: it timed out waiting. 5, 6 and their extended codes: SQLite is busy or locked.
                sea_orm::SqlxError::Database(error) => {
                    error.code().is_some_and(|code| {
                        code.starts_with("57P0") || code.starts_with("53") || matches!(&*code, "57014" | "55P03")
                    }) || is_busy(error.as_ref())
                        || is_out_of_disk(error.as_ref())
                }
                _ => false,
            },
            RuntimeErr::Internal(_) => false,
        },
        _ => false,
    }
}

/// Whether SQLite found the database locked by another connection (`SQLITE_BUSY`, `SQLITE_LOCKED`).
fn is_busy(error: &dyn sea_orm::sqlx::error::DatabaseError) -> bool {
    matches!(sqlite_code(error), Some(5 | 6))
}

/// Whether SQLite could not write because the disk is full, read-only or defective (`SQLITE_FULL`, `SQLITE_READONLY`,
/// `SQLITE_IOERR`). No data is lost, and writes succeed again when the disk has space.
fn is_out_of_disk(error: &dyn sea_orm::sqlx::error::DatabaseError) -> bool {
    matches!(sqlite_code(error), Some(8 | 10 | 13))
}

/// SQLite's primary result code, if the error is SQLite's.
fn sqlite_code(error: &dyn sea_orm::sqlx::error::DatabaseError) -> Option<i32> {
    error.try_downcast_ref::<sea_orm::sqlx::sqlite::SqliteError>()?;
    error.code()?.parse::<i32>().ok().map(|code| code & 0xff)
}

/// Whether the same transaction may succeed when it is run again: SQLite was busy, or PostgreSQL aborted it because of
/// a conflict (40001 serialization failure, 40P01 deadlock).
pub(crate) fn is_transient(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error else {
        return false;
    };
    match &**error {
        sea_orm::SqlxError::Database(error) => {
            error.code().is_some_and(|code| matches!(&*code, "40001" | "40P01")) || is_busy(error.as_ref())
        }
        _ => false,
    }
}
