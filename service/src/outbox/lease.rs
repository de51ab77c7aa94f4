//! Leases of targets. A lease has a number, the *fence*, that is higher than that of every earlier lease of the target. What
//! became of an attempt is only recorded while the target still has this number, so that a process that was stopped for a
//! while, and whose lease has passed to another, changes nothing any more.

use std::time::Duration;

use domain::Timestamp;
use domain::ids::{AccountId, DeliveryId};
use domain::outbox::{MAX_ATTEMPTS, PAUSE, backoff, is_given_up, wait};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use super::entity::{self as messages, Model};
use super::store::waits;
use super::{ATTEMPT_TIMEOUT, Answer, Message, Outcome, Sender, target};
use crate::platform::tx;
use crate::{Ctx, Error};

/// The duration of a lease. It is extended with every message that is delivered.
pub(super) const LEASE: Duration = Duration::from_mins(1);
/// What must be left of a lease when an attempt begins: the attempt, and the time to record it. So the clocks of two machines
/// may differ by half a minute before both send to one target.
const NEEDED: Duration = Duration::from_secs(15).saturating_add(ATTEMPT_TIMEOUT);

/// The right to send to a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lease {
    pub(super) target: Uuid,
    /// The kind of the target.
    pub(super) kind: String,
    fence: i64,
    until: Timestamp,
}

/// Leases at most `most` targets to which something can be sent, the longest waiting first.
///
/// The first query keeps idle processes from writing. The second decides: on PostgreSQL it passes over targets that another
/// process is leasing at this moment, on SQLite there is one writer at a time.
pub(super) async fn claim(ctx: &Ctx, kinds: &[&str], most: u64) -> Result<Vec<Lease>, DbErr> {
    let now = ctx.now();
    let free = Condition::all()
        .add(target::Column::DueAt.lte(now.as_micros()))
        .add(target::Column::LeaseUntil.lte(now.as_micros()));
    let waiting = target::Entity::find()
        .select_only()
        .column(target::Column::Id)
        .filter(free.clone())
        .filter(target::Column::Kind.is_in(kinds.iter().copied()))
        .filter(Expr::cust(
            "EXISTS (SELECT 1 FROM outbox o WHERE o.target_id = outbox_targets.id
                AND o.delivered_at IS NULL AND o.dead_at IS NULL)",
        ))
        .order_by_asc(target::Column::DueAt)
        .limit(most);
    if waiting.clone().into_tuple::<Uuid>().one(&ctx.db().read).await?.is_none() {
        return Ok(Vec::new());
    }
    // Adding a message locks the key of its target (FOR KEY SHARE), which this lock lets pass.
    let waiting = waiting.lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked).into_query();
    let until = now.plus(LEASE);
    let claim = target::Entity::update_many()
        .col_expr(target::Column::LeaseUntil, Expr::value(until.as_micros()))
        .col_expr(target::Column::Fence, Expr::col(target::Column::Fence).add(1))
        // What was sent to last comes last.
        .col_expr(target::Column::DueAt, Expr::value(now.as_micros()))
        .filter(target::Column::Id.in_subquery(waiting))
        .filter(free);
    let claimed = claim.exec_with_returning(&ctx.db().write).await?;
    Ok(claimed.into_iter().map(|row| Lease { target: row.id, kind: row.kind, fence: row.fence, until }).collect())
}

impl Lease {
    /// The condition that the target is still leased to the holder of this lease.
    fn is_held(&self) -> Condition {
        Condition::all().add(target::Column::Id.eq(self.target)).add(target::Column::Fence.eq(self.fence))
    }

