//! The outbox: messages to other systems, written in the transaction of what they tell, and sent by a worker afterwards.
//!
//! A *target* is a place that messages are sent to. A process [leases](lease) a target, and sends its messages one after the
//! other, oldest first, so that their order is kept; a message that fails is tried again before the next one is sent, until it
//! is given up. Each message is sent at least once: a process that is killed after it has sent one, and before it has
//! recorded that, leaves it to the next, which sends it with the same id.
//!
//! The order is that of `seq`, among the messages that are committed. What is written by transactions that wait for each
//! other, such as two changes of one account, is in the order of the changes. Of transactions that do not, one with a lower
//! number may become visible later; it is then the oldest, and is sent next.
//!
//! Nothing here knows what a target is: see [`Sender`]. [ADR 21](../../../docs/adr/0021-outbox.md) has the reasons.

use std::time::Duration;

use domain::Timestamp;
use domain::ids::{AccountId, DeliveryId};
use domain::outbox::DeliveryLifecycle;
use sea_orm::DatabaseTransaction;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{Ctx, Error};

pub(crate) mod entity;
mod lease;
mod purge;
pub(crate) mod store;
mod target;
#[cfg(test)]
mod tests;
mod worker;

pub(crate) use purge::{forget_account, purge};
pub(crate) use worker::run;
#[cfg(test)]
pub(crate) use worker::run_once;

/// The maximum duration of one attempt.
pub(crate) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);

/// Wakes the worker of this process before its next look.
#[derive(Debug, Default)]
pub(crate) struct Wake(Notify);

/// A message before it is stored.
#[derive(Clone, Debug)]
pub(crate) struct NewMessage {
    /// Its id, if it is known before; a new one otherwise.
    pub(crate) id: Option<DeliveryId>,
    /// Where it goes.
    pub(crate) target: Uuid,
    /// Whom it is about, if it says something of a person.
    pub(crate) account: Option<AccountId>,
    /// The type of the event.
    pub(crate) event: String,
    /// What is sent.
    pub(crate) payload: String,
}

/// A message to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// The same in every attempt.
    pub(crate) id: DeliveryId,
    pub(crate) target: Uuid,
    /// The kind of the target.
    pub(crate) kind: String,
    /// Whom it is about, if it says something of a person.
    pub(crate) account: Option<AccountId>,
    pub(crate) payload: String,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) outcome: Outcome,
    /// The HTTP status, or the SMTP reply code, if there was an answer.
    pub(crate) status: Option<u16>,
    /// The beginning of the answer, or why there was none.
    pub(crate) text: String,
}

/// The outcome of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The receiver accepted the message.
    Delivered,
    /// It did not. It may have asked for some time.
    Failed { retry_after: Option<Duration> },
    /// It did not accept this message now, which says nothing of others: it is tried again later, and the next one is
    /// sent at once. Where an order is kept, as if it [failed](Self::Failed).
    Deferred,
    /// It never will: the message is given up at once, and the next one is sent.
    Refused,
    /// It was not sent, because it is of no use any more. As if it was [refused](Self::Refused), except that [nobody is
    /// told](Sender::given_up).
    Dropped,
    /// The receiver wants no further messages: the target is held.
    Gone,
}

/// Sends messages to targets of some kind.
pub(crate) trait Sender: Clone + Send + Sync + 'static {
    /// The kinds of targets that it sends to.
    const KINDS: &'static [&'static str];

    /// Whether messages to targets of this kind arrive in their order, so that one that fails holds up those behind it. If not,
    /// those that failed least are sent first.
    fn keeps_order(kind: &str) -> bool;

    /// Sends a message. May be cancelled at any time.
    ///
    /// # Errors
    /// What has nothing to do with the receiver, such as a database that is not available. It does not count as an attempt.
    fn send(&self, ctx: &Ctx, message: &Message) -> impl Future<Output = Result<Answer, Error>> + Send;

    /// Records that a target of a kind is held, because its receiver is [gone](Outcome::Gone). In the transaction that holds it.
    fn gone(
        &self,
        tx: &DatabaseTransaction,
        ctx: &Ctx,
        target: (&str, Uuid),
        now: Timestamp,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Records that a message is given up, in the transaction that gives it up; once, unless it is tried again
    /// afterwards. Nothing by default.
    fn given_up(
        &self,
        _tx: &DatabaseTransaction,
        _ctx: &Ctx,
        _message: &Message,
        _now: Timestamp,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// What the status of the message of a row is derived from.
pub(crate) fn lifecycle(row: &entity::Model) -> DeliveryLifecycle {
    DeliveryLifecycle {
        attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        delivered_at: row.delivered_at.map(Timestamp::from_micros),
        dead_at: row.dead_at.map(Timestamp::from_micros),
    }
}
