//! Reminders: the end of an account or a membership that is near is recorded once, so that webhooks are told of it. The row
//! has the end for which that was done, so that it is done again for an end that was moved.

use domain::Timestamp;
use domain::endings::is_near;
use domain::events::Event;
use domain::ids::{AccountId, GroupId};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::BATCH;
use crate::accounts::{entity as accounts, store};
use crate::audit::{self, Originator};
use crate::memberships::{entity as memberships, store as memberships_store};
use crate::platform::tx;
use crate::{Ctx, Error};

/// Records the ends that are near, unless the program stops.
pub(super) async fn remind_due(ctx: &Ctx) -> Result<(), Error> {
    while remind_accounts(ctx).await? == BATCH {}
    while remind_memberships(ctx).await? == BATCH {}
    Ok(())
}

/// The condition that no reminder was recorded for the end of a row. In the words of the partial indexes.
const NOT_RECORDED: &str = "(reminded_of IS NULL OR reminded_of <> ends_at)";

/// The end of a row, if it is near and no reminder was recorded for it.
fn to_tell(ends_at: Option<i64>, reminded_of: Option<i64>, now: Timestamp) -> Option<Timestamp> {
    let ends_at = ends_at.filter(|ends_at| reminded_of != Some(*ends_at)).map(Timestamp::from_micros);
    ends_at.filter(|ends_at| is_near(*ends_at, now))
}

/// Reminds of the end of accounts. Returns the number of those that were due.
async fn remind_accounts(ctx: &Ctx) -> Result<u64, Error> {
    let now = ctx.now();
    let due: Vec<Uuid> = accounts_due(now).into_tuple().all(&ctx.db().read).await?;
    for id in &due {
        if ctx.stopping().is_cancelled() {
            return Ok(0);
        }
        remind_account(ctx, AccountId(*id), now).await?;
    }
    Ok(due.len() as u64)
}

/// Selects the ids of the first accounts to remind of their end. Uses the index `accounts_to_remind`.
pub(super) fn accounts_due(now: Timestamp) -> Select<accounts::Entity> {
    accounts::Entity::find()
        .select_only()
        .column(accounts::Column::Id)
        .filter(store::ends_soon(now))
        .filter(Expr::cust(NOT_RECORDED))
        .order_by_asc(accounts::Column::EndsAt)
        .limit(BATCH)
}

pub(super) async fn remind_account(ctx: &Ctx, id: AccountId, now: Timestamp) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    // Meanwhile another process may have recorded it, or somebody moved the end.
    let row = store::lock(&tx, id).await?.filter(|row| row.suspended_at.is_none());
    let Some(ends_at) = row.and_then(|row| to_tell(row.ends_at, row.reminded_of, now)) else {
        return Ok(tx.rollback().await?);
    };
    let told =
        accounts::ActiveModel { reminded_of: Set(Some(ends_at.as_micros())), ..accounts::ActiveModel::default() };
    store::update(&tx, id, told).await?;
    let event = Event::AccountEndsSoon { account: id, ends_at };
    audit::record(&tx, ctx, now, Originator::System, &event).await?;
    tx.commit().await?;
    Ok(())
}

/// Reminds of the end of memberships. Returns the number of those that were due.
async fn remind_memberships(ctx: &Ctx) -> Result<u64, Error> {
    let now = ctx.now();
    let due: Vec<(Uuid, Uuid)> = memberships_due(now).into_tuple().all(&ctx.db().read).await?;
    for (group, account) in &due {
        if ctx.stopping().is_cancelled() {
            return Ok(0);
        }
        remind_membership(ctx, GroupId(*group), AccountId(*account), now).await?;
    }
    Ok(due.len() as u64)
}

/// Selects the keys of the first memberships to remind of their end. Uses the index `memberships_to_remind`.
pub(super) fn memberships_due(now: Timestamp) -> Select<memberships::Entity> {
    use memberships::Column;
    memberships::Entity::find()
        .select_only()
        .columns([Column::GroupId, Column::AccountId])
        .filter(memberships_store::ends_soon(now))
        .filter(Expr::cust(NOT_RECORDED))
        .order_by_asc(Column::EndsAt)
        .order_by_asc(Column::GroupId)
        .order_by_asc(Column::AccountId)
        .limit(BATCH)
}

pub(super) async fn remind_membership(
    ctx: &Ctx,
    group: GroupId,
    account: AccountId,
    now: Timestamp,
) -> Result<(), Error> {
    use memberships::{ActiveModel, Column, Entity};
    let tx = tx::begin(ctx).await?;
    // As with accounts.
    let row = Entity::find_by_id((group.0, account.0)).lock_exclusive().one(&tx).await?;
    let Some(ends_at) = row.and_then(|row| to_tell(row.ends_at, row.reminded_of, now)) else {
        return Ok(tx.rollback().await?);
    };
    let told = ActiveModel { reminded_of: Set(Some(ends_at.as_micros())), ..ActiveModel::default() };
    let one = Entity::update_many().set(told).filter(Column::GroupId.eq(group.0));
    one.filter(Column::AccountId.eq(account.0)).exec(&tx).await?;
    let event = Event::MembershipEndsSoon { group, account, ends_at };
    audit::record(&tx, ctx, now, Originator::System, &event).await?;
    tx.commit().await?;
    Ok(())
}
