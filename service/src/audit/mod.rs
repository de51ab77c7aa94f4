//! The audit log. Each row is written in the transaction of the change that it records.

use domain::Timestamp;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};
use serde_json::Value;
use uuid::Uuid;

use crate::audit::entity as audit_log;
use crate::{Actor, Client, Ctx, Error, Via};

pub(crate) mod entity;

/// The originator of a change.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Originator<'a> {
    /// An authenticated caller.
    Actor(&'a Actor),
    /// An operator on the command line.
    Operator,
    /// A visitor who is not signed in.
    Visitor(&'a Client),
}

/// A change: its originator, action and subject. `detail` never contains a code, a token, a password or a key.
#[derive(Clone, Debug)]
pub(crate) struct Event<'a> {
    pub(crate) originator: Originator<'a>,
    pub(crate) action: &'static str,
    pub(crate) subject: (&'static str, Option<Uuid>),
    pub(crate) detail: Value,
}

/// Writes the row of `event`.
pub(crate) async fn record(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    now: Timestamp,
    event: Event<'_>,
) -> Result<(), Error> {
    let id = ctx.randomness().uuid(now);
    record_as(db, id, now, event).await
}

/// Writes the row of `event` with a given id, for callers without a [`Ctx`].
pub(crate) async fn record_as(
    db: &impl ConnectionTrait,
    id: Uuid,
    now: Timestamp,
    event: Event<'_>,
) -> Result<(), Error> {
    audit_log::Entity::insert(row(id, now, &event).into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// The row of `event`, for callers that insert several rows with one statement.
pub(crate) fn row(id: Uuid, now: Timestamp, event: &Event<'_>) -> audit_log::Model {
    let (actor_kind, actor_id, client) = match event.originator {
        Originator::Actor(actor) => {
            let kind = match actor.via {
                Via::Session(_) => "session",
                Via::ApiKey(_) => "api_key",
                Via::Operator => "operator",
            };
            (kind, Some(actor.id().0), Some(&actor.client))
        }
        Originator::Operator => ("operator", None, None),
        Originator::Visitor(client) => ("visitor", None, Some(client)),
    };
    audit_log::Model {
        id,
        created_at: now.as_micros(),
        actor_kind: actor_kind.to_owned(),
        actor_id,
        action: event.action.to_owned(),
        subject_kind: event.subject.0.to_owned(),
        subject_id: event.subject.1,
        client_ip: client.and_then(|client| client.ip).map(|ip| ip.to_string()),
        detail: event.detail.to_string(),
    }
}
