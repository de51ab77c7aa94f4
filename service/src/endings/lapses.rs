//! Accounts whose address was not verified in time are deleted.

use domain::Timestamp;
use domain::ids::AccountId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::BATCH;
use crate::accounts::entity::{Column, Entity};
use crate::{Ctx, Error, verification};

/// Deletes accounts whose time to be activated has passed. Returns the number of those that were due.
pub(super) async fn lapse_accounts(ctx: &Ctx) -> Result<u64, Error> {
    let now = ctx.now();
    let due = accounts_due(ctx, now).await?;
    for id in &due {
        if ctx.stopping().is_cancelled() {
            return Ok(0);
        }
        verification::lapse(ctx, *id, now).await?;
    }
    if !due.is_empty() {
        ctx.db().erase_log().await;
    }
    Ok(due.len() as u64)
}

/// The first accounts whose time to be activated has passed. In the words of the index `accounts_to_lapse`.
async fn accounts_due(ctx: &Ctx, now: Timestamp) -> Result<Vec<AccountId>, Error> {
    let due: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Expr::cust("deleted_at IS NULL AND suspended_at IS NULL AND activate_by IS NOT NULL"))
        .filter(Column::ActivateBy.lte(now.as_micros()))
        .order_by_asc(Column::ActivateBy)
        .limit(BATCH)
        .into_tuple()
        .all(&ctx.db().read)
        .await?;
    Ok(due.into_iter().map(AccountId).collect())
}
