//! Queries over requests for a new link.

use domain::Timestamp;
use domain::ids::{AccountId, InviteId, InviteRequestId};
use domain::requests::NewInviteRequest;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Select,
};
use uuid::Uuid;

use super::entity::{ActiveModel, Column, Entity, Model};
use crate::platform::paging;
use crate::{Ctx, Error};

/// The condition that a request waits for an answer, in the words of the partial indexes.
pub(crate) fn is_open() -> Condition {
    Condition::all().add(Expr::cust("decided_at IS NULL"))
}

/// The request with this id.
pub(crate) async fn find(db: &impl ConnectionTrait, id: InviteRequestId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).one(db).await
}

/// The latest request of an address for an invite.
pub(crate) async fn latest(
    db: &impl ConnectionTrait,
    invite: InviteId,
    email_folded: &str,
) -> Result<Option<Model>, DbErr> {
    let of_address = Entity::find().filter(Column::InviteId.eq(invite.0)).filter(Column::EmailFolded.eq(email_folded));
    of_address.order_by_desc(Column::CreatedAt).one(db).await
}

/// Selects the requests for an invite that wait for an answer.
pub(crate) fn open_of(invite: InviteId) -> Select<Entity> {
    Entity::find().filter(Column::InviteId.eq(invite.0)).filter(is_open())
}

/// The number of requests for an invite that wait for an answer.
pub(crate) async fn count_open(db: &impl ConnectionTrait, invite: InviteId) -> Result<u64, Error> {
    Ok(paging::count(db, open_of(invite)).await?.counted.into())
}

/// Whether the author of an invite was told by mail, after an instant, of a request that is still kept.
pub(crate) async fn was_told_after(
    db: &impl ConnectionTrait,
    invite: InviteId,
    after: Timestamp,
) -> Result<bool, DbErr> {
    let since = Condition::all().add(Expr::cust("told_at IS NOT NULL")).add(Column::ToldAt.gt(after.as_micros()));
    Ok(Entity::find().filter(Column::InviteId.eq(invite.0)).filter(since).one(db).await?.is_some())
}

/// Inserts a request, of which the author is told by mail (`is_told`) or not. Returns its id.
pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    (invite, author): (InviteId, AccountId),
    new: NewInviteRequest,
    is_told: bool,
    now: Timestamp,
) -> Result<InviteRequestId, DbErr> {
    let id = ctx.randomness().uuid(now);
    let row = ActiveModel {
        id: Set(id),
        invite_id: Set(invite.0),
        author_id: Set(author.0),
        email_folded: Set(new.email.folded()),
        email: Set(new.email.as_str().to_owned()),
        note: Set(new.note.map(String::from)),
        created_at: Set(now.as_micros()),
        decided_at: Set(None),
        decided_by: Set(None),
        granted_invite_id: Set(None),
        told_at: Set(is_told.then(|| now.as_micros())),
    };
    Entity::insert(row).exec_without_returning(db).await.map(|_| InviteRequestId(id))
}

/// Marks a request that waits for an answer as granted by this invite, or as dismissed. Returns whether it waited.
pub(crate) async fn decide(
    db: &impl ConnectionTrait,
    id: InviteRequestId,
    granted: Option<InviteId>,
    by: AccountId,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let change = ActiveModel {
        decided_at: Set(Some(now.as_micros())),
        decided_by: Set(Some(by.0)),
        granted_invite_id: Set(granted.map(|invite| invite.0)),
        ..ActiveModel::default()
    };
    let decided = Entity::update_many().set(change).filter(Column::Id.eq(id.0)).filter(is_open());
    Ok(decided.exec(db).await?.rows_affected == 1)
}

/// Deletes the requests for these invites.
pub(crate) async fn delete_all_of(
    db: &impl ConnectionTrait,
    invites: impl IntoIterator<Item = Uuid>,
) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::InviteId.is_in(invites)).exec(db).await.map(|_| ())
}

/// Deletes the requests of an address.
pub(crate) async fn delete_of_address(db: &impl ConnectionTrait, email_folded: &str) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::EmailFolded.eq(email_folded)).exec(db).await.map(|_| ())
}

/// Deletes the requests that were answered until `before`.
pub(crate) async fn delete_decided(db: &impl ConnectionTrait, before: Timestamp) -> Result<(), DbErr> {
    let old = Column::DecidedAt.lte(before.as_micros());
    let decided = Condition::all().add(Expr::cust("decided_at IS NOT NULL")).add(old);
    Entity::delete_many().filter(decided).exec(db).await.map(|_| ())
}
