//! The end of accounts, memberships and invites. What has ended counts no more from that instant, wherever it is read; a worker
//! then does what follows from it, once, however many processes there are.

use std::time::Duration;

use domain::Timestamp;
use domain::events::Event;
use domain::ids::{AccountId, GroupId, InviteId};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use crate::accounts::{entity as accounts, store};
use crate::audit::{self, Originator};
use crate::invites::entity as invite_rows;
use crate::memberships::entity as memberships;
use crate::platform::tx;
use crate::sessions::end_access;
use crate::{Ctx, Error, invites, settings};

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

/// Ends what is over, unless the program stops.
pub(crate) async fn end_due(ctx: &Ctx) -> Result<(), Error> {
    while end_accounts(ctx).await? == BATCH {}
    while end_memberships(ctx).await? == BATCH {}
    while end_invites(ctx).await? == BATCH {}
    Ok(())
}

/// Ends accounts: their sessions, their API keys, and their invites are paused. Returns the number of those that were due.
async fn end_accounts(ctx: &Ctx) -> Result<u64, Error> {
    let now = ctx.now();
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
    for id in &due {
        if ctx.stopping().is_cancelled() {
            return Ok(0);
        }
        end_account(ctx, AccountId(*id), now).await?;
    }
    Ok(due.len() as u64)
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
    use memberships::Column;
    let now = ctx.now();
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
    for (group, account) in &due {
        if ctx.stopping().is_cancelled() {
            return Ok(0);
        }
        end_membership(ctx, GroupId(*group), AccountId(*account), now).await?;
    }
    Ok(due.len() as u64)
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
    use invite_rows::{ActiveModel, Column, Entity};
    let now = ctx.now();
    // In the words of the partial index. An end that was chosen after another had passed is recorded as well.
    let not_recorded = || {
        Expr::cust("deleted_at IS NULL AND expires_at IS NOT NULL AND (expired_at IS NULL OR expired_at < expires_at)")
    };
    let due: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(not_recorded())
        .filter(Column::ExpiresAt.lte(now.as_micros()))
        .order_by_asc(Column::ExpiresAt)
        .limit(BATCH)
        .into_tuple()
        .all(&ctx.db().read)
        .await?;
    for id in &due {
        if ctx.stopping().is_cancelled() {
            return Ok(0);
        }
        let tx = tx::begin(ctx).await?;
        let expired = ActiveModel { expired_at: Set(Some(now.as_micros())), ..ActiveModel::default() };
        let expired = Entity::update_many()
            .set(expired)
            .filter(Column::Id.eq(*id))
            .filter(not_recorded())
            .filter(Column::ExpiresAt.lte(now.as_micros()));
        // Another process may have recorded it, or somebody moved its end.
        if expired.exec(&tx).await?.rows_affected == 1 {
            let event = Event::InviteExpired { invite: InviteId(*id) };
            audit::record(&tx, ctx, now, Originator::System, &event).await?;
        }
        tx.commit().await?;
    }
    Ok(due.len() as u64)
}
