//! The end of accounts, memberships and invites, and of accounts whose address nobody verified ([`lapses`]). What has ended counts no more from that instant, wherever it is read; a worker
//! then does what follows from it, once, however many processes there are. Before accounts and memberships end, it records once
//! that their end is near ([`reminders`]).
//!
//! Every process finds what is due, and what it has found may be done by another process, or have another end, when its turn
//! comes. So whatever ends or reminds reads the row again under its lock.

use std::time::Duration;

use domain::Timestamp;
use domain::events::Event;
use domain::ids::{AccountId, GroupId, InviteId};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use crate::accounts::{entity as accounts, store};
use crate::audit::{self, Originator};
use crate::invites::entity as invite_rows;
use crate::memberships::entity as memberships;
use crate::platform::tx;
use crate::sessions::end_access;
use crate::{Ctx, Error, invites, settings};

mod lapses;
mod reminders;
#[cfg(test)]
mod tests;

/// The number of rows that are read at a time.
const BATCH: u64 = 50;

/// The interval between two looks for what is over.
const INTERVAL: Duration = Duration::from_mins(1);

/// Ends what is over, every minute.
pub(crate) async fn run(ctx: Ctx) {
    let stop = ctx.stopping();
    let mut interval = tokio::time::interval(INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = interval.tick() => {}
        }
        if let Err(error) = end_due(&ctx).await {
            tracing::warn!(%error, "what is over could not be ended");
        }
    }
}

/// Ends what is over, and reminds of what ends soon, unless the program stops.
pub(crate) async fn end_due(ctx: &Ctx) -> Result<(), Error> {
    while end_accounts(ctx).await? == BATCH {}
    while end_memberships(ctx).await? == BATCH {}
    while end_invites(ctx).await? == BATCH {}
    lapses::lapse_accounts(ctx).await?;
    reminders::remind_due(ctx).await
}

/// Ends accounts: their sessions, their API keys, and their invites are paused. Returns the number of those that were due.
async fn end_accounts(ctx: &Ctx) -> Result<u64, Error> {
    let now = ctx.now();
    let due = accounts_due(ctx, now).await?;
    for id in &due {
        if ctx.stopping().is_cancelled() {
            return Ok(0);
        }
        end_account(ctx, *id, now).await?;
    }
    Ok(due.len() as u64)
}

/// The first accounts whose end has passed and that were not ended.
async fn accounts_due(ctx: &Ctx, now: Timestamp) -> Result<Vec<AccountId>, Error> {
    let due: Vec<Uuid> = accounts::Entity::find()
        .select_only()
        .column(accounts::Column::Id)
        .filter(Expr::cust("deleted_at IS NULL AND suspended_at IS NULL AND ends_at IS NOT NULL AND ended_at IS NULL"))
        .filter(accounts::Column::EndsAt.lte(now.as_micros()))
        .order_by_asc(accounts::Column::EndsAt)
        .limit(BATCH)
        .into_tuple()
        .all(&ctx.db().read)
        .await?;
    Ok(due.into_iter().map(AccountId).collect())
}

async fn end_account(ctx: &Ctx, id: AccountId, now: Timestamp) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    // Meanwhile another process may have ended it, or somebody moved its end.
    let is_due = |row: &accounts::Model| {
        let ended = row.ends_at.is_some_and(|ends_at| ends_at <= now.as_micros());
        ended && row.ended_at.is_none() && row.suspended_at.is_none()
    };
    if store::lock(&tx, id).await?.is_none_or(|row| !is_due(&row)) {
        tx.rollback().await?;
        return Ok(());
    }
    let change = accounts::ActiveModel { ended_at: Set(Some(now.as_micros())), ..accounts::ActiveModel::default() };
    store::update(&tx, id, change).await?;
    let keys_revoked = end_access(&tx, ctx, id, None, true, now).await?.keys;
    let invites_paused = invites::store::pause_all_by(&tx, id, now).await?;
    let event = Event::AccountEnded { account: id, invites_paused, keys_revoked };
    audit::record(&tx, ctx, now, Originator::System, &event).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends memberships. Returns the number of those that were due.
