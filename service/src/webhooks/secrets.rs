//! Signing secrets of webhooks.

use std::collections::HashMap;
use std::time::Duration;

use data_encoding::BASE64;
use domain::Timestamp;
use domain::ids::WebhookId;
use domain::webhooks::WebhookSecret;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

use super::secret::{ActiveModel, Column, Entity, Model};
use crate::{Ctx, Error};

/// How long messages are signed with the secret before as well, so that both sides can be changed one after the other.
const OVERLAP: Duration = Duration::from_hours(24);
/// What secrets begin with (Standard Webhooks).
const PREFIX: &str = "whsec_";
/// The number of characters after the prefix that are shown.
const HINT_LENGTH: usize = 6;

/// Creates a secret. Messages are signed with the one before as well for [`OVERLAP`], and no longer with earlier ones.
pub(super) async fn create(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    webhook: WebhookId,
    now: Timestamp,
) -> Result<String, Error> {
    let of_webhook = || Column::WebhookId.eq(webhook.0);
    Entity::delete_many().filter(of_webhook()).filter(Column::ExpiresAt.is_not_null()).exec(db).await?;
    let ends = ActiveModel { expires_at: Set(Some(now.plus(OVERLAP).as_micros())), ..ActiveModel::default() };
    Entity::update_many().set(ends).filter(of_webhook()).exec(db).await?;
    let id = ctx.randomness().uuid(now);
    let bytes = ctx.randomness().bytes::<32>();
    let secret = format!("{PREFIX}{}", BASE64.encode(&bytes));
    let row = Model {
        id,
        webhook_id: webhook.0,
        hint: secret.chars().take(PREFIX.len() + HINT_LENGTH).collect(),
        secret_sealed: ctx.keyring().seal_webhook_secret(id, &bytes, ctx.randomness().bytes())?,
        created_at: now.as_micros(),
        expires_at: None,
    };
    Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(secret)
}

/// The valid secrets of some webhooks, each newest first, read with one query.
pub(super) async fn of_webhooks(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
    now: Timestamp,
) -> Result<HashMap<Uuid, Vec<WebhookSecret>>, DbErr> {
    let mut secrets: HashMap<Uuid, Vec<WebhookSecret>> = HashMap::new();
    for row in valid(db, ids, now).await? {
        secrets.entry(row.webhook_id).or_default().push(WebhookSecret {
            hint: row.hint,
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: row.expires_at.map(Timestamp::from_micros),
        });
    }
    Ok(secrets)
}

/// The bytes that sign messages to a webhook now, the newest first.
pub(super) async fn signing(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    webhook: Uuid,
    now: Timestamp,
) -> Result<Vec<Vec<u8>>, Error> {
    let rows = valid(db, [webhook], now).await?;
    rows.iter().map(|row| ctx.keyring().open_webhook_secret(row.id, &row.secret_sealed)).collect()
}

async fn valid(
    db: &impl ConnectionTrait,
    webhooks: impl IntoIterator<Item = Uuid>,
    now: Timestamp,
) -> Result<Vec<Model>, DbErr> {
    let valid = Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(now.as_micros()));
    // The newest has no end, also if two were created in the same microsecond.
    let rows = Entity::find().filter(Column::WebhookId.is_in(webhooks)).filter(valid);
    let mut rows = rows.order_by_desc(Column::CreatedAt).all(db).await?;
    rows.sort_by_key(|row| row.expires_at.is_some());
    Ok(rows)
}
