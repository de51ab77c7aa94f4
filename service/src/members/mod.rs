//! Members: accounts as staff see, approve and suspend them.

use std::time::Duration;

use domain::access::{Permission, Permissions, is_below};
use domain::accounts::{Account, AccountLifecycle, AccountRow, AccountStatus, Role};
use domain::events::Event;
use domain::ids::AccountId;
use domain::invites::InviteRef;
use domain::members::MemberDetail;
use domain::{Code, Failure, Timestamp};
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use crate::accounts::entity::ActiveModel;
use crate::accounts::store;
use crate::audit::{self, Originator};
use crate::platform::tx;
use crate::sessions::end_access;
use crate::{Actor, Ctx, Error, Via, attributes, callers, invites, memberships, redemptions, settings};

mod delete;
mod edit;
mod list;
mod ownership;
#[cfg(test)]
mod tests;

pub use delete::delete;
pub use edit::{create, update};
pub use list::{counts, filter_choices, groups_of, list};
pub(crate) use ownership::transfer;
pub use ownership::transfer_ownership;

/// The time within which an approval can be undone.
pub const UNDO_APPROVAL_WITHIN: Duration = Duration::from_mins(10);

/// One account, with the invite it signed up with, and what it may do.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn get(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<MemberDetail, Error> {
    actor.require(Permission::AccountsView)?;
    let db = &ctx.db().read;
    let now = ctx.now();
    let row = store::find(db, id).await?.ok_or_else(|| Failure::not_found("member"))?;
    let account = store::account(&row, now)?;
    let invite = redemptions::store::invites_of(ctx, [id.0]).await?.remove(&id.0);
    let role_permissions = settings::current(ctx).await?.role_permissions.of(account.role);
    let groups = memberships::store::of_account(db, id, now).await?;
    let permissions = groups.iter().fold(role_permissions, |all, of| all | of.permissions);
    let attributes = attributes::store::of_account(&ctx.db().read, id).await?;
    Ok(MemberDetail { row: account_row(actor, account, permissions, invite), role_permissions, groups, attributes })
}

/// An account as the actor may see it, with the invite it signed up with.
fn account_row(actor: &Actor, account: Account, permissions: Permissions, mut invite: Option<InviteRef>) -> AccountRow {
    if let Some(invite) = &mut invite {
        actor.hide_code_of(invite);
    }
    let is_lower = is_lower(actor, &account, permissions);
    AccountRow {
        can_manage: is_lower && actor.may(Permission::AccountsManage),
        can_decide: is_lower && actor.may(Permission::ApprovalsDecide),
        can_group: actor.may(Permission::GroupsManage),
        can_own: can_hand_over(actor)
            && account.id != actor.id()
            && account.status == AccountStatus::Active
            && account.role != Role::Owner,
        account,
        invite,
    }
}

/// Whether the actor may hand ownership over: an owner who is signed in, because the password is asked for.
fn can_hand_over(actor: &Actor) -> bool {
    actor.active && actor.role == Role::Owner && matches!(actor.via, Via::Session(_))
}

/// Suspends an active account: its sessions end, its API keys are revoked, and its invites are paused. Does nothing to
/// an account with another status. Returns the status afterwards.
pub async fn suspend(ctx: &Ctx, actor: &Actor, account: AccountId) -> Result<AccountStatus, Error> {
    let managed = (Permission::AccountsManage, account);
    block(ctx, actor, managed, AccountStatus::Active, |invites_paused, keys_revoked| Event::AccountSuspended {
        account,
        invites_paused,
        keys_revoked,
    })
    .await
}

/// Declines an account that is pending approval: its sessions end, and it cannot sign in until it is restored or
/// approved. Does nothing to an account with another status. Returns the status afterwards.
pub async fn decline(ctx: &Ctx, actor: &Actor, account: AccountId) -> Result<AccountStatus, Error> {
    let managed = (Permission::ApprovalsDecide, account);
    block(ctx, actor, managed, AccountStatus::Pending, |invites_paused, keys_revoked| Event::AccountDeclined {
        account,
        invites_paused,
        keys_revoked,
    })
    .await
}

/// Keeps an account with the status `from` from signing in, if the actor has the permission. `event` is called with the number of invites that were paused
/// and of API keys that were revoked.
async fn block(
    ctx: &Ctx,
    actor: &Actor,
    (permission, id): (Permission, AccountId),
    from: AccountStatus,
    event: impl FnOnce(u64, u64) -> Event,
) -> Result<AccountStatus, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = managed(ctx, &tx, actor, permission, id).await?;
    let mut status = account.status;
    if status == from {
        status = AccountLifecycle { suspended_at: Some(now), ..account.lifecycle() }.status(now);
        let change = ActiveModel {
            suspended_at: Set(Some(now.as_micros())),
            updated_at: Set(now.as_micros()),
            ..ActiveModel::default()
        };
        store::update(&tx, id, change).await?;
        let ended = end_access(&tx, id, None, true, now).await?;
        let paused = invites::store::pause_all_by(&tx, id, now).await?;
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event(paused, ended.keys)).await?;
    }
    tx.commit().await?;
    Ok(status)
}

