//! Queries over webhooks.

use std::collections::HashMap;

use domain::Timestamp;
use domain::ids::{DeliveryId, WebhookId};
use domain::webhooks::{Delivery, EventType, Webhook, WebhookTerms};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect,
};
use uuid::Uuid;

use super::secrets;
use crate::Error;
use crate::notices::entity::{Column, Entity, Model};
use crate::notices::terms;
use crate::outbox;

/// Lets nobody else create a webhook until the transaction ends, so that their number stays as it is counted. On SQLite there is
/// one writer at a time.
pub(super) async fn lock_number(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        // Excludes itself and changes of webhooks, and not those who read them to tell them something.
        db.execute_unprepared("LOCK TABLE webhooks IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    Ok(())
}

/// Inserts a webhook, whose target exists.
pub(super) async fn insert(
    db: &impl ConnectionTrait,
    id: WebhookId,
    terms: WebhookTerms,
    now: Timestamp,
) -> Result<Model, DbErr> {
    let row = Model {
        id: id.0,
        name: String::new(),
        name_folded: String::new(),
        url: String::new(),
        events: None,
        paused_at: None,
        created_at: now.as_micros(),
        updated_at: now.as_micros(),
    };
    let row = with_terms(&row, terms, now);
    Entity::insert(row.clone().into_active_model()).exec_without_returning(db).await?;
    Ok(row)
}

/// The row with other terms, changed at `now`. Reads back as [`terms`].
pub(super) fn with_terms(row: &Model, terms: WebhookTerms, now: Timestamp) -> Model {
    let WebhookTerms { name, url, events } = terms;
    let names = |events: Vec<EventType>| events.into_iter().map(EventType::as_str).collect::<Vec<_>>().join(" ");
    Model {
        id: row.id,
        name_folded: name.as_str().to_lowercase(),
        name: name.into(),
        url: url.into(),
        events: events.map(names),
        paused_at: row.paused_at,
        created_at: row.created_at,
        updated_at: now.as_micros(),
    }
}

/// Writes a webhook back.
pub(super) async fn write(db: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    Entity::update(row.into_active_model().reset_all()).exec(db).await.map(|_| ())
}

/// The webhook with this id.
pub(super) async fn find(db: &impl ConnectionTrait, id: WebhookId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).one(db).await
}

/// The webhook with this id, locked until the transaction ends against other changes, and not against those who tell it
/// something. Its target is locked first, as by the worker.
pub(super) async fn lock(db: &impl ConnectionTrait, id: WebhookId) -> Result<Option<Model>, DbErr> {
    outbox::store::lock(db, id.0).await?;
    Entity::find().filter(Column::Id.eq(id.0)).lock(LockType::NoKeyUpdate).one(db).await
}

/// The webhooks of some rows; secrets and targets are each read with one query.
pub(super) async fn webhooks(
    db: &impl ConnectionTrait,
    rows: Vec<Model>,
    now: Timestamp,
) -> Result<Vec<Webhook>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let targets = outbox::store::targets(db, ids.iter().copied()).await?;
    let failures: HashMap<Uuid, i64> = targets.into_iter().map(|target| (target.id, target.failures)).collect();
    let mut secrets = secrets::of_webhooks(db, ids, now).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Webhook {
                id: WebhookId(row.id),
                terms: terms(&row)?,
                paused_at: row.paused_at.map(Timestamp::from_micros),
                secrets: secrets.remove(&row.id).unwrap_or_default(),
                failures: failures.get(&row.id).map_or(0, |&failures| u32::try_from(failures).unwrap_or(u32::MAX)),
                created_at: Timestamp::from_micros(row.created_at),
            })
        })
        .collect()
}

/// The webhook of a row.
pub(super) async fn one(db: &impl ConnectionTrait, row: Model, now: Timestamp) -> Result<Webhook, Error> {
    let mut one = webhooks(db, vec![row], now).await?;
    one.pop().ok_or_else(|| Error::internal("a webhook is missing"))
}

/// When something is sent to a webhook next, if something waits.
pub(super) async fn next_at(db: &impl ConnectionTrait, id: WebhookId) -> Result<Option<Timestamp>, DbErr> {
    let target = outbox::store::targets(db, [id.0]).await?.pop();
    Ok(target.and_then(|target| target.due_at).map(Timestamp::from_micros))
}

/// The delivery of a row, to a webhook to which something is sent next at `next_at`.
pub(super) fn delivery(row: outbox::entity::Model, next_at: Option<Timestamp>) -> Result<Delivery, Error> {
    let lifecycle = outbox::lifecycle(&row);
    let waits = lifecycle.delivered_at.is_none() && lifecycle.dead_at.is_none();
    let unknown = || Error::internal(format!("{:?} is no event", row.event));
    Ok(Delivery {
        id: DeliveryId(row.id),
        event: row.event.parse().map_err(|_| unknown())?,
        payload: row.payload,
        status: lifecycle.status(),
        attempts: lifecycle.attempts,
        created_at: Timestamp::from_micros(row.created_at),
        attempted_at: row.attempted_at.map(Timestamp::from_micros),
        next_at: next_at.filter(|_| waits),
        delivered_at: lifecycle.delivered_at,
        dead_at: lifecycle.dead_at,
        last_status: row.last_status.and_then(|status| u16::try_from(status).ok()),
        last_answer: row.last_answer,
    })
}
