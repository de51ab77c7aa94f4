//! Links that are made at the same moment are written batcher: one transaction, one wait for the disk. What is answered
//! is on the disk, as if each had a transaction of its own.

use sea_orm::{DbErr, EntityTrait, IntoActiveModel, SqlErr};

use super::code_taken;
use crate::audit::entity as audit_log;
use crate::invites::entity as invites;
use crate::platform::tx;
use crate::{Ctx, Error};

/// How many are written batcher at most: SQLite binds 32,766 values in a statement, a link has 17.
pub(crate) const MOST: usize = 256;

/// A link, and the row of the audit log that tells of it.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(super) invite: invites::Model,
    pub(super) audit: audit_log::Model,
}

/// Writes them all. If one of them can't be written, each is tried by itself: nobody is refused for what someone else
/// asked.
pub(crate) async fn write(ctx: Ctx, rows: Vec<Made>) -> Vec<Result<(), Error>> {
    match insert(&ctx, &rows).await {
        Ok(()) => rows.iter().map(|_| Ok(())).collect(),
        Err(TxError::Row(error)) if rows.len() == 1 => vec![Err(error)],
        Err(TxError::Row(_)) => {
            let mut outcomes = Vec::with_capacity(rows.len());
            for row in &rows {
                outcomes.push(insert(&ctx, std::slice::from_ref(row)).await.map_err(Error::from));
            }
            outcomes
        }
        // It may or may not have happened, and for all alike.
        Err(TxError::Commit(error)) => {
            tracing::warn!(%error, "the commit of {} new links was not confirmed", rows.len());
            rows.iter().map(|_| Err(Error::unavailable())).collect()
        }
    }
}

/// Why a batch was not written.
enum TxError {
    /// Before the commit: nothing happened.
    Row(Error),
    /// By the commit itself.
    Commit(DbErr),
}

impl From<TxError> for Error {
    fn from(refused: TxError) -> Self {
        match refused {
            TxError::Row(error) => error,
            TxError::Commit(error) => error.into(),
        }
    }
}

impl From<Error> for TxError {
    fn from(error: Error) -> Self {
        Self::Row(error)
    }
}

impl From<DbErr> for TxError {
    fn from(error: DbErr) -> Self {
        Self::Row(error.into())
    }
}

async fn insert(ctx: &Ctx, rows: &[Made]) -> Result<(), TxError> {
    let tx = tx::begin(ctx).await?;
    let invites = rows.iter().map(|row| row.invite.clone().into_active_model());
    if let Err(error) = invites::Entity::insert_many(invites).exec_without_returning(&tx).await {
        return Err(match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Error::from(code_taken()).into(),
            _ => error.into(),
        });
    }
    let audit = rows.iter().map(|row| row.audit.clone().into_active_model());
    audit_log::Entity::insert_many(audit).exec_without_returning(&tx).await?;
    tx.commit().await.map_err(TxError::Commit)
}
