//! Queries over flows and their versions.

use std::collections::HashMap;

use domain::flows::{Flow, FlowRef, VersionRef};
use domain::ids::{AccountId, FlowId, GroupId, TermsId};
use domain::text::FlowName;
use domain::{Failure, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{asked, flow, given, version};
use crate::{Ctx, Error};

/// A flow, and one of its versions.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) row: flow::Model,
    /// The id of the version.
    pub(crate) version_id: Uuid,
    pub(crate) number: u32,
    pub(crate) flow: Flow,
    /// The account that saved the version.
    pub(crate) saved_by: Option<AccountId>,
    pub(crate) saved_at: Timestamp,
}

impl Found {
    /// The flow.
    pub(crate) fn id(&self) -> FlowId {
        FlowId(self.row.id)
    }

    /// The reference to the flow.
    pub(crate) fn reference(&self) -> FlowRef {
        reference(&self.row)
    }

    /// The reference to the version.
    pub(crate) fn version(&self) -> VersionRef {
        VersionRef { flow: self.id(), number: self.number }
    }

    fn of(row: flow::Model, version: &version::Model) -> Result<Self, Error> {
        Ok(Self {
            row,
            version_id: version.id,
            number: number(version.number),
            flow: definition(version)?,
            saved_by: version.saved_by.map(AccountId),
            saved_at: Timestamp::from_micros(version.saved_at),
        })
    }
}

/// The reference to the flow of a row.
pub(crate) fn reference(row: &flow::Model) -> FlowRef {
    FlowRef { id: FlowId(row.id), name: FlowName::stored(&row.name) }
}

/// The number of a version, as it is stored.
pub(crate) fn number(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or(u32::MAX)
}

fn definition(row: &version::Model) -> Result<Flow, Error> {
    let broken = |_| Error::internal(format!("the version {} of the flow {} is broken", row.number, row.flow_id));
    serde_json::from_str(&row.definition).map_err(broken)
}

/// The flows that are not deleted, by name.
pub(crate) async fn all(db: &impl ConnectionTrait) -> Result<Vec<flow::Model>, DbErr> {
    use flow::{Column, Entity};
    Entity::find().filter(Column::DeletedAt.is_null()).order_by_asc(Column::NameFolded).all(db).await
}

/// The flow with this id, unless it is deleted.
pub(crate) async fn find(db: &impl ConnectionTrait, id: FlowId) -> Result<Option<flow::Model>, DbErr> {
    flow::Entity::find_by_id(id.0).filter(flow::Column::DeletedAt.is_null()).one(db).await
}

/// The same, locked until the transaction ends.
pub(crate) async fn lock(db: &impl ConnectionTrait, id: FlowId) -> Result<Option<flow::Model>, DbErr> {
    flow::Entity::find_by_id(id.0).filter(flow::Column::DeletedAt.is_null()).lock_exclusive().one(db).await
}

/// The same, kept from being deleted until the transaction ends.
pub(crate) async fn hold(db: &impl ConnectionTrait, id: FlowId) -> Result<Option<()>, DbErr> {
    let held = flow::Entity::find_by_id(id.0).filter(flow::Column::DeletedAt.is_null()).lock_shared().one(db).await?;
    Ok(held.map(|_| ()))
}

/// The default flow, locked until the transaction ends.
pub(crate) async fn lock_default(db: &impl ConnectionTrait) -> Result<flow::Model, Error> {
    let found = flow::Entity::find().filter(Expr::cust("is_default")).lock_exclusive().one(db).await?;
    found.ok_or_else(|| Error::internal("there is no default flow"))
}

/// The present version of the flow of a row.
pub(crate) async fn present(db: &impl ConnectionTrait, row: flow::Model) -> Result<Found, Error> {
    let number = row.version;
    let found = version(db, FlowId(row.id), number).await?;
    Found::of(row, &found.ok_or_else(|| Error::internal("a flow has no present version"))?)
}

async fn version(db: &impl ConnectionTrait, id: FlowId, number: i64) -> Result<Option<version::Model>, DbErr> {
    use version::{Column, Entity};
    Entity::find().filter(Column::FlowId.eq(id.0)).filter(Column::Number.eq(number)).one(db).await
}

/// The flow that an invite names, or the default flow, in its present version.
pub(crate) async fn of_invite(db: &impl ConnectionTrait, named: Option<FlowId>) -> Result<Found, Error> {
    let flows = flow::Entity::find().find_also_related(version::Entity);
    let found = match named {
        Some(id) => flows.filter(flow::Column::Id.eq(id.0)).filter(flow::Column::DeletedAt.is_null()).one(db).await?,
        // In the words of the index.
        None => flows.filter(Expr::cust("is_default")).one(db).await?,
    };
    match found {
        Some((row, Some(version))) => Found::of(row, &version),
        Some((_, None)) => Err(Error::internal("a flow has no present version")),
        None => Err(Error::internal("no default flow, or the flow that an invite names is deleted")),
    }
}

