//! Queries over links that reset passwords.

use domain::Timestamp;
use domain::ids::AccountId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

use super::entity::{Column, Entity, Model};
use crate::platform::keyring::token_hash;

/// Inserts a link, which takes the place of the one that its account has.
pub(crate) async fn replace(db: &impl ConnectionTrait, link: Model) -> Result<(), DbErr> {
    let replace = OnConflict::column(Column::AccountId)
        .update_columns([Column::TokenHash, Column::CreatedAt, Column::ExpiresAt, Column::MadeBy])
        .to_owned();
    Entity::insert(link.into_active_model()).on_conflict(replace).exec_without_returning(db).await.map(|_| ())
}

/// The link with this token, unless it has expired.
pub(crate) async fn find(db: &impl ConnectionTrait, token: &str, now: Timestamp) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::TokenHash.eq(token_hash(token)))
        .filter(Column::ExpiresAt.gt(now.as_micros()))
        .one(db)
        .await
}

/// Deletes the link of an account, if it has one.
pub(crate) async fn delete_of(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::AccountId.eq(account.0)).exec(db).await.map(|_| ())
}

/// Deletes the links that an account made for others.
pub(crate) async fn delete_made_by(db: &impl ConnectionTrait, maker: AccountId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::MadeBy.eq(maker.0)).exec(db).await.map(|_| ())
}

/// Deletes the links that have expired.
pub(crate) async fn purge_expired(db: &impl ConnectionTrait, now: Timestamp) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now.as_micros())).exec(db).await.map(|_| ())
}
