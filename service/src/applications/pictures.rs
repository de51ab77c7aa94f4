//! The picture of an application, below [`crate::pictures`]. The row of the application is locked by the caller.

use domain::Timestamp;
use domain::ids::ApplicationId;
use domain::pictures::PictureVersion;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::entity::{Column, Entity};
use super::store;
use crate::picture_files;

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

/// Gives the application this picture.
pub(crate) async fn set(
    db: &impl ConnectionTrait,
    id: ApplicationId,
    bytes: Vec<u8>,
    version: PictureVersion,
    now: Timestamp,
) -> Result<(), DbErr> {
    picture_files::set(db, id.0, bytes, version).await?;
    set_version(db, id, Some(version), now).await
}

/// Removes the picture of the application.
pub(crate) async fn remove(db: &impl ConnectionTrait, id: ApplicationId, now: Timestamp) -> Result<(), DbErr> {
    picture_files::remove(db, id.0).await?;
    set_version(db, id, None, now).await
}

async fn set_version(
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
