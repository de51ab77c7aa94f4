//! Notices: what webhooks, and applications connected by SCIM, are told of each event, written to the outbox in the transaction
//! of the change.
//!
//! The audit log calls [`announce`] with what follows from every event that it records, so that none is forgotten; which events
//! others are told of is decided in [`domain::notices`]. This module has the rows of webhooks and of connections by SCIM, and reads the tables of
//! features that are above the audit log with entities of its own, which have only what is told.

use domain::Timestamp;
use domain::notices::Notice;
use domain::text::WebhookName;
use domain::web::WebUrl;
use domain::webhooks::payload::{Payload, VERSION};
use domain::webhooks::{EventType, WebhookTerms};
use sea_orm::sea_query::{Expr, LockType, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use self::entity::{Column, Entity, Model};
use self::sources::Sources;
use crate::outbox::NewMessage;
use crate::outbox::store::enqueue;
use crate::{Ctx, Error};

mod application;
pub(crate) mod connection;
pub(crate) mod entity;
mod invite;
pub(crate) mod scim;
mod sources;

/// Sends `notices`. Must be called in the transaction of the changes, after them. Costs one small query where nobody
/// wants to know.
pub(crate) async fn announce(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    now: Timestamp,
    notices: Vec<Notice>,
) -> Result<(), Error> {
    if notices.is_empty() {
        return Ok(());
    }
    // On the heap, as in the audit log.
    Box::pin(tell(db, ctx, now, notices)).await
}

async fn tell(db: &impl ConnectionTrait, ctx: &Ctx, now: Timestamp, notices: Vec<Notice>) -> Result<(), Error> {
    let (webhooks, connections) = listening(db).await?;
    let mut messages = if connections { scim::messages(db, &notices).await? } else { Vec::new() };
    if webhooks {
        messages.extend(to_webhooks(db, now, notices).await?);
    }
    enqueue(db, ctx, messages, now).await?;
    Ok(())
}

/// Whether there are webhooks that are not paused, and connections by SCIM.
async fn listening(db: &impl ConnectionTrait) -> Result<(bool, bool), DbErr> {
    let webhooks = Entity::find().select_only().column(Column::Id).filter(Column::PausedAt.is_null()).into_query();
    let connections = connection::Entity::find().select_only().column(connection::Column::ApplicationId).into_query();
    let both = Query::select()
        .expr_as(Expr::exists(webhooks), "webhooks")
        .expr_as(Expr::exists(connections), "connections")
        .to_owned();
    let Some(row) = db.query_one(&both).await? else { return Ok((false, false)) };
    Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))
}

async fn to_webhooks(
    db: &impl ConnectionTrait,
    now: Timestamp,
    mut notices: Vec<Notice>,
) -> Result<Vec<NewMessage>, Error> {
    // A webhook that is being deleted is waited for, because a message to it could not be stored. This lock excludes nothing
    // but that.
    let webhooks = Entity::find().filter(Column::PausedAt.is_null()).lock(LockType::KeyShare).all(db).await?;
    let webhooks = webhooks.into_iter().map(|row| Ok((row.id, terms(&row)?))).collect::<Result<Vec<_>, Error>>()?;
    notices.retain(|notice| notice.events().any(|event| webhooks.iter().any(|(_, terms)| terms.wants(event))));
    if notices.is_empty() {
        return Ok(Vec::new());
    }
    let sources = Sources::read(db, &notices, now).await?;
    let mut messages = Vec::new();
    for notice in &notices {
        for (event, account, data) in sources.data(notice)? {
            let payload = Payload { event, timestamp: now, version: VERSION, data };
            let payload = serde_json::to_string(&payload).map_err(Error::internal)?;
            let wanting = webhooks.iter().filter(|(_, terms)| terms.wants(event));
            messages.extend(wanting.map(|(target, _)| NewMessage {
                id: None,
                target: *target,
                account,
                event: event.as_str().to_owned(),
                payload: payload.clone(),
            }));
        }
    }
    Ok(messages)
}

/// What is chosen about the webhook of a row. An event that this version does not know is left out.
pub(crate) fn terms(row: &Model) -> Result<WebhookTerms, Error> {
    let url = WebUrl::parse(&row.url).map_err(|_| Error::internal(format!("the webhook {} has no address", row.id)))?;
    let names = |names: &str| names.split_ascii_whitespace().filter_map(|name| EventType::choice(name).ok()).collect();
    Ok(WebhookTerms { name: WebhookName::stored(row.name.as_str()), url, events: row.events.as_deref().map(names) })
}
