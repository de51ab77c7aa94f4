//! The end of accounts whose address nobody verified.

use domain::Timestamp;
use domain::events::Event;
use domain::ids::AccountId;

use crate::accounts::entity::Model;
use crate::accounts::store as accounts;
use crate::audit::{self, Originator};
use crate::overview::counts;
use crate::platform::tx::{self, TxError};
use crate::redemptions::uses;
use crate::{Ctx, Error, members};

/// Deletes an account whose time to be activated has passed at `now`, and gives the uses of its invites back. Does nothing if
/// it was activated, or deleted by another process, meanwhile.
pub(crate) async fn lapse(ctx: &Ctx, id: AccountId, now: Timestamp) -> Result<(), Error> {
    // As when staff delete an account, the database may have to abort one of two.
    let find = || async { Ok(accounts::find(&ctx.db().write, id).await?.is_none().then_some(())) };
    tx::with_retries(|| lapse_once(ctx, id, now), find).await
}

async fn lapse_once(ctx: &Ctx, id: AccountId, now: Timestamp) -> Result<(), TxError> {
    let tx = tx::begin(ctx).await?;
    uses::hold(&tx, id).await?;
    let is_due = |row: &Model| {
        row.suspended_at.is_none() && row.activate_by.is_some_and(|activate_by| activate_by <= now.as_micros())
    };
    let Some(row) = accounts::lock(&tx, id).await?.filter(is_due) else {
        tx.rollback().await?;
        return Ok(());
    };
    let account = accounts::account(&row, now)?;
    let uses_released = uses::release(&tx, id, now).await?;
    // What its invites say of a person stays: those that are for one address are for the one who really has it.
    members::erase(&tx, ctx, &account, now).await?;
    let event = Event::AccountLapsed { account: id, uses_released };
    audit::record(&tx, ctx, now, Originator::System, &event).await?;
    counts::add_deletion(&tx, ctx).await?;
    tx.commit().await.map_err(TxError::Commit)
}
