//! Queries over sessions.

use domain::Timestamp;
use domain::ids::{AccountId, SessionId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{ABSOLUTE_LIFETIME, MOST, SessionToken};
use crate::accounts::store as accounts;
use crate::grants::logout;
use crate::platform::keyring::token_hash;
use crate::sessions::entity::{ActiveModel, Column, Entity};
use crate::{Client, Ctx, Error};

/// The maximum length of a stored `User-Agent` header, in characters.
const USER_AGENT_LENGTH: usize = 200;

/// Starts a session, which makes its account active. If the account then has more than [`MOST`], the least recently used ones end.
pub(crate) async fn begin(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    account: AccountId,
    client: &Client,
    now: Timestamp,
) -> Result<SessionToken, Error> {
    let token = SessionToken(ctx.randomness().token());
    let id = ctx.randomness().uuid(now);
    let row = ActiveModel {
        id: Set(id),
        token_hash: Set(token_hash(token.expose())),
        account_id: Set(account.0),
        user_agent: Set(client.user_agent.as_ref().map(|agent| agent.chars().take(USER_AGENT_LENGTH).collect())),
        created_at: Set(now.as_micros()),
        last_seen_at: Set(now.as_micros()),
        expires_at: Set(now.plus(ABSOLUTE_LIFETIME).as_micros()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    accounts::set_active(db, account, now).await?;
    let others = Entity::find().select_only().column(Column::Id).filter(Column::AccountId.eq(account.0));
    let idle: Vec<Uuid> = others
        .filter(Column::Id.ne(id))
        .order_by_desc(Column::LastSeenAt)
        .order_by_desc(Column::CreatedAt)
        .offset(MOST - 1)
        .limit(MOST)
        .into_tuple()
        .all(db)
        .await?;
    if !idle.is_empty() {
        end(db, ctx, Condition::all().add(Column::Id.is_in(idle)), now).await?;
    }
    Ok(token)
}

/// Ends the sessions that meet a condition: the one place where sessions end, so that every application that knows of one is
/// told. Returns their number.
pub(super) async fn end(db: &impl ConnectionTrait, ctx: &Ctx, which: Condition, now: Timestamp) -> Result<u64, Error> {
    let ended: Vec<Uuid> =
        Entity::delete_many().filter(which).exec_with_returning(db).await?.iter().map(|row| row.id).collect();
    let count = ended.len() as u64;
    // On the heap: this is a part of many futures, which would be large.
    Box::pin(logout::sessions_ended(db, ctx, ended, now)).await?;
    Ok(count)
}

/// When the session began, by a sign-in; `None` if it has ended.
pub(crate) async fn began_at(db: &impl ConnectionTrait, id: SessionId) -> Result<Option<Timestamp>, DbErr> {
    let began = Entity::find_by_id(id.0).select_only().column(Column::CreatedAt).into_tuple::<i64>().one(db).await?;
    Ok(began.map(Timestamp::from_micros))
}

/// Ends every session of an account except `kept`. Returns their number.
pub(crate) async fn end_all(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    account: AccountId,
    kept: Option<SessionId>,
    now: Timestamp,
) -> Result<u64, Error> {
    let others = kept.map(|kept| Column::Id.ne(kept.0));
    end(db, ctx, Condition::all().add(Column::AccountId.eq(account.0)).add_option(others), now).await
}
