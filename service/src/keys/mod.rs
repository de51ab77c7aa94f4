//! API keys: credentials with which scripts act for an account.

use std::time::Duration;

use domain::access::Permission;
use domain::events::Event;
use domain::ids::{AccountId, KeyId};
use domain::keys::{ApiKey, KEY_PREFIX, KeyScope, NewApiKey};
use domain::text::KeyName;
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

use crate::audit::{self, Originator};
use crate::keys::entity::{ActiveModel, Column, Entity, Model};
use crate::platform::keyring::token_hash;
use crate::platform::limits::Limit;
use crate::platform::tx;
use crate::{Actor, Client, Ctx, Error, Via, callers, reset_links};

pub(crate) mod entity;
#[cfg(test)]
mod tests;

/// The accuracy of the time of last use, so that not every request writes.
const LAST_USED_STEP: Duration = Duration::from_mins(5);
/// The number of characters after the prefix that a list shows, to recognise a key.
const HINT_LENGTH: usize = 6;

/// Creates a key for the actor. It acts with the permissions that the actor has when it is used.
///
/// # Errors
/// [`Code::Forbidden`] without the permission, and for an API key: a leaked key must not create others.
pub async fn create(
    ctx: &Ctx,
    actor: &Actor,
    name: KeyName,
    scope: KeyScope,
    expires_at: Option<Timestamp>,
) -> Result<NewApiKey, Error> {
    actor.require(Permission::ApiKeysCreate)?;
    if let Via::ApiKey(_) = actor.via {
        return Err(Failure::new(Code::Forbidden, "A key can't make keys. Sign in to the dashboard.").into());
    }
    let now = ctx.now();
    check_end(expires_at, now)?;
    let tx = tx::begin(ctx).await?;
    callers::lock(&tx, actor, now).await?;
    let new = insert(&tx, ctx, actor.id(), name, scope, expires_at, now).await?;
    audit::record(&tx, ctx, now, Originator::Actor(actor), &Event::KeyCreated { api_key: new.key.id }).await?;
    tx.commit().await?;
    Ok(new)
}

/// Checks the end of a new key.
///
/// # Errors
/// [`Code::Invalid`] when it has passed.
pub(crate) fn check_end(expires_at: Option<Timestamp>, now: Timestamp) -> Result<(), Failure> {
    if expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Err(Failure::field(Code::Invalid, "expires_at", "This moment has passed. Choose a later one."));
    }
    Ok(())
}

/// Inserts the row of a new key.
pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    account: AccountId,
    name: KeyName,
    scope: KeyScope,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<NewApiKey, Error> {
    let secret = format!("{KEY_PREFIX}{}", ctx.randomness().token());
    let model = Model {
        id: ctx.randomness().uuid(now),
        key_hash: token_hash(&secret),
        account_id: account.0,
        name: name.into(),
        scope: scope.to_string(),
        hint: secret.chars().take(KEY_PREFIX.len() + HINT_LENGTH).collect(),
        created_at: now.as_micros(),
        expires_at: expires_at.map(Timestamp::as_micros),
        last_used_at: None,
        revoked_at: None,
    };
    Entity::insert(model.clone().into_active_model()).exec_without_returning(db).await?;
    Ok(NewApiKey { key: key(model)?, secret })
}

/// The actor's keys that are neither revoked nor expired, newest first.
pub async fn list(ctx: &Ctx, actor: &Actor) -> Result<Vec<ApiKey>, Error> {
    let rows = Entity::find()
        .filter(Column::AccountId.eq(actor.id().0))
        .filter(valid_at(ctx.now()))
        .order_by_desc(Column::CreatedAt)
        .all(&ctx.db().read)
        .await?;
    rows.into_iter().map(key).collect()
}

/// Revokes one of the actor's keys, and the reset links that the actor made, of which it may have made some.
///
/// # Errors
/// [`Code::NotFound`] if it belongs to another account or is revoked already.
pub async fn revoke(ctx: &Ctx, actor: &Actor, id: KeyId) -> Result<(), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let own = Condition::all().add(Column::Id.eq(id.0)).add(Column::AccountId.eq(actor.id().0));
    if !mark_revoked(&tx, own, now).await? {
        return Err(Failure::not_found("key").into());
    }
    reset_links::store::delete_made_by(&tx, actor.id()).await?;
    audit::record(&tx, ctx, now, Originator::Actor(actor), &Event::KeyRevoked { api_key: id }).await?;
    tx.commit().await?;
    Ok(())
}

