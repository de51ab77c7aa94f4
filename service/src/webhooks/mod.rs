//! Webhooks: other systems that are told what happens here. What they are told is written to the outbox by
//! [`crate::notices`]; [`HttpSender`] sends it.

use domain::access::Permission;
use domain::events::Event;
use domain::ids::{DeliveryId, WebhookId};
use domain::paging::Page;
use domain::webhooks::payload::{Data, Payload, VERSION};
use domain::webhooks::{
    Delivery, DeliveryQuery, EventType, MAX_WEBHOOKS, Webhook, WebhookDraft, WebhookQuery, WebhookTerms,
    WebhookWithSecret,
};
use domain::{Code, Failure};
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::audit::{self, Originator};
use crate::notices::entity::{Column, Entity};
use crate::notices::terms;
use crate::outbox::{self, NewMessage};
use crate::platform::{http, paging, tx};
use crate::{Actor, Ctx, Error};

pub(crate) mod secret;
mod secrets;
mod send;
mod signature;
mod store;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use send::HttpSender;

/// The kind of targets in the outbox that are webhooks.
pub(crate) const KIND: &str = "webhook";

/// Lists webhooks by name.
pub async fn list(ctx: &Ctx, actor: &Actor, query: &WebhookQuery) -> Result<Page<Webhook>, Error> {
    actor.require(Permission::WebhooksManage)?;
    let db = &ctx.db().read;
    let order = (Column::NameFolded, Column::Id);
    let page = paging::by_name(db, Entity::find(), query.paging, order, |row: &crate::notices::entity::Model| row.id);
    let page = page.await?;
    let items = store::webhooks(db, page.items, ctx.now()).await?;
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// One webhook.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn get(ctx: &Ctx, actor: &Actor, id: WebhookId) -> Result<Webhook, Error> {
    actor.require(Permission::WebhooksManage)?;
    let db = &ctx.db().read;
    let row = store::find(db, id).await?.ok_or_else(missing)?;
    store::one(db, row, ctx.now()).await
}

/// Creates a webhook, with its first secret.
///
/// # Errors
/// [`Code::Invalid`] under `url` for an address that messages are not sent to, and for more than [`MAX_WEBHOOKS`].
pub async fn create(ctx: &Ctx, actor: &Actor, terms: WebhookTerms) -> Result<WebhookWithSecret, Error> {
    actor.require(Permission::WebhooksManage)?;
    check_url(ctx, &terms)?;
    let now = ctx.now();
    let id = WebhookId(ctx.randomness().uuid(now));
    let tx = tx::begin(ctx).await?;
    store::lock_number(&tx).await?;
    if Entity::find().count(&tx).await? >= MAX_WEBHOOKS {
        let why = format!("There are {MAX_WEBHOOKS} webhooks already. Delete one that is not needed.");
        return Err(Failure::new(Code::Invalid, why).into());
    }
    outbox::store::add_target(&tx, id.0, KIND, now).await?;
    let row = store::insert(&tx, id, terms.clone(), now).await?;
    let secret = secrets::create(&tx, ctx, id, now).await?;
    let event = Event::WebhookCreated { webhook: id, name: terms.name, events: terms.events };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    let webhook = store::one(&tx, row, now).await?;
    tx.commit().await?;
    Ok(WebhookWithSecret { webhook, secret })
}

/// Changes a webhook. What waits for it is sent to its new address.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Invalid`] under each wrong field.
pub async fn update(ctx: &Ctx, actor: &Actor, id: WebhookId, draft: WebhookDraft) -> Result<Webhook, Error> {
    actor.require(Permission::WebhooksManage)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let mut row = store::lock(&tx, id).await?.ok_or_else(missing)?;
    let current = terms(&row)?;
    let changed = draft.apply(current.clone())?;
    if changed != current {
        check_url(ctx, &changed)?;
        row = store::with_terms(&row, changed.clone(), now);
        store::write(&tx, row.clone()).await?;
        let WebhookTerms { name, url, events } = changed;
        let event = Event::WebhookUpdated { webhook: id, name, events, moved: url != current.url };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    }
    let webhook = store::one(&tx, row, now).await?;
    tx.commit().await?;
    Ok(webhook)
}

/// Pauses a webhook: it is not told of what happens from now on, and what waits for it stays. An attempt that has begun is
/// completed.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn pause(ctx: &Ctx, actor: &Actor, id: WebhookId) -> Result<Webhook, Error> {
    set_paused(ctx, actor, id, true).await
}

/// Resumes a webhook that is paused. What waits for it is sent at once.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn resume(ctx: &Ctx, actor: &Actor, id: WebhookId) -> Result<Webhook, Error> {
    set_paused(ctx, actor, id, false).await
}

