//! Accounts whose address was not verified in time are deleted.

use domain::Timestamp;
use domain::ids::AccountId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::BATCH;
use crate::accounts::entity::{Column, Entity};
use crate::{Ctx, Error, verification};

/// Deletes accounts whose time to be activated has passed. One that cannot be deleted leaves the others, and is tried again
/// the next time.
pub(super) async fn lapse_accounts(ctx: &Ctx) -> Result<(), Error> {
    let (mut failed, mut is_last) = (Vec::new(), false);
    // Many that fail have a reason that the others have, too.
    while !is_last && (failed.len() as u64) < BATCH {
        let now = ctx.now();
        let due = accounts_due(ctx, now, &failed).await?;
        is_last = (due.len() as u64) < BATCH;
        for id in &due {
            if ctx.stopping().is_cancelled() {
                return Ok(());
            }
            if let Err(error) = verification::lapse(ctx, *id, now).await {
                tracing::warn!(%error, account = %id, "an account that was not activated could not be deleted");
                failed.push(id.0);
            }
        }
        if !due.is_empty() {
            ctx.db().erase_log().await;
        }
    }
    Ok(())
}

/// The first accounts whose time to be activated has passed, but for those that `failed`. In the words of the index
/// `accounts_to_lapse`.
async fn accounts_due(ctx: &Ctx, now: Timestamp, failed: &[Uuid]) -> Result<Vec<AccountId>, Error> {
    let due: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Expr::cust("deleted_at IS NULL AND suspended_at IS NULL AND activate_by IS NOT NULL"))
        .filter(Column::ActivateBy.lte(now.as_micros()))
        .filter(Column::Id.is_not_in(failed.iter().copied()))
        .order_by_asc(Column::ActivateBy)
        .limit(BATCH)
        .into_tuple()
        .all(&ctx.db().read)
        .await?;
    Ok(due.into_iter().map(AccountId).collect())
}
