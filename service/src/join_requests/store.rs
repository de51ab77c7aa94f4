//! Queries over requests to join.

use domain::Timestamp;
use domain::ids::{AccountId, InviteId, JoinRequestId};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::entity::{ActiveModel, Column, Entity, Model};
use crate::platform::paging;
use crate::{Ctx, Error};

/// The condition that a request waits for an answer, in the words of the partial indexes.
pub(crate) fn is_open() -> Condition {
    Condition::all().add(Expr::cust("granted_at IS NULL")).add(Expr::cust("dismissed_at IS NULL"))
}

/// The request with this id.
pub(crate) async fn find(db: &impl ConnectionTrait, id: JoinRequestId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).one(db).await
}

/// The latest request of an account for an invite.
pub(crate) async fn latest(
    db: &impl ConnectionTrait,
    invite: InviteId,
    account: AccountId,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::InviteId.eq(invite.0))
        .order_by_desc(Column::CreatedAt)
        .one(db)
        .await
}

/// The number of requests of an account that wait for an answer.
pub(crate) async fn count_open(db: &impl ConnectionTrait, account: AccountId) -> Result<u64, Error> {
    let open = Entity::find().filter(Column::AccountId.eq(account.0)).filter(is_open());
    Ok(paging::count(db, open).await?.counted.into())
}

/// Inserts a request.
pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    (invite, author): (InviteId, AccountId),
    account: AccountId,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(ctx.randomness().uuid(now)),
        invite_id: Set(invite.0),
        author_id: Set(author.0),
        account_id: Set(account.0),
        created_at: Set(now.as_micros()),
        granted_at: Set(None),
        dismissed_at: Set(None),
        decided_by: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await.map(|_| ())
}

/// Marks requests that meet a condition and wait for an answer as dismissed or, if `grant`, as granted. Returns their number.
pub(crate) async fn decide(
    db: &impl ConnectionTrait,
    which: Condition,
    grant: bool,
    by: Option<AccountId>,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let at = Some(now.as_micros());
    let change = ActiveModel {
        granted_at: Set(at.filter(|_| grant)),
        dismissed_at: Set(at.filter(|_| !grant)),
        decided_by: Set(by.map(|by| by.0)),
        ..ActiveModel::default()
    };
    Ok(Entity::update_many().set(change).filter(which).filter(is_open()).exec(db).await?.rows_affected)
}

/// Dismisses what waits for an answer because the invites are deleted.
pub(crate) async fn dismiss_all_of(
    db: &impl ConnectionTrait,
    invites: impl IntoIterator<Item = Uuid>,
    by: AccountId,
    now: Timestamp,
) -> Result<(), DbErr> {
    decide(db, Condition::all().add(Column::InviteId.is_in(invites)), false, Some(by), now).await.map(|_| ())
}

/// Deletes the requests of an account.
pub(crate) async fn delete_of(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::AccountId.eq(account.0)).exec(db).await.map(|_| ())
}
