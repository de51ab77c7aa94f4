//! The end of all access of an account.

use domain::Timestamp;
use domain::ids::{AccountId, SessionId};
use sea_orm::ConnectionTrait;

use crate::accounts::store as accounts;
use crate::sessions::store;
use crate::{Ctx, Error, keys, reset_links};

/// What a change of password, a suspension or a restoration ended.
pub(crate) struct EndedAccess {
    /// Number of sessions.
    pub(crate) sessions: u64,
    /// Number of API keys.
    pub(crate) keys: u64,
}

/// Ends all access of an account: every session except `kept`, its API keys if `keys`, every verified password that has
/// not started a session yet, the link that resets its password, and those that it made for others.
pub(crate) async fn end_access(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    id: AccountId,
    kept: Option<SessionId>,
    keys: bool,
    now: Timestamp,
) -> Result<EndedAccess, Error> {
    accounts::begin_epoch(db, id).await?;
    reset_links::store::delete_of(db, id).await?;
    reset_links::store::delete_made_by(db, id).await?;
    let sessions = store::end_all(db, ctx, id, kept, now).await?;
    let keys = if keys { keys::revoke_all(db, id, now).await? } else { 0 };
    Ok(EndedAccess { sessions, keys })
}
