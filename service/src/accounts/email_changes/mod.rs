//! The addresses that accounts want to have, until they are confirmed: queries below [`crate::verification`], [`crate::me`]
//! and all that ends the access of accounts. The row of the account is locked by what changes one of these.

use domain::Timestamp;
use domain::accounts::Email;
use domain::ids::AccountId;
use domain::verification::CHANGE_LASTS;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

pub(crate) use self::entity::Model;
use self::entity::{ActiveModel, Column, Entity};
use crate::platform::keyring::token_hash;

mod entity;

/// Records that an account wants an address. What it wanted before is forgotten, and a link to confirm that is void.
pub(crate) async fn want(
    db: &impl ConnectionTrait,
    account: AccountId,
    email: &Email,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = Model {
        account_id: account.0,
        email: email.to_string(),
        email_folded: email.folded(),
        created_at: now.as_micros(),
        token_hash: None,
        expires_at: now.plus(CHANGE_LASTS).as_micros(),
    };
    let columns = [Column::Email, Column::EmailFolded, Column::CreatedAt, Column::TokenHash, Column::ExpiresAt];
    let replace = OnConflict::column(Column::AccountId).update_columns(columns).to_owned();
    Entity::insert(row.into_active_model()).on_conflict(replace).exec_without_returning(db).await.map(|_| ())
}

/// What an account wants, unless it was not confirmed in time.
pub(crate) async fn of(db: &impl ConnectionTrait, account: AccountId, now: Timestamp) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(account.0).filter(Column::ExpiresAt.gt(now.as_micros())).one(db).await
}

/// The change that the link with this token confirms, unless it has expired.
pub(crate) async fn find(db: &impl ConnectionTrait, token: &str, now: Timestamp) -> Result<Option<Model>, DbErr> {
    let found = Entity::find().filter(Column::TokenHash.eq(token_hash(token)));
    found.filter(Column::ExpiresAt.gt(now.as_micros())).one(db).await
}

/// Lets the change of an account wait until `expires_at`, with a link that is valid as long or with none. An earlier one is
/// void.
pub(crate) async fn arm(
    db: &impl ConnectionTrait,
    account: AccountId,
    token: Option<&str>,
    expires_at: Timestamp,
) -> Result<(), DbErr> {
    let change = ActiveModel {
        token_hash: Set(token.map(token_hash)),
        expires_at: Set(expires_at.as_micros()),
        ..ActiveModel::default()
    };
    Entity::update_many().set(change).filter(Column::AccountId.eq(account.0)).exec(db).await.map(|_| ())
}

/// Forgets what an account wants. Returns whether it wanted any.
pub(crate) async fn delete_of(db: &impl ConnectionTrait, account: AccountId) -> Result<bool, DbErr> {
    let deleted = Entity::delete_many().filter(Column::AccountId.eq(account.0)).exec(db).await?;
    Ok(deleted.rows_affected > 0)
}

/// Deletes the changes that were not confirmed in time.
pub(crate) async fn purge_expired(db: &impl ConnectionTrait, now: Timestamp) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now.as_micros())).exec(db).await.map(|_| ())
}