async fn set_paused(ctx: &Ctx, actor: &Actor, id: WebhookId, paused: bool) -> Result<Webhook, Error> {
    actor.require(Permission::WebhooksManage)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let mut row = store::lock(&tx, id).await?.ok_or_else(missing)?;
    if row.paused_at.is_some() != paused {
        row.paused_at = paused.then_some(now.as_micros());
        row.updated_at = now.as_micros();
        store::write(&tx, row.clone()).await?;
        let event = if paused {
            outbox::store::hold(&tx, id.0).await?;
            Event::WebhookPaused { webhook: id }
        } else {
            outbox::store::release(&tx, ctx, id.0, now).await?;
            Event::WebhookResumed { webhook: id }
        };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    }
    let webhook = store::one(&tx, row, now).await?;
    tx.commit().await?;
    Ok(webhook)
}

/// Creates another secret. Messages are signed with the one before as well for 24 hours.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn rotate_secret(ctx: &Ctx, actor: &Actor, id: WebhookId) -> Result<WebhookWithSecret, Error> {
    actor.require(Permission::WebhooksManage)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = store::lock(&tx, id).await?.ok_or_else(missing)?;
    let secret = secrets::create(&tx, ctx, id, now).await?;
    let event = Event::WebhookSecretCreated { webhook: id };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    let webhook = store::one(&tx, row, now).await?;
    tx.commit().await?;
    Ok(WebhookWithSecret { webhook, secret })
}

/// Deletes a webhook, with its secrets and all its deliveries, also those that wait.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn delete(ctx: &Ctx, actor: &Actor, id: WebhookId) -> Result<(), Error> {
    actor.require(Permission::WebhooksManage)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    store::lock(&tx, id).await?.ok_or_else(missing)?;
    // First the webhook, which waits for what is about to write a message to it.
    Entity::delete_by_id(id.0).exec(&tx).await?;
    outbox::store::delete_target(&tx, id.0).await?;
    audit::record(&tx, ctx, now, Originator::Actor(actor), &Event::WebhookDeleted { webhook: id }).await?;
    tx.commit().await?;
    Ok(())
}

/// Sends a test event, after what waits already. A webhook that waits because attempts failed is tried at once; one that is
/// paused gets it when it is resumed.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn ping(ctx: &Ctx, actor: &Actor, id: WebhookId) -> Result<(), Error> {
    actor.require(Permission::WebhooksManage)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = store::lock(&tx, id).await?.ok_or_else(missing)?;
    let event = EventType::Ping;
    let payload = Payload { event, timestamp: now, version: VERSION, data: Data::Ping { webhook: id } };
    let message = NewMessage {
        id: None,
        target: id.0,
        account: None,
        event: event.as_str().to_owned(),
        payload: serde_json::to_string(&payload).map_err(Error::internal)?,
    };
    outbox::store::enqueue(&tx, ctx, vec![message], now).await?;
    if row.paused_at.is_none() {
        outbox::store::release(&tx, ctx, id.0, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Lists the deliveries of a webhook, newest first. Those that were delivered are kept for seven days, those that were given
/// up for thirty.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn deliveries(
    ctx: &Ctx,
    actor: &Actor,
    id: WebhookId,
    query: &DeliveryQuery,
) -> Result<Page<Delivery>, Error> {
    actor.require(Permission::WebhooksManage)?;
    let db = &ctx.db().read;
    store::find(db, id).await?.ok_or_else(missing)?;
    let next_at = store::next_at(db, id).await?;
    let page = outbox::store::page(db, id.0, query.status, query.paging).await?;
    let items = page.items.into_iter().map(|row| store::delivery(row, next_at)).collect::<Result<_, _>>()?;
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// Has a delivery tried again that failed, or was given up. It has all its attempts before it. That of a webhook that is paused
/// is sent when it is resumed.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Invalid`] for one that has not failed.
pub async fn retry(ctx: &Ctx, actor: &Actor, id: DeliveryId) -> Result<Delivery, Error> {
    actor.require(Permission::WebhooksManage)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let missing = || Failure::not_found("delivery");
    let target = outbox::store::find(&tx, id).await?.ok_or_else(missing)?.target_id;
    store::find(&tx, WebhookId(target)).await?.ok_or_else(missing)?;
    let is_retried = outbox::store::retry(&tx, ctx, (target, id), now).await?;
    if !is_retried {
        return Err(Failure::new(Code::Invalid, "Only a delivery that failed can be tried again.").into());
    }
    let row = outbox::store::find(&tx, id).await?.ok_or_else(missing)?;
    let delivery = store::delivery(row, store::next_at(&tx, WebhookId(target)).await?)?;
    tx.commit().await?;
    Ok(delivery)
}

fn check_url(ctx: &Ctx, terms: &WebhookTerms) -> Result<(), Failure> {
    let checked = http::check(terms.url.as_str(), ctx.webhooks_to_private_networks());
    checked.map(|_| ()).map_err(|refused| Failure::field(Code::Invalid, "url", refused.to_string()))
}

fn missing() -> Failure {
    Failure::not_found("webhook")
}
