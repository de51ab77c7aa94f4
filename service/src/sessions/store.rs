//! Queries over sessions.

use domain::Timestamp;
use domain::ids::{AccountId, SessionId};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::{ABSOLUTE_LIFETIME, SessionToken};
use crate::platform::keyring::token_hash;
use crate::sessions::entity::{ActiveModel, Column, Entity};
use crate::{Client, Ctx};

/// How much of what a browser calls itself is kept, in characters.
const USER_AGENT_LENGTH: usize = 200;

/// Begins a session.
pub(crate) async fn begin(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    account: AccountId,
    client: &Client,
    now: Timestamp,
) -> Result<SessionToken, DbErr> {
    let token = SessionToken(ctx.randomness().token());
    let row = ActiveModel {
        id: Set(ctx.randomness().uuid(now)),
        token_hash: Set(token_hash(token.expose())),
        account_id: Set(account.0),
        user_agent: Set(client.user_agent.as_ref().map(|agent| agent.chars().take(USER_AGENT_LENGTH).collect())),
        created_at: Set(now.as_micros()),
        last_seen_at: Set(now.as_micros()),
        expires_at: Set(now.plus(ABSOLUTE_LIFETIME).as_micros()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(token)
}

/// Ends every session of an account but `kept`, and says how many.
pub(crate) async fn end_all(
    db: &impl ConnectionTrait,
    account: AccountId,
    kept: Option<SessionId>,
) -> Result<u64, DbErr> {
    let mut delete = Entity::delete_many().filter(Column::AccountId.eq(account.0));
    if let Some(kept) = kept {
        delete = delete.filter(Column::Id.ne(kept.0));
    }
    Ok(delete.exec(db).await?.rows_affected)
}