/// The same in the version that a form began with.
///
/// # Errors
/// [`domain::Code::FlowChanged`] if it began with another flow, or with a version that must not go on.
pub(crate) async fn of_form(
    db: &impl ConnectionTrait,
    named: Option<FlowId>,
    begun: Option<VersionRef>,
) -> Result<Found, Error> {
    let present = of_invite(db, named).await?;
    let Some(begun) = begun.filter(|begun| *begun != present.version()) else { return Ok(present) };
    if begun.flow != present.id() || i64::from(begun.number) < present.row.min_version {
        return Err(start_again().into());
    }
    let found = version(db, begun.flow, begun.number.into()).await?.ok_or_else(start_again)?;
    Found::of(present.row, &found)
}

/// What is said of a form that must not go on.
pub(crate) fn start_again() -> Failure {
    Failure::new(domain::Code::FlowChanged, "This form has changed since you opened it. Fill it in again.")
}

/// The version of a row of `accounts.flow_version_id`, with its flow, which may be deleted.
pub(crate) async fn of_account(db: &impl ConnectionTrait, version_id: Uuid) -> Result<Option<Found>, Error> {
    let Some(found) = version::Entity::find_by_id(version_id).one(db).await? else { return Ok(None) };
    let Some(row) = flow::Entity::find_by_id(found.flow_id).one(db).await? else { return Ok(None) };
    Found::of(row, &found).map(Some)
}

/// A version of the flow of a row.
pub(crate) async fn numbered(db: &impl ConnectionTrait, row: flow::Model, number: u32) -> Result<Option<Found>, Error> {
    let found = version(db, FlowId(row.id), number.into()).await?;
    found.map(|found| Found::of(row, &found)).transpose()
}

/// The versions of a flow, newest first, without what they say: number, time, account.
pub(crate) async fn versions(
    db: &impl ConnectionTrait,
    id: FlowId,
    most: u64,
) -> Result<Vec<(i64, i64, Option<Uuid>)>, DbErr> {
    use version::{Column, Entity};
    Entity::find()
        .select_only()
        .columns([Column::Number, Column::SavedAt, Column::SavedBy])
        .filter(Column::FlowId.eq(id.0))
        .order_by_desc(Column::Number)
        .limit(most)
        .into_tuple()
        .all(db)
        .await
}

/// The present versions of some flows, read with one query.
pub(crate) async fn all_present(db: &impl ConnectionTrait, rows: Vec<flow::Model>) -> Result<Vec<Found>, Error> {
    use version::{Column, Entity};
    let present = rows.iter().fold(sea_orm::Condition::any(), |any, row| {
        any.add(Column::FlowId.eq(row.id).and(Column::Number.eq(row.version)))
    });
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let versions = Entity::find().filter(present).all(db).await?;
    let mut versions: HashMap<Uuid, version::Model> = versions.into_iter().map(|row| (row.flow_id, row)).collect();
    let found = |row: flow::Model| {
        let version = versions.remove(&row.id).ok_or_else(|| Error::internal("a flow has no present version"))?;
        Found::of(row, &version)
    };
    rows.into_iter().map(found).collect()
}

/// The names of flows, deleted or not.
pub(crate) async fn names(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<(Uuid, String)>, DbErr> {
    use flow::{Column, Entity};
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::Name])
        .filter(Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await
}

/// Inserts a flow and its first version. Returns its row.
///
/// # Errors
/// [`domain::Code::FlowNameTaken`]; [`domain::Code::Invalid`] if a group or terms do not exist any more.
pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    flow: &Flow,
    saved_by: AccountId,
    now: Timestamp,
) -> Result<flow::Model, Error> {
    let row = flow::Model {
        id: ctx.randomness().uuid(now),
        name: flow.name.to_string(),
        name_folded: folded(&flow.name),
        version: 1,
        min_version: 1,
        is_default: false,
        created_at: now.as_micros(),
        deleted_at: None,
    };
    let inserted = flow::Entity::insert(row.clone().into_active_model()).exec_without_returning(db).await;
    inserted.map_err(|error| Error::unless_taken(error, name_taken))?;
    insert_version(db, ctx, &row, flow, saved_by, now).await?;
    Ok(row)
}

