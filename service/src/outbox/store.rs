//! Queries over targets and messages, for those who have something to send.

use domain::Timestamp;
use domain::ids::{AccountId, DeliveryId};
use domain::outbox::DeliveryStatus;
use domain::paging::{Order, Page, Paging};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::entity::{ActiveModel, Column, Entity, Model};
use super::{NewMessage, Wake, target};
use crate::platform::paging::{self, Seek};
use crate::platform::search::Search;
use crate::{Ctx, Error};

/// The number of rows of one statement that inserts: a statement has at most 32,766 values.
const ROWS: usize = 1_000;

/// Stores messages, in their order. Must be called in the transaction of what they tell. Only reads of the target are
/// kept waiting by this, and no other message. Returns their ids.
pub(crate) async fn enqueue(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    messages: Vec<NewMessage>,
    now: Timestamp,
) -> Result<Vec<DeliveryId>, DbErr> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let id = |message: &NewMessage| message.id.unwrap_or_else(|| DeliveryId(ctx.randomness().uuid(now)));
    let ids: Vec<_> = messages.iter().map(id).collect();
    let mut rows = ids.clone().into_iter().zip(messages).map(|(id, message)| ActiveModel {
        seq: NotSet,
        id: Set(id.0),
        target_id: Set(message.target),
        account_id: Set(message.account.map(|account| account.0)),
        event: Set(message.event),
        payload: Set(message.payload),
        created_at: Set(now.as_micros()),
        attempts: Set(0),
        attempted_at: Set(None),
        delivered_at: Set(None),
        dead_at: Set(None),
        last_status: Set(None),
        last_answer: Set(None),
    });
    loop {
        let batch: Vec<_> = rows.by_ref().take(ROWS).collect();
        if batch.is_empty() {
            break;
        }
        Entity::insert_many(batch).exec_without_returning(db).await?;
    }
    ctx.state::<Wake>().0.notify_one();
    Ok(ids)
}

