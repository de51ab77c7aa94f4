//! The version of an application's picture, below [`crate::pictures`]. The row of the application is locked by the
//! caller.

use domain::Timestamp;
use domain::ids::ApplicationId;
use domain::pictures::PictureVersion;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::entity::{Column, Entity};
use super::store;

/// Locks an application until the transaction ends, and returns the version of its picture. `None` if there is no such
/// application.
pub(crate) async fn lock(
    db: &impl ConnectionTrait,
    id: ApplicationId,
) -> Result<Option<Option<PictureVersion>>, DbErr> {
    Ok(store::lock(db, id).await?.map(|row| row.picture.map(PictureVersion::stored)))
}

/// The version of the application's picture, if it has one.
pub(crate) async fn version(db: &impl ConnectionTrait, id: ApplicationId) -> Result<Option<PictureVersion>, DbErr> {
    Ok(store::find(db, id).await?.and_then(|row| row.picture).map(PictureVersion::stored))
}

/// Sets the version of the application's picture.
pub(crate) async fn set_version(
    db: &impl ConnectionTrait,
    id: ApplicationId,
    version: Option<PictureVersion>,
    now: Timestamp,
) -> Result<(), DbErr> {
    let change = Entity::update_many()
        .col_expr(Column::Picture, Expr::value(version.map(PictureVersion::as_micros)))
        .col_expr(Column::UpdatedAt, Expr::value(now.as_micros()));
    change.filter(Column::Id.eq(id.0)).exec(db).await.map(drop)
}