async fn end_memberships(ctx: &Ctx) -> Result<u64, Error> {
    let now = ctx.now();
    let due = memberships_due(ctx, now).await?;
    for (group, account) in &due {
        if ctx.stopping().is_cancelled() {
            return Ok(0);
        }
        end_membership(ctx, *group, *account, now).await?;
    }
    Ok(due.len() as u64)
}

/// The first memberships whose end has passed.
async fn memberships_due(ctx: &Ctx, now: Timestamp) -> Result<Vec<(GroupId, AccountId)>, Error> {
    use memberships::Column;
    let due: Vec<(Uuid, Uuid)> = memberships::Entity::find()
        .select_only()
        .columns([Column::GroupId, Column::AccountId])
        .filter(Expr::cust("ends_at IS NOT NULL"))
        .filter(Column::EndsAt.lte(now.as_micros()))
        .order_by_asc(Column::EndsAt)
        .order_by_asc(Column::GroupId)
        .order_by_asc(Column::AccountId)
        .limit(BATCH)
        .into_tuple()
        .all(&ctx.db().read)
        .await?;
    Ok(due.into_iter().map(|(group, account)| (GroupId(group), AccountId(account))).collect())
}

/// Ends a membership, and pauses the account's invites that it may not grant without it.
async fn end_membership(ctx: &Ctx, group: GroupId, account: AccountId, now: Timestamp) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    let ended = memberships::Entity::delete_by_id((group.0, account.0))
        .filter(memberships::Column::EndsAt.lte(now.as_micros()));
    // Another process may have ended it, or somebody moved its end.
    if ended.exec(&tx).await?.rows_affected == 1 {
        let roles = settings::read(ctx, &tx).await?.role_permissions;
        let invites_paused = invites::pause_beyond(&tx, roles, account, now).await?;
        let event = Event::MembershipEnded { group, account, invites_paused };
        audit::record(&tx, ctx, now, Originator::System, &event).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Records that the end of invites has passed. Returns the number of those that were due.
async fn end_invites(ctx: &Ctx) -> Result<u64, Error> {
    let now = ctx.now();
    let due = invites_due(ctx, now).await?;
    for id in &due {
        if ctx.stopping().is_cancelled() {
            return Ok(0);
        }
        end_invite(ctx, *id, now).await?;
    }
    Ok(due.len() as u64)
}

/// The condition that the end of an invite has passed, which was not recorded. In the words of the partial index. An end that
/// was chosen after another had passed is recorded as well.
fn has_expired(now: Timestamp) -> Condition {
    let not_recorded =
        "deleted_at IS NULL AND expires_at IS NOT NULL AND (expired_at IS NULL OR expired_at < expires_at)";
    Condition::all().add(Expr::cust(not_recorded)).add(invite_rows::Column::ExpiresAt.lte(now.as_micros()))
}

/// The first invites whose end has passed, which was not recorded.
async fn invites_due(ctx: &Ctx, now: Timestamp) -> Result<Vec<InviteId>, Error> {
    let due: Vec<Uuid> = invite_rows::Entity::find()
        .select_only()
        .column(invite_rows::Column::Id)
        .filter(has_expired(now))
        .order_by_asc(invite_rows::Column::ExpiresAt)
        .limit(BATCH)
        .into_tuple()
        .all(&ctx.db().read)
        .await?;
    Ok(due.into_iter().map(InviteId).collect())
}

async fn end_invite(ctx: &Ctx, id: InviteId, now: Timestamp) -> Result<(), Error> {
    use invite_rows::{ActiveModel, Column, Entity};
    let tx = tx::begin(ctx).await?;
    let expired = ActiveModel { expired_at: Set(Some(now.as_micros())), ..ActiveModel::default() };
    let expired = Entity::update_many().set(expired).filter(Column::Id.eq(id.0)).filter(has_expired(now));
    // Another process may have recorded it, or somebody moved its end.
    if expired.exec(&tx).await?.rows_affected == 1 {
        audit::record(&tx, ctx, now, Originator::System, &Event::InviteExpired { invite: id }).await?;
    }
    tx.commit().await?;
    Ok(())
}