/// Those of `payloads` of which no message to the target waits that was not tried yet. For messages that say what to
/// look at, and not what was seen: one that waits will see what is true by then. The process that sends to the target
/// must be the one that asks.
pub(crate) async fn not_waiting(
    db: &impl ConnectionTrait,
    target: Uuid,
    payloads: Vec<String>,
) -> Result<Vec<String>, DbErr> {
    if payloads.is_empty() {
        return Ok(payloads);
    }
    let waiting: Vec<String> = Entity::find()
        .select_only()
        .column(Column::Payload)
        .filter(Column::TargetId.eq(target))
        .filter(waits())
        .filter(Column::Attempts.eq(0))
        .filter(Column::Payload.is_in(payloads.iter().map(String::as_str)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(payloads.into_iter().filter(|payload| !waiting.contains(payload)).collect())
}

/// Deletes the messages to a target that were given up and say the same: for messages that say what to look at, when it
/// was looked at since.
pub(crate) async fn delete_dead(db: &impl ConnectionTrait, target: Uuid, payload: &str) -> Result<(), DbErr> {
    let dead = Entity::delete_many().filter(Column::TargetId.eq(target)).filter(Expr::cust("dead_at IS NOT NULL"));
    dead.filter(Column::Payload.eq(payload)).exec(db).await.map(|_| ())
}

/// The condition that a message to the target waits, whether or not it was tried.
pub(crate) fn waits_at(target: Uuid) -> Condition {
    Condition::all().add(Column::TargetId.eq(target)).add(waits())
}

/// [`waits_at`] for a message about an account.
pub(crate) fn waits_for(target: Uuid, account: AccountId) -> Condition {
    // By the index of accounts.
    let said = Expr::cust("account_id IS NOT NULL");
    waits_at(target).add(said).add(Column::AccountId.eq(account.0))
}

/// The condition that a message to the target, which keeps no order, waits after failures and could be tried again now.
pub(crate) fn is_due_again(target: Uuid, now: Timestamp) -> Condition {
    waits_at(target).add(Column::Attempts.gt(0)).add(super::lease::failed_before(now))
}

/// The last answer to a message to a target that waits after failures.
pub(crate) async fn last_failure(db: &impl ConnectionTrait, target: Uuid) -> Result<Option<String>, DbErr> {
    let failed = Entity::find().filter(Column::TargetId.eq(target)).filter(waits()).filter(Column::Attempts.gt(0));
    let last = failed.order_by_desc(Column::AttemptedAt).one(db).await?;
    Ok(last.and_then(|row| row.last_answer))
}

/// Inserts a target, to which messages can be sent from now on.
pub(crate) async fn add_target(db: &impl ConnectionTrait, id: Uuid, kind: &str, now: Timestamp) -> Result<(), DbErr> {
    let row = target::ActiveModel {
        id: Set(id),
        kind: Set(kind.to_owned()),
        due_at: Set(Some(now.as_micros())),
        lease_until: Set(0),
        fence: Set(0),
        failures: Set(0),
    };
    target::Entity::insert(row).exec_without_returning(db).await.map(|_| ())
}

/// Deletes a target, with its messages. A process that is sending one finds that it has lost its lease.
pub(crate) async fn delete_target(db: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    target::Entity::delete_by_id(id).exec(db).await.map(|_| ())
}

/// Locks a target until the transaction ends, against the worker and other changes, and not against new messages. What
/// locks a target and something else begins with the target; that of the logout of an application is the exception,
/// which ARCHITECTURE.md explains ("Telling other systems").
pub(crate) async fn lock(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<target::Model>, DbErr> {
    target::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(db).await
}

/// The targets with these ids.
pub(crate) async fn targets(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<target::Model>, DbErr> {
    target::Entity::find().filter(target::Column::Id.is_in(ids)).all(db).await
}

/// Sends nothing more to a target until it is [released](release). An attempt that has begun is completed.
pub(crate) async fn hold(db: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    set_due(db, id, None).await
}

/// Sends to a target at once, also if it was held, or waits after failures.
pub(crate) async fn release(db: &impl ConnectionTrait, ctx: &Ctx, id: Uuid, now: Timestamp) -> Result<(), DbErr> {
    set_due(db, id, Some(now)).await?;
    ctx.state::<Wake>().0.notify_one();
    Ok(())
}

async fn set_due(db: &impl ConnectionTrait, id: Uuid, due: Option<Timestamp>) -> Result<(), DbErr> {
    let change = target::ActiveModel {
        due_at: Set(due.map(Timestamp::as_micros)),
        failures: Set(0),
        ..target::ActiveModel::default()
    };
    target::Entity::update_many().set(change).filter(target::Column::Id.eq(id)).exec(db).await.map(|_| ())
}

/// Has a message tried again that waits after failures, or was given up; it has all its attempts before it. A target
/// that is held stays held. Returns whether there is such a message.
///
/// Locks the target first, as the worker does.
pub(crate) async fn retry(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    (target, id): (Uuid, DeliveryId),
    now: Timestamp,
) -> Result<bool, DbErr> {
    let Some(row) = lock(db, target).await? else { return Ok(false) };
    let again = ActiveModel { attempts: Set(0), dead_at: Set(None), ..ActiveModel::default() };
    let failed = Condition::any().add(Column::DeadAt.is_not_null()).add(Column::Attempts.gt(0));
    let again = Entity::update_many()
        .set(again)
        .filter(Column::Id.eq(id.0))
        .filter(Column::TargetId.eq(target))
        .filter(Column::DeliveredAt.is_null())
        .filter(failed);
    if again.exec(db).await?.rows_affected == 0 {
        return Ok(false);
    }
    if row.due_at.is_some() {
        release(db, ctx, target, now).await?;
    }
    Ok(true)
}

/// Has those of the messages that wait tried at once that failed before; each has all its attempts before it.
pub(crate) async fn retry_waiting(db: &impl ConnectionTrait, waiting: Condition) -> Result<(), DbErr> {
    let again = ActiveModel { attempts: Set(0), ..ActiveModel::default() };
    let failed = Entity::update_many().set(again).filter(waiting).filter(Column::Attempts.gt(0));
    failed.exec(db).await.map(|_| ())
}

/// The message with this id.
pub(crate) async fn find(db: &impl ConnectionTrait, id: DeliveryId) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Id.eq(id.0)).one(db).await
}

/// A page of the messages to a target, newest first.
pub(crate) async fn page(
    db: &impl ConnectionTrait,
    target: Uuid,
    status: Option<DeliveryStatus>,
    paging: Paging,
) -> Result<Page<Model>, Error> {
    let select = Entity::find().filter(Column::TargetId.eq(target)).filter(with_status(status));
    let seek = Seek {
        key: Expr::col((Entity, Column::Seq)),
        id: Expr::col((Entity, Column::Id)),
        by_age: false,
        text: None,
        order: Order::Descending,
        paging,
    };
    let rows = seek.rows(db, select, Search::Off).await?;
    Ok(paging::page(rows, paging, |row| (row.seq, row.id)))
}

/// [`domain::outbox::DeliveryLifecycle::status`] as a condition; tested against it. In the words of the partial
/// indexes.
pub(crate) fn with_status(status: Option<DeliveryStatus>) -> Condition {
    let waiting = || Condition::all().add(waits());
    match status {
        None => Condition::all(),
        Some(DeliveryStatus::Pending) => waiting().add(Column::Attempts.eq(0)),
        Some(DeliveryStatus::Retrying) => waiting().add(Column::Attempts.gt(0)),
        Some(DeliveryStatus::Delivered) => Condition::all().add(Expr::cust("delivered_at IS NOT NULL")),
        Some(DeliveryStatus::Dead) => Condition::all().add(Expr::cust("dead_at IS NOT NULL")),
    }
}

/// The condition that a message waits to be sent.
pub(super) fn waits() -> Expr {
    Expr::cust("delivered_at IS NULL AND dead_at IS NULL")
}
