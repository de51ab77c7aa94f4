//! The files of pictures, by the id of what has them. Below the features that have pictures; each keeps the version of
//! its own in its row, which the caller has locked.

use domain::pictures::PictureVersion;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use self::entity::{ActiveModel, Column, Entity};

mod entity;

/// Stores a picture in place of the one before.
pub(crate) async fn set(
    db: &impl ConnectionTrait,
    owner: Uuid,
    bytes: Vec<u8>,
    version: PictureVersion,
) -> Result<(), DbErr> {
    remove(db, owner).await?;
    let row = ActiveModel { owner_id: Set(owner), bytes: Set(bytes), created_at: Set(version.as_micros()) };
    Entity::insert(row).exec_without_returning(db).await.map(drop)
}

/// Removes a picture, if there is one.
pub(crate) async fn remove(db: &impl ConnectionTrait, owner: Uuid) -> Result<(), DbErr> {
    Entity::delete_by_id(owner).exec(db).await.map(drop)
}

/// A picture of this version.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    owner: Uuid,
    version: PictureVersion,
) -> Result<Option<Vec<u8>>, DbErr> {
    let of_version = Entity::find_by_id(owner).filter(Column::CreatedAt.eq(version.as_micros()));
    Ok(of_version.one(db).await?.map(|row| row.bytes))
}
