//! Queries over the pictures of accounts, below both [`crate::pictures`] and [`crate::members`], which deletes them. The row
//! of the account is locked by the caller.

use domain::Timestamp;
use domain::accounts::Account;
use domain::ids::AccountId;
use domain::pictures::PictureVersion;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use self::entity::{ActiveModel, Column, Entity};
use super::{entity as accounts, store};

mod entity;

/// Gives the account this picture.
pub(crate) async fn set(
    db: &impl ConnectionTrait,
    account: &Account,
    bytes: Vec<u8>,
    now: Timestamp,
) -> Result<PictureVersion, DbErr> {
    let version = PictureVersion::next(now, account.picture);
    Entity::delete_by_id(account.id.0).exec(db).await?;
    let row = ActiveModel { account_id: Set(account.id.0), bytes: Set(bytes), created_at: Set(version.as_micros()) };
    Entity::insert(row).exec_without_returning(db).await?;
    set_version(db, account.id, Some(version), now).await?;
    Ok(version)
}

/// Takes the picture of the account away.
pub(crate) async fn remove(db: &impl ConnectionTrait, account: AccountId, now: Timestamp) -> Result<(), DbErr> {
    Entity::delete_by_id(account.0).exec(db).await?;
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

/// The picture of the account; of this version, if one is asked for.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    account: AccountId,
    version: Option<PictureVersion>,
) -> Result<Option<Vec<u8>>, DbErr> {
    let mut select = Entity::find_by_id(account.0);
    if let Some(version) = version {
        select = select.filter(Column::CreatedAt.eq(version.as_micros()));
    }
    Ok(select.one(db).await?.map(|row| row.bytes))
}
