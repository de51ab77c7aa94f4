//! The table `directory_groups`: what a directory calls groups. The row of the group is held by the caller, and deletes
//! with it.

use std::collections::HashMap;

use domain::Patch;
use domain::ids::GroupId;
use domain::text::ExternalId;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{OnConflict, SelectStatement};
use sea_orm::{ActiveValue::Set, QuerySelect, QueryTrait};

use crate::Error;
use crate::accounts::directory::external_id_taken;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "directory_groups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
    pub external_id: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The identifiers of these groups, read with one query.
pub(super) async fn find_all(
    db: &impl ConnectionTrait,
    groups: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, ExternalId>, DbErr> {
    let rows = Entity::find().filter(Column::GroupId.is_in(groups)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.group_id, ExternalId::stored(row.external_id))).collect())
}

/// Changes the identifier of a group. Returns whether it was another one before.
///
/// # Errors
/// [`domain::Code::ExternalIdTaken`].
pub(super) async fn change(
    db: &impl ConnectionTrait,
    group: GroupId,
    external_id: Patch<ExternalId>,
) -> Result<bool, Error> {
    let current = Entity::find_by_id(group.0).one(db).await?.map(|row| ExternalId::stored(row.external_id));
    let wanted = external_id.apply(current.clone());
    if wanted == current {
        return Ok(false);
    }
    let Some(wanted) = wanted else {
        Entity::delete_by_id(group.0).exec(db).await?;
        return Ok(true);
    };
    let row = ActiveModel { group_id: Set(group.0), external_id: Set(wanted.into()) };
    let on_conflict = OnConflict::column(Column::GroupId).update_column(Column::ExternalId).to_owned();
    let written = Entity::insert(row).on_conflict(on_conflict).exec_without_returning(db).await;
    written.map_err(|error| Error::unless_taken(error, || external_id_taken("group")))?;
    Ok(true)
}

/// Selects the group that a directory identifies by this, or all that it identifies.
pub(super) fn groups(external_id: Option<&str>) -> SelectStatement {
    let known = Entity::find().select_only().column(Column::GroupId);
    match external_id {
        Some(id) => known.filter(Column::ExternalId.eq(id)),
        None => known,
    }
    .into_query()
}
