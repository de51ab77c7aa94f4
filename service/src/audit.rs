//! The audit log: a row in the transaction of the change it tells of.

use domain::Timestamp;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::Value;
use uuid::Uuid;

use crate::entities::audit_log;
use crate::{Actor, Client, Ctx, Error, Via};

/// Who did it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who<'a> {
    /// Someone who is known.
    Actor(&'a Actor),
    /// Someone at the command line.
    Operator,
    /// Someone who was not known before.
    Visitor(&'a Client),
}

/// What was done to what. `detail` never holds a code, a token, a password or a key.
#[derive(Clone, Debug)]
pub(crate) struct Event<'a> {
    pub(crate) who: Who<'a>,
    pub(crate) action: &'static str,
    pub(crate) subject: (&'static str, Option<Uuid>),
    pub(crate) detail: Value,
}

/// Writes the row.
pub(crate) async fn record(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    now: Timestamp,
    event: Event<'_>,
) -> Result<(), Error> {
    record_as(db, ctx.randomness().uuid(now), now, event).await
}

/// The same for whoever has no [`Ctx`] and draws the row's id.
pub(crate) async fn record_as(
    db: &impl ConnectionTrait,
    id: Uuid,
    now: Timestamp,
    event: Event<'_>,
) -> Result<(), Error> {
    let (actor_kind, actor_id, client) = match event.who {
        Who::Actor(actor) => {
            let kind = match actor.via {
                Via::Session(_) => "session",
                Via::ApiKey(_) => "api_key",
                Via::Operator => "operator",
            };
            (kind, Some(actor.account.0), Some(&actor.client))
        }
        Who::Operator => ("operator", None, None),
        Who::Visitor(client) => ("visitor", None, Some(client)),
    };
    let row = audit_log::ActiveModel {
        id: Set(id),
        created_at: Set(now.as_micros()),
        actor_kind: Set(actor_kind.to_owned()),
        actor_id: Set(actor_id),
        action: Set(event.action.to_owned()),
        subject_kind: Set(event.subject.0.to_owned()),
        subject_id: Set(event.subject.1),
        client_ip: Set(client.and_then(|client| client.ip).map(|ip| ip.to_string())),
        detail: Set(event.detail.to_string()),
    };
    audit_log::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
