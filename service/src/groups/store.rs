//! Queries over the table of groups.

use std::collections::HashMap;

use domain::access::{from_names, to_names};
use domain::groups::GroupTerms;
use domain::ids::GroupId;
use domain::paging::{Count, Page, Paging};
use domain::text::{GroupDescription, GroupName};
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use crate::Error;
use crate::memberships::group::{Column, Entity};
use crate::memberships::{entity as memberships, store::lasts};
use crate::platform::paging;

pub(crate) type Row = crate::memberships::group::Model;

/// The row of a group that is created or changed at `now`.
pub(super) fn row(id: Uuid, terms: GroupTerms, now: Timestamp) -> Row {
    let GroupTerms { name, description, permissions } = terms;
    Row {
        id,
        name_folded: name.as_str().to_lowercase(),
        name: name.into(),
        description: description.map(String::from),
        permissions: to_names(permissions),
        created_at: now.as_micros(),
        updated_at: now.as_micros(),
    }
}

/// What is chosen about the group of a row.
pub(super) fn terms(row: &Row) -> GroupTerms {
    GroupTerms {
        name: GroupName::stored(row.name.as_str()),
        description: row.description.as_deref().map(GroupDescription::stored),
        permissions: from_names(&row.permissions),
    }
}

/// Inserts a group.
///
/// # Errors
/// [`Code::GroupNameTaken`].
pub(super) async fn insert(db: &impl ConnectionTrait, row: Row) -> Result<(), Error> {
    Entity::insert(row.into_active_model()).exec_without_returning(db).await.map(|_| ()).map_err(name_taken)
}

/// Writes a group back.
///
/// # Errors
/// [`Code::GroupNameTaken`].
pub(super) async fn write(db: &impl ConnectionTrait, row: Row) -> Result<(), Error> {
    Entity::update(row.into_active_model().reset_all()).exec(db).await.map(|_| ()).map_err(name_taken)
}

fn name_taken(error: DbErr) -> Error {
    let why = "Another group has this name. Choose another.";
    Error::unless_taken(error, || Failure::field(Code::GroupNameTaken, "name", why))
}

/// The group with this id.
pub(super) async fn find(db: &impl ConnectionTrait, id: GroupId) -> Result<Option<Row>, DbErr> {
    Entity::find_by_id(id.0).one(db).await
}

/// The group with this id, locked until the transaction ends: nobody joins it meanwhile.
pub(super) async fn lock(db: &impl ConnectionTrait, id: GroupId) -> Result<Option<Row>, DbErr> {
    Entity::find_by_id(id.0).lock_exclusive().one(db).await
}

/// The group with this id, which is neither changed nor deleted until the transaction ends. Others may join it.
pub(super) async fn hold(db: &impl ConnectionTrait, id: GroupId) -> Result<Option<Row>, DbErr> {
    Entity::find_by_id(id.0).lock(LockType::NoKeyUpdate).one(db).await
}

/// Holds several groups as [`hold`] does, in one order for everybody; those that do not exist are left out.
pub(super) async fn hold_all(db: &impl ConnectionTrait, ids: &[GroupId]) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    let groups = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.0))).order_by_asc(Column::Id);
    groups.lock(LockType::NoKeyUpdate).all(db).await.map(|_| ())
}

/// The condition that the name contains `q`, without regard to case. Reads every group: there are as many as people
/// name.
pub(super) fn name_contains(q: &str) -> SimpleExpr {
    Expr::col((Entity, Column::NameFolded)).like(paging::containing(q))
}

/// A page of groups, by name.
///
/// # Errors
/// [`Code::Invalid`] under `cursor` if its group was deleted meanwhile.
pub(super) async fn page(
    db: &impl ConnectionTrait,
    select: Select<Entity>,
    paging: Paging,
) -> Result<Page<Row>, Error> {
    paging::by_name(db, select, paging, (Column::NameFolded, Column::Id), |row| row.id).await
}

/// The numbers of members of some groups, each up to [`Count::BOUND`], read with one query.
pub(super) async fn counts(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
    now: Timestamp,
) -> Result<HashMap<Uuid, Count>, Error> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let of_group = Expr::col((memberships::Entity, memberships::Column::GroupId)).equals((Entity, Column::Id));
    let members = paging::bounded(memberships::Entity::find().filter(of_group).filter(lasts(now)));
    let rows: Vec<(Uuid, i64)> = Entity::find()
        .select_only()
        .column(Column::Id)
        .expr_as(SimpleExpr::SubQuery(None, Box::new(members.into())), "members")
        .filter(Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, count)| (id, Count::from_rows(count.try_into().unwrap_or(0)))).collect())
}