    /// The oldest message of the target that waits, or the oldest of those that failed least, and not just now, where there is no
    /// order to keep. None if the lease does not last long enough to send it, or the target is held.
    pub(super) async fn next(&mut self, ctx: &Ctx, keeps_order: bool) -> Result<Option<Model>, DbErr> {
        let now = ctx.now();
        if self.until < now.plus(NEEDED) {
            let until = now.plus(LEASE);
            let longer = target::ActiveModel { lease_until: Set(until.as_micros()), ..target::ActiveModel::default() };
            let extend = target::Entity::update_many().set(longer).filter(self.is_held());
            if extend.exec(&ctx.db().write).await?.rows_affected == 0 {
                return Ok(None);
            }
            self.until = until;
        }
        let is_open = target::Entity::find()
            .select_only()
            .column(target::Column::Id)
            .filter(self.is_held())
            .filter(target::Column::DueAt.is_not_null())
            .into_query();
        let mut waiting = messages::Entity::find()
            .filter(messages::Column::TargetId.eq(self.target))
            .filter(waits())
            .filter(messages::Column::TargetId.in_subquery(is_open));
        waiting = if keeps_order {
            // In the words of its index (`m0047_outbox_next`).
            waiting.order_by(Expr::cust("seq + 0"), Order::Asc)
        } else {
            let least = waiting.filter(failed_before(now)).order_by_asc(messages::Column::Attempts);
            least.order_by_asc(messages::Column::Seq)
        };
        waiting.one(&ctx.db().read).await
    }

    /// Records what became of the attempt to send `row`. Returns whether the next message can be sent.
    pub(super) async fn record<S: Sender>(
        &mut self,
        ctx: &Ctx,
        sender: &S,
        row: &Model,
        answer: Answer,
    ) -> Result<bool, Error> {
        let now = ctx.now();
        let tx = tx::begin(ctx).await?;
        let found = target::Entity::find().filter(self.is_held()).lock(LockType::NoKeyUpdate).one(&tx).await?;
        let Some(of) = found else {
            tx.rollback().await?;
            tracing::warn!(target = %self.target, "another process has the lease of a target meanwhile");
            return Ok(false);
        };
        let outcome = match answer.outcome {
            // The next one may not be sent before it.
            Outcome::Deferred if S::keeps_order(&self.kind) => Outcome::Failed { retry_after: None },
            outcome => outcome,
        };
        let attempts = row.attempts.saturating_add(1);
        let created_at = Timestamp::from_micros(row.created_at);
        let given_up = is_given_up(u32::try_from(attempts).unwrap_or(u32::MAX), created_at, now);
        let given_up_at = if given_up { Set(Some(now.as_micros())) } else { NotSet };
        let tried = messages::ActiveModel {
            attempts: Set(attempts),
            attempted_at: Set(Some(now.as_micros())),
            last_status: Set(answer.status.map(i64::from)),
            last_answer: Set(Some(answer.text)),
            ..messages::ActiveModel::default()
        };
        let (tried, change) = match outcome {
            Outcome::Delivered => {
                // Also if it was given up meanwhile because of its age.
                let delivered =
                    messages::ActiveModel { delivered_at: Set(Some(now.as_micros())), dead_at: Set(None), ..tried };
                self.until = now.plus(LEASE);
                (
                    delivered,
                    target::ActiveModel {
                        lease_until: Set(self.until.as_micros()),
                        failures: Set(0),
                        ..target::ActiveModel::default()
                    },
                )
            }
            Outcome::Failed { retry_after } => {
                let failures = of.failures.saturating_add(1);
                let random = u64::from_be_bytes(ctx.randomness().bytes());
                let delay = backoff(u32::try_from(failures).unwrap_or(u32::MAX), random, retry_after);
                // Others may wait that would not fail.
                let longest =
                    if S::keeps_order(&self.kind) { delay } else { PAUSE.max(retry_after.unwrap_or_default()) };
                let delay = delay.min(longest);
                // What is held stays held.
                let due_at = of.due_at.map(|_| now.plus(delay).as_micros());
                (
                    messages::ActiveModel { dead_at: given_up_at, ..tried },
                    target::ActiveModel {
                        due_at: Set(due_at),
                        lease_until: Set(0),
                        failures: Set(failures),
                        ..target::ActiveModel::default()
                    },
                )
            }
            // The target itself is well.
            Outcome::Deferred => {
                let later = messages::ActiveModel { dead_at: given_up_at, ..tried };
                (later, target::ActiveModel { failures: Set(0), ..target::ActiveModel::default() })
            }
            Outcome::Refused | Outcome::Dropped => {
                let dead = messages::ActiveModel { dead_at: Set(Some(now.as_micros())), ..tried };
                (dead, target::ActiveModel { failures: Set(0), ..target::ActiveModel::default() })
            }
            Outcome::Gone => {
                sender.gone(&tx, ctx, (&self.kind, self.target), now).await?;
                (
                    tried,
                    target::ActiveModel { due_at: Set(None), lease_until: Set(0), ..target::ActiveModel::default() },
                )
            }
        };
        target::Entity::update_many().set(change).filter(self.is_held()).exec(&tx).await?;
        // It may have been given up meanwhile, because of its age.
        let is_told = matches!(tried.dead_at, Set(Some(_))) && outcome != Outcome::Dropped;
        let is_given_up = is_told && is_waiting(&tx, row.seq).await?;
        messages::Entity::update_many()
            .set(tried)
            .filter(messages::Column::Seq.eq(row.seq))
            .filter(messages::Column::DeliveredAt.is_null())
            .exec(&tx)
            .await?;
        if is_given_up {
            sender.given_up(&tx, ctx, &message(row, &self.kind), now).await?;
        }
        tx.commit().await?;
        Ok(matches!(outcome, Outcome::Delivered | Outcome::Deferred | Outcome::Refused | Outcome::Dropped))
    }

