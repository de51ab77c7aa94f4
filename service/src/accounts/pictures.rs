//! The version of an account's picture, below [`crate::pictures`]. The row of the account is locked by the caller.

use domain::Timestamp;
use domain::ids::AccountId;
use domain::pictures::PictureVersion;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};

use super::{entity as accounts, store};

/// The version of the account's picture, if it has one.
pub(crate) async fn version(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<PictureVersion>, DbErr> {
    Ok(store::find(db, id).await?.and_then(|row| row.picture).map(PictureVersion::stored))
}

/// Sets the version of the account's picture.
pub(crate) async fn set_version(
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