/// Lifts a suspension, or puts a declined account back to pending approval. Sessions and API keys from before do not work
/// again, and invites that were paused stay paused. Returns the status afterwards.
pub async fn restore(ctx: &Ctx, actor: &Actor, account: AccountId) -> Result<AccountStatus, Error> {
    let change = |account: &Account| account.suspended_at.map(|_| (None, account.approved_at));
    let event = |keys_revoked| Event::AccountRestored { account, keys_revoked };
    set_status(ctx, actor, (Permission::AccountsManage, account), change, event).await
}

/// Approves an account that is pending approval or was declined. Returns the status afterwards.
pub async fn approve(ctx: &Ctx, actor: &Actor, account: AccountId) -> Result<AccountStatus, Error> {
    let now = ctx.now();
    let change = |account: &Account| account.approved_at.is_none().then_some((None, Some(now)));
    let event = |keys_revoked| Event::AccountApproved { account, keys_revoked };
    set_status(ctx, actor, (Permission::ApprovalsDecide, account), change, event).await
}

/// Puts an account back to pending approval that was approved less than [`UNDO_APPROVAL_WITHIN`] ago. Does nothing to
/// other accounts. Returns the status afterwards.
pub async fn undo_approval(ctx: &Ctx, actor: &Actor, account: AccountId) -> Result<AccountStatus, Error> {
    let now = ctx.now();
    let change = |account: &Account| {
        // Accounts that need no approval are approved when they are created.
        let approved_at = account.approved_at.filter(|at| *at > account.created_at)?;
        (account.status == AccountStatus::Active && approved_at.plus(UNDO_APPROVAL_WITHIN) > now)
            .then_some((None, None))
    };
    let event = |keys_revoked| Event::ApprovalUndone { account, keys_revoked };
    set_status(ctx, actor, (Permission::ApprovalsDecide, account), change, event).await
}

/// Sets `suspended_at` and `approved_at` of an account to what `change` returns, if it returns anything. `event` is called
/// with the number of API keys that were revoked.
async fn set_status(
    ctx: &Ctx,
    actor: &Actor,
    (permission, id): (Permission, AccountId),
    change: impl FnOnce(&Account) -> Option<(Option<Timestamp>, Option<Timestamp>)>,
    event: impl FnOnce(u64) -> Event,
) -> Result<AccountStatus, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = managed(ctx, &tx, actor, permission, id).await?;
    let mut status = account.status;
    if let Some((suspended_at, approved_at)) = change(&account) {
        status = AccountLifecycle { suspended_at, approved_at, ..account.lifecycle() }.status(now);
        let change = ActiveModel {
            suspended_at: Set(suspended_at.map(Timestamp::as_micros)),
            approved_at: Set(approved_at.map(Timestamp::as_micros)),
            updated_at: Set(now.as_micros()),
            ..ActiveModel::default()
        };
        store::update(&tx, id, change).await?;
        // A suspension by an earlier version did not revoke the keys.
        let lifted = account.suspended_at.is_some() && suspended_at.is_none();
        let keys_revoked = if lifted { end_access(&tx, id, None, true, now).await?.keys } else { 0 };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event(keys_revoked)).await?;
    }
    tx.commit().await?;
    Ok(status)
}

/// The account `id`, locked until the transaction ends, if the actor has the permission and the account has fewer.
async fn managed(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    permission: Permission,
    id: AccountId,
) -> Result<Account, Error> {
    actor.require(permission)?;
    let now = ctx.now();
    let row = store::lock(db, id).await?.ok_or_else(|| Failure::not_found("account"))?;
    let account = store::account(&row, now)?;
    if account.id == actor.id() {
        return Err(Failure::new(Code::Forbidden, "You can't do this to your own account.").into());
    }
    let roles = settings::read(ctx, db).await?.role_permissions;
    let permissions = callers::permissions(db, roles, &account, now).await?;
    if !is_lower(actor, &account, permissions) {
        let why = "You can only manage accounts with fewer permissions than yours.";
        return Err(Failure::new(Code::Forbidden, why).into());
    }
    Ok(account)
}

/// Whether the account, which has `permissions`, is below that of the actor: it has fewer permissions, and is not its own.
/// Owners manage admins; nobody manages an owner.
fn is_lower(actor: &Actor, account: &Account, permissions: Permissions) -> bool {
    account.id != actor.id() && is_below(permissions, actor.permissions)
}
