//! The audit log. It records each event in the transaction of the change, and has webhooks told of it. It is read by
//! [`crate::audit_log`], which stands above the features that record.

use domain::Timestamp;
use domain::audit::OriginatorKind;
use domain::events::Event;
use domain::ids::AccountId;
use domain::notices::Notice;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::audit::entity as audit_log;
use crate::platform::inserts::Inserts;
use crate::{Actor, Client, Ctx, Error, Via, notices};

pub(crate) mod entity;
#[cfg(test)]
mod tests;

/// The originator of a change.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Originator<'a> {
    /// An authenticated caller.
    Actor(&'a Actor),
    /// An operator on the command line.
    Operator,
    /// A visitor who is not signed in.
    Visitor(&'a Client),
    /// The system itself, at a time that was set.
    System,
}

/// Records `event`. Must be called in the transaction of the change, after it: webhooks are told what is then in the
/// database.
pub(crate) async fn record(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    now: Timestamp,
    originator: Originator<'_>,
    event: &Event,
) -> Result<(), Error> {
    record_all(db, ctx, now, originator, std::slice::from_ref(event)).await
}

/// Records several events of one change, with one statement. Must be called in its transaction, after it.
pub(crate) async fn record_all(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    now: Timestamp,
    originator: Originator<'_>,
    events: &[Event],
) -> Result<(), Error> {
    let mut inserts = Inserts::default();
    let added = add(&mut inserts, ctx, now, originator, events)?;
    // On the heap, because every use case that changes something has these futures in its own.
    Box::pin(inserts.exec(db)).await?;
    added.announce(db, ctx).await
}

/// Adds the rows of events to other inserts of the change. When all that it changes is written, the events must be
/// [announced](Added::announce).
pub(crate) fn add(
    inserts: &mut Inserts,
    ctx: &Ctx,
    now: Timestamp,
    originator: Originator<'_>,
    events: &[Event],
) -> Result<Added, Error> {
    let row = |event| Ok(row(ctx.randomness().uuid(now), now, originator, event)?.into_active_model());
    inserts.add(events.iter().map(row).collect::<Result<Vec<_>, Error>>()?);
    Ok(Added { notices: events.iter().flat_map(domain::notices::notices).collect(), now })
}

/// Events whose rows were added, which webhooks are not told of yet.
#[must_use = "webhooks are told of the events by `announce`"]
pub(crate) struct Added {
    notices: Vec<Notice>,
    now: Timestamp,
}

impl Added {
    /// These events and those that were added after them, which are announced together.
    pub(crate) fn and(mut self, later: Self) -> Self {
        self.notices.extend(later.notices);
        self
    }

    /// Tells webhooks, in the transaction of the change and after it, what is then in the database.
    pub(crate) async fn announce(self, db: &impl ConnectionTrait, ctx: &Ctx) -> Result<(), Error> {
        notices::announce(db, ctx, self.now, self.notices).await
    }
}

/// Records `event` in a row with a given id, for callers without a [`Ctx`]. Webhooks are not told of it.
pub(crate) async fn record_as(
    db: &impl ConnectionTrait,
    id: Uuid,
    now: Timestamp,
    originator: Originator<'_>,
    event: &Event,
) -> Result<(), Error> {
    let row = row(id, now, originator, event)?;
    audit_log::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// Erases the addresses from which an account did something, or signed up.
pub(crate) async fn forget_client(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    use audit_log::Column;
    // Two statements, each by its index.
    let by_account = Condition::all().add(Column::ActorId.eq(account.0));
    let visitor = Column::ActorKind.eq(OriginatorKind::Visitor.as_str());
    let as_visitor = Condition::all().add(Column::SubjectId.eq(account.0)).add(visitor);
    for rows in [by_account, as_visitor] {
        let erase = audit_log::Entity::update_many().col_expr(Column::ClientIp, Expr::value(None::<String>));
        erase.filter(Expr::cust("client_ip IS NOT NULL")).filter(rows).exec(db).await?;
    }
    Ok(())
}

/// The row of `event`: its action and its subject have columns of their own, and `detail` has the other fields.
fn row(id: Uuid, now: Timestamp, originator: Originator<'_>, event: &Event) -> Result<audit_log::Model, Error> {
    let (actor_kind, actor_id, client) = match originator {
        Originator::Actor(actor) => {
            let kind = match actor.via {
                Via::Session(_) => OriginatorKind::Session,
                Via::ApiKey(_) => OriginatorKind::ApiKey,
                Via::Operator => OriginatorKind::Operator,
            };
            (kind, Some(actor.id().0), Some(&actor.client))
        }
        Originator::Operator => (OriginatorKind::Operator, None, None),
        Originator::Visitor(client) => (OriginatorKind::Visitor, None, Some(client)),
        Originator::System => (OriginatorKind::System, None, None),
    };
    let subject = event.subject();
    Ok(audit_log::Model {
        id,
        created_at: now.as_micros(),
        actor_kind: actor_kind.as_str().to_owned(),
        actor_id,
        action: event.action().as_str().to_owned(),
        subject_kind: subject.kind().as_str().to_owned(),
        subject_id: subject.id(),
        client_ip: client.and_then(|client| client.ip).map(|ip| ip.to_string()),
        detail: Value::Object(detail(event)?).to_string(),
    })
}

/// The fields of `event` besides its action and the id of its subject.
pub(crate) fn detail(event: &Event) -> Result<Map<String, Value>, Error> {
    let Value::Object(mut fields) = serde_json::to_value(event).map_err(Error::internal)? else {
        return Err(Error::internal("an event is not an object"));
    };
    fields.remove("action");
    fields.remove(event.subject().kind().as_str());
    Ok(fields)
}

/// The event that a row records.
///
/// # Errors
/// The row is not one that [`row`] wrote, in this version or an earlier one.
pub(crate) fn event(row: &audit_log::Model) -> Result<Event, serde_json::Error> {
    let mut fields: Map<String, Value> = serde_json::from_str(&row.detail)?;
    fields.insert("action".to_owned(), row.action.clone().into());
    if let Some(id) = row.subject_id {
        fields.insert(row.subject_kind.clone(), id.to_string().into());
    }
    serde_json::from_value(fields.into())
}

/// Asserts that every row reads back as the event that it records, and that none has a secret.
#[cfg(test)]
pub(crate) async fn assert_readable(ctx: &Ctx, secrets: &[&str]) {
    for row in audit_log::Entity::find().all(&ctx.db().read).await.unwrap() {
        let event = event(&row).unwrap_or_else(|error| panic!("{row:?} is no event: {error}"));
        let again = self::row(row.id, Timestamp::from_micros(row.created_at), Originator::Operator, &event).unwrap();
        assert_eq!(
            (&again.action, &again.subject_kind, again.subject_id, &again.detail),
            (&row.action, &row.subject_kind, row.subject_id, &row.detail),
        );
        assert!(!secrets.iter().any(|secret| row.detail.contains(secret)), "{row:?} has a secret");
    }
}
