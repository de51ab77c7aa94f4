//! Client secrets: what applications identify themselves with.

use std::collections::HashMap;
use std::time::Duration;

use domain::Timestamp;
use domain::applications::ClientSecret;
use domain::ids::ApplicationId;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::client_secret::{ActiveModel, Column, Entity};
use crate::Ctx;
use crate::platform::keyring::token_hash;

/// How long a secret still works after another was created, so that both sides can be changed one after the other.
pub(super) const OVERLAP: Duration = Duration::from_hours(24);
/// What secrets begin with, so that one that was published by mistake is recognised.
const PREFIX: &str = "lks_";
/// The number of characters after the prefix that are shown.
const HINT_LENGTH: usize = 6;

/// Creates a secret. The one before works for [`OVERLAP`], and earlier ones no longer.
pub(crate) async fn create(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    id: ApplicationId,
    now: Timestamp,
) -> Result<String, DbErr> {
    let of_application = || Column::ApplicationId.eq(id.0);
    Entity::delete_many().filter(of_application()).filter(Column::ExpiresAt.is_not_null()).exec(db).await?;
    let ends = ActiveModel { expires_at: Set(Some(now.plus(OVERLAP).as_micros())), ..ActiveModel::default() };
    Entity::update_many().set(ends).filter(of_application()).exec(db).await?;
    let secret = format!("{PREFIX}{}", ctx.randomness().token());
    let row = ActiveModel {
        secret_hash: Set(token_hash(&secret)),
        application_id: Set(id.0),
        hint: Set(secret.chars().take(PREFIX.len() + HINT_LENGTH).collect()),
        created_at: Set(now.as_micros()),
        expires_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(secret)
}

/// Deletes the secrets of an application.
pub(super) async fn delete_all(db: &impl ConnectionTrait, id: ApplicationId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ApplicationId.eq(id.0)).exec(db).await.map(|_| ())
}

/// Whether `secret` is one of an application. It is found by its hash: 256 random bits are neither guessed nor compared
/// character by character.
pub(crate) async fn is_of(
    db: &impl ConnectionTrait,
    id: ApplicationId,
    secret: &str,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let found = Entity::find_by_id(token_hash(secret)).filter(valid_at(now)).one(db).await?;
    Ok(found.is_some_and(|row| row.application_id == id.0))
}

/// The valid secrets of some applications, each newest first, read with one query.
pub(super) async fn of_applications(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
    now: Timestamp,
) -> Result<HashMap<Uuid, Vec<ClientSecret>>, DbErr> {
    let rows = Entity::find().filter(Column::ApplicationId.is_in(ids)).filter(valid_at(now));
    let mut secrets: HashMap<Uuid, Vec<ClientSecret>> = HashMap::new();
    for row in rows.order_by_desc(Column::CreatedAt).all(db).await? {
        secrets.entry(row.application_id).or_default().push(ClientSecret {
            hint: row.hint,
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: row.expires_at.map(Timestamp::from_micros),
        });
    }
    Ok(secrets)
}

fn valid_at(now: Timestamp) -> Condition {
    Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(now.as_micros()))
}
