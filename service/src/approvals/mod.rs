//! Approvals: deciding about accounts that are pending approval.

use std::time::Duration;

use domain::Failure;
use domain::access::Permission;
use domain::accounts::{Account, AccountLifecycle, AccountStatus};
use domain::approvals::{DecidedBefore, Decision, DecisionNote, DecisionsMade};
use domain::events::Event;
use domain::ids::AccountId;
use sea_orm::{ActiveValue::Set, ConnectionTrait};

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

/// Decides about an account that is pending approval. Returns the status afterwards: of two decisions at once one counts, and
/// the other is refused. The same decision again, by the actor who made it, changes nothing and is no error.
///
/// With a decline its sessions end, its API keys are revoked, and the uses of its invites are released.
///
/// # Errors
/// [`domain::Code::AlreadyDecided`] if the account is not pending, by somebody else's decision or because it needed none.
pub async fn decide(
    ctx: &Ctx,
    actor: &Actor,
    id: AccountId,
    decision: Decision,
    note: Option<DecisionNote>,
) -> Result<AccountStatus, Error> {
    match decide_one(ctx, actor, id, decision, note).await? {
        Outcome::Decided(status) | Outcome::Repeated(status) => Ok(status),
        Outcome::DecidedBefore(before) => Err(before.failure(actor.id()).into()),
    }
}

/// What became of one decision.
enum Outcome {
    /// It counts.
    Decided(AccountStatus),
    /// The actor made it before.
    Repeated(AccountStatus),
    /// The account is not pending any more, or never was.
    DecidedBefore(Box<DecidedBefore>),
}

/// [`decide`], for which a decision that was made before is no error.
async fn decide_one(
    ctx: &Ctx,
    actor: &Actor,
    id: AccountId,
    decision: Decision,
    note: Option<DecisionNote>,
) -> Result<Outcome, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    if decision == Decision::Decline {
        uses::hold(&tx, id).await?;
    }
    // Locks the account: a decision at the same time is before this one, and read here, or comes after it.
    let account = managed(ctx, &tx, actor, Permission::ApprovalsDecide, id).await?;
    if account.status != AccountStatus::Pending {
        let before = decided_before(&tx, account).await?;
        tx.rollback().await?;
        let repeated = before.decision() == Some(decision) && before.by.as_ref().is_some_and(|by| by.id == actor.id());
        return Ok(if repeated { Outcome::Repeated(before.status) } else { Outcome::DecidedBefore(Box::new(before)) });
    }
    let before = account.lifecycle();
    let after = match decision {
        Decision::Approve => AccountLifecycle { approved_at: Some(now), ..before },
        Decision::Decline => AccountLifecycle { suspended_at: Some(now), ..before },
    };
    let change = ActiveModel {
        decided_by: Set(Some(actor.id().0)),
        decision_note: Set(note.map(String::from)),
        ..store::lifecycle_columns(after, now)
    };
    store::update(&tx, id, change).await?;
    let event = match decision {
        Decision::Approve => Event::AccountApproved { account: id, keys_revoked: 0 },
        Decision::Decline => {
            let ended = end_access(&tx, ctx, id, None, true, now).await?;
            let invites_paused = invites::store::pause_all_by(&tx, id, now).await?;
            let uses_released = uses::release(&tx, id, now).await?;
            Event::AccountDeclined { account: id, invites_paused, keys_revoked: ended.keys, uses_released }
        }
    };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    Ok(Outcome::Decided(after.status(now)))
}

/// What was decided about an account that is not pending, and by whom.
async fn decided_before(db: &impl ConnectionTrait, account: Account) -> Result<DecidedBefore, Error> {
    let row = store::find(db, account.id).await?.ok_or_else(|| Failure::not_found("account"))?;
    let by = store::references(db, row.decided_by).await?.into_values().next();
    Ok(DecidedBefore { account: account.reference(), status: account.status, by })
}

/// Decides about several accounts, one after the other: what cannot be decided about one leaves the others.
pub async fn decide_all(
    ctx: &Ctx,
    actor: &Actor,
    accounts: Vec<AccountId>,
    decision: Decision,
    note: Option<DecisionNote>,
) -> Result<DecisionsMade, Error> {
    actor.require(Permission::ApprovalsDecide)?;
    let (ours, actor) = (ctx.clone(), actor.clone());
    // Also if the client disconnects meanwhile.
    ctx.detached(async move {
        let mut made = DecisionsMade::default();
        for id in accounts {
            let decided = decide_one(&ours, &actor, id, decision, note.clone()).await;
            let counted = match decided {
                Ok(Outcome::DecidedBefore(before)) => {
                    made.decided_before.push(*before);
                    continue;
                }
                Ok(Outcome::Decided(_)) => Ok(true),
                Ok(Outcome::Repeated(_)) => Ok(false),
                Err(error) => Err(error),
            };
            members::count(&mut made.accounts, counted)?;
        }
        Ok(made)
    })
    .await
}

/// Takes a decision back: puts an account back to pending approval that was declined, whenever that was, which claims the uses
/// of its invites again; or one that was approved less than [`UNDO_APPROVAL_WITHIN`] ago. Does nothing to an account about
/// which was decided otherwise since. Returns the status afterwards.
///
/// # Errors
/// [`domain::Code::InviteUsedUp`] if others have used the invite of a declined account since.
pub async fn undo(ctx: &Ctx, actor: &Actor, id: AccountId, decision: Decision) -> Result<AccountStatus, Error> {
    match decision {
        Decision::Approve => undo_approval(ctx, actor, id).await,
        Decision::Decline => {
            let only_declined = |status| status == AccountStatus::Declined;
            members::put_back(ctx, actor, Permission::ApprovalsDecide, id, only_declined).await
        }
    }
}

async fn undo_approval(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<AccountStatus, Error> {
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