    /// Gives the target back. One of which only messages are left that failed just now (`may_pause`) is left alone for a moment.
    pub(super) async fn give_back(self, ctx: &Ctx, may_pause: bool) -> Result<(), DbErr> {
        let free = target::ActiveModel { lease_until: Set(0), ..target::ActiveModel::default() };
        let update = || target::Entity::update_many().filter(self.is_held());
        if may_pause {
            let failed = messages::Entity::find()
                .select_only()
                .column(messages::Column::Seq)
                .filter(messages::Column::TargetId.eq(self.target))
                .filter(waits())
                .filter(messages::Column::Attempts.gt(0));
            if failed.into_tuple::<i64>().one(&ctx.db().read).await?.is_some() {
                let due_at = Set(Some(ctx.now().plus(PAUSE).as_micros()));
                let later = target::ActiveModel { due_at, ..free.clone() };
                // What is held stays held.
                update().set(later).filter(target::Column::DueAt.is_not_null()).exec(&ctx.db().write).await?;
            }
        }
        update().set(free).exec(&ctx.db().write).await.map(|_| ())
    }
}

/// Whether a message waits, which is locked.
async fn is_waiting(db: &impl ConnectionTrait, seq: i64) -> Result<bool, DbErr> {
    let waiting = messages::Entity::find().filter(messages::Column::Seq.eq(seq)).filter(waits()).lock_exclusive();
    Ok(waiting.one(db).await?.is_some())
}

/// The condition that the last failure of a message was some time ago: the more often it failed, the longer.
pub(super) fn failed_before(now: Timestamp) -> Condition {
    let attempts = messages::Column::Attempts;
    let before = |attempts: u32| messages::Column::AttemptedAt.lte(now.minus(wait(attempts)).as_micros());
    let failed = (1..MAX_ATTEMPTS).map(|times| Condition::all().add(attempts.eq(i64::from(times))).add(before(times)));
    failed.fold(Condition::any().add(attempts.eq(0)), Condition::add)
}

/// The message of a row, to a target of this kind.
pub(super) fn message(row: &Model, kind: &str) -> Message {
    Message {
        id: DeliveryId(row.id),
        target: row.target_id,
        kind: kind.to_owned(),
        account: row.account_id.map(AccountId),
        payload: row.payload.clone(),
    }
}
