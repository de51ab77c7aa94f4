//! Queries over what is known to be in applications.

use std::collections::HashMap;

use domain::Timestamp;
use domain::applications::ScimKind;
use domain::ids::{ApplicationId, GroupId};
use sea_orm::sea_query::{Expr, OnConflict, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
};
use uuid::Uuid;

use crate::applications::resource::{Column, Entity, Model};
use crate::memberships::entity as memberships;
use crate::memberships::store::lasts;

fn all(application: ApplicationId, kind: ScimKind) -> Select<Entity> {
    Entity::find().filter(Column::ApplicationId.eq(application.0)).filter(Column::Kind.eq(kind.as_str()))
}

/// What is known of one account or group, also that it is not there.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    application: ApplicationId,
    kind: ScimKind,
    id: Uuid,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((application.0, kind.as_str().to_owned(), id)).one(db).await
}

/// Whether something is known to have this id there.
pub(super) async fn is_known(
    db: &impl ConnectionTrait,
    application: ApplicationId,
    kind: ScimKind,
    remote_id: &str,
) -> Result<bool, DbErr> {
    let known = all(application, kind).select_only().column(Column::LocalId).filter(Column::RemoteId.eq(remote_id));
    Ok(known.into_tuple::<Uuid>().one(db).await?.is_some())
}

/// What is known of these accounts or groups, by their ids.
pub(super) async fn find_all(
    db: &impl ConnectionTrait,
    application: ApplicationId,
    kind: ScimKind,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Model>, DbErr> {
    let rows = all(application, kind).filter(Column::LocalId.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.local_id, row)).collect())
}

/// At most `most` groups after this one that are known there, by id.
pub(super) async fn groups(
    db: &impl ConnectionTrait,
    application: ApplicationId,
    after: Option<GroupId>,
    most: u64,
) -> Result<Vec<Uuid>, DbErr> {
    let mut select = all(application, ScimKind::Group).select_only().column(Column::LocalId);
    if let Some(after) = after {
        select = select.filter(Column::LocalId.gt(after.0));
    }
    select.order_by_asc(Column::LocalId).limit(most).into_tuple().all(db).await
}

/// Selects the ids of the accounts or groups that are known there.
pub(super) fn ids(application: ApplicationId, kind: ScimKind) -> SelectStatement {
    all(application, kind).select_only().column(Column::LocalId).into_query()
}

/// The number of accounts or groups that are known there, up to `most`.
pub(super) async fn count(
    db: &impl ConnectionTrait,
    application: ApplicationId,
    kind: ScimKind,
    most: u64,
) -> Result<u64, DbErr> {
    all(application, kind).filter(Column::RemoteId.is_not_null()).limit(most).count(db).await
}

/// The ids there of the members of some groups that are known there, each in their order; read with one query.
pub(super) async fn members(
    db: &impl ConnectionTrait,
    application: ApplicationId,
    groups: impl IntoIterator<Item = GroupId>,
    now: Timestamp,
) -> Result<HashMap<GroupId, Vec<String>>, DbErr> {
    use memberships::Column::{AccountId, GroupId as Group};
    let of_account: RelationDef = memberships::Entity::belongs_to(Entity).from(AccountId).to(Column::LocalId).into();
    let rows: Vec<(Uuid, String)> = memberships::Entity::find()
        .select_only()
        .column(Group)
        .column(Column::RemoteId)
        .join(JoinType::InnerJoin, of_account)
        .filter(Group.is_in(groups.into_iter().map(|group| group.0)))
        .filter(lasts(now))
        .filter(Column::ApplicationId.eq(application.0))
        .filter(Column::Kind.eq(ScimKind::Account.as_str()))
        .filter(Column::RemoteId.is_not_null())
        .order_by_asc(Column::RemoteId)
        .into_tuple()
        .all(db)
        .await?;
    let mut members: HashMap<GroupId, Vec<String>> = HashMap::new();
    for (group, remote_id) in rows {
        members.entry(GroupId(group)).or_default().push(remote_id);
    }
    Ok(members)
}

/// Records what is known of an account or a group.
pub(super) async fn write(db: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    let on_conflict = OnConflict::columns([Column::ApplicationId, Column::Kind, Column::LocalId])
        .update_columns([Column::RemoteId, Column::Digest])
        .to_owned();
    Entity::insert(row.into_active_model()).on_conflict(on_conflict).exec_without_returning(db).await.map(|_| ())
}

/// Forgets an account or a group.
pub(super) async fn forget(
    db: &impl ConnectionTrait,
    application: ApplicationId,
    kind: ScimKind,
    id: Uuid,
) -> Result<(), DbErr> {
    Entity::delete_by_id((application.0, kind.as_str().to_owned(), id)).exec(db).await.map(|_| ())
}

/// Has everything that is known there looked at again: it may have been changed there.
pub(super) async fn forget_digests(db: &impl ConnectionTrait, application: ApplicationId) -> Result<(), DbErr> {
    let doubt = Entity::update_many().col_expr(Column::Digest, Expr::value(None::<Vec<u8>>));
    doubt.filter(Column::ApplicationId.eq(application.0)).exec(db).await.map(|_| ())
}
