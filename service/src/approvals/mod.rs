//! Approvals: deciding about accounts that are pending approval.

use std::time::Duration;

use domain::access::Permission;
use domain::accounts::{AccountLifecycle, AccountStatus, AccountsChanged};
use domain::approvals::{Decision, DecisionNote};
use domain::events::Event;
use domain::ids::AccountId;
use sea_orm::ActiveValue::Set;

use crate::accounts::entity::ActiveModel;
use crate::accounts::store;
use crate::audit::{self, Originator};
use crate::members::{self, managed};
use crate::platform::tx;
use crate::redemptions::uses;
use crate::sessions::end_access;
use crate::{Actor, Ctx, Error, invites};

#[cfg(test)]
mod tests;

/// The time within which an approval can be undone.
pub const UNDO_APPROVAL_WITHIN: Duration = Duration::from_mins(10);

/// Decides about an account. Approves one that is pending approval or was declined, or declines one that is pending; does
/// nothing to an account with another status, so that of two decisions at once one counts. Returns the status afterwards.
///
/// With a decline its sessions end, its API keys are revoked, and the uses of its invites are released. Approving it later
/// claims them again.
///
/// # Errors
/// [`Code::InviteUsedUp`] if others have used the invite of a declined account since.
pub async fn decide(
    ctx: &Ctx,
    actor: &Actor,
    id: AccountId,
    decision: Decision,
    note: Option<DecisionNote>,
) -> Result<AccountStatus, Error> {
    Ok(decide_one(ctx, actor, id, decision, note).await?.0)
}

/// [`decide`], which also returns whether the account was changed.
async fn decide_one(
    ctx: &Ctx,
    actor: &Actor,
    id: AccountId,
    decision: Decision,
    note: Option<DecisionNote>,
) -> Result<(AccountStatus, bool), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    uses::hold(&tx, id).await?;
    let account = managed(ctx, &tx, actor, Permission::ApprovalsDecide, id).await?;
    let before = account.lifecycle();
    let after = match (decision, account.status) {
        (Decision::Approve, AccountStatus::Pending | AccountStatus::Declined) => {
            AccountLifecycle { suspended_at: None, approved_at: Some(now), ..before }
        }
        (Decision::Decline, AccountStatus::Pending) => AccountLifecycle { suspended_at: Some(now), ..before },
        _ => before,
    };
    if after == before {
        tx.commit().await?;
        return Ok((account.status, false));
    }
    let change = ActiveModel {
        decided_by: Set(Some(actor.id().0)),
        decision_note: Set(note.map(String::from)),
        ..store::lifecycle_columns(after, now)
    };
    store::update(&tx, id, change).await?;
    let event = match decision {
        Decision::Approve => {
            uses::claim_again(&tx, id).await?;
            // An earlier version did not revoke the keys of an account that was declined.
            let lifted = before.suspended_at.is_some();
            let keys_revoked = if lifted { end_access(&tx, ctx, id, None, true, now).await?.keys } else { 0 };
            Event::AccountApproved { account: id, keys_revoked }
        }
        Decision::Decline => {
            let ended = end_access(&tx, ctx, id, None, true, now).await?;
            let invites_paused = invites::store::pause_all_by(&tx, id, now).await?;
            let uses_released = uses::release(&tx, id, now).await?;
            Event::AccountDeclined { account: id, invites_paused, keys_revoked: ended.keys, uses_released }
        }
    };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    Ok((after.status(now), true))
}

/// Decides about several accounts, one after the other: what cannot be decided about one leaves the others.
pub async fn decide_all(
    ctx: &Ctx,
    actor: &Actor,
    accounts: Vec<AccountId>,
    decision: Decision,
    note: Option<DecisionNote>,
) -> Result<AccountsChanged, Error> {
    actor.require(Permission::ApprovalsDecide)?;
    let (ours, actor) = (ctx.clone(), actor.clone());
    // Also if the client disconnects meanwhile.
    ctx.detached(async move {
        let mut outcome = AccountsChanged::default();
        for id in accounts {
            let decided = decide_one(&ours, &actor, id, decision, note.clone()).await;
            members::count(&mut outcome, decided.map(|(_, changed)| changed))?;
        }
        Ok(outcome)
    })
    .await
}

/// Puts an account back to pending approval that was approved less than [`UNDO_APPROVAL_WITHIN`] ago. Does nothing to
/// other accounts. Returns the status afterwards.
pub async fn undo_approval(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = managed(ctx, &tx, actor, Permission::ApprovalsDecide, id).await?;
    // Accounts that need no approval are approved when they are created.
    let approved_at = account.approved_at.filter(|at| *at > account.created_at);
    let undoable = approved_at.is_some_and(|at| at.plus(UNDO_APPROVAL_WITHIN) > now);
    if account.status != AccountStatus::Active || !undoable {
        tx.commit().await?;
        return Ok(account.status);
    }
    let after = AccountLifecycle { approved_at: None, ..account.lifecycle() };
    let change =
        ActiveModel { decided_by: Set(None), decision_note: Set(None), ..store::lifecycle_columns(after, now) };
    store::update(&tx, id, change).await?;
    let event = Event::ApprovalUndone { account: id, keys_revoked: 0 };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    Ok(after.status(now))
}