/// Inserts a new version of a flow that is locked, and makes it the present one. Returns the row of the flow.
///
/// # Errors
/// Those of [`insert`].
pub(crate) async fn save(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    row: flow::Model,
    (flow, start_again): (&Flow, bool),
    saved_by: AccountId,
    now: Timestamp,
) -> Result<flow::Model, Error> {
    let version = row.version + 1;
    let row = flow::Model {
        name: flow.name.to_string(),
        name_folded: folded(&flow.name),
        version,
        min_version: if start_again { version } else { row.min_version },
        ..row
    };
    let updated = flow::Entity::update(row.clone().into_active_model().reset_all()).exec(db).await;
    updated.map_err(|error| Error::unless_taken(error, name_taken))?;
    insert_version(db, ctx, &row, flow, saved_by, now).await?;
    Ok(row)
}

async fn insert_version(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    row: &flow::Model,
    flow: &Flow,
    saved_by: AccountId,
    now: Timestamp,
) -> Result<(), Error> {
    let version = version::Model {
        id: ctx.randomness().uuid(now),
        flow_id: row.id,
        number: row.version,
        definition: serde_json::to_string(flow).map_err(Error::internal)?,
        saved_by: Some(saved_by.0),
        saved_at: now.as_micros(),
    };
    version::Entity::insert(version.into_active_model()).exec_without_returning(db).await?;
    forget_names(db, row.id).await?;
    let groups = flow.groups();
    if !groups.is_empty() {
        let rows = groups.iter().map(|group| given::ActiveModel { flow_id: Set(row.id), group_id: Set(group.0) });
        let inserted = given::Entity::insert_many(rows).exec_without_returning(db).await;
        inserted.map_err(|error| Error::unless_missing(error, Failure::group_missing))?;
    }
    if !flow.terms.is_empty() {
        let rows = flow.terms.iter().map(|terms| asked::ActiveModel { flow_id: Set(row.id), terms_id: Set(terms.0) });
        let inserted = asked::Entity::insert_many(rows).exec_without_returning(db).await;
        inserted.map_err(|error| Error::unless_missing(error, terms_missing))?;
    }
    Ok(())
}

/// Deletes what says which groups and terms a flow names.
async fn forget_names(db: &impl ConnectionTrait, flow: Uuid) -> Result<(), DbErr> {
    given::Entity::delete_many().filter(given::Column::FlowId.eq(flow)).exec(db).await?;
    asked::Entity::delete_many().filter(asked::Column::FlowId.eq(flow)).exec(db).await?;
    Ok(())
}

/// Marks a flow that is locked as deleted. Its versions stay.
pub(crate) async fn delete(db: &impl ConnectionTrait, row: flow::Model, now: Timestamp) -> Result<(), DbErr> {
    forget_names(db, row.id).await?;
    let row = flow::Model { deleted_at: Some(now.as_micros()), is_default: false, ..row };
    flow::Entity::update(row.into_active_model().reset_all()).exec(db).await.map(|_| ())
}

/// Makes a flow the default one, in place of another; both are locked.
pub(crate) async fn make_default(db: &impl ConnectionTrait, row: Uuid, before: Uuid) -> Result<(), DbErr> {
    for (id, is_default) in [(before, false), (row, true)] {
        let change = flow::ActiveModel { id: Set(id), is_default: Set(is_default), ..Default::default() };
        flow::Entity::update(change).exec(db).await?;
    }
    Ok(())
}

/// The flows whose present versions give a group, by name.
pub(crate) async fn giving(db: &impl ConnectionTrait, group: GroupId) -> Result<Vec<FlowRef>, DbErr> {
    use given::{Column, Entity};
    let ids = Entity::find().select_only().column(Column::FlowId).filter(Column::GroupId.eq(group.0));
    by_id(db, ids.into_tuple().all(db).await?).await
}

/// The flows whose present versions ask for some terms, by name.
pub(crate) async fn asking(db: &impl ConnectionTrait, terms: TermsId) -> Result<Vec<FlowRef>, DbErr> {
    use asked::{Column, Entity};
    let ids = Entity::find().select_only().column(Column::FlowId).filter(Column::TermsId.eq(terms.0));
    by_id(db, ids.into_tuple().all(db).await?).await
}

async fn by_id(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<FlowRef>, DbErr> {
    use flow::{Column, Entity};
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find().filter(Column::Id.is_in(ids)).order_by_asc(Column::NameFolded).all(db).await?;
    Ok(rows.iter().map(reference).collect())
}

fn folded(name: &FlowName) -> String {
    name.as_str().to_lowercase()
}

fn name_taken() -> Failure {
    Failure::field(domain::Code::FlowNameTaken, "name", "Another flow has this name. Choose another.")
}

fn terms_missing() -> Failure {
    Failure::field(domain::Code::Invalid, "terms", "These terms do not exist any more. Choose others.")
}