/// Revokes the keys that match `which`. Returns whether there was one.
pub(crate) async fn mark_revoked(db: &impl ConnectionTrait, which: Condition, now: Timestamp) -> Result<bool, Error> {
    let change = ActiveModel { revoked_at: Set(Some(now.as_micros())), ..ActiveModel::default() };
    let update = Entity::update_many().set(change).filter(which).filter(Column::RevokedAt.is_null());
    Ok(update.exec(db).await?.rows_affected > 0)
}

/// Revokes every key of an account. Returns their number.
pub(crate) async fn revoke_all(db: &impl ConnectionTrait, account: AccountId, now: Timestamp) -> Result<u64, DbErr> {
    let change = ActiveModel { revoked_at: Set(Some(now.as_micros())), ..ActiveModel::default() };
    let update =
        Entity::update_many().set(change).filter(Column::AccountId.eq(account.0)).filter(Column::RevokedAt.is_null());
    Ok(update.exec(db).await?.rows_affected)
}

/// Deletes every key of an account.
pub(crate) async fn delete_all(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::AccountId.eq(account.0)).exec(db).await.map(|_| ())
}

/// Authenticates an API key.
///
/// # Errors
/// [`Code::Unauthenticated`] if it is unknown, expired or revoked, or its account may not sign in;
/// [`Code::RateLimited`] instead after too many such keys from the client's network. A valid key is never refused because
/// of other requests from its network.
pub async fn resolve(ctx: &Ctx, secret: &str, client: &Client) -> Result<Actor, Error> {
    let db = &ctx.db().read;
    let now = ctx.now();
    let found = Entity::find()
        .find_also_related(crate::accounts::entity::Entity)
        .filter(Column::KeyHash.eq(token_hash(secret)))
        .filter(valid_at(now))
        .one(db)
        .await?;
    let Some((key, Some(account))) = found else { return Err(refuse(ctx, client).await) };
    let (actor, account) =
        callers::actor(ctx, &account, Via::ApiKey(KeyId(key.id)), scope(&key)?, client.clone()).await?;
    if !account.status.may_sign_in() {
        return Err(refuse(ctx, client).await);
    }
    if key.last_used_at.is_none_or(|used| Timestamp::from_micros(used).plus(LAST_USED_STEP) <= now) {
        // While nothing can be written, for example because the disk is full, staff can still read.
        if let Err(error) = touch(ctx, KeyId(key.id), now).await {
            tracing::warn!(%error, "the time of an API key's last use was not saved");
        }
    }
    Ok(actor)
}

/// Counts a key that is not valid, and returns the error for it. Such a key is looked up before it is counted: other
/// clients of the same network must not lock out a valid one, and 256 random bits cannot be guessed.
async fn refuse(ctx: &Ctx, client: &Client) -> Error {
    match ctx.limits().reserve(ctx, Limit::ApiKey, client, "").await {
        Ok(attempt) => {
            attempt.fail();
            Failure::new(Code::Unauthenticated, "This API key is unknown, expired or revoked.").into()
        }
        Err(error) => error,
    }
}

/// Saves the time of last use.
async fn touch(ctx: &Ctx, key: KeyId, now: Timestamp) -> Result<(), DbErr> {
    let tx = tx::begin(ctx).await?;
    let change = ActiveModel { last_used_at: Set(Some(now.as_micros())), ..ActiveModel::default() };
    Entity::update_many().set(change).filter(Column::Id.eq(key.0)).exec(&tx).await?;
    tx.commit().await
}

fn valid_at(now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::RevokedAt.is_null())
        .add(Column::ExpiresAt.is_null().or(Column::ExpiresAt.gt(now.as_micros())))
}

fn scope(model: &Model) -> Result<KeyScope, Error> {
    model.scope.parse().map_err(|_| Error::internal("an API key has a broken scope"))
}

fn key(model: Model) -> Result<ApiKey, Error> {
    Ok(ApiKey {
        id: KeyId(model.id),
        scope: scope(&model)?,
        name: KeyName::stored(model.name),
        hint: model.hint,
        created_at: Timestamp::from_micros(model.created_at),
        expires_at: model.expires_at.map(Timestamp::from_micros),
        last_used_at: model.last_used_at.map(Timestamp::from_micros),
    })
}
