//! The picture of an account, below both [`crate::pictures`] and [`crate::members`], which deletes it. The row of the account is
//! locked by the caller.

use domain::Timestamp;
use domain::ids::AccountId;
use domain::pictures::PictureVersion;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};

use super::{entity as accounts, store};
use crate::picture_files;

/// The version of the account's picture, if it has one.
pub(crate) async fn version(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<PictureVersion>, DbErr> {
    Ok(store::find(db, id).await?.and_then(|row| row.picture).map(PictureVersion::stored))
}

/// Gives the account this picture.
pub(crate) async fn set(
    db: &impl ConnectionTrait,
    account: AccountId,
    bytes: Vec<u8>,
    version: PictureVersion,
    now: Timestamp,
) -> Result<(), DbErr> {
    picture_files::set(db, account.0, bytes, version).await?;
    set_version(db, account, Some(version), now).await
}

/// Removes the picture of the account.
pub(crate) async fn remove(db: &impl ConnectionTrait, account: AccountId, now: Timestamp) -> Result<(), DbErr> {
    picture_files::remove(db, account.0).await?;
    set_version(db, account, None, now).await
}

async fn set_version(
    db: &impl ConnectionTrait,
    account: AccountId,
    version: Option<PictureVersion>,
    now: Timestamp,
) -> Result<(), DbErr> {
    let change = accounts::ActiveModel {
        picture: Set(version.map(PictureVersion::as_micros)),
        updated_at: Set(now.as_micros()),
        ..accounts::ActiveModel::default()
    };
    store::update(db, account, change).await
}
